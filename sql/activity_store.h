#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/permissions.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Who did what to what, when: written in the transaction of the change.
struct Activity {
  domain::Instant occurred_at{};
  std::string actor;    // "person:12", "anonymous"
  std::string verb;     // "registration.cancelled"
  std::string subject;  // "registration:45"
  std::optional<domain::MeetingId> meeting;
  std::string details = "{}";  // JSON; nothing that was typed about a person
  std::string request_id;
  std::string address_class;  // "loopback", "private", "public"; empty: no request
  struct Personal {
    domain::PersonId person;
    std::string details;  // JSON {"before": {…}, "after": {…}}
  };
  std::vector<Personal> personal = {};  // erasable, unlike the rest
};

void save_activities(Connection& connection, const std::vector<Activity>& activities);

struct StoredActivity {
  domain::ActivityId id;
  Activity activity;
};

// What a reader looks for; what is empty or absent does not narrow.
struct ActivitySelection {
  std::optional<domain::Instant> from;   // inclusive
  std::optional<domain::Instant> until;  // exclusive
  std::string actor;                     // "person:12"
  std::string verb;                      // "meeting.changed", or the beginning of one: "meeting."
  std::string subject;                   // "meeting:12"
  std::optional<domain::MeetingId> meeting;
  std::string request_id;
  std::vector<std::string> without;  // no verb that begins with one of these: "session."
  bool personal_parts = true;        // what was typed about people comes along
  // Set: only what is about one of these meetings, or has one of these subjects.
  struct Bounds {
    std::vector<domain::MeetingId> meetings;
    std::vector<std::string> subjects;
  };
  std::optional<Bounds> bounds = {};
  // Set: only what this person did or what is about them, their registrations or enrolments.
  std::optional<domain::PersonId> concerning = {};
  std::optional<domain::ActivityId> before = {};  // only rows with a smaller id
};
// Newest first, at most `limit`, with their personal parts where the selection wants them.
std::vector<StoredActivity> list_activities(Connection& connection,
                                            const ActivitySelection& selection, int limit);

// The meetings, and the subjects beside them ("cycle:5", "practice:7"), that a reach covers; not
// for one that covers everything.
ActivitySelection::Bounds find_bounds(Connection& connection, const domain::Reach& reach);

// Names as they are now, by "person:12", "meeting:7"…; absent of what is not there or has been
// erased. A registration's is its person's.
std::map<std::string, std::string> find_names(Connection& connection,
                                              const std::set<std::string>& things);

}  // namespace narada::storage
