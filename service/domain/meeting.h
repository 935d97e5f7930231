#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/time.h"

namespace narada::domain {

// Names are those of the API and of the tables; what people read is in web/locales.
enum class MeetingForm {
  meeting,   // spotkanie
  workshop,  // warsztat
  training,  // szkolenie
  webinar,
  conference,        // konferencja
  study_visit,       // wizyta studyjna
  research_walk,     // spacer badawczy
  field_interviews,  // wywiady terenowe
  session,           // posiedzenie
};
// binned: published once and deleted; nobody but its organizers finds it, for 30 days.
enum class MeetingStatus { draft, published, cancelled, binned };
enum class AttendanceMode { onsite, online };
// `day`: the source knows the date only; starts is 00:00 and ends 00:00 of the day after the last.
// `month`: half-fixed; starts is the first of the month, ends the first of the next.
enum class TimePrecision { minute, day, month };

struct TopicRef {
  TopicId id;
  std::string slug;
  std::string name;
  std::string name_en;
};

enum class ExpertKind { person, organization };
struct ExpertRef {
  ExpertId id;
  std::string slug;
  std::string name;
  std::string description;
  ExpertKind kind = ExpertKind::organization;
};

struct PracticeRef {
  PracticeId id;
  std::string slug;
  std::string title;
};

struct Place {
  std::string name;
  std::string address;
  std::string room;
  std::optional<InstitutionRef> institution;  // the host
  std::optional<GeoPoint> position;
};

// Places of one attendance mode. Invariant, kept by the locked meeting row: confirmed + held <=
// capacity whenever a capacity is set at the time of admission.
struct Seats {
  bool offered = false;
  std::optional<int> capacity;  // absent: no limit
  int confirmed = 0;
  int held = 0;
  int waiting = 0;

  std::optional<int> free() const {
    if (!capacity) return std::nullopt;
    return *capacity > confirmed + held ? *capacity - confirmed - held : 0;
  }
  friend bool operator==(const Seats&, const Seats&) = default;
};

struct RegistrationWindow {
  std::optional<Instant> opens_at;   // absent: open since publication
  std::optional<Instant> closes_at;  // absent: open until the meeting starts
  friend bool operator==(const RegistrationWindow&, const RegistrationWindow&) = default;
};

struct ProgramItem {
  int starts_minute = 0;  // minutes from the meeting's start day 00:00, wall clock
  int ends_minute = 0;
  std::string title;
  std::string description;
  std::vector<ExpertRef> experts;
  std::vector<InstitutionRef> institutions;  // presenting
  std::vector<PracticeRef> practices{};      // presented
};

struct CycleRef {
  CycleId id;
  std::string slug;
  std::string title;
};

// When a meeting takes place. The wall clock and the zone are the truth; the instants are derived
// from them through the zone's rules each time the row is written.
struct MeetingTimes {
  WallTime starts{};
  WallTime ends{};
  std::string tzid = kDefaultZone;
  TimePrecision precision = TimePrecision::minute;
  Instant starts_at{};
  Instant ends_at{};
  friend bool operator==(const MeetingTimes&, const MeetingTimes&) = default;
};

// What a list, a calendar cell or a timeline shows of a meeting.
struct MeetingSummary {
  MeetingId id;
  std::string slug;
  std::string title;
  MeetingForm form = MeetingForm::meeting;
  MeetingStatus status = MeetingStatus::draft;
  std::optional<TopicRef> topic;
  std::optional<CycleRef> cycle;
  std::optional<int> session_number;  // k of the cycle
  std::optional<int> session_count;
  MeetingTimes times;
  std::optional<WallTime> previous_starts;  // set when it has been moved
  std::vector<std::string> place_names;     // "Centrum 3.0, Gliwice"
  bool has_online = false;
  Seats onsite;
  Seats online;
  int pending = 0;
  bool waitlist = true;
  bool approval = false;
  RegistrationWindow window;
  std::string summary;
  Instant updated_at{};
};

struct Meeting : MeetingSummary {
  std::string description;
  std::string audience;       // dla kogo
  std::string accessibility;  // of the venue
  std::string contact;
  std::string online_url;  // shown to participants only
  std::vector<Place> places;
  std::vector<ExpertRef> experts;
  std::vector<InstitutionRef> presenting;
  std::vector<ProgramItem> program;
  std::vector<MeetingSummary>
      cycle_sessions;  // all published of its cycle, in order; for the timeline
  std::string uid;     // RFC 5545 UID, made once
  int sequence = 0;    // RFC 5545 SEQUENCE
  std::string cancel_reason;
  std::string organizer;     // who calls it, as published
  std::string source_url;    // where a fact about a past meeting was published
  std::string caveat;        // what the source leaves open
  std::int64_t version = 1;  // ETag
};

const Seats& seats_of(const MeetingSummary& meeting, AttendanceMode mode);

std::string_view to_string(MeetingForm form);
std::string_view to_string(MeetingStatus status);
std::string_view to_string(AttendanceMode mode);
std::string_view to_string(TimePrecision precision);
std::string_view to_string(ExpertKind kind);
std::optional<MeetingForm> find_meeting_form(std::string_view name);
std::optional<MeetingStatus> find_meeting_status(std::string_view name);
std::optional<AttendanceMode> find_attendance_mode(std::string_view name);
std::optional<TimePrecision> find_time_precision(std::string_view name);
std::optional<ExpertKind> find_expert_kind(std::string_view name);

// Where a meeting stands for somebody who looks at it now.
enum class RegistrationState {
  not_published,
  cancelled,
  past,
  not_yet_open,
  closed,
  open,
  waiting_list,
  full
};
RegistrationState decide_registration_state(const MeetingSummary& meeting, Instant now);
std::string_view to_string(RegistrationState state);

}  // namespace narada::domain
