#include "sql/institution_merge_store.h"

namespace narada::storage {
namespace {

using domain::InstitutionId;
using domain::InstitutionMergeId;

constexpr std::string_view kSelect =
    "SELECT im.id, im.from_id, gone.name, im.into_id, kept.name, im.merged_by, im.merged_at,"
    " im.undone_at, im.left_behind, im.moved FROM institution_merge im"
    " JOIN institution gone ON gone.id = im.from_id"
    " JOIN institution kept ON kept.id = im.into_id WHERE ";

domain::InstitutionMerge read_merge(const Rows::Row& row) {
  domain::InstitutionMerge merge;
  merge.id = row.id<InstitutionMergeId>(0);
  merge.from = row.id<InstitutionId>(1);
  merge.from_name = row.text(2);
  merge.into = row.id<InstitutionId>(3);
  merge.into_name = row.text(4);
  merge.merged_by = row.text(5);
  merge.merged_at = row.instant(6);
  merge.undone_at = row.find_instant(7);
  merge.left_behind = row.small_integer(8);
  return merge;
}

StoredMerge read_stored(const Rows::Row& row) { return {read_merge(row), row.text(9)}; }

void raise_version(Connection& connection, InstitutionId institution, domain::Instant now) {
  constexpr std::string_view kRaise =
      "UPDATE institution SET version = version + 1, updated_at = ? WHERE id = ?";
  connection.execute(kRaise, {now, institution});
}

}  // namespace

bool add_alias(Connection& connection, InstitutionId institution, const std::string& alias) {
  constexpr std::string_view kKnown =
      "SELECT 1 FROM institution WHERE id = ? AND name = ?"
      " UNION SELECT 1 FROM institution_alias WHERE institution_id = ? AND alias = ?";
  constexpr std::string_view kInsert =
      "INSERT INTO institution_alias (institution_id, alias) VALUES (?, ?)";
  if (!connection.query(kKnown, {institution, alias, institution, alias}).empty()) return false;
  connection.execute(kInsert, {institution, alias});
  return true;
}

void remove_alias(Connection& connection, InstitutionId institution, const std::string& alias) {
  constexpr std::string_view kDelete =
      "DELETE FROM institution_alias WHERE alias = ? AND institution_id = ?";
  connection.execute(kDelete, {alias, institution});
}

void save_merged(Connection& connection, InstitutionId from, InstitutionId into,
                 domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE institution SET active = 0, merged_into = ?, version = version + 1, updated_at = ?"
      " WHERE id = ?";
  connection.execute(kUpdate, {into, now, from});
  raise_version(connection, into, now);
}

void save_parted(Connection& connection, InstitutionId from, InstitutionId into, bool active,
                 domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE institution SET active = ?, merged_into = NULL, version = version + 1,"
      " updated_at = ? WHERE id = ?";
  connection.execute(kUpdate, {active, now, from});
  raise_version(connection, into, now);
}

InstitutionMergeId save_merge(Connection& connection, const StoredMerge& stored) {
  constexpr std::string_view kInsert =
      "INSERT INTO institution_merge (from_id, into_id, moved, merged_by, merged_at)"
      " VALUES (?, ?, ?, ?, ?) RETURNING id";
  const auto& merge = stored.merge;
  return InstitutionMergeId{connection.insert(
      kInsert, {merge.from, merge.into, stored.moved, merge.merged_by, merge.merged_at})};
}

void save_moved(Connection& connection, InstitutionMergeId id, const std::string& moved) {
  constexpr std::string_view kUpdate = "UPDATE institution_merge SET moved = ? WHERE id = ?";
  connection.execute(kUpdate, {moved, id});
}

void save_undone(Connection& connection, InstitutionMergeId id, domain::Instant now,
                 int left_behind) {
  constexpr std::string_view kUpdate =
      "UPDATE institution_merge SET undone_at = ?, left_behind = ? WHERE id = ?";
  connection.execute(kUpdate, {now, left_behind, id});
}

std::optional<StoredMerge> lock_merge(Connection& connection, InstitutionMergeId id) {
  // The merge alone first, so that the institutions are locked by the caller in their order.
  constexpr std::string_view kLock = "SELECT id FROM institution_merge WHERE id = ? FOR UPDATE";
  if (connection.query(kLock, {id}).empty()) return std::nullopt;
  const Rows rows = connection.query(std::string(kSelect) + "im.id = ?", {id});
  if (rows.empty()) return std::nullopt;
  return read_stored(rows[0]);
}

std::vector<InstitutionMergeId> list_merges_with_links(Connection& connection) {
  std::string sql =
      "SELECT im.id FROM institution_merge im JOIN institution i ON i.id = im.from_id"
      " AND i.merged_into = im.into_id WHERE im.undone_at IS NULL AND (";
  bool first = true;
  for (const auto& [table, column, only] : link_columns()) {
    if (!first) sql += " OR ";
    first = false;
    sql += "EXISTS (SELECT 1 FROM " + std::string(table) + " WHERE " + std::string(column) +
           " = im.from_id" + (only.empty() ? "" : " AND " + std::string(only)) + ")";
  }
  std::vector<InstitutionMergeId> merges;
  for (const auto row : connection.query(sql + ") ORDER BY im.id")) {
    merges.push_back(row.id<InstitutionMergeId>(0));
  }
  return merges;
}

std::vector<StoredMerge> list_later_merges(Connection& connection, const StoredMerge& stored) {
  const std::string sql =
      std::string(kSelect) +
      "im.into_id = ? AND im.id > ? AND im.undone_at IS NULL ORDER BY im.id DESC";
  std::vector<StoredMerge> later;
  for (const auto row : connection.query(sql, {stored.merge.into, stored.merge.id})) {
    later.push_back(read_stored(row));
  }
  return later;
}

std::vector<domain::InstitutionMerge> list_merges(Connection& connection,
                                                  std::optional<InstitutionMergeId> before,
                                                  int limit) {
  const std::string sql =
      std::string(kSelect) + "(? IS NULL OR im.id < ?) ORDER BY im.id DESC LIMIT ?";
  std::vector<domain::InstitutionMerge> merges;
  for (const auto row : connection.query(sql, {before, before, limit})) {
    merges.push_back(read_merge(row));
  }
  return merges;
}

}  // namespace narada::storage
