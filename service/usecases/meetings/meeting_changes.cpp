#include "service/usecases/meetings/meeting_changes.h"

#include <string>
#include <utility>

#include "service/usecases/meetings/meeting_announcement.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/enrolment_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingStatus;

void register_enrolled(const Change& change, LockedMeeting& locked) {
  if (!locked.meeting().cycle) return;
  // Held already, unless the draft came to another cycle between the two locks.
  storage::lock_cycle(change.connection, locked.meeting().cycle->id);
  for (const auto& enrolment :
       storage::list_enrolments(change.connection, locked.meeting().cycle->id)) {
    PlaceClaim claim;
    claim.person = enrolment.person;
    claim.mode = offered_mode(locked.meeting(), enrolment.mode);
    claim.enrolment = enrolment.id;
    claim.needs = enrolment.needs;
    claim.visible = enrolment.visible;
    const auto result = claim_place(change, locked, claim, EarlierClaim::none);
    if (const auto* refused = std::get_if<domain::Refused>(&result)) {
      locked.record("enrolment.skipped", "enrolment:" + std::to_string(enrolment.id.value),
                    R"({"code":")" + refused->code + R"("})");
    }
  }
}

// The cycle before the meeting, as everywhere: nobody enrols in it between the look at who is
// enrolled and COMMIT.
std::optional<LockedMeeting> lock_with_cycle(const Change& change, domain::MeetingId meeting) {
  auto seated = storage::find_seated_meeting(change.connection, meeting);
  if (!seated) return std::nullopt;
  if (seated->meeting.cycle) storage::lock_cycle(change.connection, seated->meeting.cycle->id);
  return LockedMeeting::lock(change, meeting, std::move(seated));
}

// What happens to a meeting in one transaction of its own.
enum class Step { changed, nothing_to_do };

template <class Work>
domain::Outcome<domain::Meeting> change_meeting_once(const Environment& environment,
                                                     const Call& call, std::string_view kind,
                                                     domain::MeetingId meeting, Work work) {
  const auto outcome = run_once_for_id<domain::MeetingId>(
      environment, call, kind,
      [&](storage::Connection& connection) -> domain::Outcome<domain::MeetingId> {
        const Change change{connection, environment, call, environment.clock->now()};
        auto locked = lock_with_cycle(change, meeting);
        if (!locked) return domain::NotFound{};
        const auto allowed = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!allowed) return allowed.failure();
        const domain::Outcome<Step> step = work(change, *locked);
        if (!step) return step.failure();
        if (*step == Step::changed) locked->finish();
        return meeting;
      });
  if (!outcome) return outcome.failure();
  return find_meeting(environment, call.actor, std::to_string(meeting.value));
}

domain::Outcome<Step> publish(const Change& change, LockedMeeting& locked) {
  if (locked.meeting().status == MeetingStatus::published) return Step::nothing_to_do;
  if (locked.meeting().status == MeetingStatus::cancelled) {
    return domain::Conflict{"meeting_cancelled"};
  }
  locked.publish();
  register_enrolled(change, locked);
  announce_meeting(change, locked.meeting());
  return Step::changed;
}

domain::Outcome<Step> cancel(const Change& change, LockedMeeting& locked,
                             const std::string& reason) {
  if (locked.meeting().status == MeetingStatus::cancelled) return Step::nothing_to_do;
  if (locked.meeting().status == MeetingStatus::draft) return domain::Conflict{"not_published"};
  if (change.now >= locked.meeting().times.ends_at) return domain::Conflict{"meeting_past"};
  locked.cancel_meeting(reason);
  return Step::changed;
}

}  // namespace

domain::Outcome<domain::Meeting> publish_meeting(const Environment& environment, const Call& call,
                                                 domain::MeetingId meeting) {
  return change_meeting_once(environment, call, "publish_meeting", meeting, publish);
}

domain::Outcome<domain::Meeting> cancel_meeting(const Environment& environment, const Call& call,
                                                domain::MeetingId meeting,
                                                const std::string& reason) {
  domain::FieldErrors errors;
  const std::string kept = check_text(reason, "reason", kReasonBounds, errors);
  if (!errors.empty()) {
    const auto allowed =
        check_meeting(environment, call.actor, Action::organize, std::to_string(meeting.value));
    if (!allowed) return allowed.failure();
    return errors;
  }
  return change_meeting_once(
      environment, call, "cancel_meeting", meeting,
      [&](const Change& change, LockedMeeting& locked) { return cancel(change, locked, kept); });
}

bool publish_locked_meeting(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::MeetingId meeting,
                            Announcement announcement) {
  const Change change{connection, environment, call, environment.clock->now()};
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked || locked->meeting().status != MeetingStatus::draft) return false;
  locked->publish();
  register_enrolled(change, *locked);
  const bool announced =
      announcement == Announcement::send && announce_meeting(change, locked->meeting());
  locked->finish();
  return announced;
}

void follow_meeting_change(storage::Connection& connection, const Environment& environment,
                           const Call& call, domain::MeetingId meeting,
                           const MeetingChange& meeting_change) {
  const Change change{connection, environment, call, environment.clock->now()};
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked || locked->meeting().status != MeetingStatus::published) return;
  const auto audience =
      meeting_change.over ? LockedMeeting::Audience::nobody : LockedMeeting::Audience::everybody;
  if (meeting_change.moved) {
    locked->move(meeting_change.previous_starts, audience);
  } else if (!meeting_change.rejoining.empty()) {
    locked->change_way_in(meeting_change.rejoining, audience);
  }
  locked->promote();
  locked->finish();
}

}  // namespace narada::usecases
