#include "sql/practice_life_store.h"

#include "sql/id_list.h"
#include "sql/like_pattern.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::PracticeId;

// Who a "person:3" is; the name is empty once the account is forgotten.
constexpr std::string_view kActorName =
    " LEFT JOIN person a ON s.actor LIKE 'person:%'"
    " AND a.id = CAST(SUBSTRING(s.actor, 8) AS SIGNED)";

}  // namespace

void insert_practice_step(Connection& connection, PracticeId id, const PracticeStepRow& step) {
  connection.execute(
      "INSERT INTO practice_step (practice_id, from_status, to_status, comment, actor, made_at)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      {id, step.from_status, step.to_status, step.comment, step.actor, step.made_at});
}

std::vector<PracticeStepRow> list_practice_steps(Connection& connection, PracticeId id) {
  const std::string sql =
      "SELECT s.from_status, s.to_status, s.comment, s.actor, COALESCE(a.full_name, ''), s.made_at"
      " FROM practice_step s" +
      std::string(kActorName) + " WHERE s.practice_id = ? ORDER BY s.id";
  std::vector<PracticeStepRow> steps;
  for (const auto row : connection.query(sql, {id}))
    steps.push_back(
        {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.instant(5)});
  return steps;
}

int insert_practice_revision(Connection& connection, PracticeId id,
                             const PracticeRevisionRow& revision) {
  const int number =
      connection
          .query("SELECT COALESCE(MAX(number), 0) + 1 FROM practice_revision WHERE practice_id = ?",
                 {id})[0]
          .small_integer(0);
  connection.execute(
      "INSERT INTO practice_revision (practice_id, number, content, note, actor, made_at)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      {id, number, revision.content, revision.note, revision.actor, revision.made_at});
  return number;
}

std::vector<PracticeRevisionRow> list_practice_revisions(Connection& connection, PracticeId id) {
  const std::string sql =
      "SELECT s.number, s.note, s.actor, COALESCE(a.full_name, ''), s.made_at"
      " FROM practice_revision s" +
      std::string(kActorName) + " WHERE s.practice_id = ? ORDER BY s.number DESC";
  std::vector<PracticeRevisionRow> revisions;
  for (const auto row : connection.query(sql, {id}))
    revisions.push_back(
        {row.small_integer(0), "", row.text(1), row.text(2), row.text(3), row.instant(4)});
  return revisions;
}

std::optional<PracticeRevisionRow> find_practice_revision(Connection& connection, PracticeId id,
                                                          int number) {
  const std::string sql =
      "SELECT s.number, s.content, s.note, s.actor, COALESCE(a.full_name, ''), s.made_at"
      " FROM practice_revision s" +
      std::string(kActorName) + " WHERE s.practice_id = ? AND s.number = ?";
  const Rows rows = connection.query(sql, {id, number});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return PracticeRevisionRow{row.small_integer(0), row.text(1), row.text(2),
                             row.text(3),          row.text(4), row.instant(5)};
}

std::optional<domain::PracticeStatus> lock_practice(Connection& connection, PracticeId id) {
  const Rows rows = connection.query("SELECT status FROM practice WHERE id = ? FOR UPDATE", {id});
  if (rows.empty()) return std::nullopt;
  return stored_enum("practice.status", rows[0].text(0), domain::find_practice_status);
}

void set_practice_status(Connection& connection, PracticeId id, domain::PracticeStatus status,
                         domain::Instant now) {
  const bool archived = status == domain::PracticeStatus::archived;
  const bool published = status == domain::PracticeStatus::published;
  connection.execute(
      "UPDATE practice SET status = ?, published_at = IF(?, COALESCE(published_at, ?),"
      " published_at), archived_at = ?, featured_at = IF(?, featured_at, NULL),"
      " version = version + 1, updated_at = ? WHERE id = ?",
      {to_string(status), published, now, archived ? std::optional(now) : std::nullopt, published,
       now, id});
}

void set_practice_verified(Connection& connection, PracticeId id, domain::Date on,
                           std::string_view by) {
  connection.execute("UPDATE practice SET verified_on = ?, verified_by = ? WHERE id = ?",
                     {on, by, id});
}

bool set_practice_featured(Connection& connection, PracticeId id,
                           std::optional<domain::Instant> since) {
  return connection.execute(
             "UPDATE practice SET featured_at = ? WHERE id = ? AND status = 'published'"
             " AND (featured_at IS NULL) = ?",
             {since, id, since.has_value()}) == 1;
}

std::optional<PracticeAuthor> find_practice_author(Connection& connection, PracticeId id) {
  const Rows rows = connection.query(
      "SELECT a.id, a.full_name, a.email, a.language FROM practice p JOIN person a"
      " ON a.id = p.author_id WHERE p.id = ? AND a.email IS NOT NULL AND a.email <> ''",
      {id});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return PracticeAuthor{row.id<domain::PersonId>(0), row.text(1), row.text(2),
                        domain::language_or_polish(row.text(3))};
}

std::vector<PracticeOfPanel> list_practices_of_panel(Connection& connection,
                                                     const PracticeSelectionOfPanel& selection,
                                                     int limit) {
  std::string sql =
      "SELECT p.id, p.slug, p.title, p.status, p.type, p.institution_text, p.updated_at,"
      " p.featured_at IS NOT NULL FROM practice p WHERE 1 = 1";
  std::vector<Parameter> parameters;
  if (!selection.all) {
    sql +=
        " AND (EXISTS (SELECT 1 FROM practice_institution pi WHERE pi.practice_id = p.id AND"
        " pi.institution_id" +
        std::string(kInIdList) + ") OR p.author_id = ?)";
    parameters.emplace_back(list_of_ids(selection.institutions));
    parameters.emplace_back(selection.author);
  }
  if (selection.status) {
    sql += " AND p.status = ?";
    parameters.emplace_back(to_string(*selection.status));
  }
  if (!selection.q.empty()) {
    sql += " AND (p.title LIKE ? OR p.institution_text LIKE ?)";
    parameters.emplace_back(like_anywhere(selection.q));
    parameters.emplace_back(like_anywhere(selection.q));
  }
  sql += " ORDER BY p.updated_at DESC, p.id DESC LIMIT ?";
  parameters.emplace_back(limit);
  std::vector<PracticeOfPanel> found;
  for (const auto row : connection.query(sql, parameters)) {
    auto& entry = found.emplace_back();
    entry.practice.id = row.id<PracticeId>(0);
    entry.practice.slug = row.text(1);
    entry.practice.title = row.text(2);
    entry.practice.status =
        stored_enum("practice.status", row.text(3), domain::find_practice_status);
    entry.practice.type =
        stored_enum("practice.type", row.find_text(4), domain::find_practice_type);
    entry.practice.institution_text = row.text(5);
    entry.updated_at = row.instant(6);
    entry.featured = row.boolean(7);
  }
  return found;
}

}  // namespace narada::storage
