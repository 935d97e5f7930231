#include "service/domain/challenge.h"

namespace narada::domain {
namespace {

// Somebody without an office stands for themself.
bool is_other_office(const Challenge& one, const Challenge& other) {
  if (one.registration == other.registration) return false;
  return !one.institution || !other.institution || *one.institution != *other.institution;
}

}  // namespace

std::vector<ContactOffer> match_contacts(const std::vector<Challenge>& challenges) {
  std::vector<ContactOffer> offers;
  for (const auto& to : challenges) {
    if (!to.contact) continue;
    ContactOffer offer{to, {}};
    for (const auto& other : challenges)
      if (other.contact && is_other_office(to, other)) offer.others.push_back(other);
    if (!offer.others.empty()) offers.push_back(std::move(offer));
  }
  return offers;
}

}  // namespace narada::domain
