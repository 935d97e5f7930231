#include <exception>

#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/replies/receive_mail.h"
#include "sql/calendar_answer_store.h"
#include "sql/inbound_mail_store.h"

namespace narada::usecases {
namespace {

using domain::RegistrationId;

// What the person is taken to have done by declining.
Call holder_call(RegistrationId registration) {
  Call call;
  call.actor.kind = Actor::Kind::manage;
  call.actor.id = registration.value;
  call.request_id = "declined-places";
  return call;
}

// Not once the calendar has been told of another time, which was not what they declined.
bool still_declines(storage::Connection& connection, RegistrationId registration) {
  const auto answers = storage::find_calendar_answers(connection, {registration});
  return !answers.empty() && answers.front().answer == domain::CalendarAnswer::declined;
}

// Whoever accepts again at this moment waits for the meeting's lock, or was first and has removed
// the row.
domain::Outcome<RegistrationId> free_in(const Change& change, const storage::DueDecline& decline) {
  const auto seen = storage::find_registration(change.connection, decline.registration);
  if (!seen) return domain::NotFound{};
  auto meeting = LockedMeeting::lock(change, seen->registration.meeting);
  auto stored = storage::find_registration(change.connection, decline.registration);
  const auto due = storage::find_decline_due(change.connection, decline.registration);
  if (!meeting || !stored || !due || *due > change.now) return domain::NotFound{};
  storage::remove_decline(change.connection, decline.registration);
  // Who has left and come back since has declined nothing of what they have now.
  const bool may = stored->registration.status == domain::RegistrationStatus::confirmed &&
                   stored->told.holds() && !stored->registration.person.full_name.empty() &&
                   begins_at(meeting->meeting().times) > change.now &&
                   still_declines(change.connection, decline.registration);
  if (may) {
    meeting->cancel(*stored);
    storage::save_effect(change.connection, decline.mail, domain::ReceivedEffect::place_freed);
  }
  meeting->finish();
  return may ? decline.registration : RegistrationId{};
}

}  // namespace

int free_declined_places(const Environment& environment) {
  constexpr int kAtMost = 100;
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_due_declines(connection, environment.clock->now(), kAtMost);
  });
  int freed = 0;
  std::exception_ptr problem;
  for (const auto& decline : due) {
    try {
      const Call call = holder_call(decline.registration);
      const auto done = run_once_for_id<RegistrationId>(
          environment, call, "free_declined_place", [&](storage::Connection& connection) {
            return free_in({connection, environment, call, environment.clock->now()}, decline);
          });
      if (done && *done) ++freed;
    } catch (const std::exception&) {
      problem = std::current_exception();  // the others do not wait for this one
    }
  }
  if (problem) std::rethrow_exception(problem);
  return freed;
}

}  // namespace narada::usecases
