#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// The places that an institution holds at a meeting in one attendance mode.
struct StoredDelegation {
  domain::DelegationId id;
  domain::MeetingId meeting;
  domain::InstitutionRef institution;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int places = 0;
  int named = 0;    // of them, by somebody who is confirmed or awaits approval
  int reserve = 0;  // people who would step in
  std::int64_t version = 1;
};
// Of one institution or, without it, of all: by name of the institution, then mode.
std::vector<StoredDelegation> list_delegations(Connection& connection, domain::MeetingId meeting,
                                               std::optional<domain::InstitutionId> institution);
// Made with no places where there is none. Precondition: the meeting is locked.
StoredDelegation require_delegation(Connection& connection, domain::MeetingId meeting,
                                    const domain::InstitutionRef& institution,
                                    domain::AttendanceMode mode, const std::string& created_by,
                                    domain::Instant now);
// One version on. Precondition: the meeting is locked.
void save_places(Connection& connection, domain::DelegationId delegation, int places,
                 domain::Instant now);
// One place less, one version on. Precondition: the meeting is locked.
void take_place_away(Connection& connection, domain::DelegationId delegation, domain::Instant now);

// Somebody of the institution who is registered at the meeting, whoever registered them.
struct Delegate {
  domain::RegistrationId id;
  domain::PersonId person;
  std::string full_name;
  std::string email;
  std::string position;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  bool of_delegation = false;  // fills one of the institution's places
  std::string instead_of;      // whose place it took over, by name
  std::string superior_email;  // empty: nobody was asked
  std::string consent;         // answer: empty, given, refused
};
// Those who are in (pending, confirmed, waitlisted), and those who have declined consent, by name.
// Nobody who has been erased.
std::vector<Delegate> list_delegates(Connection& connection, domain::MeetingId meeting,
                                     domain::InstitutionId institution);

// Identities of those who have a registration at the meeting that is not cancelled.
struct KnownIdentity {
  std::string email_key;
  std::string name_key;
  bool declined = false;
};
std::vector<KnownIdentity> list_identities(Connection& connection, domain::MeetingId meeting);

struct StoredReserve {
  domain::DelegationId delegation;
  domain::PersonId person;
  std::string full_name;
  std::string email;
  std::string job_title;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int position = 0;
};
// In the order in which they would step in.
std::vector<StoredReserve> list_reserves(Connection& connection, domain::MeetingId meeting,
                                         domain::InstitutionId institution);
// At the end; somebody who is there stays where they are.
void add_reserve(Connection& connection, domain::DelegationId delegation, domain::PersonId person,
                 const std::string& job_title);
bool remove_reserve(Connection& connection, domain::DelegationId delegation,
                    domain::PersonId person);

// The registration whose place this one took over.
void save_replaced(Connection& connection, domain::RegistrationId registration,
                   domain::RegistrationId replaced);

// A published meeting that is still to come, with what the institution has there.
struct DelegationMeeting {
  domain::MeetingId meeting;
  std::string slug;
  std::string title;
  std::string cycle;  // title
  domain::WallTime starts{};
  domain::InstitutionRef institution;
  int places = 0;  // of the institution's delegations
  int named = 0;   // of them
  int people = 0;  // of the institution, whoever registered them, who are in
  int reserve = 0;
};
// For each institution each meeting whose registration has not closed or where it has somebody or
// holds places, by start; at most `limit`.
std::vector<DelegationMeeting> list_delegation_meetings(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant now, int limit);

// An office may want a superior's consent before its people take part.
bool wants_consent(Connection& connection, domain::InstitutionId institution);
// False: it was so before.
bool save_wants_consent(Connection& connection, domain::InstitutionId institution, bool wants,
                        domain::Instant now);

}  // namespace narada::storage
