#include "service/usecases/materials/uploads.h"

#include <atomic>
#include <utility>

#include "files/blob_store.h"
#include "files/staged_file.h"
#include "service/domain/file_name.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/materials/staged_piece.h"
#include "service/usecases/materials/upload_records.h"
#include "service/usecases/materials/upload_room.h"
#include "service/usecases/operations.h"
#include "sql/upload_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using storage::UploadState;

// What is on its way from forms whose sender nobody has looked at yet.
constexpr int kMostFormFiles = 32;
constexpr std::size_t kLongestMetadata = 4000;  // octets

const domain::FieldErrors kNoSpace{{"", "upload_no_space"}};

// A file and what of it is there, before it has a row.
struct Arrival {
  std::string key;
  files::StagedFile file;
  std::uint64_t received = 0;  // octets
};

std::string_view nameless(domain::Language language) {
  return language == domain::Language::pl ? "plik" : "file";
}

storage::NewUploadRow row_of(const Environment& environment, const Call& call,
                             const NewUpload& wanted, const Arrival& arrival) {
  storage::NewUploadRow row;
  row.key = arrival.key;
  row.actor = call.actor.text();
  row.person = call.actor.person;
  row.owner = wanted.owner;
  row.file_name = domain::shown_file_name(wanted.file_name, nameless(call.language));
  if (wanted.size) row.size = static_cast<std::int64_t>(*wanted.size);
  row.received = static_cast<std::int64_t>(arrival.received);
  row.metadata = wanted.metadata;
  row.created_at = environment.clock->now();
  const bool complete = row.size == row.received;
  row.state = complete ? UploadState::received : UploadState::receiving;
  row.expires_at = row.created_at + (complete ? kFinishedUploadLife : kUploadLife);
  return row;
}

Outcome<std::string> insert(storage::Connection& connection, const Environment& environment,
                            const Call& call, const NewUpload& wanted, const Arrival& arrival) {
  const auto desk = MaterialDesk::open(connection, environment, call.actor, wanted.owner);
  if (!desk) return desk.failure();
  if (!desk->may_add()) return domain::Forbidden{};
  if (!desk->organizes() && desk->is_closed()) return domain::Conflict{"materials_closed"};
  if (wanted.size && arrival.received > *wanted.size) {
    return domain::FieldErrors{{"", "upload_too_long"}};
  }
  const WantedRoom room{call.actor.person, wanted.owner, wanted.size.value_or(arrival.received),
                        arrival.received};
  auto lack = find_lack_of_room(connection, environment, call.language, room);
  if (!lack.empty()) return lack;
  const auto id = storage::insert_upload(connection, row_of(environment, call, wanted, arrival));
  record_activity(connection, environment, call, "upload.begun", "upload", id.value,
                  meeting_of(wanted.owner));
  return arrival.key;
}

// The file is durable before the row that speaks of it.
Outcome<CreatedUpload> save_new(const Environment& environment, const Call& call,
                                const NewUpload& wanted, Arrival& arrival) {
  arrival.file.sync();
  arrival.file.sync_name();
  const auto same = [](const std::string& key) { return key; };
  auto outcome = run_once<std::string>(
      environment, call, "create_upload",
      [&](storage::Connection& connection) {
        return insert(connection, environment, call, wanted, arrival);
      },
      same, same);
  // Refused, or the same request came before and has a file already.
  if (!outcome || *outcome != arrival.key) arrival.file.remove();
  if (!outcome) return outcome.failure();
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_upload(connection, *outcome);
  });
  if (!stored) return domain::Conflict{"upload_gone"};
  return CreatedUpload{*outcome, record_of(*stored)};
}

Arrival new_arrival(const Environment& environment) {
  auto key = make_token();
  auto file = files::StagedFile::create(environment.uploads, staged_name(key));
  return {std::move(key), std::move(file), 0};
}

domain::FieldErrors find_flaw(const StagedPiece::Taken& piece) {
  if (!piece.checksum_fits) return {{"", "upload_checksum"}};
  const bool stopped =
      piece.flaw == StagedPiece::Flaw::no_space || piece.flaw == StagedPiece::Flaw::broken;
  return stopped ? kNoSpace : domain::FieldErrors{};
}

class StagedFormFile final : public FormFile {
 public:
  StagedFormFile(const Environment& environment, Arrival arrival)
      : piece_(std::make_shared<StagedPiece>(arrival.key, std::move(arrival.file),
                                             environment.materials.form, std::nullopt)) {}
  ~StagedFormFile() override {
    --under_way();
    try {
      if (auto piece = piece_->take()) piece->file.remove();
    } catch (const files::BlobStoreError&) {  // the clean-up finds it
    }
  }
  StagedFormFile(const StagedFormFile&) = delete;
  StagedFormFile& operator=(const StagedFormFile&) = delete;

  bool write(std::string_view bytes) override {
    size_ += bytes.size();
    if (stopped_) return false;
    piece_->write(bytes);
    stopped_ = piece_->has_flaw();
    return !stopped_;
  }
  std::uint64_t size() const override { return size_; }

  StagedPiece& piece() { return *piece_; }
  static std::atomic<int>& under_way() {
    static std::atomic<int> number = 0;
    return number;
  }

