#include "service/usecases/people/person_export.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "calendar/event.h"
#include "notifications/mime.h"
#include "notifications/readable_text.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/files/zip_archive.h"
#include "service/usecases/operations.h"
#include "service/usecases/overview/activity_log.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/my_meetings_store.h"
#include "sql/person_export_store.h"

namespace narada::usecases {
namespace {

using json = nlohmann::ordered_json;

constexpr int kMostActivities = 100'000;

std::string write_json(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

json rows_of(const storage::ExportedTable& table) {
  json rows = json::array();
  for (const auto& cells : table.rows) {
    json row = json::object();
    for (std::size_t index = 0; index < cells.size(); ++index) {
      const std::string name(table.columns[index]);
      row[name] = cells[index] ? json(*cells[index]) : json(nullptr);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// A message as its recipient reads it instead of the bytes that were sent.
void make_readable(storage::ExportedTable& mails) {
  const auto found = std::find(mails.columns.begin(), mails.columns.end(), "text");
  const auto column = static_cast<std::size_t>(found - mails.columns.begin());
  for (auto& cells : mails.rows)
    if (column < cells.size() && cells[column])
      cells[column] =
          notifications::readable_text(notifications::mask_manage_tokens(*cells[column]));
}

json collect(const std::vector<storage::ExportedTable>& tables,
             const std::set<std::string_view>& names) {
  json all = json::object();
  for (const auto& table : tables)
    if (names.contains(table.name)) all[std::string(table.name)] = rows_of(table);
  return all;
}

json person_json(const std::vector<storage::ExportedTable>& tables) {
  auto all = collect(
      tables, {"expert_pages", "expert_of", "expert_answers", "form_drafts", "roles", "sessions",
               "sign_in_methods", "directories", "accepted_clauses", "notification_choices",
               "topics", "api_tokens", "tasks", "materials_added", "materials_taken", "uploads"});
  all["person"] = rows_of(tables.front()).at(0);
  return all;
}

json activity_json(const std::vector<ActivityEntry>& entries) {
  json rows = json::array();
  for (const auto& entry : entries) {
    json changes = json::array();
    for (const auto& change : entry.changes) {
      changes.push_back({{"field", change.name}});
      if (change.before) changes.back()["before"] = *change.before;
      if (change.after) changes.back()["after"] = *change.after;
    }
    rows.push_back({{"occurred_at", fmt::format("{:%FT%T}Z", fmt::gmtime(entry.occurred_at))},
                    {"who", entry.actor},
                    {"what", entry.verb},
                    {"on_what", entry.subject},
                    {"changes", std::move(changes)},
                    {"address_class", entry.address_class}});
  }
  return {{"activity", std::move(rows)}};
}

std::string calendar_text(const Environment& environment,
                          const std::vector<storage::MyCalendarEntry>& entries) {
  calendar::Feed feed;
  feed.name = "Narada";
  feed.source_url = environment.base_url + "/moje";
  for (const auto& [stored, seated] : entries) {
    const auto status = stored.registration.status;
    const bool off = status == domain::RegistrationStatus::cancelled ||
                     status == domain::RegistrationStatus::declined ||
                     seated.meeting.status == domain::MeetingStatus::cancelled;
    auto event = make_calendar_event(environment, seated, stored, off, feed.source_url);
    event.dtstamp = environment.clock->now();
    feed.events.push_back(std::move(event));
  }
  return calendar::write_feed(feed);
}

std::string read_me(const Environment& environment) {
  return "Twoje dane w serwisie " + environment.base_url +
         "\n\n"
         "person.json         dane o Tobie, role, logowania, przyjęte klauzule, wybrane "
         "powiadomienia, nazwy tokenów, materiały dodane i pobrane\n"
         "registrations.json  Twoje zgłoszenia na spotkania i zapisy na cykle, ze wszystkim, co "
         "wpisałeś(-aś)\n"
         "mails.json          wiadomości, które do Ciebie wysłaliśmy, i to, co na nie przyszło: "
         "rodzaj, temat, treść, czas, stan i odpowiedź serwera\n"
         "activity.json       co dziennik zdarzeń mówi o Tobie i o tym, co robisz w serwisie\n"
         "calendar.ics        Twoje spotkania, do otwarcia w programie kalendarza\n\n"
         "Czasy z literą Z są w UTC. Haseł nie przechowujemy, jedynie ich skróty, których tu nie "
         "ma.\n"
         "Co przechowujemy, po co i jak długo, mówi strona " +
         environment.base_url +
         "/prywatnosc\n\n"
         "----\n\n"
         "Your data in the service " +
         environment.base_url +
         "\n\n"
         "person.json         what is known about you, roles, sign-ins, clauses accepted, choices "
         "of notifications, names of tokens, materials added and taken\n"
         "registrations.json  your registrations and enrolments, with everything you typed\n"
         "mails.json          messages sent to you and what came back: kind, subject, text, time, "
         "state and the answer of the server\n"
         "activity.json       what the activity log says about you and what you do\n"
         "calendar.ics        your meetings, for a calendar program\n\n"
         "Times that end in Z are UTC. Passwords are not kept, only digests, which are not here.\n"
         "What is kept, why and how long: " +
         environment.base_url + "/en/prywatnosc\n";
}

std::string pack(const Environment& environment, domain::PersonId person,
                 const std::vector<storage::ExportedTable>& tables,
                 const std::vector<storage::MyCalendarEntry>& calendar) {
  ZipArchive archive(environment.clock->now());
  archive.add("README.txt", read_me(environment));
  archive.add("person.json", write_json(person_json(tables)));
  archive.add("registrations.json",
              write_json(collect(
                  tables, {"registrations", "answers", "reserves", "enrolments", "invitations"})));
  archive.add("mails.json",
              write_json(collect(tables, {"mails", "received_mails", "calendar_answers",
                                          "mail_address", "surveys"})));
  archive.add("activity.json",
              write_json(activity_json(list_activity_of(environment, person, kMostActivities))));
  archive.add("calendar.ics", calendar_text(environment, calendar));
  return archive.finish();
}

}  // namespace

domain::Outcome<PersonExport> export_person(const Environment& environment, const Call& call,
                                            domain::PersonId person) {
  if (call.actor.person != person && !can(call.actor, Action::manage_privacy, Thing{}))
    return domain::NotFound{};
  auto tables = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_rows_of_person(connection, person);
  });
  if (tables.front().rows.empty()) return domain::NotFound{};
  for (auto& table : tables)
    if (table.name == "mails") make_readable(table);
  const auto calendar = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_my_calendar(connection, person, domain::Instant{});
  });
  const auto recorded = run_once_for_id<domain::PersonId>(
      environment, call, "export_person",
      [&](storage::Connection& connection) -> domain::Outcome<domain::PersonId> {
        record_activity(connection, environment, call, "person.exported", "person", person.value);
        return person;
      });
  if (!recorded) return recorded.failure();
  PersonExport exported;
  exported.file_name =
      fmt::format("narada-moje-dane-{:%F}.zip", fmt::gmtime(environment.clock->now()));
  exported.zip = pack(environment, person, tables, calendar);
  return exported;
}

}  // namespace narada::usecases
