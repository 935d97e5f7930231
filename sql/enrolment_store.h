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
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  bool visible = false;  // participants of other offices may see name and office
};

struct EnrolmentState {
  domain::EnrolmentId id;
  domain::CycleId cycle;
  bool active = false;  // false: cancelled
  domain::PersonId person = {};
};
std::optional<EnrolmentState> find_enrolment(Connection& connection, domain::CycleId cycle,
                                             domain::PersonId person);
// Locks its cycle in share mode, then its row, until the transaction ends; absent: no such
// enrolment.
std::optional<EnrolmentState> lock_enrolment(Connection& connection, domain::EnrolmentId enrolment);
// Sets the id. Throws Duplicate when the person is enrolled, Conflict when they have been erased
// meanwhile.
void insert_enrolment(Connection& connection, StoredEnrolment& enrolment, domain::Instant now);
// A cancelled one with this id becomes active again, by what was given now. False, with nothing
// written: it is active. Throws Conflict when the person has been erased meanwhile.
bool renew_enrolment(Connection& connection, const StoredEnrolment& enrolment, domain::Instant now);
// The clause that was accepted with it, by its person; nothing when none was in force.
void save_clause_acceptance(Connection& connection, domain::EnrolmentId enrolment,
                            domain::Instant now);
// Forgets what the person needs.
void cancel_enrolment(Connection& connection, domain::EnrolmentId enrolment, domain::Instant now);
// In order of arrival; only active ones of people who have not been erased.
std::vector<StoredEnrolment> list_enrolments(Connection& connection, domain::CycleId cycle);
struct EnrollableCycle {
  domain::CycleId id;
  std::string status;
  std::vector<domain::MeetingId> meetings;  // published and still to come, in the order of ids
  bool has_drafts = false;                  // meetings that may be published later
};
// By id or slug. Until the transaction ends no meeting of the cycle is published: its row is locked
// in share mode first.
std::optional<EnrollableCycle> find_enrollable_cycle(Connection& connection, std::string_view key,
                                                     domain::Instant now);

}  // namespace narada::storage
