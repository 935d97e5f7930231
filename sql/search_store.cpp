#include "sql/search_store.h"

#include <array>
#include <charconv>
#include <map>
#include <string_view>

#include "sql/id_list.h"
#include "sql/shown_version.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::SearchKind;

// Of each kind: id, slug, teryt, title, names, lead, body, type, area, topic, institutions,
// populations, year, when, of, starts, tzid, time_precision, stamp; and which rows everybody may
// read.
struct Selection {
  std::string columns;
  std::string tables;
  std::string is_public;
};

Selection meetings() {
  return {
      "m.id, m.slug, '', m.title, CONCAT_WS('\\n', m.organizer,"
      " (SELECT GROUP_CONCAT(CONCAT_WS(' ', l.name, l.address, i.name) SEPARATOR '\\n')"
      "  FROM meeting_place l LEFT JOIN institution i ON i.id = l.institution_id"
      "  WHERE l.meeting_id = m.id),"
      " (SELECT GROUP_CONCAT(i.name SEPARATOR '\\n') FROM meeting_institution mi"
      "  JOIN institution i ON i.id = mi.institution_id WHERE mi.meeting_id = m.id),"
      " (SELECT GROUP_CONCAT(e.name SEPARATOR '\\n') FROM meeting_expert me"
      "  JOIN expert e ON e.id = me.expert_id WHERE me.meeting_id = m.id)),"
      " m.summary, CONCAT_WS('\\n', m.description, m.audience,"
      " (SELECT GROUP_CONCAT(pi.title ORDER BY pi.position SEPARATOR '\\n')"
      "  FROM program_item pi WHERE pi.meeting_id = m.id)),"
      " '', '', m.topic_id,"
      " (SELECT GROUP_CONCAT(DISTINCT x.id) FROM (SELECT l.meeting_id AS mid, l.institution_id AS"
      "  id FROM meeting_place l UNION ALL SELECT mi.meeting_id, mi.institution_id"
      "  FROM meeting_institution mi) x WHERE x.mid = m.id),"
      " (SELECT GROUP_CONCAT(DISTINCT i.population) FROM institution i WHERE i.id IN"
      "  (SELECT l.institution_id FROM meeting_place l WHERE l.meeting_id = m.id)"
      "  OR i.id IN (SELECT mi.institution_id FROM meeting_institution mi"
      "  WHERE mi.meeting_id = m.id)),"
      " YEAR(m.starts), m.starts_at, '', m.starts, m.tzid, m.time_precision,"
      " UNIX_TIMESTAMP(m.updated_at) * 1000 + m.version % 1000",
      " FROM meeting m", "m.status IN ('published', 'cancelled')"};
}

Selection cycles() {
  return {
      "m.id, m.slug, '', m.title, CONCAT_WS('\\n', m.participants_text,"
      " (SELECT GROUP_CONCAT(DISTINCT i.name SEPARATOR '\\n') FROM cycle_institution ci"
      "  JOIN institution i ON i.id = ci.institution_id WHERE ci.cycle_id = m.id),"
      " (SELECT GROUP_CONCAT(e.name SEPARATOR '\\n') FROM cycle_expert ce"
      "  JOIN expert e ON e.id = ce.expert_id WHERE ce.cycle_id = m.id)),"
      " m.summary, CONCAT_WS('\\n', m.challenge, m.goal, m.effects, m.materials),"
      " '', '', m.topic_id,"
      " (SELECT GROUP_CONCAT(DISTINCT ci.institution_id) FROM cycle_institution ci"
      "  WHERE ci.cycle_id = m.id),"
      " (SELECT GROUP_CONCAT(DISTINCT i.population) FROM cycle_institution ci"
      "  JOIN institution i ON i.id = ci.institution_id WHERE ci.cycle_id = m.id),"
      " (SELECT YEAR(MAX(g.starts)) FROM meeting g WHERE g.cycle_id = m.id"
      "  AND g.status = 'published'),"
      " (SELECT MAX(g.starts_at) FROM meeting g WHERE g.cycle_id = m.id"
      "  AND g.status = 'published'), '', NULL, NULL, NULL,"
      " UNIX_TIMESTAMP(m.updated_at) * 1000 + m.version % 1000",
      " FROM cycle m", "m.status = 'published'"};
}

Selection practices() {
  return {
      "m.id, m.slug, '', m.title, CONCAT_WS('\\n', m.institution_text,"
      " (SELECT GROUP_CONCAT(i.name SEPARATOR '\\n') FROM practice_institution pi"
      "  JOIN institution i ON i.id = pi.institution_id WHERE pi.practice_id = m.id)),"
      " m.lead, CONCAT_WS('\\n', m.situation_before, m.aim, m.description, m.results, m.lessons,"
      " (SELECT GROUP_CONCAT(CONCAT_WS('\\n', x.title, x.lead, x.situation_before, x.aim,"
      "  x.description, x.results, x.lessons) SEPARATOR '\\n') FROM practice_edition x"
      "  WHERE x.practice_id = m.id)),"
      " m.type, m.area, m.topic_id,"
      " (SELECT GROUP_CONCAT(pi.institution_id) FROM practice_institution pi"
      "  WHERE pi.practice_id = m.id),"
      " (SELECT GROUP_CONCAT(DISTINCT i.population) FROM practice_institution pi"
      "  JOIN institution i ON i.id = pi.institution_id WHERE pi.practice_id = m.id),"
      " m.implementation_year, IF(m.implementation_year IS NULL, NULL,"
      "  MAKEDATE(m.implementation_year, 1) + INTERVAL 0 SECOND), '', NULL, NULL, NULL,"
      " UNIX_TIMESTAMP(m.updated_at) * 1000 + m.version % 1000",
      " FROM practice m", "m.status = 'published'"};
}

