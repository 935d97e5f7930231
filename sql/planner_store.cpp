#include "sql/planner_store.h"

#include "sql/id_list.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

constexpr std::string_view kOfInstitutions =
    "SELECT p.meeting_id, 0 AS of_expert, i.name FROM meeting_place p"
    " JOIN institution i ON i.id = p.institution_id WHERE i.id {in}"
    " UNION SELECT r.meeting_id, 0, i.name FROM meeting_institution r"
    " JOIN institution i ON i.id = r.institution_id WHERE i.id {in}"
    " UNION SELECT s.id, 0, i.name FROM cycle_institution r"
    " JOIN institution i ON i.id = r.institution_id JOIN meeting s ON s.cycle_id = r.cycle_id"
    " WHERE i.id {in}";
constexpr std::string_view kOfExperts =
    " UNION SELECT r.meeting_id, 1, e.name FROM meeting_expert r"
    " JOIN expert e ON e.id = r.expert_id WHERE e.id {in}"
    " UNION SELECT pi.meeting_id, 1, e.name FROM program_item_expert r"
    " JOIN program_item pi ON pi.id = r.program_item_id JOIN expert e ON e.id = r.expert_id"
    " WHERE e.id {in}"
    " UNION SELECT s.id, 1, e.name FROM cycle_expert r JOIN expert e ON e.id = r.expert_id"
    " JOIN meeting s ON s.cycle_id = r.cycle_id WHERE e.id {in}";

constexpr std::string_view kAttendingInstitutions =
    "SELECT p.meeting_id, 0 AS part, p.institution_id AS who FROM meeting_place p"
    " WHERE p.institution_id {in}"
    " UNION SELECT r.meeting_id, 0, r.institution_id FROM meeting_institution r"
    " WHERE r.institution_id {in}"
    " UNION SELECT s.id, 0, r.institution_id FROM cycle_institution r"
    " JOIN meeting s ON s.cycle_id = r.cycle_id WHERE r.institution_id {in}"
    " UNION SELECT r.meeting_id, 2, r.institution_id FROM registration r"
    " WHERE r.status IN ('pending', 'confirmed') AND r.institution_id {in}";
constexpr std::string_view kAttendingExperts =
    " UNION SELECT r.meeting_id, 1, r.expert_id FROM meeting_expert r WHERE r.expert_id {in}"
    " UNION SELECT pi.meeting_id, 1, r.expert_id FROM program_item_expert r"
    " JOIN program_item pi ON pi.id = r.program_item_id WHERE r.expert_id {in}"
    " UNION SELECT s.id, 1, r.expert_id FROM cycle_expert r"
    " JOIN meeting s ON s.cycle_id = r.cycle_id WHERE r.expert_id {in}";

// Each "{in}" becomes the test against a list of ids, which is bound once for each.
template <class Ids>
std::string bind_lists(std::string_view sql, const Ids& ids, std::vector<Parameter>& parameters) {
  constexpr std::string_view kMark = "{in}";
  std::string bound(sql);
  for (auto at = bound.find(kMark); at != std::string::npos; at = bound.find(kMark, at)) {
    bound.replace(at, kMark.size(), kInIdList);
    parameters.emplace_back(list_of_ids(ids));
  }
  return bound;
}

