#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_json.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/stored_things.h"
#include "sql/enrolment_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

// What came of a call, and whether it changed anything.
struct Cancelled {
  Enrolled enrolled;
  bool wrote = true;
};

// In the order of the meetings' ids, in which they are locked.
std::vector<storage::StoredRegistration> list_by_meeting(const Change& change,
                                                         domain::EnrolmentId enrolment) {
  auto registrations = storage::find_registrations_of(change.connection, enrolment);
  std::sort(registrations.begin(), registrations.end(), [](const auto& one, const auto& other) {
    return one.registration.meeting.value < other.registration.meeting.value;
  });
  return registrations;
}

// The link to one registration opens the whole enrolment; a role only what it reaches, which
// registrations held for another institution may not be.
bool may_withdraw(const Change& change, const domain::Registration& registration) {
  return change.call.actor.kind == Actor::Kind::manage ||
         check_registration(change.connection, change.call.actor, Action::change_registration,
                            registration)
             .ok();
}

// Cancels it, or lets it stand on its own where the actor may not.
void withdraw(const Change& change, const storage::StoredRegistration& seen) {
  if (!domain::is_active(seen.registration.status)) return;
  auto meeting = LockedMeeting::lock(change, seen.registration.meeting);
  auto stored = storage::find_registration(change.connection, seen.registration.id);
  if (!meeting || !stored || !domain::is_active(stored->registration.status)) return;
  if (change.now >= begins_at(meeting->meeting().times)) return;
  if (may_withdraw(change, stored->registration)) {
    meeting->cancel(*stored);
  } else {
    stored->registration.enrolment.reset();
    meeting->save_details(*stored);
  }
  meeting->finish();
}

void record_cancellation(const Change& change, const storage::EnrolmentState& enrolment) {
  record_activity(change.connection, change.environment, as_holder(change.call, enrolment.person),
                  "enrolment.cancelled", "enrolment", enrolment.id.value, {},
                  fmt::format(R"({{"cycle":{}}})", enrolment.cycle.value));
}

domain::Outcome<Cancelled> cancel_in(const Change& change, domain::EnrolmentId id) {
  const auto enrolment = storage::lock_enrolment(change.connection, id);
  if (!enrolment) return domain::NotFound{};
  const auto claims = list_by_meeting(change, id);
  const auto allowed = check_enrolment(change.connection, change.call.actor,
                                       Action::change_registration, id, claims);
  if (!allowed) return allowed.failure();
  if (enrolment->active) {
    storage::cancel_enrolment(change.connection, id, change.now);
    for (const auto& seen : claims) withdraw(change, seen);
    record_cancellation(change, *enrolment);
  }
  Cancelled cancelled;
  cancelled.wrote = enrolment->active;
  cancelled.enrolled.id = id;
  for (auto& stored : storage::find_registrations_of(change.connection, id)) {
    cancelled.enrolled.registrations.push_back(std::move(stored.registration));
  }
  return cancelled;
}

}  // namespace

domain::Outcome<Enrolled> cancel_enrolment(const Environment& environment, const Call& call,
                                           domain::EnrolmentId enrolment) {
  auto outcome = run_once<Cancelled>(
      environment, call, "cancel_enrolment",
      [&](storage::Connection& connection) {
        return cancel_in({connection, environment, call, environment.clock->now()}, enrolment);
      },
      [](const Cancelled& cancelled) { return write_enrolled(cancelled.enrolled); },
      [](const std::string& text) { return Cancelled{read_enrolled(text)}; },
      [](const Cancelled& cancelled) { return cancelled.wrote; },
      [](const Cancelled& cancelled) { return find_enrolled_person(cancelled.enrolled); });
  if (!outcome) return outcome.failure();
  return std::move(outcome->enrolled);
}

std::optional<domain::RegistrationId> find_registration_in(const Environment& environment,
                                                           domain::EnrolmentId enrolment,
                                                           std::string_view token) {
  const auto opened = read_database(
      environment,
      [&](storage::Connection& connection) -> std::optional<storage::StoredRegistration> {
        const auto id = storage::find_registration_by_token(connection, hash_token(token));
        if (!id) return std::nullopt;
        return storage::find_registration(connection, *id);
      });
  if (!opened || opened->registration.enrolment != enrolment) return std::nullopt;
  return opened->registration.id;
}

}  // namespace narada::usecases
