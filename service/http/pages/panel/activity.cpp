// /panel/dziennik: who did what, with filters in the address, and the same as CSV and JSON.

#include "service/http/pages/panel/activity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/overview/activity_log.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::ActivityEntry;
using usecases::ActivityFilter;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr int kMostExported = 50'000;
constexpr const char* kActivity = "/panel/dziennik";
constexpr std::size_t kLongestFilter = 100;

// The parameters of the address, and the fields of the form.
constexpr std::string_view kParameters[] = {"od", "do",        "kto",      "co",
                                            "na", "spotkanie", "zapytanie"};

// The first moment of a day in Warsaw, `after` days later; absent for what is no date.
std::optional<domain::Instant> day_start(const std::string& text, std::chrono::days after) {
  const auto wall = calendar::parse_wall_time(text + "T00:00");
  if (!wall) return std::nullopt;
  return calendar::to_instant(*wall + after, domain::kDefaultZone).instant;
}

std::string thing_or_nothing(const std::string& text) {
  // What cannot be there finds nothing, rather than everything.
  return text.empty() || usecases::could_be_thing(text) ? text : "nothing:0";
}

std::optional<domain::MeetingId> meeting_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return domain::MeetingId{is_number ? id : -1};
}

ActivityFilter read_filter(const Request& request) {
  const auto value = [&](std::string_view name) {
    auto text = request.query_value(name);
    if (text.size() > kLongestFilter) throw Error(404);
    return text;
  };
  ActivityFilter filter;
  filter.from = day_start(value("od"), std::chrono::days(0));
  filter.until = day_start(value("do"), std::chrono::days(1));
  filter.actor = thing_or_nothing(value("kto"));
  filter.verb = value("co");
  filter.subject = thing_or_nothing(value("na"));
  filter.meeting = meeting_of(value("spotkanie"));
  filter.request_id = value("zapytanie");
  return filter;
}

std::string query_of(const Request& request) {
  std::string query;
  for (const auto name : kParameters) {
    const auto value = request.query_value(name);
    if (value.empty()) continue;
    query += (query.empty() ? "?" : "&") + std::string(name) + '=' + encode_component(value);
  }
  return query;
}

std::string with(const std::string& query, const std::string& parameter) {
  return (query.empty() ? "?" : query + "&") + parameter;
}

std::string number_in(const std::string& thing) {
  const auto colon = thing.find(':');
  return colon == std::string::npos ? std::string() : thing.substr(colon + 1);
}

// „Zielone dachy”, or what kind of thing it is with its number where it has no name.
std::string name_text(const Page& page, const std::string& thing, const std::string& name) {
  if (!name.empty()) return page.text("activity.quoted", {{"text", name}});
  return page.text("activity.number", {{"number", number_in(thing)}});
}

std::string actor_text(const Page& page, const ActivityEntry& entry) {
  const auto kind = entry.actor.substr(0, entry.actor.find(':'));
  if (kind == "person" && !entry.actor_name.empty()) return entry.actor_name;
  if (kind == "person")
    return page.text("activity.erased_person", {{"number", number_in(entry.actor)}});
  if (kind == "manage" && !entry.actor_name.empty())
    return page.text("activity.participant_named", {{"name", entry.actor_name}});
  if (kind == "manage") return page.text("activity.participant");
  if (kind == "token")
    return page.text("activity.token", {{"name", name_text(page, entry.actor, entry.actor_name)}});
  return page.text(kind == "system" ? "activity.system" : "activity.visitor");
}

// "Zmieniono spotkanie „Zielone dachy”"; a verb that has no sentence is shown as it is.
std::string sentence(const Page& page, const ActivityEntry& entry) {
  auto key = "activity_verb." + entry.verb;
  std::replace(key.begin() + std::string_view("activity_verb.").size(), key.end(), '.', '_');
  const auto subject = name_text(page, entry.subject, entry.subject_name);
  if (!page.messages().has(to_string(page.language()), key)) return entry.verb + " " + subject;
  const auto meeting =
      entry.meeting ? page.text("activity.quoted", {{"text", entry.meeting_title}}) : std::string();
  return page.text(key, {{"subject", subject}, {"meeting", meeting}});
}

