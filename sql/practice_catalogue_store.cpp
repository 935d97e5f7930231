#include "sql/practice_catalogue_store.h"

#include <map>

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/like_pattern.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::CataloguedPractice;
using domain::PracticeId;
using domain::PracticeOrder;

constexpr std::string_view kSummary =
    "SELECT p.id, p.slug, p.title, p.lead, p.type, p.type_from_source, p.area, t.id, t.slug,"
    " t.name, t.name_en, p.origin, p.state, p.implementation_year, p.implementation_month,"
    " p.institution_text, p.published_at, p.updated_at, p.featured_at, e.title, e.lead"
    " FROM practice p LEFT JOIN topic t ON t.id = p.topic_id"
    " LEFT JOIN practice_edition e ON e.practice_id = p.id AND e.language = 'en' WHERE ";
constexpr std::string_view kInstitutions =
    "SELECT pi.practice_id, i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM practice_institution pi JOIN institution i ON i.id = pi.institution_id"
    " WHERE pi.practice_id";
constexpr std::string_view kOfInstitution =
    " AND EXISTS (SELECT 1 FROM practice_institution pi WHERE pi.practice_id = p.id"
    " AND pi.institution_id = ?)";
constexpr std::string_view kOfAssociation =
    " AND EXISTS (SELECT 1 FROM practice_institution pi JOIN association_membership am"
    " ON am.institution_id = pi.institution_id JOIN association a ON a.id = am.association_id"
    " WHERE pi.practice_id = p.id AND a.code = ?)";
constexpr std::string_view kOfVoivodeship =
    " AND EXISTS (SELECT 1 FROM practice_institution pi JOIN institution i"
    " ON i.id = pi.institution_id WHERE pi.practice_id = p.id AND i.voivodeship = ?)";
constexpr std::string_view kOfSize =
    " AND EXISTS (SELECT 1 FROM practice_institution pi JOIN institution i"
    " ON i.id = pi.institution_id WHERE pi.practice_id = p.id AND i.teryt IS NOT NULL"
    " AND i.population >= ? AND i.population < ?)";
constexpr std::string_view kMatches =
    " AND (p.title LIKE ? OR p.lead LIKE ? OR p.institution_text LIKE ?"
    " OR EXISTS (SELECT 1 FROM practice_institution pi JOIN institution i"
    " ON i.id = pi.institution_id WHERE pi.practice_id = p.id AND i.name LIKE ?))";
constexpr std::string_view kByInstitution =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, COUNT(*)"
    " FROM practice p JOIN practice_institution own ON own.practice_id = p.id"
    " JOIN institution i ON i.id = own.institution_id"
    " WHERE i.latitude IS NOT NULL AND i.longitude IS NOT NULL AND ";
constexpr std::string_view kKin =
    "p.status = 'published' AND p.id <> ? AND (p.topic_id = ? OR p.area = ? OR p.type = ?"
    " OR EXISTS (SELECT 1 FROM practice_institution mine JOIN practice_institution pi"
    " ON pi.institution_id = mine.institution_id WHERE mine.practice_id = ?"
    " AND pi.practice_id = p.id)) ORDER BY (p.topic_id <=> ?) DESC, p.published_at DESC,"
    " p.id DESC LIMIT ?";

Condition condition_of(const PracticeSelection& selection) {
  Condition condition{"p.status = 'published'", {}};
  const auto add = [&](std::string_view sql, std::initializer_list<Parameter> values) {
    condition.sql += sql;
    condition.parameters.insert(condition.parameters.end(), values);
  };
  if (selection.type) add(" AND p.type = ?", {to_string(*selection.type)});
  if (selection.area) add(" AND p.area = ?", {to_string(*selection.area)});
  if (selection.topic) add(" AND p.topic_id = ?", {*selection.topic});
  if (selection.institution) add(kOfInstitution, {*selection.institution});
  if (!selection.association.empty()) add(kOfAssociation, {selection.association});
  if (!selection.voivodeship.empty()) add(kOfVoivodeship, {selection.voivodeship});
  if (selection.year) add(" AND p.implementation_year = ?", {*selection.year});
  if (selection.size) {
    const auto range = domain::population_of(*selection.size);
    add(kOfSize, {range.least, range.below});
  }
  if (selection.featured_only) add(" AND p.featured_at IS NOT NULL", {});
  if (!selection.q.empty()) {
    const std::string pattern = like_anywhere(selection.q);
    add(kMatches, {pattern, pattern, pattern, pattern});
  }
  return condition;
}

