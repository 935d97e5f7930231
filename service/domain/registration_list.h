#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/institution.h"
#include "service/domain/questions.h"
#include "service/domain/registration.h"

namespace narada::domain {

// A registration as lists and exports show it: with its meeting and the office it was made for.
struct RegistrationRow {
  RegistrationId id;
  MeetingId meeting;
  std::string meeting_slug;
  std::string meeting_title;
  WallTime meeting_starts{};
  TimePrecision precision = TimePrecision::minute;
  std::string cycle_title;  // empty: stands alone
  bool erased = false;      // the person has been forgotten: name and contact are empty
  std::string full_name;
  std::string email;
  std::string position;
  std::string unit;
  std::string phone;
  std::optional<InstitutionId> institution;
  std::string institution_name;
  std::optional<InstitutionKind> institution_kind;
  std::string county;
  RegistrationStatus status = RegistrationStatus::pending;
  AttendanceMode mode = AttendanceMode::onsite;
  std::optional<int> queue_position;  // 1 = next; only while waitlisted
  std::string needs;                  // empty for who may not see them, as are the next three
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  std::string challenge;
  bool needs_seen = false;  // the reader may see them, and the answers
  Answers answers;          // where they are asked for
  std::string question;
  std::string decline_reason;
  Instant created_at{};
  std::optional<Instant> confirmed_at;
};

enum class RegistrationSort {
  arrival,      // in the line of one meeting
  newest,       // the last one made first
  name,         // of the person
  institution,  // by its name
  status,
  meeting,  // by its start, the latest first
};
std::string_view to_string(RegistrationSort sort);
std::optional<RegistrationSort> find_registration_sort(std::string_view name);

// What is looked for; what is empty or absent does not narrow.
struct RegistrationFilter {
  std::string meeting;      // id, slug or a part of the title
  std::string cycle;        // id, slug or a part of the title
  std::string institution;  // TERYT, slug or a part of the name
  std::optional<RegistrationStatus> status;
  std::optional<AttendanceMode> mode;
  std::optional<Date> from;  // day on which the meeting starts, inclusive
  std::optional<Date> to;    // inclusive
  std::string q;             // a part of name, e-mail or position
};

// How many registrations of one mode stand where, as rows and not as counters.
struct RegistrationNumbers {
  AttendanceMode mode = AttendanceMode::onsite;
  std::int64_t pending = 0;
  std::int64_t confirmed = 0;  // with those who attended or were absent
  std::int64_t waitlisted = 0;
  std::int64_t cancelled = 0;
  std::int64_t declined = 0;
};

}  // namespace narada::domain
