#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::domain {

// The problem that somebody comes to a meeting with, as they typed it when they registered.
struct Challenge {
  RegistrationId registration;
  PersonId person;
  std::string full_name;
  std::string email;
  std::optional<InstitutionId> institution;
  std::string institution_name;
  std::string text;
  bool contact = false;  // may be put in touch with others who have it
  std::optional<ChallengeGroupId> group;
};

struct PracticeLink {
  PracticeId id;
  std::string slug;
  std::string title;
  friend bool operator==(const PracticeLink&, const PracticeLink&) = default;
};

// Problems that organizers hold to be the same, and what they answer.
struct ChallengeGroup {
  ChallengeGroupId id;
  std::string title;
  std::string answer;
  std::vector<PracticeLink> practices;
  std::optional<Instant> answered_at;         // when the answer was last sent
  std::optional<Instant> contacts_shared_at;  // when people were last put in touch
  std::int64_t version = 1;
  std::vector<Challenge> challenges;
};

// Who of a group learns of whom: those who agreed and whose office is another. Whoever would learn
// of nobody is left out.
struct ContactOffer {
  Challenge to;
  std::vector<Challenge> others;
};
std::vector<ContactOffer> match_contacts(const std::vector<Challenge>& challenges);

}  // namespace narada::domain