CataloguedPractice read_catalogued(const Rows::Row& row) {
  CataloguedPractice entry;
  auto& practice = entry.practice;
  practice.id = row.id<PracticeId>(0);
  practice.slug = row.text(1);
  practice.title = row.text(2);
  practice.lead = row.text(3);
  practice.status = domain::PracticeStatus::published;
  practice.type = stored_enum("practice.type", row.find_text(4), domain::find_practice_type);
  practice.type_from_source = row.boolean(5);
  practice.area = stored_enum("practice.area", row.find_text(6), domain::find_practice_area);
  if (!row.is_null(7))
    practice.topic = {row.id<domain::TopicId>(7), row.text(8), row.text(9), row.text(10)};
  practice.origin = stored_enum("practice.origin", row.find_text(11), domain::find_practice_origin);
  practice.state = stored_enum("practice.state", row.find_text(12), domain::find_practice_state);
  if (!row.is_null(13)) practice.implementation_year = row.small_integer(13);
  if (!row.is_null(14))
    practice.implementation_month = static_cast<unsigned>(row.small_integer(14));
  practice.institution_text = row.text(15);
  practice.published_at = row.find_instant(16).value_or(domain::Instant{});
  entry.updated_at = row.instant(17);
  entry.featured = !row.is_null(18);
  entry.title_en = row.text_or_empty(19);
  entry.lead_en = row.text_or_empty(20);
  return entry;
}

void add_institutions(Connection& connection, std::vector<CataloguedPractice>& entries) {
  if (entries.empty()) return;
  std::map<PracticeId, domain::PracticeSummary*> by_id;
  std::vector<PracticeId> ids;
  for (auto& entry : entries) {
    by_id[entry.practice.id] = &entry.practice;
    ids.push_back(entry.practice.id);
  }
  const std::string sql =
      std::string(kInstitutions) + std::string(kInIdList) + " ORDER BY pi.practice_id, pi.position";
  for (const auto row : connection.query(sql, {list_of_ids(ids)}))
    by_id.at(row.id<PracticeId>(0))->institutions.push_back(read_institution_ref(row, 1));
}

std::string_view order_by(PracticeOrder order) {
  switch (order) {
    case PracticeOrder::changed:
      return " ORDER BY p.updated_at DESC, p.id DESC";
    case PracticeOrder::title:
      return " ORDER BY p.title COLLATE utf8mb4_polish_ci, p.id";
    case PracticeOrder::implemented:
      return " ORDER BY p.implementation_year DESC, p.implementation_month DESC, p.id DESC";
    case PracticeOrder::most_read:
      return " ORDER BY (SELECT COALESCE(SUM(r.reads_count), 0) FROM page_read_day r"
             " WHERE r.kind = 'practice' AND r.thing_id = p.id AND r.day >= ?) DESC,"
             " p.published_at DESC, p.id DESC";
    case PracticeOrder::newest:
      break;
  }
  return " ORDER BY p.published_at DESC, p.id DESC";
}