std::string field_text(const Page& page, const std::string& name) {
  const auto key = "activity_field." + name;
  const bool known =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos &&
      page.messages().has(to_string(page.language()), key);
  return known ? page.text(key) : name;
}

web::View change_views(const Page& page, const ActivityEntry& entry) {
  web::View views = web::View::array();
  for (const auto& change : entry.changes)
    views.push_back({{"field", field_text(page, change.name)},
                     {"before", change.before.value_or("")},
                     {"after", change.after.value_or(
                                   change.before ? "" : page.text("activity.value_not_kept"))}});
  return views;
}

web::View detail_views(const Page& page, const ActivityEntry& entry) {
  web::View views = web::View::array();
  for (const auto& [name, value] : entry.details)
    views.push_back({{"label", field_text(page, name)}, {"text", value}});
  return views;
}

std::string filter_url(const Page& page, std::string_view name, const std::string& value) {
  return page.link(kActivity) + "?" + std::string(name) + "=" + encode_component(value);
}

web::View entry_view(const Page& page, const ActivityEntry& entry) {
  const auto wall = calendar::to_wall_time(entry.occurred_at, domain::kDefaultZone);
  web::View view = {{"when", web::day_date(page.language(), wall) + ", " + web::clock_time(wall)},
                    {"datetime", calendar::format_rfc3339(entry.occurred_at, domain::kDefaultZone)},
                    {"who", actor_text(page, entry)},
                    {"who_url", filter_url(page, "kto", entry.actor)},
                    {"what", sentence(page, entry)},
                    {"subject", entry.subject},
                    {"subject_url", filter_url(page, "na", entry.subject)},
                    {"actor", entry.actor},
                    {"verb", entry.verb},
                    {"changes", change_views(page, entry)},
                    {"details", detail_views(page, entry)},
                    {"number", std::to_string(entry.id.value)}};
  if (!entry.address_class.empty())
    view["address"] = word(page, "activity_address", entry.address_class);
  if (!entry.request_id.empty()) {
    view["request_id"] = entry.request_id;
    view["request_url"] = filter_url(page, "zapytanie", entry.request_id);
  }
  return view;
}

void require_log(const SignedIn& signed_in) {
  if (domain::reach_of(signed_in.actor, Action::see_activity).nothing()) throw Error(404);
}

web::View filter_view(const Page& page, bool sees_people) {
  const auto& request = page.request();
  std::vector<std::pair<std::string, std::string>> kinds{{"", page.text("activity.any_kind")}};
  for (const char* kind : {"meeting.", "cycle.", "registration.", "enrolment.", "person.",
                           "session", "token.", "institution.", "practice.", "mail.", "privacy."}) {
    if (!sees_people && usecases::is_about_accounts(kind)) continue;
    std::string name(kind);
    std::erase(name, '.');
    kinds.emplace_back(kind, page.text("activity_kind." + name));
  }
  const auto verb = request.query_value("co");
  const bool listed =
      std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == verb; });
  if (!listed) kinds.emplace_back(verb, verb);
  web::View view = {{"kinds", options_view(kinds, verb)}};
  for (const auto name : kParameters)
    if (name != "co") view[std::string(name)] = request.query_value(name);
  return view;
}

Response show_log(Page& page, const SignedIn& signed_in) {
  require_log(signed_in);
  open_panel(page, signed_in, PanelRoom::activity, page.text("panel.activity"));
  const auto& request = page.request();
  const auto found = value_or_throw(
      usecases::list_activity(page.environment(), signed_in.actor, read_filter(request),
                              {kPageSize, request.find_query("dalej")}));
  auto& view = page.view();
  view["filter"] = filter_view(page, usecases::sees_people_in_log(signed_in.actor));
  web::View entries = web::View::array();
  for (const auto& entry : found.items) entries.push_back(entry_view(page, entry));
  view["entries"] = std::move(entries);
  const auto query = query_of(request);
  view["csv_url"] = page.link(std::string(kActivity) + ".csv") + query;
  view["json_url"] = page.link(std::string(kActivity) + ".json") + query;
  if (found.next)
    view["more_url"] = page.link(kActivity) + with(query, "dalej=" + encode_component(*found.next));
  return page.render(200, "pages/panel_activity");
}

