#pragma once

#include <vector>

#include "service/domain/ids.h"
#include "service/domain/meeting_statistics.h"
#include "sql/connection.h"

namespace narada::storage {

// Offices with any registration at the meeting: those with most people who are in first, then by
// name; people without an office last, as one office with the id 0.
std::vector<domain::OfficeNumbers> count_offices(Connection& connection, domain::MeetingId meeting);

// Associations by name, with those who are members when the meeting starts.
std::vector<domain::AssociationShare> count_association_shares(Connection& connection,
                                                               domain::MeetingId meeting);

}  // namespace narada::storage