// SELECT value, label, label_en, COUNT … FROM practice p …; the condition follows, then GROUP BY 1.
std::string_view select_facet(PracticeFacet facet) {
  switch (facet) {
    case PracticeFacet::type:
      return "SELECT p.type, '', '', COUNT(*) FROM practice p WHERE p.type IS NOT NULL AND ";
    case PracticeFacet::area:
      return "SELECT p.area, '', '', COUNT(*) FROM practice p WHERE p.area IS NOT NULL AND ";
    case PracticeFacet::topic:
      return "SELECT t.slug, MIN(t.name), MIN(t.name_en), COUNT(*) FROM practice p"
             " JOIN topic t ON t.id = p.topic_id WHERE ";
    case PracticeFacet::year:
      return "SELECT CAST(p.implementation_year AS CHAR), '', '', COUNT(*) FROM practice p"
             " WHERE p.implementation_year IS NOT NULL AND ";
    case PracticeFacet::size:
      return "SELECT CASE WHEN own.population < 5000 THEN 'to_5k' WHEN own.population < 20000"
             " THEN 'to_20k' WHEN own.population < 100000 THEN 'to_100k' ELSE 'over_100k' END,"
             " '', '', COUNT(DISTINCT p.id) FROM practice p"
             " JOIN practice_institution op ON op.practice_id = p.id"
             " JOIN institution own ON own.id = op.institution_id"
             " WHERE own.teryt IS NOT NULL AND own.population IS NOT NULL AND ";
    case PracticeFacet::association:
      break;
  }
  return "SELECT oa.code, MIN(oa.name), '', COUNT(DISTINCT p.id) FROM practice p"
         " JOIN practice_institution op ON op.practice_id = p.id"
         " JOIN association_membership om ON om.institution_id = op.institution_id"
         " JOIN association oa ON oa.id = om.association_id WHERE ";
}

}  // namespace

std::vector<CataloguedPractice> list_catalogue(Connection& connection,
                                               const PracticeSelection& selection,
                                               PracticeOrder order, int offset, int limit,
                                               domain::Date read_since) {
  auto condition = condition_of(selection);
  auto& parameters = condition.parameters;
  if (order == PracticeOrder::most_read) parameters.emplace_back(read_since);
  parameters.emplace_back(limit);
  parameters.emplace_back(offset);
  const std::string sql =
      std::string(kSummary) + condition.sql + std::string(order_by(order)) + " LIMIT ? OFFSET ?";
  std::vector<CataloguedPractice> entries;
  for (const auto row : connection.query(sql, parameters)) entries.push_back(read_catalogued(row));
  add_institutions(connection, entries);
  return entries;
}

std::int64_t count_catalogue(Connection& connection, const PracticeSelection& selection) {
  const auto condition = condition_of(selection);
  return connection
      .query("SELECT COUNT(*) FROM practice p WHERE " + condition.sql, condition.parameters)[0]
      .integer(0);
}

std::vector<domain::FacetCount> count_facet(Connection& connection,
                                            const PracticeSelection& selection,
                                            PracticeFacet facet) {
  const auto condition = condition_of(selection);
  const std::string sql =
      std::string(select_facet(facet)) + condition.sql + " GROUP BY 1 ORDER BY 1";
  std::vector<domain::FacetCount> counts;
  for (const auto row : connection.query(sql, condition.parameters))
    counts.push_back({row.text(0), row.text_or_empty(1), row.text_or_empty(2), row.integer(3)});
  return counts;
}

std::vector<domain::CountedInstitution> count_practices_by_institution(
    Connection& connection, const PracticeSelection& selection) {
  const auto condition = condition_of(selection);
  const std::string sql = std::string(kByInstitution) + condition.sql +
                          " GROUP BY i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
                          " ORDER BY i.name COLLATE utf8mb4_polish_ci, i.id";
  std::vector<domain::CountedInstitution> counts;
  for (const auto row : connection.query(sql, condition.parameters))
    counts.push_back({read_institution_ref(row, 0), row.integer(kInstitutionRefColumnCount)});
  return counts;
}

std::vector<domain::PracticeSummary> list_kin(Connection& connection,
                                              const domain::PracticeSummary& practice, int limit) {
  const auto name = [](const auto& value) {
    return value ? Parameter(to_string(*value)) : Parameter(nullptr);
  };
  const Parameter topic = practice.topic ? Parameter(practice.topic->id) : Parameter(nullptr);
  std::vector<CataloguedPractice> entries;
  for (const auto row : connection.query(std::string(kSummary) + std::string(kKin),
                                         {practice.id, topic, name(practice.area),
                                          name(practice.type), practice.id, topic, limit}))
    entries.push_back(read_catalogued(row));
  add_institutions(connection, entries);
  std::vector<domain::PracticeSummary> kin;
  for (auto& entry : entries) kin.push_back(std::move(entry.practice));
  return kin;
}

}  // namespace narada::storage
