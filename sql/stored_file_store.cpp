#include "sql/stored_file_store.h"

#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

std::optional<FileToInspect> claim_first(Connection& connection, const std::string& which,
                                         std::string_view worker, domain::Instant now,
                                         domain::Instant until) {
  const std::string select =
      "SELECT digest, size, tries, state = 'ready',"
      " CAST(COALESCE(JSON_VALUE(facts, '$.crashes'), 0) AS SIGNED),"
      " state = 'waiting' AND inspected_at IS NOT NULL"
      " FROM stored_file WHERE " +
      which +
      " AND (claim_until IS NULL OR claim_until < ?)"
      " AND (inspect_after IS NULL OR inspect_after <= ?)"
      " ORDER BY created_at, digest LIMIT 1 FOR UPDATE SKIP LOCKED";
  constexpr std::string_view kClaim =
      "UPDATE stored_file SET claimed_by = ?, claim_until = ? WHERE digest = ?";
  // Anybody may bring the same octets under another name. It decides only for what was refused and
  // waits once more.
  const std::string name =
      "SELECT file_name FROM (SELECT file_name, created_at, 1 AS is_upload FROM upload"
      " WHERE digest = ?"
      " UNION ALL SELECT file_name, created_at, 0 FROM material_version WHERE digest = ?"
      " UNION ALL SELECT file_name, consent_at, 0 FROM expert_photo WHERE digest = ?) names"
      " WHERE file_name <> '' ORDER BY ";
  const Rows found = connection.query(select, {now, now});
  if (found.empty()) return std::nullopt;
  const auto row = found[0];
  FileToInspect file{{row.text(0)},        row.integer(1),       "",
                     row.small_integer(2), row.small_integer(4), row.boolean(3)};
  connection.execute(kClaim, {worker, until, file.digest.hex});
  const auto* const order =
      row.boolean(5) ? "created_at DESC LIMIT 1" : "is_upload, created_at LIMIT 1";
  const Rows names =
      connection.query(name + order, {file.digest.hex, file.digest.hex, file.digest.hex});
  if (!names.empty()) file.file_name = names[0].text(0);
  return file;
}

std::optional<std::string> digest_or_null(const domain::ContentDigest& digest) {
  if (digest.hex.empty()) return std::nullopt;
  return digest.hex;
}

}  // namespace

void expect_stored_file(Connection& connection, const domain::ContentDigest& digest,
                        std::int64_t size, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO stored_file (digest, size, state, created_at) VALUES (?, ?, 'waiting', ?)"
      " ON DUPLICATE KEY UPDATE missing_since = NULL, tries = IF(state = 'refused', 0, tries),"
      " refusal = IF(state = 'refused', NULL, refusal),"
      " state = IF(state IN ('refused', 'lost'), 'waiting', state)";
  connection.execute(kInsert, {digest.hex, size, now});
}

std::optional<FileToInspect> claim_file_to_inspect(Connection& connection, std::string_view worker,
                                                   domain::Instant now, domain::Instant until) {
  auto file = claim_first(connection, "state = 'waiting'", worker, now, until);
  if (!file) file = claim_first(connection, "again = 1", worker, now, until);
  return file;
}

bool lock_claimed_file(Connection& connection, const domain::ContentDigest& digest,
                       std::string_view worker) {
  return !connection
              .query("SELECT 1 FROM stored_file WHERE digest = ? AND claimed_by = ? FOR UPDATE",
                     {digest.hex, worker})
              .empty();
}

void save_inspected_file(Connection& connection, const InspectedFile& file, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE stored_file SET missing_since = IF(state = 'waiting', NULL, missing_since),"
      " state = ?, refusal = ?, facts = ?, content_text = ?, thumbnail = ?,"
      " gallery = ?, served = ?, again = 0, tries = 0, inspect_after = NULL, claimed_by = NULL,"
      " claim_until = NULL, inspected_at = ?,"
      " ready_since = IF(state = 'ready', COALESCE(ready_since, ?), ready_since) WHERE digest = ?";
  const auto state = file.refusal ? domain::FileState::refused : domain::FileState::ready;
  std::optional<std::string> refusal;
  if (file.refusal) refusal = to_string(*file.refusal);
  connection.execute(
      kUpdate, {to_string(state), refusal, file.facts, file.text, digest_or_null(file.thumbnail),
                digest_or_null(file.gallery), digest_or_null(file.served), now, now,
                file.digest.hex});
}

