#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/ids.h"
#include "service/domain/material.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// Files on their way here. A file in the staging directory is called by the SHA-256 of the key that
// stands in the address of its upload, so that neither a row nor a directory tells an address.
namespace narada::storage {

enum class UploadState {
  receiving,
  received,  // all octets are here
  stored,    // its content is in the store of files
  gone,      // expired or taken back; its file is deleted
};
std::string_view to_string(UploadState state);
std::optional<UploadState> find_upload_state(std::string_view name);

struct StoredUpload {
  domain::UploadId id;
  std::string staged_name;  // of its file in the staging directory: 64 hexadecimal digits
  std::string actor;        // as the activity log writes it
  std::optional<domain::PersonId> person;
  domain::MaterialOwner owner;
  std::string file_name;
  std::optional<std::int64_t> size;  // octets; absent: not said yet
  std::int64_t received = 0;         // octets that are here and stay
  UploadState state = UploadState::receiving;
  domain::ContentDigest digest;  // empty: not known yet
  bool taken = false;
  std::string metadata;  // Upload-Metadata as it was sent
  domain::Instant expires_at{};
  int tries = 0;  // of bringing it to the store
};

struct NewUploadRow {
  std::string key;
  std::string actor;
  std::optional<domain::PersonId> person;
  domain::MaterialOwner owner;
  std::string file_name;
  std::optional<std::int64_t> size;
  std::int64_t received = 0;
  UploadState state = UploadState::receiving;
  std::string metadata;
  domain::Instant created_at{};
  domain::Instant expires_at{};
};
domain::UploadId insert_upload(Connection& connection, const NewUploadRow& upload);

std::optional<StoredUpload> find_upload(Connection& connection, std::string_view key);
std::optional<StoredUpload> find_upload(Connection& connection, domain::UploadId id);
// Locked until the transaction ends.
std::optional<StoredUpload> lock_upload(Connection& connection, domain::UploadId id);
std::optional<StoredUpload> lock_upload(Connection& connection, std::string_view key);
// Those that are not in a material yet and can still become part of one; the oldest first.
std::vector<StoredUpload> list_open_uploads(Connection& connection, std::string_view actor,
                                            const domain::MaterialOwner& owner,
                                            domain::Instant now);
// Whether the staging directory holds a file of a living upload under that name.
bool is_staged(Connection& connection, std::string_view staged_name);
// Those whose file is in the staging directory, by id above `after`.
std::vector<StoredUpload> list_staged(Connection& connection, domain::UploadId after, int limit);

// For the material that it becomes part of.
struct TakenUpload {
  domain::UploadId id;
  std::string file_name;
  std::int64_t size = 0;         // octets
  domain::ContentDigest digest;  // empty: still being brought to the store
};
// Locks the row. Absent unless all of it is here, it is this actor's, for this owner, not expired
// and in no material yet. From then on it does not expire.
std::optional<TakenUpload> take_upload(Connection& connection, std::string_view key,
                                       std::string_view actor, const domain::MaterialOwner& owner,
                                       domain::Instant now);

// Of a row that the transaction has locked.
void save_received(Connection& connection, const StoredUpload& upload);
void save_upload_digest(Connection& connection, domain::UploadId id,
                        const domain::ContentDigest& digest);
// The content is in the store: its row there waits for the inspection, unless it is ready already,
// and the versions that were made of the upload are told.
void save_stored(Connection& connection, const StoredUpload& upload,
                 const domain::ContentDigest& digest, domain::Instant now);
void save_failed_try(Connection& connection, domain::UploadId id, domain::Instant next_try_at);
// The row stays until `forget_at` and says that the upload was here.
void save_gone(Connection& connection, domain::UploadId id, domain::Instant forget_at);

// Received ones whose turn has come.
std::vector<domain::UploadId> list_due_uploads(Connection& connection, domain::Instant now,
                                               int limit);
// Those that nobody brought to an end, and those that became part of nothing.
std::vector<domain::UploadId> list_expired_uploads(Connection& connection, domain::Instant now,
                                                   int limit);
// Rows that nothing refers to any more.
void forget_uploads(Connection& connection, domain::Instant now);

// Octets of all contents that are in the store. Asked while others wait at the gate, so it reads an
// index alone.
inline constexpr std::string_view kSizeOfFiles =
    "SELECT CAST(COALESCE(SUM(size), 0) AS SIGNED) FROM stored_file"
    " WHERE state IN ('waiting', 'ready')";

// Lets one transaction after the other count room and give it away.
void pass_upload_gate(Connection& connection);
// Octets: of what is in materials and of what is announced.
struct UploadUse {
  std::int64_t person = 0;
  std::int64_t owner = 0;
  std::int64_t installation = 0;
  std::int64_t still_to_come = 0;  // of other uploads, into the staging directory
};
// `except`: an upload that is not counted.
UploadUse count_upload_use(Connection& connection, std::optional<domain::PersonId> person,
                           const domain::MaterialOwner& owner, domain::UploadId except = {});

struct UploadNumbers {
  std::int64_t receiving = 0;
  std::int64_t received = 0;  // waiting to be brought to the store
  std::int64_t failing = 0;   // of them, tried in vain
};
UploadNumbers count_uploads(Connection& connection);

}  // namespace narada::storage
