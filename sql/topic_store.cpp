#include "sql/topic_store.h"

#include "sql/row_key.h"

namespace narada::storage {
namespace {

constexpr std::string_view kList =
    "SELECT id, slug, name, name_en FROM topic ORDER BY name COLLATE utf8mb4_polish_ci, id";
constexpr std::string_view kFindBySlug = "SELECT id, slug, name, name_en FROM topic WHERE slug = ?";
constexpr std::string_view kFindById = "SELECT id, slug, name, name_en FROM topic WHERE id = ?";
constexpr std::string_view kInsert =
    "INSERT INTO topic (slug, name, name_en) VALUES (?, ?, ?) RETURNING id";

domain::TopicRef read_topic(const Rows::Row& row) {
  return {row.id<domain::TopicId>(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace

std::vector<domain::TopicRef> list_topics(Connection& connection) {
  std::vector<domain::TopicRef> topics;
  for (const auto row : connection.query(kList)) topics.push_back(read_topic(row));
  return topics;
}

std::optional<domain::TopicRef> find_topic(Connection& connection, std::string_view key) {
  const auto id = find_row_id(key);
  const Rows rows = id ? connection.query(kFindById, {*id}) : connection.query(kFindBySlug, {key});
  if (rows.empty()) return std::nullopt;
  return read_topic(rows[0]);
}

domain::TopicId insert_topic(Connection& connection, const domain::TopicRef& topic) {
  return {connection.insert(kInsert, {topic.slug, topic.name, topic.name_en})};
}

}  // namespace narada::storage
