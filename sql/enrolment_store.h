#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// One claim to a whole cycle. Its person has the institution given with it.
struct StoredEnrolment {
  domain::EnrolmentId id;
  domain::CycleId cycle;
  domain::Person person;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::string needs;
};

std::optional<domain::EnrolmentId> find_enrolment(Connection& connection, domain::CycleId cycle,
                                                  domain::PersonId person);
// Sets the id. Throws Duplicate when the person is enrolled.
void insert_enrolment(Connection& connection, StoredEnrolment& enrolment, domain::Instant now);
// In order of arrival; only active ones.
std::vector<StoredEnrolment> list_enrolments(Connection& connection, domain::CycleId cycle);
struct EnrollableCycle {
  domain::CycleId id;
  std::string status;
  std::vector<domain::MeetingId> meetings;  // published and still to come, in the order of ids
  bool has_drafts = false;                  // meetings that may be published later
};
// By id or slug.
std::optional<EnrollableCycle> find_enrollable_cycle(Connection& connection, std::string_view key,
                                                     domain::Instant now);

}  // namespace narada::storage
