#include "service/domain/registration.h"

#include <algorithm>
#include <utility>

#include "service/domain/enum_names.h"
#include "service/domain/half_fixed.h"

namespace narada::domain {
namespace {

constexpr EnumNames<RegistrationStatus, 7> kRegistrationStatuses{
    {"pending", "confirmed", "waitlisted", "cancelled", "declined", "attended", "absent"}};
static_assert(is_complete(kRegistrationStatuses, RegistrationStatus::absent));

// The rule that keeps everybody out, whatever mode they choose; absent while registration is open.
std::optional<Refused> find_general_refusal(const MeetingSummary& meeting, Instant now) {
  if (meeting.status == MeetingStatus::draft || meeting.status == MeetingStatus::binned) {
    return Refused{"", "not_published"};
  }
  if (meeting.status == MeetingStatus::cancelled) return Refused{"", "meeting_cancelled"};
  if (now >= begins_at(meeting.times)) return Refused{"", "meeting_past"};
  const RegistrationWindow& window = meeting.window;
  if (window.opens_at && now < *window.opens_at) return Refused{"", "window_not_open"};
  if (window.closes_at && now >= *window.closes_at) return Refused{"", "window_closed"};
  return std::nullopt;
}

}  // namespace

bool is_active(RegistrationStatus status) {
  return status == RegistrationStatus::pending || status == RegistrationStatus::confirmed ||
         status == RegistrationStatus::waitlisted;
}

Admission decide_admission(const MeetingSummary& meeting, AttendanceMode mode, Instant now) {
  if (auto refusal = find_general_refusal(meeting, now)) return *std::move(refusal);
  const Seats& seats = seats_of(meeting, mode);
  if (!seats.offered) return Refused{"mode", "mode_not_offered"};
  if (meeting.approval) return AwaitsApproval{};
  const bool has_free_seat = !seats.capacity || *seats.free() > 0;
  if (has_free_seat && seats.waiting == 0) return Confirmed{};
  if (meeting.waitlist) return Waitlisted{};
  return Refused{"", "full"};
}

int decide_promotions(const Seats& seats) {
  if (!seats.offered) return 0;
  const std::optional<int> free = seats.free();
  return free ? std::min(*free, seats.waiting) : seats.waiting;
}

std::string_view to_string(RegistrationStatus status) {
  return kRegistrationStatuses.name_of(status);
}

std::optional<RegistrationStatus> find_registration_status(std::string_view name) {
  return kRegistrationStatuses.find(name);
}

}  // namespace narada::domain
