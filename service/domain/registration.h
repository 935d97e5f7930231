#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/meeting.h"
#include "service/domain/time.h"

namespace narada::domain {

enum class RegistrationStatus {
  pending,
  confirmed,
  waitlisted,
  cancelled,
  declined,
  attended,
  absent
};

struct Person {
  PersonId id;
  std::string full_name;
  std::string email;
  std::string position;  // stanowisko
  std::string unit;      // wydział
  std::string phone;
  std::optional<InstitutionRef> institution;
  Language language = Language::pl;
};

// A person's claim to a place at a meeting.
struct Registration {
  RegistrationId id;
  MeetingId meeting;
  Person person;
  RegistrationStatus status = RegistrationStatus::pending;
  AttendanceMode mode = AttendanceMode::onsite;
  std::optional<int> queue_position;  // 1 = next; only while waitlisted
  std::optional<EnrolmentId> enrolment;
  std::optional<DelegationId> delegation;  // it fills a place that its institution holds
  std::optional<Instant> offer_until;      // waitlisted, and a place is held for the person
  std::string needs;                       // whatever diet, access_needs and interpreter are not
  std::string diet;
  std::string access_needs;
  std::string interpreter;  // "PJM", …
  std::string question;
  std::string challenge;           // the problem that the person comes with
  bool challenge_contact = false;  // may be put in touch with others who have it
  bool visible = false;            // other participants may see name and office
  int clause_version = 0;          // of the information clause that was accepted
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> confirmed_at;
  std::optional<Instant> cancelled_at;
  std::string decline_reason;
  std::int64_t version = 1;
};

// True while the registration claims or holds a place (pending, confirmed, waitlisted).
bool is_active(RegistrationStatus status);

// What the rules say to a newcomer.
struct Confirmed {};
struct Waitlisted {};
struct AwaitsApproval {};
struct Refused {
  std::string field;  // "mode", or empty
  std::string code;   // window_not_open, window_closed, meeting_cancelled, meeting_past,
                      // not_published, mode_not_offered, full
};
using Admission = std::variant<Confirmed, Waitlisted, AwaitsApproval, Refused>;

// Rule 1: who comes to a meeting with free places and nobody waiting is confirmed; people already
// waiting count before newcomers. `meeting` is the locked row.
Admission decide_admission(const MeetingSummary& meeting, AttendanceMode mode, Instant now);

// How many of those waiting for `mode` may be confirmed now.
int decide_promotions(const Seats& seats);

std::string_view to_string(RegistrationStatus status);
std::optional<RegistrationStatus> find_registration_status(std::string_view name);

}  // namespace narada::domain
