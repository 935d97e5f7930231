#include "service/usecases/registrations/registration_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/mails/queued_mail_rows.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/activity_store.h"
#include "sql/mail_queue_store.h"
#include "sql/question_store.h"
#include "sql/registration_list_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::RegistrationRow;
using domain::RegistrationSort;
using storage::ListedRegistration;

constexpr int kExportBatch = 1000;  // rows in memory at a time
constexpr int kMostEvents = 200;
constexpr int kMostMails = 200;

// Each order has cursors of its own.
std::string list_name(RegistrationSort sort) {
  return "registration-rows-" + std::string(to_string(sort));
}

storage::RegistrationPlace place_of(const ListedRegistration& listed) {
  return {listed.sort_key, listed.row.id};
}

std::optional<storage::RegistrationPlace> find_place(const RegistrationListRequest& request) {
  const auto cursor = find_cursor(request.page.cursor, list_name(request.sort));
  if (!cursor) return std::nullopt;
  return storage::RegistrationPlace{cursor->key, domain::RegistrationId{cursor->id}};
}

void add_answers(storage::Connection& connection, std::vector<ListedRegistration>& listed) {
  std::vector<domain::RegistrationId> seen;
  for (const auto& one : listed) {
    if (one.row.needs_seen) seen.push_back(one.row.id);
  }
  auto answers = storage::list_answers(connection, seen);
  for (auto& one : listed) {
    if (const auto found = answers.find(one.row.id); found != answers.end()) {
      one.row.answers = std::move(found->second);
    }
  }
}

RegistrationList load_list(storage::Connection& connection,
                           const storage::RegistrationSelection& selection,
                           const RegistrationListRequest& request) {
  const int limit = clamp_limit(request.page.limit);
  auto listed =
      make_page(storage::list_registration_rows(connection, selection, request.sort,
                                                find_place(request), limit + 1),
                limit, [&](const ListedRegistration& last) {
                  return ListCursor{list_name(request.sort), last.sort_key, last.row.id.value};
                });
  if (request.with_answers) add_answers(connection, listed.items);
  RegistrationList list;
  list.rows.next = std::move(listed.next);
  for (auto& one : listed.items) list.rows.items.push_back(std::move(one.row));
  list.count = storage::count_registration_rows(connection, selection, kMostCounted);
  return list;
}

// Whom the actor may see anywhere.
domain::Outcome<storage::RegistrationSelection> select_in_reach(
    const Actor& actor, const domain::RegistrationFilter& filter) {
  storage::RegistrationSelection selection;
  selection.within = domain::reach_of(actor, Action::see_participants);
  if (selection.within.nothing() && selection.within.people_of.empty()) return domain::Forbidden{};
  selection.needs_seen = domain::reach_of(actor, Action::see_needs);
  selection.filter = filter;
  return selection;
}

// Whom the actor may see of one meeting.
struct MeetingSelection {
  Thing meeting;
  storage::RegistrationSelection selection;
};
domain::Outcome<MeetingSelection> select_of_meeting(storage::Connection& connection,
                                                    const Actor& actor, std::string_view key,
                                                    const domain::RegistrationFilter& filter) {
  auto thing = check_meeting(connection, actor, Action::see, key);
  if (!thing) return domain::NotFound{};
  MeetingSelection found;
  found.selection.of_meeting = thing->meeting;
  found.selection.filter = filter;
  if (can(actor, Action::see_participants, *thing)) {
    found.selection.within = domain::everything();
  } else {
    found.selection.within.people_of = domain::reach_of(actor, Action::see_participants).people_of;
    if (found.selection.within.people_of.empty()) return domain::NotFound{};
  }
  if (can(actor, Action::see_needs, *thing)) found.selection.needs_seen = domain::everything();
  found.meeting = *std::move(thing);
  return found;
}