 private:
  std::shared_ptr<StagedPiece> piece_;
  std::uint64_t size_ = 0;
  bool stopped_ = false;
};

Outcome<storage::StoredUpload> lock_own(storage::Connection& connection, const Actor& actor,
                                        std::string_view key) {
  auto upload = storage::lock_upload(connection, key);
  if (!upload || upload->actor != actor.text()) return domain::NotFound{};
  return std::move(*upload);
}

Outcome<domain::UploadId> end_locked(storage::Connection& connection,
                                     const Environment& environment, const Call& call,
                                     std::string_view key) {
  const auto upload = lock_own(connection, call.actor, key);
  if (!upload) return upload.failure();
  if (upload->taken) return domain::Conflict{"upload_taken"};
  if (is_over(*upload, environment.clock->now())) return domain::Conflict{"upload_gone"};
  storage::save_gone(connection, upload->id, environment.clock->now() + kUploadLife);
  record_activity(connection, environment, call, "upload.ended", "upload", upload->id.value,
                  meeting_of(upload->owner));
  return upload->id;
}

}  // namespace

Outcome<CreatedUpload> create_upload(const Environment& environment, const Call& call,
                                     const NewUpload& wanted, std::shared_ptr<StagedPiece> first) {
  if (wanted.metadata.size() > kLongestMetadata) {
    return domain::FieldErrors{{"", "too_long", {{"max", std::to_string(kLongestMetadata)}}}};
  }
  try {
    if (first == nullptr) {
      auto arrival = new_arrival(environment);
      return save_new(environment, call, wanted, arrival);
    }
    auto piece = first->take();
    if (!piece) return domain::Conflict{"upload_gone"};
    if (auto flaw = find_flaw(*piece); !flaw.empty()) {
      piece->file.remove();
      return flaw;
    }
    Arrival arrival{first->key(), std::move(piece->file), piece->written};
    return save_new(environment, call, wanted, arrival);
  } catch (const files::NoSpace&) {
    return kNoSpace;
  }
}

Outcome<UploadRecord> find_upload(const Environment& environment, const Actor& actor,
                                  std::string_view key) {
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_upload(connection, key);
  });
  if (!stored || stored->actor != actor.text()) return domain::NotFound{};
  if (is_over(*stored, environment.clock->now())) return domain::Conflict{"upload_gone"};
  if (stored->state != UploadState::receiving) return record_of(*stored);
  const auto staged = find_staged_upload(environment, *stored);
  if (!staged || is_over(staged->upload, environment.clock->now())) {
    return domain::Conflict{"upload_gone"};
  }
  return record_of(staged->upload);
}

Outcome<domain::UploadId> end_upload(const Environment& environment, const Call& call,
                                     std::string_view key) {
  if (call.actor.read_only) return domain::Forbidden{};
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_upload(connection, key);
  });
  if (!stored || stored->actor != call.actor.text()) return domain::NotFound{};
  std::optional<files::StagedFile> file;
  const auto found = files::StagedFile::open(environment.uploads, staged_name(key), file);
  if (found == files::StagedFile::Found::locked) return domain::Conflict{"upload_busy"};
  auto outcome = run_once_for_id<domain::UploadId>(
      environment, call, "end_upload", [&](storage::Connection& connection) {
        return end_locked(connection, environment, call, key);
      });
  if (outcome.ok() && file) file->remove();
  return outcome;
}

std::vector<UploadRecord> list_own_uploads(const Environment& environment, const Actor& actor,
                                           const domain::MaterialOwner& owner) {
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<UploadRecord> records;
    for (const auto& upload :
         storage::list_open_uploads(connection, actor.text(), owner, environment.clock->now())) {
      records.push_back(record_of(upload));
    }
    return records;
  });
}

std::unique_ptr<FormFile> FormFile::begin(const Environment& environment) {
  if (++StagedFormFile::under_way() > kMostFormFiles) {
    --StagedFormFile::under_way();
    return nullptr;
  }
  try {
    if (files::free_space_of(environment.uploads) > environment.materials.spare) {
      return std::make_unique<StagedFormFile>(environment, new_arrival(environment));
    }
  } catch (const files::BlobStoreError&) {  // no room, which the caller says
  }
  --StagedFormFile::under_way();
  return nullptr;
}

Outcome<CreatedUpload> upload_bytes(const Environment& environment, const Call& call,
                                    const NewUpload& wanted, std::unique_ptr<FormFile> file) {
  if (file == nullptr) return kNoSpace;
  if (file->size() > environment.materials.form) {
    return too_large(environment.materials.form, call.language);
  }
  auto& piece = static_cast<StagedFormFile&>(*file).piece();
  auto taken = piece.take();
  if (!taken) return domain::Conflict{"upload_gone"};
  if (taken->flaw != StagedPiece::Flaw::none) {
    taken->file.remove();
    return kNoSpace;
  }
  NewUpload whole = wanted;
  whole.size = taken->written;
  Arrival arrival{piece.key(), std::move(taken->file), taken->written};
  try {
    return save_new(environment, call, whole, arrival);
  } catch (const files::NoSpace&) {
    arrival.file.remove();
    return kNoSpace;
  }
}

}  // namespace narada::usecases
