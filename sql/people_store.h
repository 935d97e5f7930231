#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/people.h"
#include "sql/connection.h"

namespace narada::storage {

struct PersonPosition {
  std::string full_name;
  domain::PersonId id;
};
struct PersonListing {
  std::string q;            // anywhere in name or e-mail
  std::string institution;  // anywhere in the name or an alias of their institution
  std::optional<domain::Role> role;
  std::optional<PersonPosition> after;
  int limit = 50;
};
// Nobody who was erased; by full name in Polish order.
std::vector<domain::PersonSummary> list_people(Connection& connection,
                                               const PersonListing& listing);

// Without open_sessions. Absent for somebody unknown or erased.
std::optional<domain::PersonRecord> find_person_record(Connection& connection,
                                                       domain::PersonId person);

// Who takes a role on, without a lock that registrations would wait for.
struct Grantee {
  std::string full_name;
  std::string email;
  std::string email_key;
  domain::Language language = domain::Language::pl;
};
std::optional<Grantee> find_grantee(Connection& connection, domain::PersonId person);

// `today` is the beginning of the day.
domain::PanelCounts count_panel(Connection& connection, domain::Instant today);

// Not cancelled and not over at `now`, the next first. `reach`: which of them.
std::vector<domain::PanelMeeting> list_panel_meetings(Connection& connection,
                                                      const domain::Reach& reach,
                                                      domain::Instant now, int limit);

}  // namespace narada::storage
