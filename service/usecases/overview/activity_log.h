#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// The activity log for those who may read it (Action::see_activity): admins all of it, organizers
// what is about meetings, cycles and practices within their reach. What people did with their own
// accounts, and what was typed about them before and after a change, is for those who manage people
// (Action::manage_people). Names are looked up when it is read: the log itself holds ids, so that
// it need not forget anybody.

// What a reader looks for; what is empty or absent does not narrow.
struct ActivityFilter {
  std::optional<domain::Instant> from;   // inclusive
  std::optional<domain::Instant> until;  // exclusive
  std::string actor;                     // "person:12"
  std::string verb;                      // "meeting.changed", or the beginning of one: "meeting."
  std::string subject;                   // "meeting:12"
  std::optional<domain::MeetingId> meeting;
  std::string request_id;
};

// One field of what was changed, as text; an absent side was not recorded.
struct ChangedField {
  std::string name;  // as in the API
  std::optional<std::string> before;
  std::optional<std::string> after;
  bool personal = false;  // typed about a person
  friend bool operator==(const ChangedField&, const ChangedField&) = default;
};

struct ActivityEntry {
  domain::ActivityId id;
  domain::Instant occurred_at{};
  std::string actor;       // "person:12", "token:3", "manage:45", "system", "anonymous"
  std::string actor_name;  // empty: nobody's, or erased
  std::string verb;
  std::string subject;  // "registration:45"
  std::string subject_name;
  std::optional<domain::MeetingId> meeting;
  std::string meeting_title;
  std::vector<ChangedField> changes;           // in the order of the names
  std::map<std::string, std::string> details;  // whatever else was recorded, as text
  std::string request_id;
  std::string address_class;  // "loopback", "private", "public"; empty: no request
};

// Whether the log shows the reader accounts and what was typed about people; also with a token that
// may only read.
bool sees_people_in_log(const Actor&);
// Whether entries whose verb begins so ("session") are about accounts.
bool is_about_accounts(std::string_view verb);

// Newest first. Forbidden for who may read nothing of it.
domain::Outcome<PageOf<ActivityEntry>> list_activity(const Environment&, const Actor&,
                                                     const ActivityFilter&, const PageRequest&);
// Every entry of the filter, newest first, at most `at_most`, handed to `take` one by one; how
// many.
domain::Outcome<int> export_activity(const Environment&, const Actor&, const ActivityFilter&,
                                     int at_most,
                                     const std::function<void(const ActivityEntry&)>& take);
// What the person did and what is recorded about them, newest first, for their own copy: without
// other people's names.
std::vector<ActivityEntry> list_activity_of(const Environment&, domain::PersonId, int at_most);

// "kind:17", as actor and subject are named; what else is typed into a filter fits nothing.
bool could_be_thing(std::string_view text);

}  // namespace narada::usecases
