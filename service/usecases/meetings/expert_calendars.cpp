#include "service/usecases/meetings/expert_calendars.h"

#include <exception>

#include "calendar/busy_time.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/operations.h"
#include "sql/expert_calendar_store.h"
#include "sql/expert_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertId;
using storage::BusySpan;
using storage::StoredExpertCalendar;

constexpr std::chrono::hours kBetweenReadings{1};
constexpr int kAtOnce = 20;

bool may_edit(const Actor& actor) { return can(actor, Action::edit_catalogue, {}); }

bool is_known(storage::Connection& connection, ExpertId expert) {
  return storage::find_expert(connection, std::to_string(expert.value)).has_value();
}

std::optional<std::vector<BusySpan>> read_spans(std::string_view text, ExpertId expert,
                                                domain::Instant now) {
  const auto busy = calendar::read_busy_time(text, now, now + kBusyAhead);
  if (!busy) return std::nullopt;
  std::vector<BusySpan> spans;
  for (const auto& one : *busy) spans.push_back({expert, {}, one.starts, one.ends});
  return spans;
}

// What is stored of a file or an address that was given just now.
template <class Save>
domain::Outcome<ExpertId> change_calendar(const Environment& environment, const Call& call,
                                          ExpertId expert, std::string_view verb, Save save) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  return run_once_for_id<ExpertId>(
      environment, call, "change_expert_calendar",
      [&](storage::Connection& connection) -> domain::Outcome<ExpertId> {
        if (!is_known(connection, expert)) return domain::NotFound{};
        const domain::Outcome<ExpertId> saved = save(connection);
        if (saved) record_activity(connection, environment, call, verb, "expert", expert.value);
        return saved;
      });
}

// One address: asked, understood, and what came of it stored.
void read_one(const Environment& environment, const calendar::CalendarClient& client,
              const StoredExpertCalendar& due) {
  using End = calendar::FetchedCalendar::End;
  const auto fetched = client.fetch(due.address, due.problem.empty() ? due.etag : "");
  const auto now = environment.clock->now();
  StoredExpertCalendar read = due;
  read.read_at = now;
  read.problem = fetched.end == End::failed ? fetched.problem : "";
  std::optional<std::vector<BusySpan>> spans;
  if (fetched.end == End::read) {
    spans = read_spans(fetched.text, due.expert, now);
    read.etag = fetched.etag;
    if (!spans) read.problem = "no_calendar";
  }
  // What was known before stays when nothing new can be read, until it has passed.
  environment.pool->transact([&](storage::Connection& connection) {
    const bool current = storage::save_reading(connection, read);
    if (current && spans) storage::replace_busy(connection, due.expert, *spans);
    return current;
  });
}

}  // namespace

domain::Outcome<std::optional<ExpertCalendar>> find_expert_calendar(const Environment& environment,
                                                                    const Actor& actor,
                                                                    ExpertId expert) {
  using Found = domain::Outcome<std::optional<ExpertCalendar>>;
  if (!may_edit(actor)) return domain::Forbidden{};
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) -> Found {
    if (!is_known(connection, expert)) return domain::NotFound{};
    const auto stored = storage::find_expert_calendar(connection, expert);
    if (!stored) return std::optional<ExpertCalendar>{};
    ExpertCalendar found{stored->address, stored->read_at, false, stored->problem, 0};
    found.waiting = stored->due_at && *stored->due_at <= now;
    found.busy = storage::count_busy(connection, expert, now);
    return std::optional(std::move(found));
  });
}

domain::Outcome<ExpertId> set_calendar_address(const Environment& environment, const Call& call,
                                               ExpertId expert, std::string address) {
  constexpr std::string_view kWebcal = "webcal://";
  if (address.starts_with(kWebcal)) address.replace(0, kWebcal.size(), "https://");
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  checks.check_url("address", address);
  if (errors.empty() && address.empty()) checks.add("address", "required");
  if (errors.empty() && address.find('@') < address.find('/', address.find("://") + 3))
    checks.add("address", "invalid_url");
  if (!errors.empty()) return errors;
  return change_calendar(environment, call, expert, "expert.calendar_set",
                         [&](storage::Connection& connection) -> domain::Outcome<ExpertId> {
                           storage::delete_expert_calendar(connection, expert);
                           storage::save_expert_calendar(
                               connection, {expert, address, "", {}, environment.clock->now(), ""});
                           return expert;
                         });
}

domain::Outcome<ExpertId> set_calendar_file(const Environment& environment, const Call& call,
                                            ExpertId expert, std::string_view text) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  if (text.empty()) return domain::FieldErrors{{"file", "required"}};
  const auto now = environment.clock->now();
  const auto spans = read_spans(text, expert, now);
  if (!spans) return domain::FieldErrors{{"file", "no_calendar"}};
  return change_calendar(environment, call, expert, "expert.calendar_set",
                         [&](storage::Connection& connection) -> domain::Outcome<ExpertId> {
                           storage::save_expert_calendar(connection, {expert, "", "", now, {}, ""});
                           storage::replace_busy(connection, expert, *spans);
                           return expert;
                         });
}

domain::Outcome<ExpertId> read_calendar_again(const Environment& environment, const Call& call,
                                              ExpertId expert) {
  return change_calendar(environment, call, expert, "expert.calendar_reread",
                         [&](storage::Connection& connection) -> domain::Outcome<ExpertId> {
                           auto stored = storage::find_expert_calendar(connection, expert);
                           if (!stored || stored->address.empty())
                             return domain::Conflict{"no_address"};
                           stored->due_at = environment.clock->now();
                           storage::save_expert_calendar(connection, *stored);
                           return expert;
                         });
}

domain::Outcome<ExpertId> remove_calendar(const Environment& environment, const Call& call,
                                          ExpertId expert) {
  return change_calendar(environment, call, expert, "expert.calendar_removed",
                         [&](storage::Connection& connection) -> domain::Outcome<ExpertId> {
                           storage::delete_expert_calendar(connection, expert);
                           return expert;
                         });
}

int read_due_calendars(const Environment& environment, const calendar::CalendarClient& client,
                       const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  environment.pool->transact([&](storage::Connection& connection) {
    storage::delete_passed_busy(connection, now);
    return true;
  });
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_due_calendars(connection, now, kAtOnce);
  });
  int read = 0;
  for (const StoredExpertCalendar& one : due) {
    if (stopping.stop_requested()) break;
    const bool claimed = environment.pool->transact([&](storage::Connection& connection) {
      return storage::claim_due_calendar(connection, one, now + kBetweenReadings);
    });
    if (!claimed) continue;
    read_one(environment, client, one);
    ++read;
  }
  return read;
}

}  // namespace narada::usecases
