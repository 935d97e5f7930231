#include "service/usecases/materials/upload_records.h"

#include <fmt/format.h>

#include <utility>

#include "service/usecases/operations.h"

namespace narada::usecases {
namespace {

// Its octets are not where they were: whoever sends it begins anew.
void give_up(const Environment& environment, domain::UploadId id) {
  const auto forget_at = environment.clock->now() + kUploadLife;
  change_uploads(environment, [&](storage::Connection& connection) {
    const auto upload = storage::lock_upload(connection, id);
    if (upload && upload->state == storage::UploadState::receiving) {
      storage::save_gone(connection, id, forget_at);
    }
  });
}

}  // namespace

std::string staged_name(std::string_view key) {
  std::string name;
  for (const unsigned char byte : hash_token(key)) name += fmt::format("{:02x}", byte);
  return name;
}

UploadRecord record_of(const storage::StoredUpload& stored) {
  UploadRecord record;
  record.id = stored.id;
  record.owner = stored.owner;
  record.file_name = stored.file_name;
  if (stored.size) record.size = static_cast<std::uint64_t>(*stored.size);
  record.received = static_cast<std::uint64_t>(stored.received);
  record.complete = stored.state == storage::UploadState::received ||
                    stored.state == storage::UploadState::stored;
  record.taken = stored.taken;
  record.metadata = stored.metadata;
  record.expires_at = stored.expires_at;
  return record;
}

bool is_over(const storage::StoredUpload& upload, domain::Instant now) {
  return upload.state == storage::UploadState::gone || (!upload.taken && upload.expires_at <= now);
}

std::optional<StagedUpload> find_staged_upload(const Environment& environment,
                                               const storage::StoredUpload& known) {
  StagedUpload staged{known, std::nullopt};
  const auto found = files::StagedFile::open(environment.uploads, known.staged_name, staged.file);
  if (found == files::StagedFile::Found::locked) return staged;
  // It may have grown before the file was ours.
  const auto now = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_upload(connection, known.id);
  });
  if (now) staged.upload = *now;
  if (!now || staged.upload.state != storage::UploadState::receiving) return staged;
  if (found == files::StagedFile::Found::absent && staged.upload.received == 0) {
    staged.file.emplace(files::StagedFile::create(environment.uploads, known.staged_name));
    return staged;
  }
  const auto received = static_cast<std::uint64_t>(staged.upload.received);
  if (!staged.file || staged.file->size() < received) {
    give_up(environment, known.id);
    return std::nullopt;
  }
  if (staged.file->size() > received) staged.file->truncate(received);
  return staged;
}

}  // namespace narada::usecases
