#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "service/usecases/materials/staged_piece.h"
#include "service/usecases/materials/uploads.h"

namespace narada::usecases {

// What a request that brings octets says of them.
struct PieceTerms {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;  // of the whole, where it was not said at the beginning
};

enum class PieceEnd {
  kept,
  unknown,       // no upload of this actor
  forbidden,     // a token that may only read
  gone,          // it was here
  busy,          // another request writes to it, or it is being brought to the store
  wrong_offset,  // the record says where to go on
  wrong_size,    // another length of the whole than before
  too_long,      // more than the length of the whole
  checksum,      // not what was sent; nothing of the piece stays
  no_room,       // see lack
};
struct KeptPiece {
  PieceEnd end = PieceEnd::unknown;
  std::optional<UploadRecord> upload = {};  // as it stands now, of the actor alone
  domain::FieldErrors lack = {};            // as create_upload()
};

// Takes the octets that requests bring to this process. They are written where they belong as they
// come, before anybody has asked the database who sends them; what does not count after all is cut
// off again, and until then the file is nobody else's. What came before a line broke stays.
class UploadIntake {
 public:
  // Asks the database who sends a request; absent: nobody. May throw Unavailable.
  using FindActor = std::function<std::optional<Actor>()>;

  explicit UploadIntake(const Environment& environment);
  ~UploadIntake();  // settles what was cut
  UploadIntake(const UploadIntake&) = delete;
  UploadIntake& operator=(const UploadIntake&) = delete;

  // Any thread, without waiting. Null when there is no such file, when somebody has it, or when it
  // does not end at the offset: keep() says which.
  std::shared_ptr<StagedPiece> begin(std::string_view key, std::uint64_t offset,
                                     std::optional<PieceChecksum> checksum);
  // The first octets of an upload that create_upload() is about to make, as many as are taken from
  // somebody whom nobody has looked at. Null when there is no room for them.
  std::shared_ptr<StagedPiece> begin_new(std::optional<PieceChecksum> checksum);

  // All octets of the request are here; `piece` may be null. May wait for the disk.
  KeptPiece keep(const Actor& actor, std::string_view key, const PieceTerms& terms,
                 const std::shared_ptr<StagedPiece>& piece);
  // The request was cut, or its client has gone: settled in a thread of its own.
  void cut(std::shared_ptr<StagedPiece> piece, const PieceTerms& terms, FindActor find_actor);
  void drop_new(std::shared_ptr<StagedPiece> piece);
  // As find_upload(); a request that has been silent for a second makes way for its owner.
  domain::Outcome<UploadRecord> find(const Actor& actor, std::string_view key);

 private:
  struct CutPiece {
    std::shared_ptr<StagedPiece> piece;
    PieceTerms terms;
    FindActor find_actor;
  };

  void settle_cut_pieces();
  void settle(const CutPiece& cut) noexcept;
  KeptPiece keep_taken(const Actor& actor, std::string_view key, const PieceTerms& terms,
                       StagedPiece::Taken& taken);
  KeptPiece say_why_not(const Actor& actor, std::string_view key, const PieceTerms& terms);
  KeptPiece save(const Actor& actor, domain::UploadId id, const PieceTerms& terms,
                 StagedPiece::Taken& taken);

  const Environment& environment_;
  std::atomic<int> new_pieces_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, std::weak_ptr<StagedPiece>, std::less<>> writing_;  // by key
  std::deque<CutPiece> cut_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace narada::usecases
