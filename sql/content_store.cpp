#include "sql/content_store.h"

#include <fmt/format.h>

namespace narada::storage {
namespace {

// Every place that names the file f. An upload that is gone has nothing any more.
constexpr std::string_view kUnnamed =
    " NOT EXISTS (SELECT 1 FROM material_version v WHERE v.digest = f.digest)"
    " AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.digest = f.digest AND u.state <> 'gone')"
    " AND NOT EXISTS (SELECT 1 FROM expert_photo p WHERE p.digest = f.digest)"
    " AND NOT EXISTS (SELECT 1 FROM practice_financing g WHERE g.logo_digest = f.digest)"
    " AND NOT EXISTS (SELECT 1 FROM stored_file o WHERE o.digest <> f.digest AND"
    " (o.thumbnail = f.digest OR o.gallery = f.digest OR o.served = f.digest))";

// Digests are hexadecimal digits, which need no escaping in JSON.
std::string list_of_digests(const std::vector<domain::ContentDigest>& digests) {
  std::string list = "[";
  for (const auto& digest : digests) {
    if (!domain::is_content_digest(digest.hex)) continue;
    list.append(list.size() > 1 ? ",\"" : "\"").append(digest.hex).append("\"");
  }
  return list + ']';
}

std::vector<domain::ContentDigest> digests_of(const Rows& rows) {
  std::vector<domain::ContentDigest> digests;
  for (const auto row : rows) digests.push_back({row.text(0)});
  return digests;
}

}  // namespace

std::vector<StoredContent> list_contents(Connection& connection, const domain::ContentDigest& after,
                                         int limit) {
  constexpr std::string_view kList =
      "SELECT f.digest, f.size, f.state <> 'refused', f.missing_since, f.state = 'lost',"
      " IF(t.digest IS NULL, f.thumbnail, NULL), IF(g.digest IS NULL, f.gallery, NULL),"
      " IF(s.digest IS NULL, f.served, NULL) FROM stored_file f"
      " LEFT JOIN stored_file t ON t.digest = f.thumbnail"
      " LEFT JOIN stored_file g ON g.digest = f.gallery"
      " LEFT JOIN stored_file s ON s.digest = f.served"
      " WHERE f.digest > ? ORDER BY f.digest LIMIT ?";
  std::vector<StoredContent> contents;
  for (const auto row : connection.query(kList, {after.hex, limit})) {
    StoredContent content;
    content.digest = {row.text(0)};
    content.size = row.integer(1);
    content.is_kept = row.boolean(2);
    content.missing_since = row.find_instant(3);
    content.is_lost = row.boolean(4);
    for (std::size_t column = 5; column < 8; ++column)
      if (auto picture = row.find_text(column)) content.pictures.push_back({std::move(*picture)});
    contents.push_back(std::move(content));
  }
  return contents;
}

void save_missing(Connection& connection, const domain::ContentDigest& digest,
                  std::optional<domain::Instant> since) {
  constexpr std::string_view kMissing =
      "UPDATE stored_file SET missing_since = COALESCE(missing_since, ?) WHERE digest = ?";
  constexpr std::string_view kFound =
      "UPDATE stored_file SET missing_since = NULL, state = IF(state = 'lost', 'waiting', state)"
      " WHERE digest = ?";
  if (since)
    connection.execute(kMissing, {*since, digest.hex});
  else
    connection.execute(kFound, {digest.hex});
}

void save_lost(Connection& connection, const domain::ContentDigest& digest, domain::Instant now) {
  constexpr std::string_view kLost =
      "UPDATE stored_file SET missing_since = COALESCE(missing_since, ?), again = 0,"
      " state = IF(state <> 'refused' AND (EXISTS (SELECT 1 FROM material_version v"
      " WHERE v.digest = stored_file.digest) OR EXISTS (SELECT 1 FROM expert_photo p"
      " WHERE p.digest = stored_file.digest) OR EXISTS (SELECT 1 FROM upload u"
      " WHERE u.digest = stored_file.digest AND u.state = 'stored')), 'lost', state)"
      " WHERE digest = ?";
  connection.execute(kLost, {now, digest.hex});
  ask_for_picture(connection, digest);
}

std::vector<EmptyVersion> list_empty_versions(Connection& connection, EmptyBecause why) {
  constexpr std::string_view kList =
      "SELECT v.material_id, v.number FROM material_version v"
      " JOIN material m ON m.id = v.material_id AND m.deleted_at IS NULL"
      " LEFT JOIN upload u ON u.id = v.upload_id"
      " WHERE v.digest IS NULL AND (COALESCE(u.state, 'gone') = 'gone') = ?"
      " AND NOT EXISTS (SELECT 1 FROM material_version n WHERE n.material_id = v.material_id"
      " AND n.number > v.number) ORDER BY v.material_id, v.number";
  std::vector<EmptyVersion> versions;
  for (const auto row : connection.query(kList, {why == EmptyBecause::lost}))
    versions.push_back({row.id<domain::MaterialId>(0), row.small_integer(1)});
  return versions;
}

void ask_for_picture(Connection& connection, const domain::ContentDigest& picture) {
  constexpr std::string_view kAsk =
      "UPDATE stored_file SET again = TRUE WHERE state = 'ready'"
      " AND (thumbnail = ? OR gallery = ? OR served = ?)";
  connection.execute(kAsk, {picture.hex, picture.hex, picture.hex});
}

std::vector<domain::MaterialId> list_materials_of_content(Connection& connection,
                                                          const domain::ContentDigest& digest) {
  constexpr std::string_view kList =
      "SELECT DISTINCT v.material_id FROM material_version v WHERE v.digest = ? OR v.digest IN"
      " (SELECT f.digest FROM stored_file f WHERE f.thumbnail = ? OR f.gallery = ? OR f.served = ?)"
      " ORDER BY v.material_id";
  std::vector<domain::MaterialId> materials;
  for (const auto row : connection.query(kList, {digest.hex, digest.hex, digest.hex, digest.hex}))
    materials.push_back(row.id<domain::MaterialId>(0));
  return materials;
}

std::set<domain::ContentDigest> find_needed_contents(
    Connection& connection, const std::vector<domain::ContentDigest>& digests) {
  constexpr std::string_view kFind =
      "SELECT j.digest FROM JSON_TABLE(?, '$[*]' COLUMNS (digest CHAR(64) CHARACTER SET ascii"
      " COLLATE ascii_bin PATH '$')) j WHERE"
      " EXISTS (SELECT 1 FROM stored_file f WHERE f.digest = j.digest AND f.state <> 'refused')"
      " OR EXISTS (SELECT 1 FROM stored_file f WHERE f.thumbnail = j.digest)"
      " OR EXISTS (SELECT 1 FROM stored_file f WHERE f.gallery = j.digest)"
      " OR EXISTS (SELECT 1 FROM stored_file f WHERE f.served = j.digest)";
  const auto found = digests_of(connection.query(kFind, {list_of_digests(digests)}));
  return {found.begin(), found.end()};
}

std::vector<domain::ContentDigest> list_unnamed_contents(Connection& connection,
                                                         domain::Instant before, int limit) {
  static const auto kList = fmt::format(
      "SELECT f.digest FROM stored_file f WHERE f.created_at < ? AND {} LIMIT ?", kUnnamed);
  return digests_of(connection.query(kList, {before, limit}));
}

bool delete_unnamed_content(Connection& connection, const domain::ContentDigest& digest) {
  // Who names it from now on waits for this lock first, and then finds no row.
  constexpr std::string_view kLock = "SELECT 1 FROM stored_file WHERE digest = ? FOR UPDATE";
  static const auto kAsk =
      fmt::format("SELECT 1 FROM stored_file f WHERE f.digest = ? AND {}", kUnnamed);
  constexpr std::string_view kDelete = "DELETE FROM stored_file WHERE digest = ?";
  if (connection.query(kLock, {digest.hex}).empty()) return false;
  if (connection.query(kAsk, {digest.hex}).empty()) return false;
  return connection.execute(kDelete, {digest.hex}) == 1;
}

ContentTotals count_contents(Connection& connection) {
  // Each is answered by an index of its own, without the texts of the files.
  constexpr std::string_view kCount =
      "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM stored_file";
  constexpr std::string_view kMissing =
      "SELECT COUNT(*) FROM stored_file WHERE missing_since IS NOT NULL";
  const auto all = connection.query(kCount)[0];
  return {all.integer(0), all.integer(1), connection.query(kMissing)[0].integer(0)};
}

bool is_content_missing(Connection& connection) {
  constexpr std::string_view kAsk =
      "SELECT 1 FROM stored_file WHERE missing_since IS NOT NULL LIMIT 1";
  return !connection.query(kAsk).empty();
}

}  // namespace narada::storage
