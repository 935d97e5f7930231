#include "service/usecases/registrations/offers.h"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "sql/place_policy_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingId;

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "places";
  return call;
}

domain::Outcome<MeetingId> settle(const Change& change, MeetingId meeting) {
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked) return domain::NotFound{};
  if (storage::mark_places_released(change.connection, meeting, change.now)) {
    locked->record("places.released", "meeting:" + std::to_string(meeting.value));
  }
  locked->refresh_places();
  locked->finish();
  return meeting;
}

}  // namespace

int settle_due_places(const Environment& environment, const std::stop_token& stopping) {
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_meetings_with_places_due(connection, environment.clock->now());
  });
  const Call call = system_call();
  int settled = 0;
  std::exception_ptr problem;
  for (const MeetingId meeting : due) {
    if (stopping.stop_requested()) break;
    try {
      const auto done = run_once_for_id<MeetingId>(
          environment, call, "settle_places", [&](storage::Connection& connection) {
            return settle({connection, environment, call, environment.clock->now()}, meeting);
          });
      if (done) ++settled;
    } catch (const std::exception&) {
      problem = std::current_exception();  // the other meetings do not wait for this one
    }
  }
  if (settled > 0) note_catalogue_write(environment);
  if (problem) std::rethrow_exception(problem);
  return settled;
}

}  // namespace narada::usecases
