#include "service/http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "service/http/conditional.h"
#include "service/http/response_headers.h"

namespace narada::http {
namespace {

constexpr std::size_t kWorthCompressing = 1024;  // bytes
constexpr std::size_t kMostKept = 512;           // bodies; there are fewer static files
constexpr int kLevel = 5;                        // beyond it text shrinks by less than 2 %
constexpr int kGzipWindow = 15 + 16;             // the largest window, with a gzip header

bool is_text(std::string_view content_type) {
  constexpr std::array<std::string_view, 8> kTexts{
      "application/json",       "application/problem+json",
      "application/ld+json",    "application/atom+xml",
      "application/javascript", "application/manifest+json",
      "application/xml",        "image/svg+xml"};
  content_type = content_type.substr(0, content_type.find(';'));
  return content_type.starts_with("text/") ||
         std::find(kTexts.begin(), kTexts.end(), content_type) != kTexts.end();
}

// A page for one person may hold a secret beside something that an attacker chose, and the length
// of its gzip form would tell how alike they are (BREACH).
bool is_private_page(const Response& response) {
  return find_header(response, "Content-Type").starts_with("text/html") &&
         find_header(response, "Cache-Control").find("no-store") != std::string_view::npos;
}

bool is_compressible(const Response& response) {
  return !response.sends_files() && response.status != 206 &&
         response.body_text().size() > kWorthCompressing &&
         is_text(find_header(response, "Content-Type")) &&
         find_header(response, "Content-Encoding").empty() && !is_private_page(response);
}

class Deflate {
 public:
  Deflate() {
    if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::runtime_error("zlib cannot start");
    }
  }
  ~Deflate() { deflateEnd(&stream_); }
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;

  std::string run(std::string_view bytes) {
    std::string out(deflateBound(&stream_, static_cast<uLong>(bytes.size())), '\0');
    // zlib reads through this pointer but its interface is not const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib cannot end");
    out.resize(stream_.total_out);
    return out;
  }

 private:
  z_stream stream_{};
};

std::string_view without_spaces_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "q=0", "q=0.000" and the like.
bool is_refused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  return without_spaces_around(parameters.substr(q + 2)).find_first_not_of("0.") ==
         std::string_view::npos;
}

}  // namespace

std::string gzip(std::string_view bytes) { return Deflate().run(bytes); }

bool accepts_gzip(std::string_view accept_encoding) {
  bool accepted = false;
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const std::string_view item = accept_encoding.substr(0, comma);
    const std::size_t semicolon = item.find(';');
    const std::string_view coding = without_spaces_around(item.substr(0, semicolon));
    const std::string_view parameters =
        semicolon == std::string_view::npos ? std::string_view{} : item.substr(semicolon + 1);
    if (coding == "gzip" || coding == "x-gzip") return !is_refused(parameters);
    if (coding == "*") accepted = !is_refused(parameters);
    if (comma == std::string_view::npos) break;
    accept_encoding.remove_prefix(comma + 1);
  }
  return accepted;
}

void Compressor::compress(const Request& request, Response& response) {
  if (!is_compressible(response)) return;
  add_vary(response, "Accept-Encoding");
  if (!accepts_gzip(request.header("accept-encoding"))) return;
  if (const auto* shared = std::get_if<Shared>(&response.body)) {
    response.body = compressed(*shared);
  } else {
    response.body = gzip(response.body_text());
  }
  response.set("Content-Encoding", "gzip");
  const std::string_view tag = find_header(response, "ETag");
  if (!tag.empty()) response.set("ETag", gzip_tag(std::string(tag)));
}

Compressor::Shared Compressor::compressed(const Shared& original) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = kept_.find(original); found != kept_.end()) return found->second;
  }
  auto made = std::make_shared<const std::string>(gzip(*original));
  const std::scoped_lock lock(mutex_);
  std::erase_if(kept_, [](const auto& entry) { return entry.first.expired(); });
  if (kept_.size() < kMostKept) kept_.emplace(original, made);
  return made;
}

}  // namespace narada::http