std::vector<RegistrationEvent> load_history(storage::Connection& connection,
                                            domain::RegistrationId registration) {
  storage::ActivitySelection selection;
  selection.subject = "registration:" + std::to_string(registration.value);
  const auto activities = storage::list_activities(connection, selection, kMostEvents);
  std::set<std::string> actors;
  for (const auto& one : activities) actors.insert(one.activity.actor);
  const auto names = storage::find_names(connection, actors);
  std::vector<RegistrationEvent> events;
  for (const auto& one : activities) {
    RegistrationEvent event{one.activity.occurred_at, one.activity.verb, one.activity.actor, {}};
    if (const auto name = names.find(event.actor); name != names.end()) {
      event.actor_name = name->second;
    }
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<QueuedMail> load_mails(storage::Connection& connection,
                                   domain::RegistrationId registration) {
  storage::MailRowSelection selection;
  selection.within = domain::everything();
  selection.registration = registration;
  return to_queued_mails(storage::list_mail_rows(connection, selection, kMostMails));
}

}  // namespace

domain::Outcome<RegistrationList> search_registrations(const Environment& environment,
                                                       const Actor& actor,
                                                       const RegistrationListRequest& request) {
  const auto selection = select_in_reach(actor, request.filter);
  if (!selection) return selection.failure();
  return read_database(environment, [&](storage::Connection& connection) {
    return load_list(connection, *selection, request);
  });
}

domain::Outcome<std::int64_t> read_registrations(
    const Environment& environment, const Actor& actor, const domain::RegistrationFilter& filter,
    RegistrationSort sort, const std::function<void(const RegistrationRow&)>& take,
    bool with_answers) {
  const auto selection = select_in_reach(actor, filter);
  if (!selection) return selection.failure();
  std::int64_t count = 0;
  std::optional<storage::RegistrationPlace> after;
  for (;;) {
    const auto batch = read_database(environment, [&](storage::Connection& connection) {
      auto rows =
          storage::list_registration_rows(connection, *selection, sort, after, kExportBatch);
      if (with_answers) add_answers(connection, rows);
      return rows;
    });
    for (const auto& listed : batch) take(listed.row);
    count += static_cast<std::int64_t>(batch.size());
    if (batch.size() < static_cast<std::size_t>(kExportBatch)) return count;
    after = place_of(batch.back());
  }
}

domain::Outcome<MeetingRegistrations> list_meeting_registrations(
    const Environment& environment, const Actor& actor, std::string_view key,
    const RegistrationListRequest& request) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingRegistrations> {
        const auto selected = select_of_meeting(connection, actor, key, request.filter);
        if (!selected) return selected.failure();
        const auto seated =
            storage::find_seated_meeting(connection, *selected->selection.of_meeting);
        if (!seated) return domain::NotFound{};
        MeetingRegistrations found;
        found.meeting = seated->meeting;
        found.list = load_list(connection, selected->selection, request);
        auto numbers = storage::count_meeting_registrations(connection, selected->selection);
        found.numbers = std::move(numbers.modes);
        found.institutions = numbers.institutions;
        found.offices = storage::list_registered_institutions(connection, selected->selection);
        found.may_decide = can(actor, Action::decide_registration, selected->meeting);
        found.may_cancel = can(actor, Action::change_registration, selected->meeting) ||
                           !selected->selection.within.all;
        found.may_see_needs = can(actor, Action::see_needs, selected->meeting);
        return found;
      });
}

domain::Outcome<std::vector<RegistrationRow>> find_meeting_registrations(
    const Environment& environment, const Actor& actor, std::string_view key,
    const std::vector<domain::RegistrationId>& ids) {
  return read_database(
      environment,
      [&](storage::Connection& connection) -> domain::Outcome<std::vector<RegistrationRow>> {
        auto selected = select_of_meeting(connection, actor, key, {});
        if (!selected) return selected.failure();
        selected->selection.ids = ids;
        std::vector<RegistrationRow> rows;
        for (auto& listed : storage::list_registration_rows(
                 connection, selected->selection, RegistrationSort::arrival, std::nullopt,
                 static_cast<int>(std::max<std::size_t>(ids.size(), 1)))) {
          rows.push_back(std::move(listed.row));
        }
        return rows;
      });
}

domain::Outcome<RegistrationRecord> find_registration_record(const Environment& environment,
                                                             const Actor& actor,
                                                             domain::RegistrationId id) {
  auto view = find_registration(environment, actor, id);
  if (!view) return domain::NotFound{};
  RegistrationRecord record;
  record.view = std::move(view).value();
  const auto& registration = record.view.registration;
  const bool found = read_database(environment, [&](storage::Connection& connection) {
    const auto may = [&](Action action) {
      return check_registration(connection, actor, action, registration).ok();
    };
    if (!may(Action::see_participants)) return false;
    record.may_see_needs = may(Action::see_needs);
    record.may_decide = may(Action::decide_registration);
    record.may_change = may(Action::change_registration);
    if (may(Action::see_activity)) record.history = load_history(connection, id);
    if (may(Action::see_mails)) record.mails = load_mails(connection, id);
    return true;
  });
  if (!found) return domain::NotFound{};
  if (record.may_see_needs) {
    if (auto answered = find_answers(environment, actor, id)) {
      record.answered = std::move(answered).value();
    }
  }
  return record;
}

domain::Questions find_listed_questions(const Environment& environment, const Actor& actor,
                                        std::string_view key) {
  if (key.empty()) return {};
  return read_database(environment, [&](storage::Connection& connection) -> domain::Questions {
    const auto thing = check_meeting(connection, actor, Action::see_needs, key);
    if (!thing) return {};
    return storage::list_questions(connection, *thing->meeting);
  });
}

domain::Outcome<MeetingNeeds> count_meeting_needs(const Environment& environment,
                                                  const Actor& actor, std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingNeeds> {
        const auto thing = check_meeting(connection, actor, Action::see_needs, key);
        if (!thing) return domain::NotFound{};
        const auto seated = storage::find_seated_meeting(connection, *thing->meeting);
        if (!seated) return domain::NotFound{};
        MeetingNeeds found{seated->meeting, {}};
        for (auto& one : storage::count_needs(connection, *thing->meeting)) {
          found.needs.push_back({std::move(one.kind), std::move(one.need), one.people});
        }
        return found;
      });
}

void record_export(const Environment& environment, const Call& call, std::string_view format,
                   std::int64_t rows) {
  (void)run_once_for_id<domain::RegistrationId>(
      environment, call, "record_export",
      [&](storage::Connection& connection) -> domain::Outcome<domain::RegistrationId> {
        record_activity(connection, environment, call, "registrations.exported", "list", 0, {},
                        fmt::format(R"({{"format":"{}","rows":{}}})", format, rows));
        return domain::RegistrationId{};
      });
}

}  // namespace narada::usecases
