#include "service/usecases/invitees/invited_to.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"

namespace narada::usecases {
namespace {

std::optional<std::string> find_obstacle(const domain::Meeting& meeting, domain::Instant now) {
  switch (decide_registration_state(meeting, now)) {
    case domain::RegistrationState::not_published:
      return "meeting_not_published";
    case domain::RegistrationState::cancelled:
      return "meeting_cancelled";
    case domain::RegistrationState::past:
      return "meeting_past";
    case domain::RegistrationState::closed:
      return "registration_closed";
    default:
      break;
  }
  if (meeting.times.precision == domain::TimePrecision::month) return "date_not_fixed";
  return std::nullopt;
}

domain::Outcome<InvitedTo> find_meeting_list(storage::Connection& connection,
                                             const Environment& environment, domain::MeetingId id) {
  auto meeting = storage::find_meeting(connection, id);
  if (!meeting) return domain::NotFound{};
  InvitedTo to;
  to.scope = id;
  to.title = meeting->title;
  to.slug = meeting->slug;
  to.path = "/spotkania/" + meeting->slug;
  to.obstacle = find_obstacle(*meeting, environment.clock->now());
  to.meeting = std::move(meeting);
  return to;
}

domain::Outcome<InvitedTo> find_cycle_list(storage::Connection& connection,
                                           const Environment& environment, domain::CycleId id) {
  const auto now = environment.clock->now();
  const auto cycle =
      storage::find_cycle(connection, std::to_string(id.value), domain::everything(), now);
  if (!cycle) return domain::NotFound{};
  InvitedTo to;
  to.scope = id;
  to.title = cycle->title;
  to.slug = cycle->slug;
  to.path = "/cykle/" + cycle->slug;
  std::optional<domain::MeetingSummary> next;
  for (const auto& meeting : cycle->meetings) {
    if (meeting.status != domain::MeetingStatus::published || meeting.times.ends_at <= now)
      continue;
    ++to.sessions;
    const bool is_dated = meeting.times.precision != domain::TimePrecision::month;
    if (is_dated && meeting.times.starts_at > now &&
        (!next || meeting.times.starts_at < next->times.starts_at)) {
      next = meeting;
    }
  }
  if (next) to.meeting = storage::find_meeting(connection, next->id);
  if (cycle->status != domain::CycleStatus::published) {
    to.obstacle = "cycle_not_published";
  } else if (!to.meeting) {
    to.obstacle = "cycle_without_dates";
  }
  return to;
}

}  // namespace

domain::Outcome<InvitedTo> find_invited_to(storage::Connection& connection,
                                           const Environment& environment,
                                           const domain::InviteeScope& scope) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return find_meeting_list(connection, environment, *meeting);
  return find_cycle_list(connection, environment, std::get<domain::CycleId>(scope));
}

domain::Outcome<InvitedTo> find_invited_to(storage::Connection& connection,
                                           const Environment& environment, const Actor& actor,
                                           Action action, const domain::InviteeScope& scope) {
  const auto* meeting = std::get_if<domain::MeetingId>(&scope);
  const auto thing = meeting
                         ? check_meeting(connection, actor, action, *meeting)
                         : check_cycle(connection, actor, action, std::get<domain::CycleId>(scope));
  if (!thing) return thing.failure();
  auto to = find_invited_to(connection, environment, scope);
  if (to) to->thing = *thing;
  return to;
}

void record_of_list(storage::Connection& connection, const Environment& environment,
                    const Call& call, std::string_view verb, const domain::InviteeScope& scope,
                    std::string details) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope)) {
    record_activity(connection, environment, call, verb, "meeting", meeting->value, *meeting,
                    std::move(details));
    return;
  }
  record_activity(connection, environment, call, verb, "cycle",
                  std::get<domain::CycleId>(scope).value, {}, std::move(details));
}

}  // namespace narada::usecases
