#include "service/usecases/registrations/calendar_repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/decision_task.h"
#include "service/usecases/stored_things.h"
#include "sql/calendar_answer_store.h"
#include "sql/calendar_ledger_store.h"
#include "sql/live_person.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using nlohmann::json;

calendar::ItipMethod method_of(const domain::CalendarMessage& message) {
  return message.method == domain::CalendarMethod::request ? calendar::ItipMethod::request
                                                           : calendar::ItipMethod::cancel;
}

// Of two messages with one SEQUENCE the one with the later DTSTAMP counts, which has no fractions
// of a second.
domain::Instant next_dtstamp(storage::Connection& connection, domain::RegistrationId registration,
                             domain::Instant now) {
  const auto last = storage::find_last_told(connection, registration);
  return last ? std::max(now, last->created_at + std::chrono::seconds(1)) : now;
}

bool is_over(const storage::SeatedMeeting& seated, const Environment& environment) {
  return seated.meeting.times.ends_at <= environment.clock->now();
}

domain::Outcome<domain::OutgoingMailId> repair_in(storage::Connection& connection,
                                                  const Environment& environment, const Call& call,
                                                  domain::RegistrationId id) {
  const auto seen = storage::find_registration(connection, id);
  if (!seen) return domain::NotFound{};
  storage::lock_meeting(connection, seen->registration.meeting);
  auto stored = storage::find_registration(connection, id);
  const auto seated = storage::find_seated_meeting(connection, seen->registration.meeting);
  if (!stored || !seated) return domain::NotFound{};
  const auto allowed =
      check_registration(connection, call.actor, Action::change_registration, stored->registration);
  if (!allowed) return allowed.failure();
  if (stored->registration.person.full_name.empty()) return domain::Conflict{"forgotten"};
  storage::require_live_person(connection, stored->registration.person.id);
  if (is_over(*seated, environment)) return domain::Conflict{"meeting_past"};
  const auto state = calendar_state(*seated, stored->registration);
  if (!domain::decide_calendar_repair(stored->told, state)) {
    return domain::Conflict{"calendar_untold"};
  }
  const auto last = storage::find_last_told(connection, id);
  if (last && last->waits) return domain::Conflict{"calendar_mail_waits"};
  const auto mail = write_with_calendar(connection, environment, *seated, *stored,
                                        {notifications::MailKind::calendar_repaired});
  record_activity(connection, environment, call, "registration.calendar_repaired", "registration",
                  id.value, seen->registration.meeting,
                  fmt::format(R"({{"sequence":{}}})", stored->told.message->sequence));
  return mail;
}

void repair_all(const Environment& environment, TaskRun& run) {
  const auto ids =
      json::parse(run.parameters()).at("registrations").get<std::vector<std::int64_t>>();
  for (auto index = static_cast<std::size_t>(run.finished()); index < ids.size(); ++index) {
    auto call = run.call();
    *call.idempotency_key += ":" + std::to_string(ids[index]);
    const auto repaired = repair_calendar(environment, call, domain::RegistrationId{ids[index]});
    std::vector<TaskFailure> failures;
    if (!repaired) {
      failures.push_back(
          {fmt::format("registration:{}", ids[index]), task_error_of(repaired.failure())});
    }
    if (!run.advance(1, failures)) return;
  }
}

}  // namespace

domain::OutgoingMailId write_with_calendar(storage::Connection& connection,
                                           const Environment& environment,
                                           const storage::SeatedMeeting& seated,
                                           storage::StoredRegistration& stored, MailCause cause) {
  const auto& registration = stored.registration;
  const auto state = calendar_state(seated, registration);
  const auto message = domain::decide_calendar_repair(stored.told, state);
  const auto at = message ? next_dtstamp(connection, registration.id, environment.clock->now())
                          : environment.clock->now();
  if (message) {
    const bool repeats = stored.told.message == message && !stored.told.shown.empty();
    if (!repeats) stored.told = {message, domain::shown_in_calendar(state)};
    storage::save_told(connection, {stored});
    cause.method = method_of(*message);
  }
  const std::string token = make_token();
  storage::save_manage_tokens(connection, {{hash_token(token), registration.id}}, at);
  const auto facts = make_mail_facts(environment, seated, stored, cause, token);
  const auto id = storage::save_outgoing_mail(
      connection, make_outgoing_mail(environment, facts, cause, registration, at));
  if (message) {
    storage::save_invitations(
        connection, {{registration.id, id, seated.meeting.uid, *message, stored.told.shown}}, at);
    if (message->method == domain::CalendarMethod::request)
      storage::keep_calendar_answer(connection, registration.id, message->sequence);
  }
  return id;
}

domain::Outcome<domain::OutgoingMailId> repair_calendar(const Environment& environment,
                                                        const Call& call,
                                                        domain::RegistrationId registration) {
  return run_once_for_id<domain::OutgoingMailId>(
      environment, call, "repair_calendar", [&](storage::Connection& connection) {
        return repair_in(connection, environment, call, registration);
      });
}

domain::Outcome<domain::TaskId> start_repairs(const Environment& environment, const Call& call,
                                              domain::MeetingId meeting) {
  const auto ids = read_database(
      environment,
      [&](storage::Connection& connection) -> domain::Outcome<std::vector<domain::RegistrationId>> {
        const auto allowed = check_stored_meeting(connection, call.actor, meeting);
        if (!allowed) return allowed.failure();
        const auto seated = storage::find_seated_meeting(connection, meeting);
        if (!seated) return domain::NotFound{};
        if (is_over(*seated, environment)) return domain::Conflict{"meeting_past"};
        return storage::list_told_registrations(connection, meeting);
      });
  if (!ids) return ids.failure();
  if (ids->empty()) return domain::Conflict{"calendar_untold"};
  json list = json::array();
  for (const auto id : *ids) list.push_back(id.value);
  NewTask task;
  task.kind = kRepairTask;
  task.total = static_cast<int>(ids->size());
  task.meeting = meeting;
  task.parameters = json{{"registrations", list}}.dump();
  return start_task(environment, call, task);
}

TaskWork make_repair_work(const Environment& environment) {
  return [&environment](TaskRun& run) { repair_all(environment, run); };
}

}  // namespace narada::usecases
