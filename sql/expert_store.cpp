#include "sql/expert_store.h"

#include "sql/like_pattern.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT e.id, e.slug, e.name, e.description, e.kind FROM expert e WHERE ";
// The key of a record that was merged finds the one that stands for it.
constexpr std::string_view kFind =
    "SELECT e.id, e.slug, e.name, e.description, e.kind FROM expert k"
    " JOIN expert e ON e.id = COALESCE(k.merged_into, k.id) WHERE ";
constexpr std::string_view kOrder = " ORDER BY e.name COLLATE utf8mb4_polish_ci, e.id LIMIT ?";
constexpr std::string_view kInsert =
    "INSERT INTO expert (slug, name, kind, description, institution_id, organization)"
    " VALUES (?, ?, ?, ?, ?, COALESCE((SELECT i.name FROM institution i WHERE i.id = ?), ''))"
    " RETURNING id";

}  // namespace

domain::ExpertRef read_expert(const Rows::Row& row, std::size_t first_column) {
  domain::ExpertRef expert;
  expert.id = row.id<domain::ExpertId>(first_column);
  expert.slug = row.text(first_column + 1);
  expert.name = row.text(first_column + 2);
  expert.description = row.text(first_column + 3);
  expert.kind = stored_enum("expert.kind", row.text(first_column + 4), domain::find_expert_kind);
  return expert;
}

std::vector<domain::ExpertRef> list_experts(Connection& connection, const std::string& q,
                                            const std::optional<ExpertPosition>& after, int limit) {
  std::string sql{kSelect};
  std::vector<Parameter> parameters;
  sql += "e.merged_into IS NULL";
  if (!q.empty()) {
    sql += " AND e.name LIKE ?";
    parameters.emplace_back(like_anywhere(q));
  }
  if (after) {
    sql +=
        " AND (e.name COLLATE utf8mb4_polish_ci > ?"
        " OR (e.name COLLATE utf8mb4_polish_ci = ? AND e.id > ?))";
    parameters.insert(parameters.end(), {after->name, after->name, after->id});
  }
  sql += kOrder;
  parameters.emplace_back(limit);
  std::vector<domain::ExpertRef> experts;
  for (const auto row : connection.query(sql, parameters)) experts.push_back(read_expert(row, 0));
  return experts;
}

std::optional<domain::ExpertRef> find_expert(Connection& connection, std::string_view key) {
  const auto id = find_row_id(key);
  const std::string sql = std::string(kFind) + (id ? "k.id = ?" : "k.slug = ?");
  const Rows rows = id ? connection.query(sql, {*id}) : connection.query(sql, {key});
  if (rows.empty()) return std::nullopt;
  return read_expert(rows[0], 0);
}

domain::ExpertId insert_expert(Connection& connection, const domain::ExpertRef& expert,
                               std::optional<domain::InstitutionId> institution) {
  return {connection.insert(kInsert, {expert.slug, expert.name, to_string(expert.kind),
                                      expert.description, institution, institution})};
}

}  // namespace narada::storage
