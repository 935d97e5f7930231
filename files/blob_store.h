#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "service/domain/content_digest.h"
#include "service/domain/time.h"

// Where the contents of files are kept, each under the SHA-256 of what it holds: the same content
// is there once, however many name it. Nothing of a path comes from who sent the file.
namespace narada::files {

// The store cannot be reached or refuses; the caller tries again later.
class BlobStoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
// Nothing fits any more.
class NoSpace : public BlobStoreError {
 public:
  using BlobStoreError::BlobStoreError;
};

struct OpenBlob {
  std::shared_ptr<int> descriptor;  // read-only; closed with the last copy
  std::uint64_t size = 0;           // octets
};

struct OpenPart {
  std::shared_ptr<int> descriptor;  // as above
  std::uint64_t begin = 0;          // where in it the part begins
};

struct StoredBlob {
  domain::ContentDigest digest;
  std::uint64_t size = 0;
  domain::Instant modified_at{};
};

// What a download is called and how it is to be treated (RFC 6266, RFC 9110).
struct DownloadHeaders {
  std::string content_type;
  std::string content_disposition;
};

// Thread-safe.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Keeps the content of `file`, whose SHA-256 is `digest`; durable when it returns. The file may
  // be moved away. What is there already stays unless it is damaged, and counts as put now. Throws
  // NoSpace, BlobStoreError.
  virtual void put(const domain::ContentDigest& digest, const std::filesystem::path& file) = 0;
  // For reading from this machine; a distant content is fetched to a file that vanishes with the
  // descriptor. Absent: not there. Throws BlobStoreError.
  virtual std::optional<OpenBlob> open(const domain::ContentDigest& digest) = 0;
  // Whether open() fetches from elsewhere, so that it pays to ask for no more than is needed.
  virtual bool is_distant() const { return false; }
  // `length` octets of it, at least one, from `offset` on, alone in what is opened where the store
  // is distant; otherwise as open(). Absent: not there, or shorter than that.
  virtual std::optional<OpenPart> open_part(const domain::ContentDigest& digest,
                                            std::uint64_t offset, std::uint64_t length) {
    auto blob = open(digest);
    if (!blob || offset > blob->size || length > blob->size - offset) return std::nullopt;
    return OpenPart{std::move(blob->descriptor), offset};
  }
  virtual bool holds(const domain::ContentDigest& digest) = 0;
  // Twice is once.
  virtual void remove(const domain::ContentDigest& digest) = 0;
  // Unless somebody put it, also once more, at `time` or later. False: it stays.
  virtual bool remove_unless_put_since(const domain::ContentDigest& digest,
                                       domain::Instant time) = 0;
  // Every content, in no order.
  virtual void each(const std::function<void(const StoredBlob&)>& visit) = 0;
  // An address at which a browser gets the content itself for `lifetime`; absent: open() it.
  virtual std::optional<std::string> download_url(const domain::ContentDigest& digest,
                                                  const DownloadHeaders& headers,
                                                  std::chrono::seconds lifetime) = 0;
  // Octets that still fit; absent: not known.
  virtual std::optional<std::uint64_t> free_space() = 0;
  // Where it is, in one line for whoever runs it; without a secret.
  virtual std::string description() const = 0;
};

}  // namespace narada::files
