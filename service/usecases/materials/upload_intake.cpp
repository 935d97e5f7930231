#include "service/usecases/materials/upload_intake.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "files/blob_store.h"
#include "service/usecases/materials/upload_records.h"
#include "service/usecases/materials/upload_room.h"
#include "service/usecases/operations.h"
#include "sql/upload_store.h"

namespace narada::usecases {
namespace {

using storage::StoredUpload;
using storage::UploadState;

// Of uploads that nobody has looked at the sender of: octets of each, and how many at once.
constexpr std::uint64_t kNewPieceLimit = std::uint64_t{16} << 20;
constexpr int kMostNewPieces = 16;
constexpr std::chrono::milliseconds kSilence{1000};

// Nothing of the piece stays, nor what a process that died had written before it.
KeptPiece refuse(StagedPiece::Taken& taken, PieceEnd end,
                 const std::optional<StoredUpload>& upload = {}, domain::FieldErrors lack = {}) {
  const auto received = upload ? static_cast<std::uint64_t>(upload->received) : taken.base;
  taken.file.truncate(std::min(taken.base, received));
  KeptPiece kept{end, std::nullopt, std::move(lack)};
  if (upload) kept.upload = record_of(*upload);
  return kept;
}

// Why a piece does not count, before anything is written about it; kept: it does.
PieceEnd judge(const StoredUpload& upload, const PieceTerms& terms,
               const StagedPiece::Taken& taken) {
  if (static_cast<std::uint64_t>(upload.received) != taken.base || terms.offset != taken.base) {
    return PieceEnd::wrong_offset;
  }
  const auto known = upload.size ? std::optional(static_cast<std::uint64_t>(*upload.size))
                                 : std::optional<std::uint64_t>();
  if (known && terms.size && *terms.size != *known) return PieceEnd::wrong_size;
  if (taken.flaw == StagedPiece::Flaw::too_long) return PieceEnd::too_long;
  if (!taken.checksum_fits) return PieceEnd::checksum;
  const auto size = known ? known : terms.size;
  return size && taken.base + taken.written > *size ? PieceEnd::too_long : PieceEnd::kept;
}

}  // namespace

UploadIntake::UploadIntake(const Environment& environment)
    : environment_(environment), thread_([this] { settle_cut_pieces(); }) {}

UploadIntake::~UploadIntake() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::shared_ptr<StagedPiece> UploadIntake::begin(std::string_view key, std::uint64_t offset,
                                                 std::optional<PieceChecksum> checksum) {
  std::optional<files::StagedFile> file;
  if (files::StagedFile::open(environment_.uploads, staged_name(key), file) !=
          files::StagedFile::Found::opened ||
      file->size() != offset) {
    return nullptr;
  }
  auto piece = std::make_shared<StagedPiece>(std::string(key), std::move(*file),
                                             environment_.materials.file, std::move(checksum));
  const std::lock_guard lock(mutex_);
  std::erase_if(writing_, [](const auto& entry) { return entry.second.expired(); });
  writing_[std::string(key)] = piece;
  return piece;
}

std::shared_ptr<StagedPiece> UploadIntake::begin_new(std::optional<PieceChecksum> checksum) {
  if (files::free_space_of(environment_.uploads) < environment_.materials.spare) return nullptr;
  if (++new_pieces_ > kMostNewPieces) {
    --new_pieces_;
    return nullptr;
  }
  try {
    auto key = make_token();
    auto file = files::StagedFile::create(environment_.uploads, staged_name(key));
    const auto limit = std::min(kNewPieceLimit, environment_.materials.file);
    return {new StagedPiece(std::move(key), std::move(file), limit, std::move(checksum)),
            [this](StagedPiece* piece) {
              delete piece;
              --new_pieces_;
            }};
  } catch (...) {
    --new_pieces_;
    throw;
  }
}

KeptPiece UploadIntake::keep(const Actor& actor, std::string_view key, const PieceTerms& terms,
                             const std::shared_ptr<StagedPiece>& piece) {
  auto taken = piece ? piece->take() : std::nullopt;
  return taken ? keep_taken(actor, key, terms, *taken) : say_why_not(actor, key, terms);
}

// While the file is ours nobody else changes the row's `received`. When the database goes away
// the file is left as it is: whether the row speaks of the octets shows when it is back, and
// find_staged_upload() cuts off what it does not speak of.
KeptPiece UploadIntake::keep_taken(const Actor& actor, std::string_view key,
                                   const PieceTerms& terms, StagedPiece::Taken& taken) {
  const auto upload = read_database(environment_, [&](storage::Connection& connection) {
    return storage::find_upload(connection, key);
  });
  if (!upload || upload->actor != actor.text()) return refuse(taken, PieceEnd::unknown);
  if (actor.read_only) return refuse(taken, PieceEnd::forbidden);
  if (is_over(*upload, environment_.clock->now())) return refuse(taken, PieceEnd::gone);
  if (const auto end = judge(*upload, terms, taken); end != PieceEnd::kept) {
    return refuse(taken, end, upload);
  }
  try {
    taken.file.sync();
  } catch (const files::NoSpace&) {
    return refuse(taken, PieceEnd::no_room, upload, {{"", "upload_no_space"}});
  }
  return save(actor, upload->id, terms, taken);
}

KeptPiece UploadIntake::save(const Actor& actor, domain::UploadId id, const PieceTerms& terms,
                             StagedPiece::Taken& taken) {
  KeptPiece kept;
  change_uploads(environment_, [&](storage::Connection& connection) {
    kept = {};
    auto upload = storage::lock_upload(connection, id);
    if (!upload || is_over(*upload, environment_.clock->now())) {
      kept.end = PieceEnd::gone;
      return;
    }
    kept.end = judge(*upload, terms, taken);
    if (kept.end != PieceEnd::kept) return;
    if (upload->state != UploadState::receiving) {  // nothing came of which nothing was missing
      kept.upload = record_of(*upload);
      return;
    }
    const bool is_new_size = !upload->size;
    const auto received = taken.base + taken.written;
    if (is_new_size) {
      const WantedRoom room{actor.person, upload->owner, std::max(terms.size.value_or(0), received),
                            received, id};
      kept.lack = find_lack_of_room(connection, environment_, domain::Language::pl, room);
      if (!kept.lack.empty()) {
        kept.end = PieceEnd::no_room;
        return;
      }
      if (terms.size) upload->size = static_cast<std::int64_t>(*terms.size);
    }
    upload->received = static_cast<std::int64_t>(received);
    const bool complete = upload->size == upload->received;
    if (complete) upload->state = UploadState::received;
    upload->expires_at = environment_.clock->now() + (complete ? kFinishedUploadLife : kUploadLife);
    storage::save_received(connection, *upload);
    kept.upload = record_of(*upload);
  });
  if (kept.end != PieceEnd::kept) {
    taken.file.truncate(taken.base);
  } else if (taken.flaw != StagedPiece::Flaw::none) {
    // What fitted stays, and the sender goes on behind it when there is room again.
    kept.end = PieceEnd::no_room;
    kept.lack = {{"", "upload_no_space"}};
  }
  return kept;
}

KeptPiece UploadIntake::say_why_not(const Actor& actor, std::string_view key,
                                    const PieceTerms& terms) {
  const auto found = find(actor, key);
  if (!found) {
    const bool was_here = std::holds_alternative<domain::Conflict>(found.failure());
    return {was_here ? PieceEnd::gone : PieceEnd::unknown};
  }
  if (actor.read_only) return {PieceEnd::forbidden};
  const bool fits = terms.offset == found->received;
  // Nothing is missing of it: the sender did not hear that.
  if (fits && found->complete) return {PieceEnd::kept, *found};
  return {fits ? PieceEnd::busy : PieceEnd::wrong_offset, *found};
}

domain::Outcome<UploadRecord> UploadIntake::find(const Actor& actor, std::string_view key) {
  auto found = find_upload(environment_, actor, key);
  if (!found || found->complete) return found;
  std::shared_ptr<StagedPiece> piece;
  {
    const std::lock_guard lock(mutex_);
    if (const auto entry = writing_.find(key); entry != writing_.end())
      piece = entry->second.lock();
  }
  if (piece == nullptr || !piece->is_silent_for(kSilence)) return found;
  auto taken = piece->take();
  if (!taken) return found;
  if (taken->has_checksum) {
    taken->file.truncate(taken->base);
    return found;
  }
  const PieceTerms terms{taken->base, std::nullopt};
  auto kept = keep_taken(actor, key, terms, *taken);
  if (kept.upload) return *kept.upload;
  return found;
}

void UploadIntake::cut(std::shared_ptr<StagedPiece> piece, const PieceTerms& terms,
                       FindActor find_actor) {
  {
    const std::lock_guard lock(mutex_);
    cut_.push_back({std::move(piece), terms, std::move(find_actor)});
  }
  wake_.notify_one();
}

void UploadIntake::drop_new(std::shared_ptr<StagedPiece> piece) {
  cut(std::move(piece), {}, nullptr);
}

void UploadIntake::settle_cut_pieces() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !cut_.empty(); });
    if (cut_.empty()) return;
    CutPiece cut = std::move(cut_.front());
    cut_.pop_front();
    lock.unlock();
    settle(cut);
    cut = {};
    lock.lock();
  }
}

void UploadIntake::settle(const CutPiece& cut) noexcept {
  try {
    auto taken = cut.piece->take();
    if (!taken) return;
    if (cut.find_actor == nullptr) return taken->file.remove();
    const auto actor = cut.find_actor();
    // Half of what a checksum is about cannot be checked.
    if (!actor || taken->has_checksum) return taken->file.truncate(taken->base);
    keep_taken(*actor, cut.piece->key(), cut.terms, *taken);
  } catch (const std::exception&) {
    // What nobody was told of is cut off when the upload is next looked at.
  }
}

}  // namespace narada::usecases
