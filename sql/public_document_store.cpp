#include "sql/public_document_store.h"

#include "sql/reach_condition.h"
#include "sql/shown_version.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::PublicDocument;

// Which version everybody gets is decided as domain::readable_versions() does.
const std::string& from_documents() {
  static const std::string kFrom =
      " FROM material m LEFT JOIN meeting g ON g.id = m.meeting_id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN practice p ON p.id = m.practice_id"
      " LEFT JOIN material_version v ON v.id = " +
      std::string(kShownVersion) +
      " LEFT JOIN stored_file f ON f.digest = v.digest"
      " WHERE m.deleted_at IS NULL AND m.access = 'everybody'"
      " AND (m.available_from IS NULL OR m.available_from <= ?)"
      " AND (m.link <> '' OR f.digest IS NOT NULL)"
      " AND (g.status IN ('published', 'cancelled') OR c.status = 'published'"
      "  OR p.status = 'published')";
  return kFrom;
}

constexpr std::string_view kColumns =
    "SELECT m.id, m.kind, m.title, m.authors, m.description, m.language, m.meeting_id, m.cycle_id,"
    " m.practice_id, COALESCE(g.slug, c.slug, p.slug), COALESCE(g.title, c.title, p.title),"
    " m.link <> '', COALESCE(v.file_name, ''), COALESCE(v.size, 0),"
    " COALESCE(JSON_UNQUOTE(JSON_EXTRACT(f.facts, '$.media_type')), ''),"
    " JSON_EXTRACT(f.facts, '$.pages'), YEAR(COALESCE(g.starts, v.created_at)), m.updated_at";
constexpr std::string_view kOfInstitution =
    " AND (EXISTS (SELECT 1 FROM meeting_place mp WHERE mp.meeting_id = m.meeting_id"
    "  AND mp.institution_id = ?) OR EXISTS (SELECT 1 FROM cycle_institution ci"
    "  WHERE ci.cycle_id = COALESCE(m.cycle_id, g.cycle_id) AND ci.institution_id = ?)"
    " OR EXISTS (SELECT 1 FROM practice_institution pi WHERE pi.practice_id = m.practice_id"
    "  AND pi.institution_id = ?))";

Condition condition_of(const DocumentSelection& selection) {
  Condition condition{from_documents(), {selection.now}};
  const auto add = [&](std::string_view sql, std::initializer_list<Parameter> values) {
    condition.sql += sql;
    condition.parameters.insert(condition.parameters.end(), values);
  };
  if (selection.kind) add(" AND m.kind = ?", {to_string(*selection.kind)});
  if (selection.topic)
    add(" AND COALESCE(g.topic_id, c.topic_id, p.topic_id) = ?", {*selection.topic});
  if (const auto& institution = selection.institution)
    add(kOfInstitution, {*institution, *institution, *institution});
  if (selection.year) add(" AND YEAR(COALESCE(g.starts, v.created_at)) = ?", {*selection.year});
  return condition;
}

domain::MaterialOwner read_owner(const Rows::Row& row) {
  if (const auto meeting = row.find_id<domain::MeetingId>(6)) return *meeting;
  if (const auto cycle = row.find_id<domain::CycleId>(7)) return *cycle;
  return row.id<domain::PracticeId>(8);
}

PublicDocument read_document(const Rows::Row& row) {
  PublicDocument document;
  document.id = row.id<domain::MaterialId>(0);
  document.kind = stored_enum("material.kind", row.text(1), domain::find_material_kind);
  document.title = row.text(2);
  document.authors = row.text(3);
  document.description = row.text(4);
  document.language = row.text(5) == "en" ? domain::Language::en : domain::Language::pl;
  document.owner = read_owner(row);
  document.owner_slug = row.text(9);
  document.owner_title = row.text(10);
  document.is_link = row.boolean(11);
  document.version.file_name = row.text(12);
  document.version.size = row.integer(13);
  document.version.facts.media_type = row.text(14);
  if (const auto pages = row.find_text(15); pages && *pages != "null")
    document.version.facts.pages = row.small_integer(15);
  if (!row.is_null(16)) document.year = row.small_integer(16);
  document.updated_at = row.instant(17);
  return document;
}

std::vector<domain::FacetCount> count_by(Connection& connection, const DocumentSelection& selection,
                                         const std::string& value, std::string_view order) {
  const auto condition = condition_of(selection);
  std::vector<domain::FacetCount> counts;
  for (const auto row : connection.query("SELECT " + value + ", COUNT(*)" + condition.sql +
                                             " GROUP BY 1 ORDER BY 1" + std::string(order),
                                         condition.parameters))
    if (!row.is_null(0)) counts.push_back({row.text(0), "", "", row.integer(1)});
  return counts;
}

constexpr std::string_view kTopicCounts =
    "SELECT t.id, t.slug, t.name, t.name_en,"
    " (SELECT COUNT(*) FROM meeting m WHERE m.topic_id = t.id AND m.status = 'published'),"
    " (SELECT COUNT(*) FROM cycle c WHERE c.topic_id = t.id AND c.status = 'published'),"
    " (SELECT COUNT(*) FROM practice p WHERE p.topic_id = t.id AND p.status = 'published'),"
    " COALESCE(d.total, 0) FROM topic t LEFT JOIN (";

}  // namespace

std::vector<PublicDocument> list_documents(Connection& connection,
                                           const DocumentSelection& selection, int offset,
                                           int limit) {
  auto condition = condition_of(selection);
  condition.parameters.emplace_back(limit);
  condition.parameters.emplace_back(offset);
  std::vector<PublicDocument> documents;
  for (const auto row : connection.query(std::string(kColumns) + condition.sql +
                                             " ORDER BY COALESCE(g.starts, m.created_at) DESC,"
                                             " m.id DESC LIMIT ? OFFSET ?",
                                         condition.parameters))
    documents.push_back(read_document(row));
  return documents;
}

std::int64_t count_documents(Connection& connection, const DocumentSelection& selection) {
  const auto condition = condition_of(selection);
  return connection.query("SELECT COUNT(*)" + condition.sql, condition.parameters)[0].integer(0);
}

std::vector<domain::FacetCount> count_document_kinds(Connection& connection,
                                                     const DocumentSelection& selection) {
  return count_by(connection, selection, "m.kind", "");
}

std::vector<domain::FacetCount> count_document_years(Connection& connection,
                                                     const DocumentSelection& selection) {
  return count_by(connection, selection, "CAST(YEAR(COALESCE(g.starts, v.created_at)) AS CHAR)",
                  " DESC");
}

std::vector<domain::TopicCount> list_topic_counts(Connection& connection, domain::Instant now) {
  const std::string sql = std::string(kTopicCounts) +
                          "SELECT COALESCE(g.topic_id, c.topic_id, p.topic_id) AS topic_id,"
                          " COUNT(*) AS total" +
                          from_documents() +
                          " GROUP BY 1) d ON d.topic_id = t.id"
                          " ORDER BY t.name COLLATE utf8mb4_polish_ci, t.id";
  std::vector<domain::TopicCount> counts;
  for (const auto row : connection.query(sql, {now}))
    counts.push_back({{row.id<domain::TopicId>(0), row.text(1), row.text(2), row.text(3)},
                      row.integer(4),
                      row.integer(5),
                      row.integer(6),
                      row.integer(7)});
  return counts;
}

}  // namespace narada::storage
