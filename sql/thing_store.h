#pragma once

#include <optional>
#include <string_view>

#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// What decides about rights, as it stands in the database now: one statement each, no locks.

// A meeting and the cycle that it is part of.
struct MeetingThings {
  domain::Thing meeting;
  std::optional<domain::Thing> cycle;
};
// Whether what lies in the bin is found.
enum class Bin { hidden, included };
// By slug, or by id where the key is a number.
std::optional<MeetingThings> find_meeting_things(Connection& connection, std::string_view key,
                                                 Bin bin = Bin::hidden);
std::optional<MeetingThings> find_meeting_things(Connection& connection, domain::MeetingId id,
                                                 Bin bin = Bin::hidden);
std::optional<domain::Thing> find_cycle_thing(Connection& connection, std::string_view key,
                                              Bin bin = Bin::hidden);
std::optional<domain::Thing> find_cycle_thing(Connection& connection, domain::CycleId id,
                                              Bin bin = Bin::hidden);
std::optional<domain::Thing> find_practice_thing(Connection& connection, std::string_view key);

// A person's claim to a whole cycle, as a registration of that cycle's.
std::optional<domain::Thing> find_enrolment_thing(Connection& connection, domain::EnrolmentId id);

}  // namespace narada::storage
