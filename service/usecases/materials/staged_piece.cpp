#include "service/usecases/materials/staged_piece.h"

#include <algorithm>
#include <utility>

#include "files/blob_store.h"

namespace narada::usecases {

std::optional<PieceChecksum> PieceChecksum::begin(std::string_view algorithm,
                                                  std::string expected) {
  auto sum = files::Checksum::begin(algorithm);
  if (!sum) return std::nullopt;
  return PieceChecksum{std::move(*sum), std::move(expected)};
}

StagedPiece::StagedPiece(std::string key, files::StagedFile file, std::uint64_t limit,
                         std::optional<PieceChecksum> checksum)
    : key_(std::move(key)),
      file_(std::move(file)),
      base_(file_->size()),
      limit_(limit),
      checksum_(std::move(checksum)) {}

std::size_t StagedPiece::room_for(std::size_t size) {
  const std::uint64_t used = base_ + written_;
  const std::uint64_t room = limit_ > used ? limit_ - used : 0;
  if (size <= room) return size;
  flaw_ = Flaw::too_long;
  return static_cast<std::size_t>(room);
}

bool StagedPiece::write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (!file_) return false;
  last_write_ = Clock::now();
  if (checksum_) checksum_->sum.add(bytes);
  if (flaw_ != Flaw::none) return true;  // the rest is read and dropped
  const auto wanted = bytes.substr(0, room_for(bytes.size()));
  try {
    const auto written = file_->write(wanted, base_ + written_);
    written_ += written;
    if (written < wanted.size()) flaw_ = Flaw::no_space;
  } catch (const files::BlobStoreError&) {
    flaw_ = Flaw::broken;
  }
  return true;
}

bool StagedPiece::is_silent_for(std::chrono::milliseconds time) const {
  const std::lock_guard lock(mutex_);
  return Clock::now() - last_write_ >= time;
}

bool StagedPiece::has_flaw() const {
  const std::lock_guard lock(mutex_);
  return flaw_ != Flaw::none;
}

std::optional<StagedPiece::Taken> StagedPiece::take() {
  const std::lock_guard lock(mutex_);
  if (!file_) return std::nullopt;
  Taken taken{std::move(*file_), base_, written_, flaw_, checksum_.has_value(), true};
  file_.reset();
  if (checksum_) taken.checksum_fits = checksum_->sum.finish() == checksum_->expected;
  return taken;
}

}  // namespace narada::usecases
