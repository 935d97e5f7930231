#include "service/usecases/overview/activity_log.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/operations.h"
#include "sql/activity_store.h"

namespace narada::usecases {
namespace {

using nlohmann::json;

constexpr int kExportStep = 500;

// Beginnings of the verbs of what people do with their accounts, or have done to them.
constexpr std::string_view kAccountVerbs[] = {"person.", "session", "credential.", "token."};

std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "";
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// What was written by an older version, or by hand, is shown as far as it can be read.
json parse_details(const std::string& text) {
  auto details = json::parse(text, nullptr, false);
  return details.is_object() ? details : json::object();
}

void add_changes(const json& details, bool personal, ActivityEntry& entry) {
  const auto before = details.value("before", json::object());
  const auto after = details.value("after", json::object());
  std::set<std::string> names;
  for (const auto* side : {&before, &after})
    if (side->is_object())
      for (const auto& [name, _] : side->items()) names.insert(name);
  const auto find = [](const json& side, const std::string& name) -> std::optional<std::string> {
    if (!side.is_object() || !side.contains(name)) return std::nullopt;
    return text_of(side.at(name));
  };
  for (const auto& name : names)
    entry.changes.push_back({name, find(before, name), find(after, name), personal});
}

// Fields of which only the name was recorded, or whose words stand in a personal part.
void add_named(const json& details, ActivityEntry& entry) {
  const auto fields = details.value("fields", json::array());
  if (!fields.is_array()) return;
  for (const auto& field : fields) {
    if (!field.is_string()) continue;
    const auto name = field.get<std::string>();
    const bool known = std::any_of(entry.changes.begin(), entry.changes.end(),
                                   [&](const ChangedField& one) { return one.name == name; });
    if (!known) entry.changes.push_back({name, std::nullopt, std::nullopt, false});
  }
}

std::string find_name(const std::map<std::string, std::string>& names, const std::string& thing) {
  const auto found = names.find(thing);
  return found == names.end() ? std::string() : found->second;
}

std::string meeting_thing(domain::MeetingId meeting) {
  return "meeting:" + std::to_string(meeting.value);
}

// "manage:45" is whoever holds the link of registration 45.
std::string holder_thing(const std::string& actor) {
  return actor.starts_with("manage:") ? "registration:" + actor.substr(7) : actor;
}

ActivityEntry entry_of(const storage::StoredActivity& stored,
                       const std::map<std::string, std::string>& names) {
  const auto& activity = stored.activity;
  ActivityEntry entry;
  entry.id = stored.id;
  entry.occurred_at = activity.occurred_at;
  entry.actor = activity.actor;
  entry.actor_name = find_name(names, holder_thing(activity.actor));
  entry.verb = activity.verb;
  entry.subject = activity.subject;
  entry.subject_name = find_name(names, activity.subject);
  entry.meeting = activity.meeting;
  if (activity.meeting) entry.meeting_title = find_name(names, meeting_thing(*activity.meeting));
  entry.request_id = activity.request_id;
  entry.address_class = activity.address_class;
  const auto details = parse_details(activity.details);
  add_changes(details, false, entry);
  for (const auto& personal : activity.personal)
    add_changes(parse_details(personal.details), true, entry);
  add_named(details, entry);
  for (const auto& [name, value] : details.items())
    if (name != "before" && name != "after" && name != "fields")
      entry.details[name] = text_of(value);
  return entry;
}

std::set<std::string> things_of(const std::vector<storage::StoredActivity>& rows) {
  std::set<std::string> things;
  for (const auto& row : rows) {
    things.insert(holder_thing(row.activity.actor));
    things.insert(row.activity.subject);
    if (row.activity.meeting) things.insert(meeting_thing(*row.activity.meeting));
  }
  return things;
}

storage::ActivitySelection selection_of(const Actor& actor, const ActivityFilter& filter) {
  storage::ActivitySelection selection;
  if (!sees_people_in_log(actor)) {
    selection.without.assign(std::begin(kAccountVerbs), std::end(kAccountVerbs));
    selection.personal_parts = false;
  }
  selection.from = filter.from;
  selection.until = filter.until;
  selection.actor = filter.actor;
  selection.verb = filter.verb;
  selection.subject = filter.subject;
  selection.meeting = filter.meeting;
  selection.request_id = filter.request_id;
  return selection;
}

std::vector<ActivityEntry> read_entries(storage::Connection& connection,
                                        const storage::ActivitySelection& selection, int limit) {
  const auto rows = storage::list_activities(connection, selection, limit);
  const auto names = storage::find_names(connection, things_of(rows));
  std::vector<ActivityEntry> entries;
  for (const auto& row : rows) entries.push_back(entry_of(row, names));
  return entries;
}

std::vector<ActivityEntry> read_within(storage::Connection& connection, const domain::Reach& reach,
                                       storage::ActivitySelection selection, int limit) {
  if (!reach.all) selection.bounds = storage::find_bounds(connection, reach);
  return read_entries(connection, selection, limit);
}

}  // namespace

bool sees_people_in_log(const Actor& actor) {
  Actor reader = actor;
  reader.read_only = false;  // the log is only read here
  return domain::can(reader, Action::manage_people, {});
}

bool is_about_accounts(std::string_view verb) {
  return std::any_of(std::begin(kAccountVerbs), std::end(kAccountVerbs),
                     [&](std::string_view beginning) { return verb.starts_with(beginning); });
}

domain::Outcome<PageOf<ActivityEntry>> list_activity(const Environment& environment,
                                                     const Actor& actor,
                                                     const ActivityFilter& filter,
                                                     const PageRequest& request) {
  const auto reach = domain::reach_of(actor, Action::see_activity);
  if (reach.nothing()) return domain::Forbidden{};
  auto selection = selection_of(actor, filter);
  if (const auto cursor = find_cursor(request.cursor, kActivityList))
    selection.before = domain::ActivityId{cursor->id};
  const int limit = clamp_limit(request.limit);
  auto entries = read_database(environment, [&](storage::Connection& connection) {
    return read_within(connection, reach, selection, limit + 1);
  });
  return make_page(std::move(entries), limit, [](const ActivityEntry& entry) {
    return ListCursor{std::string(kActivityList), "", entry.id.value};
  });
}

domain::Outcome<int> export_activity(const Environment& environment, const Actor& actor,
                                     const ActivityFilter& filter, int at_most,
                                     const std::function<void(const ActivityEntry&)>& take) {
  const auto reach = domain::reach_of(actor, Action::see_activity);
  if (reach.nothing()) return domain::Forbidden{};
  auto selection = selection_of(actor, filter);
  int taken = 0;
  while (taken < at_most) {
    const int step = std::min(kExportStep, at_most - taken);
    const auto entries = read_database(environment, [&](storage::Connection& connection) {
      return read_within(connection, reach, selection, step);
    });
    for (const auto& entry : entries) take(entry);
    taken += static_cast<int>(entries.size());
    if (static_cast<int>(entries.size()) < step) break;
    selection.before = entries.back().id;
  }
  return taken;
}

std::vector<ActivityEntry> list_activity_of(const Environment& environment, domain::PersonId person,
                                            int at_most) {
  storage::ActivitySelection selection;
  selection.concerning = person;
  const std::string own = "person:" + std::to_string(person.value);
  auto entries = read_database(environment, [&](storage::Connection& connection) {
    auto rows = storage::list_activities(connection, selection, at_most);
    for (auto& row : rows)
      std::erase_if(row.activity.personal,
                    [&](const auto& personal) { return personal.person != person; });
    std::vector<ActivityEntry> own_entries;
    for (const auto& row : rows) own_entries.push_back(entry_of(row, {}));
    return own_entries;
  });
  for (auto& entry : entries)
    if (entry.actor.starts_with("person:") && entry.actor != own) entry.actor = "staff";
  return entries;
}

bool could_be_thing(std::string_view text) {
  const auto colon = text.find(':');
  const auto is_lower = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto kind = text.substr(0, colon);
  if (kind.empty() || kind.size() > 30 || !std::all_of(kind.begin(), kind.end(), is_lower))
    return false;
  if (colon == std::string_view::npos) return true;
  const auto id = text.substr(colon + 1);
  return !id.empty() && id.size() < 19 && std::all_of(id.begin(), id.end(), is_digit);
}

}  // namespace narada::usecases
