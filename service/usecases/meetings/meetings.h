#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// What organizers type for a meeting; also what PATCH starts from (load_meeting_form).
struct PlaceForm {
  std::string name;
  std::string address;
  std::string room;
  std::string institution;  // TERYT or id; empty: none
  std::optional<domain::GeoPoint> position;
  friend bool operator==(const PlaceForm&, const PlaceForm&) = default;
};
struct ProgramItemForm {
  int starts_minute = 0;
  int ends_minute = 0;
  std::string title;
  std::string description;
  std::vector<std::string> experts;       // slug or id
  std::vector<std::string> institutions;  // TERYT or id
  std::vector<std::string> practices{};   // slug or id
  friend bool operator==(const ProgramItemForm&, const ProgramItemForm&) = default;
};
struct SeatsForm {
  bool offered = false;
  std::optional<int> capacity;  // absent: no limit
  friend bool operator==(const SeatsForm&, const SeatsForm&) = default;
};
struct MeetingForm {
  std::string title;
  domain::MeetingForm form = domain::MeetingForm::meeting;
  std::string topic;  // slug or id; empty: none
  std::string cycle;  // id or slug; empty: stands alone
  std::optional<int> session_number;
  domain::WallTime starts{};  // the zero of the clock: not given
  domain::WallTime ends{};
  std::string tzid = domain::kDefaultZone;
  domain::TimePrecision precision = domain::TimePrecision::minute;
  std::vector<PlaceForm> places;
  std::string online_url;
  SeatsForm onsite;
  SeatsForm online;
  bool waitlist = true;
  bool approval = false;
  domain::RegistrationWindow window;
  std::string summary;
  std::string description;
  std::string audience;
  std::string accessibility;
  std::string contact;
  std::string organizer;
  std::string source_url;
  std::string caveat;
  std::vector<std::string> experts;     // slug or id
  std::vector<std::string> presenting;  // TERYT or id
  std::vector<ProgramItemForm> program;
  friend bool operator==(const MeetingForm&, const MeetingForm&) = default;
};

struct MeetingFilter {
  std::optional<domain::Date> from;  // first day, in the default zone, inclusive
  std::optional<domain::Date> to;    // last day, inclusive
  std::string topic;                 // slug or id
  std::optional<domain::MeetingForm> form;
  std::optional<domain::AttendanceMode> mode;
  std::string institution;  // TERYT, slug or id: hosts, presents, or has a role in its cycle
  std::string cycle;        // id or slug
  std::string voivodeship;  // of a place's institution
  std::optional<domain::MeetingStatus> status;  // drafts only within the viewer's reach
  std::string q;
  bool newest_first = false;  // by start; default oldest first
};

// Reads. Drafts are seen within reach_of(viewer, see); outside it they are NotFound. Without a
// status in the filter everybody sees published and cancelled meetings, and those drafts. A topic,
// institution or cycle that does not exist for the viewer has no meetings. `online_url` is for who
// may see_numbers of the meeting. Those without any reach get what Environment::catalogue keeps for
// up to a second.
PageOf<domain::MeetingSummary> list_meetings(const Environment&, const Actor& viewer,
                                             const MeetingFilter&, const PageRequest&);
domain::Outcome<domain::Meeting> find_meeting(const Environment&, const Actor& viewer,
                                              std::string_view id_or_slug);

// Writes, for those who may organize the meeting as it stands and as it would become, and the cycle
// that it comes to or leaves (else NotFound of a draft that they may not see, Forbidden). Each is
// one transaction with its activity row.
// A meeting that offers neither mode takes no registrations: fine for what is over or only
// announced, but then a registration window or approval is a FieldError capacity "no_mode".
domain::Outcome<domain::Meeting> create_meeting(const Environment&, const Call&,
                                                const MeetingForm&);
domain::Outcome<MeetingForm> load_meeting_form(const Environment&, const Actor&, domain::MeetingId);
// `version` from If-Match: Stale when it is no longer current. A published meeting whose start,
// end, zone or place changes gets SEQUENCE + 1, and everybody who is in (pending, confirmed,
// waitlisted) a mail; a raised capacity promotes in the same transaction; capacity below the
// confirmed is a FieldError capacity.onsite "below_confirmed", unless `shrinking` says that those
// confirmed last are to wait again.
enum class Shrinking { refused, to_waiting_list };
domain::Outcome<domain::Meeting> change_meeting(const Environment&, const Call&, domain::MeetingId,
                                                std::int64_t version, const MeetingForm&,
                                                Shrinking shrinking = Shrinking::refused);
// Publishing twice is the same as once. Enrolled people of its cycle are registered.
domain::Outcome<domain::Meeting> publish_meeting(const Environment&, const Call&,
                                                 domain::MeetingId);
// Everybody who is in gets one mail: CANCEL with SEQUENCE + 1 for those invited. Twice is once.
domain::Outcome<domain::Meeting> cancel_meeting(const Environment&, const Call&, domain::MeetingId,
                                                const std::string& reason);

}  // namespace narada::usecases
