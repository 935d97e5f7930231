#include "sql/harvest_store.h"

#include <map>

#include "sql/id_list.h"

namespace narada::storage {
namespace {

using domain::HarvestedPractice;
using domain::HarvestSelection;

constexpr std::string_view kSelect =
    "SELECT p.id, p.slug, p.status, p.updated_at, p.title, p.lead, p.situation_before, p.aim,"
    " p.description, p.results, p.lessons, p.type, p.area, p.origin, p.state, t.slug, t.name,"
    " p.implementation_year, p.implementation_month, p.budget_pln, p.institution_text,"
    " p.financing, p.source_url, p.legacy_url, p.caveat, e.title, e.lead";
// What has no published_at was never to be seen.
constexpr std::string_view kFrom =
    " FROM practice p LEFT JOIN topic t ON t.id = p.topic_id"
    " LEFT JOIN practice_edition e ON e.practice_id = p.id AND e.language = 'en'"
    " WHERE p.published_at IS NOT NULL";
constexpr std::string_view kInstitutions =
    "SELECT pi.practice_id, i.name FROM practice_institution pi"
    " JOIN institution i ON i.id = pi.institution_id WHERE pi.practice_id";

HarvestedPractice read_head(const Rows::Row& row) {
  HarvestedPractice practice;
  practice.id = row.id<domain::PracticeId>(0);
  practice.slug = row.text(1);
  practice.withdrawn = row.text(2) != "published";
  practice.changed_at = row.instant(3);
  practice.type = row.text_or_empty(11);
  practice.topic_slug = row.text_or_empty(15);
  return practice;
}

HarvestedPractice read_practice(const Rows::Row& row) {
  HarvestedPractice practice = read_head(row);
  if (practice.withdrawn) return practice;
  practice.title = row.text(4);
  practice.lead = row.text(5);
  practice.situation_before = row.text(6);
  practice.aim = row.text(7);
  practice.description = row.text(8);
  practice.results = row.text(9);
  practice.lessons = row.text(10);
  practice.area = row.text_or_empty(12);
  practice.origin = row.text_or_empty(13);
  practice.state = row.text_or_empty(14);
  practice.topic_name = row.text_or_empty(16);
  if (!row.is_null(17)) practice.implementation_year = row.small_integer(17);
  if (!row.is_null(18)) practice.implementation_month = row.small_integer(18);
  practice.budget_pln = row.text_or_empty(19);
  practice.institution_text = row.text(20);
  practice.financing = row.text(21);
  practice.source_url = row.text(22);
  practice.legacy_url = row.text(23);
  practice.caveat = row.text(24);
  practice.english_title = row.text_or_empty(25);
  practice.english_lead = row.text_or_empty(26);
  return practice;
}

struct Condition {
  std::string sql;
  std::vector<Parameter> parameters;
  void add(std::string_view text, std::initializer_list<Parameter> values) {
    sql += text;
    parameters.insert(parameters.end(), values);
  }
};

Condition condition_of(const HarvestSelection& selection) {
  Condition condition;
  if (selection.from) condition.add(" AND p.updated_at >= ?", {*selection.from});
  if (selection.until) condition.add(" AND p.updated_at <= ?", {*selection.until});
  if (selection.with_topic) condition.add(" AND p.topic_id IS NOT NULL", {});
  if (selection.with_type) condition.add(" AND p.type IS NOT NULL", {});
  if (!selection.topic.empty()) condition.add(" AND t.slug = ?", {selection.topic});
  if (!selection.type.empty()) condition.add(" AND p.type = ?", {selection.type});
  if (!selection.with_withdrawn) condition.add(" AND p.status = 'published'", {});
  return condition;
}

void add_institutions(Connection& connection, std::vector<HarvestedPractice>& practices) {
  if (practices.empty()) return;
  std::map<domain::PracticeId, HarvestedPractice*> by_id;
  for (auto& practice : practices)
    if (!practice.withdrawn) by_id[practice.id] = &practice;
  for (const auto row : connection.query(std::string(kInstitutions) + std::string(kInIdList) +
                                             " ORDER BY pi.practice_id, pi.position",
                                         {id_list_of(practices)})) {
    const auto found = by_id.find(row.id<domain::PracticeId>(0));
    if (found != by_id.end()) found->second->institutions.push_back(row.text(1));
  }
}

std::vector<HarvestedPractice> read_all(Connection& connection, const Condition& condition) {
  std::vector<HarvestedPractice> practices;
  for (const auto row : connection.query(std::string(kSelect) + std::string(kFrom) + condition.sql,
                                         condition.parameters))
    practices.push_back(read_practice(row));
  add_institutions(connection, practices);
  return practices;
}

}  // namespace

std::vector<HarvestedPractice> list_harvest(Connection& connection,
                                            const HarvestSelection& selection) {
  auto condition = condition_of(selection);
  if (const auto& after = selection.after)
    condition.add(" AND (p.updated_at > ? OR (p.updated_at = ? AND p.id > ?))",
                  {after->changed_at, after->changed_at, after->id});
  condition.add(" ORDER BY p.updated_at, p.id LIMIT ?", {selection.limit});
  return read_all(connection, condition);
}

std::int64_t count_harvest(Connection& connection, const HarvestSelection& selection) {
  const auto condition = condition_of(selection);
  return connection
      .query("SELECT COUNT(*)" + std::string(kFrom) + condition.sql, condition.parameters)[0]
      .integer(0);
}

std::optional<HarvestedPractice> find_harvested(Connection& connection, domain::PracticeId id) {
  Condition condition;
  condition.add(" AND p.id = ?", {id});
  auto found = read_all(connection, condition);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<domain::Instant> find_earliest_change(Connection& connection) {
  return connection.query("SELECT MIN(updated_at) FROM practice WHERE published_at IS NOT NULL")[0]
      .find_instant(0);
}

}  // namespace narada::storage
