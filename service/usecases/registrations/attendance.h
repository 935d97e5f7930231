#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Who came to a meeting. It can be said from the beginning of the meeting on (Conflict
// "attendance_not_begun"), by who may decide_registration of it. A mark moves nobody's place: who
// was absent had it all the same, so the counters of the meeting stay.

struct Attendee {
  domain::RegistrationId id;
  std::string full_name;  // empty: erased
  std::string position;
  std::string institution;
  domain::RegistrationStatus status = domain::RegistrationStatus::confirmed;  // not marked
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  bool added = false;  // at the door: had no place before
};
struct OfficeAttendance {
  std::string name;  // empty: people of no institution
  int expected = 0;  // all of its people in the list
  int attended = 0;
  int absent = 0;
};
struct AttendanceList {
  domain::MeetingSummary meeting;
  bool may_mark = false;
  std::vector<Attendee> people;           // confirmed, attended and absent, by name
  std::vector<OfficeAttendance> offices;  // by name
  int attended = 0;
  int absent = 0;
};
// For who may see_participants of the meeting; NotFound otherwise.
domain::Outcome<AttendanceList> list_attendance(const Environment&, const Actor&,
                                                std::string_view meeting_id_or_slug);

// Marks them attended or absent, or takes the mark back (confirmed): then each is what it was, and
// somebody added at the door has withdrawn. Those that have no place at the meeting are left alone.
// How many were changed.
struct Marked {
  int count = 0;
};
domain::Outcome<Marked> mark_attendance(const Environment&, const Call&,
                                        std::string_view meeting_id_or_slug,
                                        const std::vector<domain::RegistrationId>&,
                                        domain::RegistrationStatus mark);
// The same for one. Conflict "attendance_no_place" for one that is not in the list. FieldErrors
// status "unknown_value" for another mark.
domain::Outcome<domain::RegistrationId> mark_attendance(const Environment&, const Call&,
                                                        domain::RegistrationId,
                                                        domain::RegistrationStatus mark);

// Somebody who came without a place.
struct WalkIn {
  std::string full_name;
  std::string email;
  std::string institution;  // as in RegistrationForm
  std::string position;
  std::optional<domain::AttendanceMode> mode;  // absent: the only one offered, else required
  bool consent = false;                        // has been shown the information clause
  bool over_capacity = false;                  // let in although nobody's place is free
};
// Stores them as attended; nobody gets a mail. A registration that they have here becomes attended.
// FieldErrors over_capacity "full_at_door" where as many are in the room, or still expected, as
// there are places: who is marked absent leaves theirs.
domain::Outcome<domain::RegistrationId> add_walk_in(const Environment&, const Call&,
                                                    std::string_view meeting_id_or_slug,
                                                    const WalkIn&);

}  // namespace narada::usecases
