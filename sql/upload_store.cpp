#include "sql/upload_store.h"

#include <variant>

#include "service/domain/enum_names.h"
#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/stored_enum.h"
#include "sql/stored_file_store.h"

namespace narada::storage {
namespace {

constexpr domain::EnumNames<UploadState, 4> kStates{{"receiving", "received", "stored", "gone"}};
static_assert(is_complete(kStates, UploadState::gone));

// The names of the three columns of an owner, one of which is set.
struct OwnerColumns {
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::CycleId> cycle;
  std::optional<domain::PracticeId> practice;
};

OwnerColumns columns_of(const domain::MaterialOwner& owner) {
  OwnerColumns columns;
  if (const auto* meeting = std::get_if<domain::MeetingId>(&owner)) columns.meeting = *meeting;
  if (const auto* cycle = std::get_if<domain::CycleId>(&owner)) columns.cycle = *cycle;
  if (const auto* practice = std::get_if<domain::PracticeId>(&owner)) columns.practice = *practice;
  return columns;
}

domain::MaterialOwner read_owner(const Rows::Row& row, std::size_t column) {
  if (const auto meeting = row.find_id<domain::MeetingId>(column)) return *meeting;
  if (const auto cycle = row.find_id<domain::CycleId>(column + 1)) return *cycle;
  return row.id<domain::PracticeId>(column + 2);
}

constexpr std::string_view kSelect =
    "SELECT id, LOWER(HEX(key_hash)), actor, person_id, meeting_id, cycle_id, practice_id,"
    " file_name, size, received, state, digest, taken_at IS NOT NULL, metadata, expires_at, tries"
    " FROM upload WHERE ";
constexpr std::string_view kKey = "key_hash = UNHEX(SHA2(?, 256))";

StoredUpload read(const Rows::Row& row) {
  StoredUpload upload;
  upload.id = row.id<domain::UploadId>(0);
  upload.staged_name = row.text(1);
  upload.actor = row.text(2);
  upload.person = row.find_id<domain::PersonId>(3);
  upload.owner = read_owner(row, 4);
  upload.file_name = row.text(7);
  upload.size = row.find_integer(8);
  upload.received = row.integer(9);
  upload.state = stored_enum("upload.state", row.text(10), find_upload_state);
  upload.digest.hex = row.text_or_empty(11);
  upload.taken = row.boolean(12);
  upload.metadata = row.text(13);
  upload.expires_at = row.instant(14);
  upload.tries = row.small_integer(15);
  return upload;
}

std::vector<StoredUpload> find_all(Connection& connection, std::string_view where,
                                   const std::vector<Parameter>& parameters) {
  std::vector<StoredUpload> uploads;
  for (const auto& row : connection.query(std::string(kSelect).append(where), parameters)) {
    uploads.push_back(read(row));
  }
  return uploads;
}

std::optional<StoredUpload> find_one(Connection& connection, std::string_view where,
                                     const std::vector<Parameter>& parameters) {
  auto found = find_all(connection, where, parameters);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<domain::UploadId> list_ids(Connection& connection, std::string_view sql,
                                       const std::vector<Parameter>& parameters) {
  std::vector<domain::UploadId> ids;
  for (const auto& row : connection.query(sql, parameters)) {
    ids.push_back(row.id<domain::UploadId>(0));
  }
  return ids;
}

std::int64_t sum(Connection& connection, std::string_view sql,
                 const std::vector<Parameter>& parameters) {
  return connection.query(sql, parameters)[0].integer(0);
}

// What an upload takes up, or will when it has come to its end.
constexpr std::string_view kRoom =
    "SELECT CAST(COALESCE(SUM(GREATEST(COALESCE(size, 0), received)), 0) AS SIGNED) FROM upload"
    " WHERE id <> ? AND ";

}  // namespace

std::string_view to_string(UploadState state) { return kStates.name_of(state); }
std::optional<UploadState> find_upload_state(std::string_view name) { return kStates.find(name); }

domain::UploadId insert_upload(Connection& connection, const NewUploadRow& upload) {
  constexpr std::string_view kInsert =
      "INSERT INTO upload (key_hash, actor, person_id, meeting_id, cycle_id, practice_id,"
      " file_name, size, received, state, metadata, created_at, expires_at)"
      " VALUES (UNHEX(SHA2(?, 256)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  const auto owner = columns_of(upload.owner);
  if (upload.person) require_live_person(connection, *upload.person);
  return domain::UploadId{connection.insert(
      kInsert, {upload.key, upload.actor, upload.person, owner.meeting, owner.cycle, owner.practice,
                upload.file_name, upload.size, upload.received, to_string(upload.state),
                upload.metadata, upload.created_at, upload.expires_at})};
}

std::optional<StoredUpload> find_upload(Connection& connection, std::string_view key) {
  return find_one(connection, kKey, {key});
}

std::optional<StoredUpload> find_upload(Connection& connection, domain::UploadId id) {
  return find_one(connection, "id = ?", {id});
}

std::optional<StoredUpload> lock_upload(Connection& connection, domain::UploadId id) {
  return find_one(connection, "id = ? FOR UPDATE", {id});
}

std::optional<StoredUpload> lock_upload(Connection& connection, std::string_view key) {
  return find_one(connection, std::string(kKey) + " FOR UPDATE", {key});
}

std::vector<StoredUpload> list_open_uploads(Connection& connection, std::string_view actor,
                                            const domain::MaterialOwner& owner,
                                            domain::Instant now) {
  constexpr std::string_view kWhere =
      "meeting_id <=> ? AND cycle_id <=> ? AND practice_id <=> ? AND actor = ?"
      " AND taken_at IS NULL AND state <> 'gone' AND expires_at > ? ORDER BY id";
  const auto columns = columns_of(owner);
  return find_all(connection, kWhere,
                  {columns.meeting, columns.cycle, columns.practice, actor, now});
}

bool is_staged(Connection& connection, std::string_view staged_name) {
  constexpr std::string_view kFind =
      "SELECT 1 FROM upload WHERE key_hash = UNHEX(?) AND state IN ('receiving', 'received')";
  return !connection.query(kFind, {staged_name}).empty();
}

std::vector<StoredUpload> list_staged(Connection& connection, domain::UploadId after, int limit) {
  return find_all(connection, "id > ? AND state IN ('receiving', 'received') ORDER BY id LIMIT ?",
                  {after, limit});
}

std::optional<TakenUpload> take_upload(Connection& connection, std::string_view key,
                                       std::string_view actor, const domain::MaterialOwner& owner,
                                       domain::Instant now) {
  constexpr std::string_view kTake = "UPDATE upload SET taken_at = ? WHERE id = ?";
  const auto upload = lock_upload(connection, key);
  if (!upload || upload->actor != actor || upload->owner != owner || upload->taken) {
    return std::nullopt;
  }
  const bool is_here =
      upload->state == UploadState::received || upload->state == UploadState::stored;
  if (!is_here || upload->expires_at <= now) return std::nullopt;
  connection.execute(kTake, {now, upload->id});
  TakenUpload taken{upload->id, upload->file_name, upload->received, {}};
  // Before that it is only what is being tried.
  if (upload->state == UploadState::stored) taken.digest = upload->digest;
  return taken;
}

void save_received(Connection& connection, const StoredUpload& upload) {
  constexpr std::string_view kUpdate =
      "UPDATE upload SET size = ?, received = ?, state = ?, expires_at = ? WHERE id = ?";
  connection.execute(kUpdate, {upload.size, upload.received, to_string(upload.state),
                               upload.expires_at, upload.id});
}

void save_upload_digest(Connection& connection, domain::UploadId id,
                        const domain::ContentDigest& digest) {
  connection.execute("UPDATE upload SET digest = ? WHERE id = ? AND state = 'received'",
                     {digest.hex, id});
}

void save_stored(Connection& connection, const StoredUpload& upload,
                 const domain::ContentDigest& digest, domain::Instant now) {
  constexpr std::string_view kUpload =
      "UPDATE upload SET state = 'stored', digest = ?, next_try_at = NULL WHERE id = ?";
  constexpr std::string_view kVersions =
      "UPDATE material_version SET digest = ? WHERE upload_id = ? AND digest IS NULL";
  expect_stored_file(connection, digest, upload.received, now);
  connection.execute(kUpload, {digest.hex, upload.id});
  connection.execute(kVersions, {digest.hex, upload.id});
}

void save_failed_try(Connection& connection, domain::UploadId id, domain::Instant next_try_at) {
  constexpr std::string_view kUpdate =
      "UPDATE upload SET tries = tries + 1, next_try_at = ? WHERE id = ? AND state = 'received'";
  connection.execute(kUpdate, {next_try_at, id});
}

void save_gone(Connection& connection, domain::UploadId id, domain::Instant forget_at) {
  constexpr std::string_view kUpdate =
      "UPDATE upload SET state = 'gone', metadata = '', file_name = '', expires_at = ?"
      " WHERE id = ?";
  connection.execute(kUpdate, {forget_at, id});
}

std::vector<domain::UploadId> list_due_uploads(Connection& connection, domain::Instant now,
                                               int limit) {
  constexpr std::string_view kList =
      "SELECT id FROM upload WHERE state = 'received' AND (next_try_at IS NULL OR next_try_at <= ?)"
      " ORDER BY id LIMIT ?";
  return list_ids(connection, kList, {now, limit});
}

std::vector<domain::UploadId> list_expired_uploads(Connection& connection, domain::Instant now,
                                                   int limit) {
  constexpr std::string_view kList =
      "SELECT id FROM upload WHERE state IN ('receiving', 'received', 'stored')"
      " AND expires_at <= ? AND taken_at IS NULL ORDER BY expires_at, id LIMIT ?";
  return list_ids(connection, kList, {now, limit});
}

void forget_uploads(Connection& connection, domain::Instant now) {
  constexpr std::string_view kUnused =
      " AND NOT EXISTS (SELECT 1 FROM material_version v WHERE v.upload_id = upload.id)";
  connection.execute(
      std::string("DELETE FROM upload WHERE state = 'gone' AND expires_at <= ?").append(kUnused),
      {now});
  connection.execute(
      std::string("DELETE FROM upload WHERE state = 'stored' AND taken_at IS NOT NULL"
                  " AND expires_at <= ?")
          .append(kUnused),
      {now});
}

void pass_upload_gate(Connection& connection) {
  connection.execute("UPDATE upload_gate SET turn = turn + 1 WHERE id = 1");
}

UploadUse count_upload_use(Connection& connection, std::optional<domain::PersonId> person,
                           const domain::MaterialOwner& owner, domain::UploadId except) {
  constexpr std::string_view kPersonsVersions =
      "SELECT CAST(COALESCE(SUM(v.size), 0) AS SIGNED) FROM upload u"
      " JOIN material_version v ON v.upload_id = u.id WHERE u.person_id = ?";
  constexpr std::string_view kOwnersVersions =
      "SELECT CAST(COALESCE(SUM(v.size), 0) AS SIGNED) FROM material m"
      " JOIN material_version v ON v.material_id = m.id"
      " WHERE m.meeting_id <=> ? AND m.cycle_id <=> ? AND m.practice_id <=> ?";
  constexpr std::string_view kToCome =
      "SELECT CAST(COALESCE(SUM(size - received), 0) AS SIGNED) FROM upload"
      " WHERE state = 'receiving' AND size IS NOT NULL AND id <> ?";
  const auto room = [&](std::string_view where, std::vector<Parameter> parameters) {
    parameters.insert(parameters.begin(), Parameter(except));
    return sum(connection, std::string(kRoom).append(where), parameters);
  };
  const auto columns = columns_of(owner);
  UploadUse use;
  if (person) {
    use.person = room("person_id = ? AND taken_at IS NULL AND state <> 'gone'", {*person}) +
                 sum(connection, kPersonsVersions, {*person});
  }
  use.owner = room(
                  "meeting_id <=> ? AND cycle_id <=> ? AND practice_id <=> ?"
                  " AND taken_at IS NULL AND state <> 'gone'",
                  {columns.meeting, columns.cycle, columns.practice}) +
              sum(connection, kOwnersVersions, {columns.meeting, columns.cycle, columns.practice});
  use.installation =
      room("state IN ('receiving', 'received')", {}) + sum(connection, kSizeOfFiles, {});
  use.still_to_come = sum(connection, kToCome, {except});
  return use;
}

UploadNumbers count_uploads(Connection& connection) {
  constexpr std::string_view kCount =
      "SELECT CAST(COALESCE(SUM(state = 'receiving'), 0) AS SIGNED),"
      " CAST(COALESCE(SUM(state = 'received'), 0) AS SIGNED),"
      " CAST(COALESCE(SUM(state = 'received' AND tries > 0), 0) AS SIGNED)"
      " FROM upload WHERE state IN ('receiving', 'received')";
  const auto row = connection.query(kCount)[0];
  return {row.integer(0), row.integer(1), row.integer(2)};
}

}  // namespace narada::storage
