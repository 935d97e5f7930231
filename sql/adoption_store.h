#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/adoption.h"
#include "sql/connection.h"

namespace narada::storage {

// The meeting where a practice was learnt, while it is published.
struct LearntMeeting {
  domain::MeetingId id;
  std::string slug;
  std::string title;
  domain::WallTime starts{};
};
struct StoredAdoption {
  domain::Adoption adoption;
  std::optional<LearntMeeting> learnt_at;
};
// given_up too: adopted first, then adapting, considering, and within by name.
std::vector<StoredAdoption> list_adoptions_of(Connection& connection, domain::PracticeId practice);
// Of published practices: those that the institution took.
std::vector<StoredAdoption> list_adoptions_by(Connection& connection,
                                              domain::InstitutionId institution);
// Of published practices that the institution gave.
std::vector<StoredAdoption> list_adoptions_from(Connection& connection,
                                                domain::InstitutionId institution);
std::optional<domain::Adoption> find_adoption(Connection& connection, domain::AdoptionId id);
// The row of the institution for the practice, locked until the transaction ends.
std::optional<domain::Adoption> lock_adoption(Connection& connection, domain::PracticeId practice,
                                              domain::InstitutionId institution);
// Throws Duplicate when the institution has one for the practice.
domain::AdoptionId insert_adoption(Connection& connection, const domain::Adoption& adoption,
                                   domain::Instant now);
void update_adoption(Connection& connection, const domain::Adoption& adoption, domain::Instant now);
void delete_adoption(Connection& connection, domain::AdoptionId id);

// Published meetings that present the practice in their program and where somebody of the
// institution was confirmed or attended, the newest first.
std::vector<LearntMeeting> list_meetings_to_learn_at(Connection& connection,
                                                     domain::PracticeId practice,
                                                     domain::InstitutionId institution);

}  // namespace narada::storage
