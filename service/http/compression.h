#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/message.h"

namespace narada::http {

// The gzip form (RFC 1952) of some bytes; the same bytes always give the same form.
std::string gzip(std::string_view bytes);
// Whether Accept-Encoding lets us send gzip: named or "*", and not with q=0.
bool accepts_gzip(std::string_view accept_encoding);

// Sends text of more than a kilobyte as gzip where the client takes it. Bodies that several
// responses share (static files, feeds) are compressed once and kept as long as somebody holds the
// original. Thread-safe.
class Compressor {
 public:
  // Touches only whole bodies in memory that are worth it, and Vary of all that could have been.
  void compress(const Request& request, Response& response);

 private:
  using Shared = std::shared_ptr<const std::string>;
  Shared compressed(const Shared& original);

  std::mutex mutex_;
  std::map<std::weak_ptr<const std::string>, Shared, std::owner_less<>> kept_;
};

}  // namespace narada::http
