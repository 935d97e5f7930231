#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "files/checksum.h"
#include "files/staged_file.h"

namespace narada::usecases {

// What a sender says that the octets of one request add up to.
struct PieceChecksum {
  // Absent for an algorithm that is not known.
  static std::optional<PieceChecksum> begin(std::string_view algorithm, std::string expected);

  files::Checksum sum;
  std::string expected;  // octets
};

// The octets of one request on their way into the file of an upload, which is theirs alone until
// the piece is taken or dropped. Thread-safe.
class StagedPiece {
 public:
  using Clock = std::chrono::steady_clock;

  // Writes behind what the file of the upload with that key holds, no further than `limit` octets
  // of the whole.
  StagedPiece(std::string key, files::StagedFile file, std::uint64_t limit,
              std::optional<PieceChecksum> checksum);

  const std::string& key() const { return key_; }

  // Never blocks for long. False: somebody has taken the file away, so that nothing more counts.
  bool write(std::string_view bytes);
  bool is_silent_for(std::chrono::milliseconds time) const;
  bool has_flaw() const;

  enum class Flaw { none, too_long, no_space, broken };
  // Once; absent afterwards.
  struct Taken {
    files::StagedFile file;
    std::uint64_t base = 0;     // octets before the piece
    std::uint64_t written = 0;  // octets of the piece that are in the file
    Flaw flaw = Flaw::none;     // why what followed is not there
    bool has_checksum = false;
    bool checksum_fits = true;
  };
  std::optional<Taken> take();

 private:
  std::size_t room_for(std::size_t size);

  const std::string key_;
  mutable std::mutex mutex_;
  std::optional<files::StagedFile> file_;
  const std::uint64_t base_;
  const std::uint64_t limit_;
  std::optional<PieceChecksum> checksum_;
  std::uint64_t written_ = 0;
  Flaw flaw_ = Flaw::none;
  Clock::time_point last_write_ = Clock::now();
};

}  // namespace narada::usecases
