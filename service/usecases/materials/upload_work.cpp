#include "service/usecases/materials/upload_work.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "files/blob_store.h"
#include "files/digest.h"
#include "files/staged_file.h"
#include "service/usecases/materials/upload_records.h"
#include "service/usecases/operations.h"
#include "sql/upload_store.h"

namespace narada::usecases {
namespace {

using storage::StoredUpload;
using storage::UploadState;

constexpr int kBatch = 20;
constexpr std::int64_t kOrphanAge = 3600;  // seconds; a row is made right after its file
constexpr std::chrono::hours kLeftoverAge{24};
constexpr std::chrono::seconds kFirstPause{5};
constexpr std::chrono::seconds kLongestPause{600};

std::chrono::seconds pause_after(int tries) {
  return std::min(kLongestPause, kFirstPause * (1 << std::min(tries, 10)));
}

std::optional<StoredUpload> find(const Environment& environment, domain::UploadId id) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_upload(connection, id);
  });
}

void note_stored(const Environment& environment, domain::UploadId id,
                 const domain::ContentDigest& digest) {
  change_uploads(environment, [&](storage::Connection& connection) {
    const auto upload = storage::lock_upload(connection, id);
    if (!upload || upload->state != UploadState::received) return;
    storage::save_stored(connection, *upload, digest, environment.clock->now());
  });
}

// The digest is in the row before the store may move the file away: whoever goes on after a crash
// knows what to look for there.
domain::ContentDigest find_digest(const Environment& environment, const StoredUpload& upload,
                                  const files::StagedFile& file) {
  if (!upload.digest.hex.empty()) return upload.digest;
  const auto digest = files::digest_of(file.path());
  change_uploads(environment, [&](storage::Connection& connection) {
    storage::save_upload_digest(connection, upload.id, digest);
  });
  return digest;
}

// The file is ours.
void store_file(const Environment& environment, const StoredUpload& upload,
                files::StagedFile& file) {
  const auto digest = find_digest(environment, upload, file);
  // Also what was refused before: it is looked into once more, and then its bringer is told.
  environment.blobs->put(digest, file.path());
  note_stored(environment, upload.id, digest);
  file.remove();
}

enum class Done { stored, busy, lost };

Done store_upload(const Environment& environment, domain::UploadId id) {
  auto upload = find(environment, id);
  if (!upload || upload->state != UploadState::received) return Done::busy;
  std::optional<files::StagedFile> file;
  const auto found = files::StagedFile::open(environment.uploads, upload->staged_name, file);
  if (found == files::StagedFile::Found::locked) return Done::busy;
  upload = find(environment, id);  // before the file was ours somebody else may have done it
  if (!upload || upload->state != UploadState::received) return Done::busy;
  const auto received = static_cast<std::uint64_t>(upload->received);
  // What came behind the end, and was never acknowledged, from a process that then died.
  if (file && file->size() > received) file->truncate(received);
  if (file && file->size() == received) {
    store_file(environment, *upload, *file);
    return Done::stored;
  }
  // Moved into the store by a process that then died.
  if (!file && !upload->digest.hex.empty() && environment.blobs->holds(upload->digest)) {
    note_stored(environment, id, upload->digest);
    return Done::stored;
  }
  return Done::lost;
}

void try_later(const Environment& environment, domain::UploadId id) {
  change_uploads(environment, [&](storage::Connection& connection) {
    const auto upload = storage::lock_upload(connection, id);
    if (!upload) return;
    storage::save_failed_try(connection, id, environment.clock->now() + pause_after(upload->tries));
  });
}

bool store_or_report(const Environment& environment, domain::UploadId id,
                     const std::function<void(std::string_view)>& report) {
  const std::string name = "upload " + std::to_string(id.value) + ": ";
  try {
    const auto done = store_upload(environment, id);
    if (done == Done::lost) report(name + "its file is not there");
    if (done != Done::lost) return done == Done::stored;
  } catch (const files::BlobStoreError& error) {
    report(name + error.what());
  } catch (const std::system_error& error) {  // it cannot be read
    report(name + error.what());
  }
  try_later(environment, id);
  return false;
}

