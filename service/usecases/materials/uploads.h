#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

// Files on their way here, piece by piece (tus 1.0.0) or whole with a plain form. Each has an
// address with a key that nobody guesses, of which the database keeps a digest; and only who began
// an upload goes on with it: for others it is not there. A material is made of a finished one by
// its key.
namespace narada::usecases {

// One that nobody goes on with is deleted after so long; what has come into no material too.
inline constexpr std::chrono::days kUploadLife{7};
inline constexpr std::chrono::days kFinishedUploadLife{30};

struct NewUpload {
  domain::MaterialOwner owner;
  std::string file_name;              // as sent; only its harmless part is kept
  std::optional<std::uint64_t> size;  // octets; absent: will be said later
  std::string metadata = {};          // Upload-Metadata as sent, which is given back
};

struct UploadRecord {
  domain::UploadId id;
  domain::MaterialOwner owner;
  std::string file_name;
  std::optional<std::uint64_t> size;  // octets; absent: not said yet
  std::uint64_t received = 0;         // octets that are here and stay
  bool complete = false;
  bool taken = false;  // into a material
  std::string metadata;
  domain::Instant expires_at{};
};
struct CreatedUpload {
  std::string key;  // of its address; told once
  UploadRecord upload;
};

class StagedPiece;

// By who may bring materials there (Action::add_material). `first`: octets that came along, or
// null; they must be a piece that UploadIntake::begin_new gave. FieldErrors without a field:
// "upload_too_large" {max}, "upload_quota_person", "upload_quota_owner",
// "upload_quota_installation" {left}, "upload_no_space", "upload_checksum", "upload_too_long".
// Writes activity upload.begun.
domain::Outcome<CreatedUpload> create_upload(const Environment&, const Call&, const NewUpload&,
                                             std::shared_ptr<StagedPiece> first = nullptr);
// Of the actor; NotFound for another's, Conflict "upload_gone" for one that was here. What a
// process that died left unfinished in its file is cut off.
domain::Outcome<UploadRecord> find_upload(const Environment&, const Actor&, std::string_view key);
// Takes it back, with what came. Conflict "upload_gone", "upload_taken", and "upload_busy" while
// octets arrive or are being brought to the store. Writes activity upload.ended.
domain::Outcome<domain::UploadId> end_upload(const Environment&, const Call&, std::string_view key);
// Those for that owner that can still become part of a material; the oldest first.
std::vector<UploadRecord> list_own_uploads(const Environment&, const Actor&,
                                           const domain::MaterialOwner&);

// A file that comes whole with a form, while it comes. One thread at a time; any may destroy it,
// and then its octets are gone unless upload_bytes() has taken them. Never blocks for long.
class FormFile {
 public:
  // Null when there is no room, or when too many come at once.
  static std::unique_ptr<FormFile> begin(const Environment&);
  virtual ~FormFile() = default;
  // False: no more than MaterialLimits::form, or the disk is full; what follows is not looked at.
  virtual bool write(std::string_view bytes) = 0;
  virtual std::uint64_t size() const = 0;  // octets that came, also those that were not kept
};
// Makes an upload of it, as create_upload does; complete at once. Further FieldErrors:
// "upload_too_large" for one beyond MaterialLimits::form, "upload_no_space" for none (null).
domain::Outcome<CreatedUpload> upload_bytes(const Environment&, const Call&, const NewUpload&,
                                            std::unique_ptr<FormFile>);

}  // namespace narada::usecases