void postpone_inspection(Connection& connection, const domain::ContentDigest& digest,
                         std::string_view worker, Postponed why, domain::Instant after) {
  constexpr std::string_view kUpdate =
      "UPDATE stored_file SET claimed_by = NULL, claim_until = NULL, inspect_after = ?,"
      " tries = tries + ?, facts = IF(?, JSON_SET(facts, '$.crashes',"
      " CAST(COALESCE(JSON_VALUE(facts, '$.crashes'), 0) AS SIGNED) + 1), facts)"
      " WHERE digest = ? AND claimed_by = ?";
  connection.execute(kUpdate, {after, why == Postponed::stopping ? 0 : 1, why == Postponed::crashed,
                               digest.hex, worker});
}

void keep_ready_file(Connection& connection, const domain::ContentDigest& digest,
                     domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE stored_file SET facts = JSON_REMOVE(facts, '$.crashes'), again = 0, tries = 0,"
      " inspect_after = NULL, claimed_by = NULL, claim_until = NULL, inspected_at = ?"
      " WHERE digest = ?";
  connection.execute(kUpdate, {now, digest.hex});
}

bool lock_refused_file(Connection& connection, const domain::ContentDigest& digest) {
  return !connection
              .query("SELECT 1 FROM stored_file WHERE digest = ? AND state = 'refused' FOR UPDATE",
                     {digest.hex})
              .empty();
}

void save_drawn_file(Connection& connection, const domain::ContentDigest& digest, std::int64_t size,
                     const std::string& facts, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO stored_file (digest, size, state, facts, created_at, inspected_at, ready_since)"
      " VALUES (?, ?, 'ready', ?, ?, ?, ?) ON DUPLICATE KEY UPDATE missing_since = NULL,"
      " refusal = NULL, facts = IF(state = 'ready', facts, VALUES(facts)), state = 'ready',"
      " ready_since = COALESCE(ready_since, VALUES(ready_since))";
  connection.execute(kInsert, {digest.hex, size, facts, now, now, now});
}

std::vector<domain::ContentDigest> list_own_pictures(Connection& connection,
                                                     const domain::ContentDigest& digest) {
  constexpr std::string_view kSelect =
      "SELECT p.digest FROM (SELECT thumbnail AS digest FROM stored_file WHERE digest = ?"
      " UNION SELECT gallery FROM stored_file WHERE digest = ?"
      " UNION SELECT served FROM stored_file WHERE digest = ?) p WHERE p.digest IS NOT NULL"
      " AND NOT EXISTS (SELECT 1 FROM stored_file o WHERE o.digest <> ? AND"
      " (o.thumbnail = p.digest OR o.gallery = p.digest OR o.served = p.digest))"
      " AND NOT EXISTS (SELECT 1 FROM material_version v WHERE v.digest = p.digest)"
      " AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.digest = p.digest)"
      " AND NOT EXISTS (SELECT 1 FROM expert_photo e WHERE e.digest = p.digest)";
  std::vector<domain::ContentDigest> pictures;
  for (const auto row : connection.query(kSelect, {digest.hex, digest.hex, digest.hex, digest.hex}))
    pictures.push_back({row.text(0)});
  return pictures;
}

void forget_drawn_file(Connection& connection, const domain::ContentDigest& digest) {
  constexpr std::string_view kDelete =
      "DELETE FROM stored_file WHERE digest = ? AND NOT EXISTS (SELECT 1 FROM (SELECT digest FROM"
      " stored_file WHERE thumbnail = ? OR gallery = ? OR served = ?) o)";
  connection.execute(kDelete, {digest.hex, digest.hex, digest.hex, digest.hex});
}

std::int64_t inspect_all_again(Connection& connection) {
  return connection.execute(
      "UPDATE stored_file f SET f.again = 1, f.inspect_after = NULL"
      " WHERE f.state = 'ready' AND f.again = 0"
      " AND NOT EXISTS (SELECT 1 FROM (SELECT thumbnail, gallery, served FROM stored_file) o"
      " WHERE f.digest IN (o.thumbnail, o.gallery, o.served))");
}

InspectionNumbers count_inspections(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT COUNT(*), MIN(created_at), COALESCE(SUM(tries > 0), 0) FROM stored_file"
      " WHERE state = 'waiting'";
  const auto row = connection.query(kSelect)[0];
  return {row.integer(0), row.find_instant(1), row.integer(2)};
}

FilePictures find_file_pictures(Connection& connection, const domain::ContentDigest& digest) {
  constexpr std::string_view kSelect =
      "SELECT thumbnail, gallery, served FROM stored_file WHERE digest = ?";
  const Rows found = connection.query(kSelect, {digest.hex});
  if (found.empty()) return {};
  return {{found[0].text_or_empty(0)}, {found[0].text_or_empty(1)}, {found[0].text_or_empty(2)}};
}

}  // namespace narada::storage
