#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/permissions.h"
#include "service/domain/registration_list.h"
#include "sql/connection.h"

namespace narada::storage {

// The place in a list after which it goes on: the sort key of a row, as text, and its id.
struct RegistrationPlace {
  std::string key;
  domain::RegistrationId id;
};

struct RegistrationSelection {
  std::optional<domain::MeetingId> of_meeting;
  std::optional<std::vector<domain::RegistrationId>> ids;  // absent: any
  domain::Reach within;      // of meetings within it, and of its people
  domain::Reach needs_seen;  // of meetings within it the needs are read
  domain::RegistrationFilter filter;
};

struct ListedRegistration {
  domain::RegistrationRow row;
  std::string sort_key;
};
// One statement whatever the length; the next page begins after the last row of this one, wherever
// rows have been added meanwhile. A key that is none of this sort's starts at the beginning.
std::vector<ListedRegistration> list_registration_rows(
    Connection& connection, const RegistrationSelection& selection, domain::RegistrationSort sort,
    const std::optional<RegistrationPlace>& after, int limit);

// At most `at_most`, and no more are counted.
std::int64_t count_registration_rows(Connection& connection, const RegistrationSelection& selection,
                                     std::int64_t at_most);

// Of the meeting, within the reach of the selection; its filter does not count.
struct MeetingRegistrationNumbers {
  std::vector<domain::RegistrationNumbers> modes;  // those that have any, in the order of the enum
  std::int64_t institutions = 0;  // with somebody who is in: pending, confirmed, waitlisted…
};
MeetingRegistrationNumbers count_meeting_registrations(Connection& connection,
                                                       const RegistrationSelection& selection);

// Institutions with a registration at the meeting, within the reach, by name: {slug, name}.
std::vector<std::pair<std::string, std::string>> list_registered_institutions(
    Connection& connection, const RegistrationSelection& selection);

}  // namespace narada::storage
