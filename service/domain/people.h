#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/permissions.h"
#include "service/domain/registration.h"
#include "service/domain/time.h"

// People as those see them who manage roles.
namespace narada::domain {

// A role that somebody holds, with the name of what it is for.
struct HeldRole {
  RoleGrantId id;
  PersonId person;
  RoleGrant grant;
  std::string scope_name;  // empty: everywhere, or what it was for is gone
  std::string granted_by;  // "person:12", "system"
  Instant granted_at{};
};

// A line of the list of people.
struct PersonSummary {
  PersonId id;
  std::string full_name;
  std::string email;
  std::string institution;  // name
  std::vector<Role> roles;  // each once, in the order of Role
  bool has_account = false;
};

// One person with what hangs on them, in numbers.
struct PersonRecord {
  Person person;
  bool has_account = false;  // the mailbox answered
  Instant created_at{};
  std::vector<HeldRole> roles;  // the oldest first
  int open_sessions = 0;
  int active_registrations = 0;
  int all_registrations = 0;
};

// How many there are of each thing that the panel leads to.
struct PanelCounts {
  int people = 0;
  int role_holders = 0;
  int institutions = 0;           // active
  int inactive_institutions = 0;  // merged ones not among them
  int activities_today = 0;
};

// A meeting that somebody organizes, as the start of the panel shows it.
struct PanelMeeting {
  MeetingId id;
  std::string slug;
  std::string title;
  std::string cycle;  // title
  MeetingStatus status = MeetingStatus::draft;
  WallTime starts{};
  TimePrecision precision = TimePrecision::minute;
  int confirmed = 0;
  int waiting = 0;
  int pending = 0;
  int failed_mails = 0;
};

}  // namespace narada::domain
