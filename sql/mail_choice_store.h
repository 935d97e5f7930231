#pragma once

#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// What people have chosen to be told (notification_choice), as those ask who write mails.

// What the person has chosen, else `unless_chosen`. One statement.
bool is_wanted(Connection& connection, domain::PersonId person, std::string_view choice,
               bool unless_chosen);
// The person wants none of these from now on; raises the version of the person, so that a form that
// was opened before does not bring them back. False for somebody unknown or erased.
bool save_unwanted(Connection& connection, domain::PersonId person, std::string_view choice,
                   domain::Instant now);

// A new meeting, to be told with the next summary.
void save_waiting_announcements(Connection& connection, const std::vector<domain::PersonId>& people,
                                domain::MeetingId meeting, domain::Instant now);

}  // namespace narada::storage