// Which version everybody gets is decided as domain::readable_versions() does.
Selection materials() {
  return {
      "m.id, '', '', m.title, m.authors, m.description,"
      " CONCAT_WS('\\n', m.alt_text, LEFT(f.content_text, 400000)),"
      " '', '', COALESCE(g.topic_id, c.topic_id, p.topic_id), NULL, NULL, YEAR(m.created_at),"
      " m.created_at, COALESCE(g.title, c.title, p.title), NULL, NULL, NULL,"
      " UNIX_TIMESTAMP(GREATEST(m.updated_at, COALESCE(f.inspected_at, m.updated_at))) * 1000"
      "  + m.version % 1000",
      " FROM material m LEFT JOIN meeting g ON g.id = m.meeting_id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN practice p ON p.id = m.practice_id"
      " LEFT JOIN material_version v ON v.id = " +
          std::string(kShownVersion) + " LEFT JOIN stored_file f ON f.digest = v.digest",
      "m.deleted_at IS NULL AND m.access = 'everybody'"
      " AND (m.available_from IS NULL OR m.available_from <= ?)"
      " AND (m.link <> '' OR f.digest IS NOT NULL)"
      " AND (g.status IN ('published', 'cancelled') OR c.status = 'published'"
      "  OR p.status = 'published')"};
}

Selection institutions() {
  return {
      "m.id, m.slug, m.teryt, m.name, (SELECT GROUP_CONCAT(a.alias SEPARATOR '\\n')"
      "  FROM institution_alias a WHERE a.institution_id = m.id),"
      " CONCAT_WS(', ', NULLIF(m.county, ''), NULLIF(m.voivodeship, '')), '', '', '', NULL, m.id,"
      " m.population, NULL, NULL, '', NULL, NULL, NULL,"
      " UNIX_TIMESTAMP(m.updated_at) * 1000 + m.version % 1000",
      " FROM institution m", "m.active = 1 AND m.merged_into IS NULL"};
}

Selection experts() {
  return {
      "m.id, m.slug, '', m.name, m.organization, '',"
      " CONCAT_WS('\\n', m.description, m.description_en), '', '', NULL, m.institution_id, NULL,"
      " NULL, NULL, '', NULL, NULL, NULL, m.version",
      " FROM expert m", "m.merged_into IS NULL"};
}

const Selection& selection_of(SearchKind kind) {
  static const std::array kSelections{meetings(),  cycles(),       practices(),
                                      materials(), institutions(), experts()};
  return kSelections.at(static_cast<std::size_t>(kind));
}

// Of "1,2,3".
std::vector<std::int64_t> read_numbers(const std::string& text) {
  std::vector<std::int64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc{}) break;
    numbers.push_back(number);
    at = rest + 1;
  }
  return numbers;
}

SearchRow read_row(SearchKind kind, const Rows::Row& row) {
  SearchRow read;
  read.key = {kind, row.integer(0)};
  read.slug = row.text_or_empty(1);
  read.teryt = row.text_or_empty(2);
  read.title = row.text(3);
  read.names = row.text_or_empty(4);
  read.lead = row.text_or_empty(5);
  read.body = row.text_or_empty(6);
  read.type = row.text_or_empty(7);
  read.area = row.text_or_empty(8);
  read.topic = row.find_integer(9);
  read.institutions = read_numbers(row.text_or_empty(10));
  read.populations = read_numbers(row.text_or_empty(11));
  if (const auto year = row.find_integer(12)) read.year = static_cast<int>(*year);
  read.when = row.find_instant(13);
  read.of = row.text_or_empty(14);
  if (const auto starts = row.find_wall_time(15)) {
    read.times.emplace();
    read.times->starts = *starts;
    read.times->tzid = row.text(16);
    read.times->precision =
        stored_enum("meeting.time_precision", row.text(17), domain::find_time_precision);
    read.times->starts_at = row.instant(13);
  }
  read.stamp = row.integer(18);
  return read;
}

// The selections that ask for the time take it before what else is asked.
std::vector<Parameter> with_time(SearchKind kind, domain::Instant now,
                                 std::vector<Parameter> parameters) {
  if (kind == SearchKind::material) parameters.insert(parameters.begin(), now);
  return parameters;
}