// A spreadsheet runs what begins like a formula, also behind blanks; an apostrophe keeps it a text.
std::string csv_cell(std::string text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && std::string_view("=+-@").find(text[first]) != std::string::npos)
    text.insert(0, 1, '\'');
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += c;
    cell += c;
  }
  return cell + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ";") + csv_cell(cell);
  return line + "\r\n";
}

std::string changes_text(const Page& page, const ActivityEntry& entry) {
  std::string text;
  for (const auto& change : entry.changes) {
    if (!text.empty()) text += " | ";
    text += field_text(page, change.name);
    if (change.before || change.after)
      text += ": " + change.before.value_or("") + " → " + change.after.value_or("");
  }
  for (const auto& [name, value] : entry.details)
    text += (text.empty() ? "" : " | ") + field_text(page, name) + ": " + value;
  return text;
}

Response attachment(Response response, const std::string& type, const std::string& name) {
  response.set("Content-Type", type);
  response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
  response.set("Cache-Control", "no-store");
  return response;
}

Response show_csv(Page& page, const SignedIn& signed_in) {
  require_log(signed_in);
  std::string text = "\xEF\xBB\xBF";
  text += csv_line({page.text("activity.number_label"), page.text("activity.when"),
                    page.text("activity.who"), page.text("activity.who_code"),
                    page.text("activity.what"), page.text("activity.verb_code"),
                    page.text("activity.subject_code"), page.text("activity.changes"),
                    page.text("activity.address"), page.text("activity.request")});
  value_or_throw(usecases::export_activity(
      page.environment(), signed_in.actor, read_filter(page.request()), kMostExported,
      [&](const ActivityEntry& entry) {
        text += csv_line({std::to_string(entry.id.value),
                          calendar::format_rfc3339(entry.occurred_at, domain::kDefaultZone),
                          actor_text(page, entry), entry.actor, sentence(page, entry), entry.verb,
                          entry.subject, changes_text(page, entry), entry.address_class,
                          entry.request_id});
      }));
  return attachment(text_response(200, std::move(text)), "text/csv; charset=utf-8",
                    "narada-dziennik.csv");
}

nlohmann::json entry_json(const ActivityEntry& entry) {
  nlohmann::json changes = nlohmann::json::array();
  for (const auto& change : entry.changes) {
    nlohmann::json one = {{"field", change.name}, {"personal", change.personal}};
    if (change.before) one["before"] = *change.before;
    if (change.after) one["after"] = *change.after;
    changes.push_back(std::move(one));
  }
  return {{"id", entry.id.value},
          {"occurred_at", calendar::format_rfc3339(entry.occurred_at, "UTC")},
          {"actor", entry.actor},
          {"actor_name", entry.actor_name},
          {"verb", entry.verb},
          {"subject", entry.subject},
          {"subject_name", entry.subject_name},
          {"changes", std::move(changes)},
          {"details", entry.details},
          {"address_class", entry.address_class},
          {"request_id", entry.request_id}};
}

Response show_json(Page& page, const SignedIn& signed_in) {
  require_log(signed_in);
  std::string text = "[";
  value_or_throw(usecases::export_activity(
      page.environment(), signed_in.actor, read_filter(page.request()), kMostExported,
      [&](const ActivityEntry& entry) {
        text += text.size() > 1 ? ",\n" : "\n";
        text += entry_json(entry).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      }));
  return attachment(json_response(200, text + "\n]\n"), "application/json", "narada-dziennik.json");
}

}  // namespace

web::View activity_view(const Page& page, const ActivityEntry& entry) {
  return entry_view(page, entry);
}

std::string activity_actor_text(const Page& page, const std::string& actor,
                                const std::string& name) {
  ActivityEntry entry;
  entry.actor = actor;
  entry.actor_name = name;
  return actor_text(page, entry);
}

void add_panel_activity_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kActivity, show_log);
  add_private_page(router, parts, Method::get, std::string(kActivity) + ".csv", show_csv);
  add_private_page(router, parts, Method::get, std::string(kActivity) + ".json", show_json);
}

}  // namespace narada::http::pages
