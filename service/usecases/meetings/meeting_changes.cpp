#include "service/usecases/meetings/meeting_changes.h"

#include <string>
#include <utility>

#include "service/usecases/meetings/meeting_announcement.h"
#include "service/usecases/meetings/meeting_step.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/enrolment_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingStatus;

enum class Known { nobody, possibly };  // to the meeting, of those enrolled

void register_enrolled(const Change& change, LockedMeeting& locked, Known known = Known::nobody) {
  if (!locked.meeting().cycle) return;
  // Held already, unless the draft came to another cycle between the two locks.
  storage::lock_cycle(change.connection, locked.meeting().cycle->id);
  for (const auto& enrolment :
       storage::list_enrolments(change.connection, locked.meeting().cycle->id)) {
    // Whoever has come by themselves has their place; whoever has withdrawn does not want one.
    if (known == Known::possibly &&
        storage::find_registration_of(change.connection, locked.meeting().id,
                                      enrolment.person.id)) {
      continue;
    }
    PlaceClaim claim;
    claim.person = enrolment.person;
    claim.mode = offered_mode(locked.meeting(), enrolment.mode);
    claim.enrolment = enrolment.id;
    claim.needs = enrolment.needs;
    claim.diet = enrolment.diet;
    claim.access_needs = enrolment.access_needs;
    claim.interpreter = enrolment.interpreter;
    claim.visible = enrolment.visible;
    const auto result = claim_place(change, locked, claim, EarlierClaim::none);
    if (const auto* refused = std::get_if<domain::Refused>(&result)) {
      locked.record("enrolment.skipped", "enrolment:" + std::to_string(enrolment.id.value),
                    R"({"code":")" + refused->code + R"("})");
    }
  }
}

// The cycle before the meeting, as everywhere: nobody enrols in it between the look at who is
// enrolled and COMMIT. False: no such meeting.
bool lock_with_cycle(const Change& change, domain::MeetingId meeting) {
  const auto seated = storage::find_seated_meeting(change.connection, meeting);
  if (!seated) return false;
  if (seated->meeting.cycle) storage::lock_cycle(change.connection, seated->meeting.cycle->id);
  return storage::lock_meeting(change.connection, meeting).has_value();
}

void append(WrittenMails& all, const WrittenMails& more) {
  all.mails.insert(all.mails.end(), more.mails.begin(), more.mails.end());
  all.token_hashes.insert(all.token_hashes.end(), more.token_hashes.begin(),
                          more.token_hashes.end());
}

domain::Outcome<Step> publish(const Change& change, LockedMeeting& locked, WrittenMails& written) {
  if (locked.meeting().status == MeetingStatus::published) return Step::nothing_to_do;
  if (locked.meeting().status == MeetingStatus::cancelled) {
    return domain::Conflict{"meeting_cancelled"};
  }
  locked.publish();
  register_enrolled(change, locked);
  announce_meeting(change, locked.meeting(), written);
  return Step::changed;
}

domain::Outcome<domain::Meeting> load_changed(const Environment& environment, const Call& call,
                                              const domain::Outcome<domain::MeetingId>& id) {
  if (!id) return id.failure();
  return find_meeting(environment, call.actor, std::to_string(id->value));
}

}  // namespace

domain::Outcome<Step> take_locked_step(const Change& change, domain::MeetingId meeting,
                                       ChangeKind kind, const StepWork& work) {
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked) return domain::NotFound{};
  if (is_held(change.environment, change.call)) locked->hold_mails();
  ChangeWatch watch(change, locked->meeting(), kind);
  WrittenMails written;
  const domain::Outcome<Step> step = work(change, *locked, written);
  if (!step || *step == Step::nothing_to_do) return step;
  locked->finish();
  append(written, locked->written());
  watch.finish(written);
  return step;
}

domain::Outcome<domain::MeetingId> take_step(const Environment& environment, const Call& call,
                                             std::string_view operation, domain::MeetingId meeting,
                                             ChangeKind kind, const StepWork& work) {
  return run_once_for_id<domain::MeetingId>(
      environment, call, operation,
      [&](storage::Connection& connection) -> domain::Outcome<domain::MeetingId> {
        const Change change{connection, environment, call, environment.clock->now()};
        if (!lock_with_cycle(change, meeting)) return domain::NotFound{};
        const auto allowed = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!allowed) return allowed.failure();
        const auto step = take_locked_step(change, meeting, kind, work);
        if (!step) return step.failure();
        return meeting;
      });
}

domain::Outcome<Step> cancel_locked(const Change& change, LockedMeeting& locked,
                                    const std::string& reason) {
  if (locked.meeting().status == MeetingStatus::cancelled) return Step::nothing_to_do;
  if (locked.meeting().status == MeetingStatus::draft) return domain::Conflict{"not_published"};
  if (change.now >= locked.meeting().times.ends_at) return domain::Conflict{"meeting_past"};
  locked.cancel_meeting(reason);
  return Step::changed;
}

domain::Outcome<domain::Meeting> publish_meeting(const Environment& environment, const Call& call,
                                                 domain::MeetingId meeting) {
  return load_changed(
      environment, call,
      take_step(environment, call, "publish_meeting", meeting, ChangeKind::published, publish));
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
  return load_changed(environment, call,
                      take_step(environment, call, "cancel_meeting", meeting, ChangeKind::cancelled,
                                [&](const Change& change, LockedMeeting& locked, WrittenMails&) {
                                  return cancel_locked(change, locked, kept);
                                }));
}

bool publish_locked_meeting(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::MeetingId meeting,
                            Announcement announcement) {
  const Change change{connection, environment, call, environment.clock->now()};
  bool announced = false;
  const auto step = take_locked_step(
      change, meeting, ChangeKind::published,
      [&](const Change&, LockedMeeting& locked, WrittenMails& written) -> domain::Outcome<Step> {
        if (locked.meeting().status != MeetingStatus::draft) return Step::nothing_to_do;
        locked.publish();
        register_enrolled(change, locked);
        announced = announcement == Announcement::send &&
                    announce_meeting(change, locked.meeting(), written);
        return Step::changed;
      });
  return step && announced;
}

WrittenMails follow_meeting_change(storage::Connection& connection, const Environment& environment,
                                   const Call& call, domain::MeetingId meeting,
                                   const MeetingChange& meeting_change) {
  const Change change{connection, environment, call, environment.clock->now()};
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked || locked->meeting().status != MeetingStatus::published) return {};
  if (is_held(environment, call)) locked->hold_mails();
  const auto audience =
      meeting_change.over ? LockedMeeting::Audience::nobody : LockedMeeting::Audience::everybody;
  if (meeting_change.moved) {
    locked->move(meeting_change.previous, audience);
  } else if (meeting_change.rejoining) {
    locked->change_way_in(audience);
  }
  if (meeting_change.shrinks) locked->shrink();
  locked->promote();
  if (meeting_change.joins_cycle) register_enrolled(change, *locked, Known::possibly);
  locked->finish();
  return locked->written();
}

}  // namespace narada::usecases
