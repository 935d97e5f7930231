#include "service/domain/challenge.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "service/domain/invitee.h"

using namespace narada::domain;

namespace {

Challenge challenge(std::int64_t id, std::optional<std::int64_t> institution, bool contact) {
  Challenge one;
  one.registration = RegistrationId{id};
  if (institution) one.institution = InstitutionId{*institution};
  one.contact = contact;
  return one;
}

std::map<std::int64_t, std::set<std::int64_t>> offers_of(const std::vector<Challenge>& challenges) {
  std::map<std::int64_t, std::set<std::int64_t>> offers;
  for (const auto& offer : match_contacts(challenges))
    for (const auto& other : offer.others)
      offers[offer.to.registration.value].insert(other.registration.value);
  return offers;
}

using Offers = std::map<std::int64_t, std::set<std::int64_t>>;

}  // namespace

TEST_CASE("contacts are offered between offices, only to and of those who agreed") {
  CHECK(offers_of({challenge(1, 10, true), challenge(2, 20, true), challenge(3, 30, false),
                   challenge(4, 10, true)}) == Offers{{1, {2}}, {2, {1, 4}}, {4, {2}}});
  CHECK(offers_of({challenge(1, 10, true), challenge(2, 10, true)}) == Offers{});
  CHECK(offers_of({challenge(1, 10, true), challenge(2, 20, false)}) == Offers{});
  CHECK(offers_of({challenge(1, {}, true), challenge(2, {}, true)}) == Offers{{1, {2}}, {2, {1}}});
  CHECK(offers_of({}) == Offers{});
}

TEST_CASE("a reminder is for those who have not answered, a day after the last mail") {
  const Instant noon{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4) +
                     std::chrono::hours(12)};
  Invitee invitee;
  invitee.state = InviteeState::invited;
  invitee.invited_at = noon;
  CHECK_FALSE(may_remind(invitee, noon + std::chrono::hours(23)));
  CHECK(may_remind(invitee, noon + std::chrono::hours(24)));
  invitee.reminded_at = noon + std::chrono::hours(24);
  CHECK_FALSE(may_remind(invitee, noon + std::chrono::hours(30)));
  for (const auto state :
       {InviteeState::listed, InviteeState::registered, InviteeState::declined}) {
    invitee.state = state;
    CHECK_FALSE(may_remind(invitee, noon + std::chrono::hours(90)));
  }
}
