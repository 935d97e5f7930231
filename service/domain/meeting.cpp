#include "service/domain/meeting.h"

#include "service/domain/enum_names.h"
#include "service/domain/half_fixed.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MeetingForm, 9> kMeetingForms{{"meeting", "workshop", "training", "webinar",
                                                   "conference", "study_visit", "research_walk",
                                                   "field_interviews", "session"}};
static_assert(is_complete(kMeetingForms, MeetingForm::session));

constexpr EnumNames<MeetingStatus, 4> kMeetingStatuses{
    {"draft", "published", "cancelled", "binned"}};
static_assert(is_complete(kMeetingStatuses, MeetingStatus::binned));

constexpr EnumNames<AttendanceMode, 2> kMeetingModes{{"onsite", "online"}};
static_assert(is_complete(kMeetingModes, AttendanceMode::online));

constexpr EnumNames<TimePrecision, 3> kMeetingPrecisions{{"minute", "day", "month"}};
static_assert(is_complete(kMeetingPrecisions, TimePrecision::month));

constexpr EnumNames<ExpertKind, 2> kExpertKinds{{"person", "organization"}};
static_assert(is_complete(kExpertKinds, ExpertKind::organization));

constexpr EnumNames<RegistrationState, 8> kMeetingStates{{"not_published", "cancelled", "past",
                                                          "not_yet_open", "closed", "open",
                                                          "waiting_list", "full"}};
static_assert(is_complete(kMeetingStates, RegistrationState::full));

// True when a newcomer for these places would be confirmed at once.
bool has_place_for_newcomer(const Seats& seats) {
  return seats.offered && seats.waiting == 0 && (!seats.capacity || *seats.free() > 0);
}

}  // namespace

const Seats& seats_of(const MeetingSummary& meeting, AttendanceMode mode) {
  return mode == AttendanceMode::online ? meeting.online : meeting.onsite;
}

// The window is half-open: it takes registrations from opens_at on and none from closes_at on.
RegistrationState decide_registration_state(const MeetingSummary& meeting, Instant now) {
  if (meeting.status == MeetingStatus::draft || meeting.status == MeetingStatus::binned) {
    return RegistrationState::not_published;
  }
  if (meeting.status == MeetingStatus::cancelled) return RegistrationState::cancelled;
  if (now >= begins_at(meeting.times)) return RegistrationState::past;
  const RegistrationWindow& window = meeting.window;
  if (window.opens_at && now < *window.opens_at) return RegistrationState::not_yet_open;
  if (window.closes_at && now >= *window.closes_at) return RegistrationState::closed;
  if (!meeting.onsite.offered && !meeting.online.offered) return RegistrationState::closed;
  if (meeting.approval) return RegistrationState::open;
  if (has_place_for_newcomer(meeting.onsite) || has_place_for_newcomer(meeting.online)) {
    return RegistrationState::open;
  }
  if (meeting.waitlist) return RegistrationState::waiting_list;
  // Full for most is not full for whom places are held; the rules say who that is.
  const bool holds_some = meeting.onsite.held + meeting.online.held > 0;
  return holds_some ? RegistrationState::open : RegistrationState::full;
}

std::string_view to_string(MeetingForm form) { return kMeetingForms.name_of(form); }
std::string_view to_string(MeetingStatus status) { return kMeetingStatuses.name_of(status); }
std::string_view to_string(AttendanceMode mode) { return kMeetingModes.name_of(mode); }
std::string_view to_string(TimePrecision precision) {
  return kMeetingPrecisions.name_of(precision);
}
std::string_view to_string(ExpertKind kind) { return kExpertKinds.name_of(kind); }
std::string_view to_string(RegistrationState state) { return kMeetingStates.name_of(state); }

std::optional<MeetingForm> find_meeting_form(std::string_view name) {
  return kMeetingForms.find(name);
}

std::optional<MeetingStatus> find_meeting_status(std::string_view name) {
  return kMeetingStatuses.find(name);
}

std::optional<AttendanceMode> find_attendance_mode(std::string_view name) {
  return kMeetingModes.find(name);
}

std::optional<TimePrecision> find_time_precision(std::string_view name) {
  return kMeetingPrecisions.find(name);
}

std::optional<ExpertKind> find_expert_kind(std::string_view name) {
  return kExpertKinds.find(name);
}

}  // namespace narada::domain