// Keys are digits or slugs; others name nobody, and need no escaping here.
std::string list_of_keys(const std::vector<std::string>& keys) {
  std::string list = "[";
  for (const auto& key : keys) {
    if (key.empty() || key.size() > 200 ||
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
      continue;
    if (list.size() > 1) list += ',';
    list += '"' + key + '"';
  }
  return list + ']';
}

// Rows of `table` whose `column` is one of the keys.
std::string keyed(std::string_view table, std::string_view column) {
  return "SELECT t.id, t.name FROM JSON_TABLE(?, '$[*]' COLUMNS (k VARCHAR(200) CHARACTER SET"
         " utf8mb4 COLLATE utf8mb4_bin PATH '$')) j JOIN " +
         std::string(table) + " t ON t." + std::string(column) + " = j.k";
}

// Which meetings `m` count.
std::string bind_window(const EngagementListing& listing, std::vector<Parameter>& parameters) {
  parameters.insert(parameters.end(),
                    {listing.to, listing.from, listing.but_cycle.value_or(domain::CycleId{}),
                     listing.but_meeting.value_or(domain::MeetingId{})});
  const Condition within = meeting_within(listing.drafts);
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  return " WHERE m.starts < ? AND m.ends > ? AND m.status IN ('published', 'draft')"
         " AND m.time_precision <> 'month'"
         " AND (m.cycle_id IS NULL OR m.cycle_id <> ?) AND m.id <> ?"
         " AND (m.status = 'published' OR " +
         within.sql + ")";
}

}  // namespace

std::vector<Engagement> list_engagements(Connection& connection, const EngagementListing& listing) {
  std::vector<Parameter> parameters;
  // One after the other: each adds its parameters.
  std::string sql = "SELECT m.id, m.title, m.starts, m.ends, x.of_expert, x.name FROM (";
  sql += bind_lists(kOfInstitutions, listing.institutions, parameters);
  sql += bind_lists(kOfExperts, listing.experts, parameters);
  sql += ") x JOIN meeting m ON m.id = x.meeting_id";
  sql += bind_window(listing, parameters);
  sql += " ORDER BY m.starts, m.id, x.of_expert, x.name LIMIT 2000";
  std::vector<Engagement> engagements;
  for (const auto& row : connection.query(sql, parameters)) {
    engagements.push_back({row.id<domain::MeetingId>(0), row.text(1), row.wall_time(2),
                           row.wall_time(3), row.boolean(4), row.text(5)});
  }
  return engagements;
}

std::vector<Attendance> list_attendances(Connection& connection, const EngagementListing& listing) {
  std::vector<Parameter> parameters;
  std::string sql = "SELECT x.part, x.who, m.title, m.starts, m.ends FROM (";
  sql += bind_lists(kAttendingInstitutions, listing.institutions, parameters);
  sql += bind_lists(kAttendingExperts, listing.experts, parameters);
  sql += ") x JOIN meeting m ON m.id = x.meeting_id";
  sql += bind_window(listing, parameters);
  sql += " ORDER BY m.starts, m.id, x.part LIMIT 50000";
  std::vector<Attendance> attendances;
  for (const auto& row : connection.query(sql, parameters))
    attendances.push_back({static_cast<Attendance::Part>(row.small_integer(0)), row.integer(1),
                           row.text(2), row.wall_time(3), row.wall_time(4)});
  return attendances;
}

std::vector<NamedInstitution> list_named_institutions(Connection& connection,
                                                      const std::vector<std::string>& keys) {
  static const std::string kList = "SELECT x.id, x.name FROM (" + keyed("institution", "teryt") +
                                   " UNION " + keyed("institution", "slug") + " UNION " +
                                   keyed("institution", "id") +
                                   ") x ORDER BY x.name COLLATE utf8mb4_polish_ci, x.id";
  const auto list = list_of_keys(keys);
  std::vector<NamedInstitution> named;
  for (const auto row : connection.query(kList, {list, list, list}))
    named.push_back({row.id<domain::InstitutionId>(0), row.text(1)});
  return named;
}

std::vector<NamedExpert> list_named_experts(Connection& connection,
                                            const std::vector<std::string>& keys) {
  static const std::string kList = "SELECT x.id, x.name FROM (" + keyed("expert", "slug") +
                                   " UNION " + keyed("expert", "id") +
                                   ") x ORDER BY x.name COLLATE utf8mb4_polish_ci, x.id";
  const auto list = list_of_keys(keys);
  std::vector<NamedExpert> named;
  for (const auto row : connection.query(kList, {list, list}))
    named.push_back({row.id<domain::ExpertId>(0), row.text(1)});
  return named;
}

}  // namespace narada::storage