std::string numbers_list(const std::vector<std::int64_t>& ids) {
  std::string list = "[";
  for (const auto id : ids) {
    if (list.size() > 1) list += ',';
    list += std::to_string(id);
  }
  return list + ']';
}

}  // namespace

std::vector<SearchRow> list_search_rows(Connection& connection, SearchKind kind, std::int64_t after,
                                        int limit, domain::Instant now) {
  const Selection& selection = selection_of(kind);
  std::vector<SearchRow> rows;
  for (const auto row :
       connection.query("SELECT " + selection.columns + selection.tables + " WHERE " +
                            selection.is_public + " AND m.id > ? ORDER BY m.id LIMIT ?",
                        with_time(kind, now, {after, limit})))
    rows.push_back(read_row(kind, row));
  return rows;
}

std::vector<SearchRow> find_search_rows(Connection& connection, const std::set<SearchKey>& keys,
                                        domain::Instant now) {
  std::map<SearchKind, std::vector<std::int64_t>> by_kind;
  for (const auto& key : keys) by_kind[key.kind].push_back(key.id);
  std::vector<SearchRow> rows;
  for (const auto& [kind, ids] : by_kind) {
    const Selection& selection = selection_of(kind);
    for (const auto row :
         connection.query("SELECT " + selection.columns + selection.tables + " WHERE " +
                              selection.is_public + " AND m.id" + std::string(kInIdList),
                          with_time(kind, now, {numbers_list(ids)})))
      rows.push_back(read_row(kind, row));
  }
  return rows;
}

std::vector<SearchStamp> list_search_stamps(Connection& connection, domain::Instant now) {
  std::vector<SearchStamp> stamps;
  for (const auto kind : domain::kSearchKinds) {
    const Selection& selection = selection_of(kind);
    // The stamp is the last of the columns; its expression holds no top-level comma but in calls.
    const std::string_view columns = selection.columns;
    const auto stamp = kind == SearchKind::expert ? std::string_view("m.version")
                                                  : columns.substr(columns.rfind("UNIX_TIMESTAMP"));
    for (const auto row : connection.query("SELECT m.id, " + std::string(stamp) + selection.tables +
                                               " WHERE " + selection.is_public,
                                           with_time(kind, now, {})))
      stamps.push_back({{kind, row.integer(0)}, row.integer(1)});
  }
  return stamps;
}

std::vector<SearchChange> list_search_changes(Connection& connection, std::int64_t after,
                                              int limit) {
  std::vector<SearchChange> changes;
  for (const auto row :
       connection.query("SELECT id, subject, verb FROM activity WHERE id > ? ORDER BY id LIMIT ?",
                        {after, limit}))
    changes.push_back({row.integer(0), row.text(1), row.text(2)});
  return changes;
}

std::int64_t newest_activity(Connection& connection) {
  return connection.query("SELECT COALESCE(MAX(id), 0) FROM activity")[0].integer(0);
}

std::vector<std::int64_t> list_ripened_materials(Connection& connection, domain::Instant from,
                                                 domain::Instant until) {
  std::vector<std::int64_t> ids;
  for (const auto row :
       connection.query("SELECT m.id FROM material m WHERE m.available_from BETWEEN ? AND ?"
                        " UNION SELECT v.material_id FROM stored_file f JOIN material_version v"
                        " ON v.digest = f.digest WHERE f.inspected_at BETWEEN ? AND ?",
                        {from, until, from, until}))
    ids.push_back(row.integer(0));
  return ids;
}

std::vector<std::int64_t> list_materials_of(Connection& connection,
                                            const std::set<SearchKey>& owners) {
  std::map<SearchKind, std::vector<std::int64_t>> by_kind;
  for (const auto& key : owners) by_kind[key.kind].push_back(key.id);
  std::vector<std::int64_t> ids;
  for (const auto& [kind, column] :
       std::map<SearchKind, std::string>{{SearchKind::meeting, "meeting_id"},
                                         {SearchKind::cycle, "cycle_id"},
                                         {SearchKind::practice, "practice_id"}}) {
    if (by_kind[kind].empty()) continue;
    for (const auto row :
         connection.query("SELECT id FROM material WHERE " + column + std::string(kInIdList),
                          {numbers_list(by_kind[kind])}))
      ids.push_back(row.integer(0));
  }
  return ids;
}

std::vector<NamedId> find_institution_names(Connection& connection,
                                            const std::vector<std::int64_t>& ids) {
  std::vector<NamedId> names;
  for (const auto row : connection.query("SELECT id, slug, name FROM institution WHERE id" +
                                             std::string(kInIdList) + " ORDER BY name",
                                         {numbers_list(ids)}))
    names.push_back({row.integer(0), row.text(1), row.text(2)});
  return names;
}

std::int64_t search_generation(Connection& connection) {
  return connection.query("SELECT generation FROM search_generation WHERE id = 1")[0].integer(0);
}

void raise_search_generation(Connection& connection, domain::Instant now) {
  connection.execute(
      "UPDATE search_generation SET generation = generation + 1, asked_at = ? WHERE id = 1", {now});
}

}  // namespace narada::storage
