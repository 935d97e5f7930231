#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files/aws_signature.h"
#include "files/blob_store.h"

namespace narada::files {

struct S3Options {
  std::string endpoint;  // "https://host[:port]"; empty: that of AWS in the region of the key
  std::string bucket;
  AwsKey key;
  // Of signatures; the real one, for the store compares it with its own.
  std::function<domain::Instant()> now = {};
  std::chrono::milliseconds first_pause{200};  // before a second try; then twice as long each time
  std::chrono::seconds connect_time{5};
  std::chrono::seconds silent_time{30};  // a transfer slower than a KiB a second is given up
};

struct S3Request {
  std::string method;  // GET, HEAD, PUT, POST, DELETE
  std::string key;     // of the object; empty: of the bucket itself
  std::vector<std::pair<std::string, std::string>> query = {};
  std::string body = {};  // or a piece of a file:
  struct Piece {
    int descriptor = -1;
    std::uint64_t offset = 0, length = 0;
    std::string sha256 = {};
  };
  std::optional<Piece> piece = {};
  // Of a GET: no more than this part, of at least one octet.
  struct Range {
    std::uint64_t offset = 0, length = 0;
  };
  std::optional<Range> range = {};
  // Takes the body of a successful answer, from the first octet again when the request is repeated.
  std::function<void(std::uint64_t offset, std::string_view bytes)> sink = {};
};

struct S3Reply {
  long status = 0;
  std::string body;  // without a sink, or of a failure; bounded
  std::string etag;
  std::optional<std::uint64_t> length;
  std::optional<domain::Instant> modified_at;
};

// Signed requests to one bucket, by path (https://host/bucket/key), over connections that are kept.
// Thread-safe.
class S3Client {
 public:
  // Throws std::invalid_argument for an endpoint that is no address of a server.
  explicit S3Client(S3Options options);
  ~S3Client();
  S3Client(const S3Client&) = delete;
  S3Client& operator=(const S3Client&) = delete;

  // Tries up to five times while the store is away or says that it is busy. 404 is an answer, as is
  // 416 where a range was asked for; what else is refused throws BlobStoreError, in one line
  // without a secret; so does what sink throws, as it is.
  S3Reply send(const S3Request& request);
  // An address that anybody may GET for `lifetime`.
  std::string presign(const std::string& key,
                      std::vector<std::pair<std::string, std::string>> query,
                      std::chrono::seconds lifetime) const;
  std::string description() const;  // "s3://bucket at host"

 private:
  struct Handles;
  struct Transfer;

  S3Reply try_once(const S3Request& request, std::string& fault);
  RequestToSign to_sign(const S3Request& request) const;
  domain::Instant now() const;

  const S3Options options_;
  std::string host_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace narada::files