// Whoever has its file goes first.
void expire(const Environment& environment, domain::UploadId id) {
  const auto upload = find(environment, id);
  if (!upload) return;
  std::optional<files::StagedFile> file;
  if (files::StagedFile::open(environment.uploads, upload->staged_name, file) ==
      files::StagedFile::Found::locked) {
    return;
  }
  bool gone = false;
  change_uploads(environment, [&](storage::Connection& connection) {
    const auto now = environment.clock->now();
    const auto locked = storage::lock_upload(connection, id);
    gone =
        locked && !locked->taken && locked->expires_at <= now && locked->state != UploadState::gone;
    if (gone) storage::save_gone(connection, id, now + kUploadLife);
  });
  if (gone && file) file->remove();
}

void remove_orphan(const Environment& environment, const std::string& name) {
  std::optional<files::StagedFile> file;
  if (files::StagedFile::open(environment.uploads, name, file) !=
      files::StagedFile::Found::opened) {
    return;
  }
  const bool staged = read_database(environment, [&](storage::Connection& connection) {
    return storage::is_staged(connection, name);
  });
  if (!staged) file->remove();
}

// Uploads have names of their own, and go with their rows.
template <class IsLeftover>
void remove_old(const std::filesystem::path& directory, const IsLeftover& is_leftover) {
  std::error_code error;
  const auto before = std::filesystem::file_time_type::clock::now() - kLeftoverAge;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const bool is_file = entry.symlink_status(error).type() == std::filesystem::file_type::regular;
    if (!is_file || !is_leftover(entry.path().filename().string())) continue;
    const auto written = entry.last_write_time(error);
    if (!error && written < before) std::filesystem::remove(entry.path(), error);
  }
}

template <class Visit>
void each_staged_row(const Environment& environment, const Visit& visit) {
  for (domain::UploadId after{};;) {
    const auto uploads = read_database(environment, [&](storage::Connection& connection) {
      return storage::list_staged(connection, after, kBatch);
    });
    for (const auto& upload : uploads) visit(upload);
    if (uploads.size() < kBatch) return;
    after = uploads.back().id;
  }
}

}  // namespace

void reconcile_uploads(const Environment& environment) {
  each_staged_row(environment, [&](const StoredUpload& upload) {
    if (upload.state == UploadState::receiving) find_staged_upload(environment, upload);
  });
}

bool store_received_uploads(const Environment& environment,
                            const std::function<void(std::string_view)>& report,
                            const std::stop_token& stopping) {
  const auto due = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_due_uploads(connection, environment.clock->now(), kBatch);
  });
  bool any = false;
  for (const auto id : due) {
    if (stopping.stop_requested()) return false;
    any = store_or_report(environment, id, report) || any;
  }
  return any;
}

void expire_uploads(const Environment& environment, const std::stop_token& stopping) {
  const auto expired = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_expired_uploads(connection, environment.clock->now(), 500);
  });
  for (const auto id : expired) {
    if (stopping.stop_requested()) return;
    expire(environment, id);
  }
  files::each_staged_file(environment.uploads, [&](const std::string& name, std::int64_t age) {
    if (age > kOrphanAge && !stopping.stop_requested()) remove_orphan(environment, name);
  });
  change_uploads(environment, [&](storage::Connection& connection) {
    storage::forget_uploads(connection, environment.clock->now());
  });
}

void remove_leftovers(const Environment& environment, const std::filesystem::path& scratch) {
  remove_old(environment.uploads, [](const std::string& name) {
    return name.starts_with('.') || name.starts_with("photo-");
  });
  remove_old(scratch, [](const std::string&) { return true; });
}

UploadStandings load_upload_standings(const Environment& environment) {
  const auto numbers = read_database(environment, [](storage::Connection& connection) {
    return storage::count_uploads(connection);
  });
  return {numbers.receiving, numbers.received, numbers.failing};
}

}  // namespace narada::usecases
