#include "service/http/edge/outgoing.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <utility>

#include "service/http/edge/field_checks.h"

namespace narada::http::edge {
namespace {

constexpr std::size_t kMemoryBurst = 1 << 20;  // bytes per write_some
constexpr std::size_t kFilePiece = 256 << 10;  // bytes per sendfile
constexpr int kPiecesPerBurst = 8;

constexpr std::pair<int, std::string_view> kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {460, "Checksum Mismatch"},  // tus 1.0.0, checksum
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

// Date in IMF-fixdate (RFC 9110 §5.6.7), made once per second and thread.
std::string_view http_date() {
  thread_local std::time_t last = 0;
  thread_local std::array<char, 64> text{};
  thread_local std::size_t size = 0;
  const auto now = std::time(nullptr);
  if (now != last) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    size = std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    last = now;
  }
  return {text.data(), size};
}

bool is_field_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != ':';
  });
}

bool is_field_value(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool is_ours(std::string_view name) {
  if (name.size() != 4 && name.size() != 10 && name.size() != 14 && name.size() != 17) return false;
  return is_same_token(name, "date") || is_same_token(name, "connection") ||
         is_same_token(name, "keep-alive") || is_same_token(name, "content-length") ||
         is_same_token(name, "transfer-encoding");
}

void append_number(std::string& text, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

bool never_has_body(int status) { return status < 200 || status == 204 || status == 304; }

enum class Follows { nothing, more };

// Bytes written, 0 when a file became shorter, -1 with errno.
ssize_t send_text(int socket, std::string_view text, Follows follows) {
  const int more = follows == Follows::more ? MSG_MORE : 0;
  return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT | more);
}

ssize_t send_file(int socket, FileBody& file) {
  auto offset = static_cast<off_t>(file.offset);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(file.length, kFilePiece));
  const auto sent = ::sendfile(socket, *file.descriptor, &offset, wanted);
  if (sent <= 0) return sent;
  file.offset += static_cast<std::uint64_t>(sent);
  file.length -= static_cast<std::uint64_t>(sent);
  return sent;
}

}  // namespace

std::string_view Outgoing::body() const {
  if (const auto* text = std::get_if<std::string>(&body_)) return *text;
  if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body_)) {
    return *shared ? std::string_view(**shared) : std::string_view();
  }
  return {};
}

void Outgoing::prepare(Response&& response, int minor_version, BodyPolicy policy,
                       AfterAnswer after) {
  closes_ = after == AfterAnswer::close;
  clear();
  const auto length = response.body_length();
  const bool omits = policy == BodyPolicy::omit || never_has_body(response.status);
  if (!omits) take_body(std::move(response));
  write_head(response, minor_version, length);
}

void Outgoing::take_body(Response&& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) {
    body_ = std::move(*text);
  } else if (auto* shared = std::get_if<std::shared_ptr<const std::string>>(&response.body)) {
    body_ = std::move(*shared);
  } else if (auto* file = std::get_if<FileBody>(&response.body)) {
    segments_.segments.emplace_back(std::move(*file));
  } else {
    segments_ = std::get<SegmentedBody>(std::move(response.body));
  }
}

void Outgoing::write_head(const Response& response, int minor_version, std::uint64_t length) {
  head_.clear();
  head_ += "HTTP/1.1 ";
  append_number(head_, static_cast<std::uint64_t>(response.status));
  head_ += ' ';
  head_ += reason_phrase(response.status);
  head_ += "\r\n";
  head_ += http_date();
  for (const auto& [name, value] : response.headers) {
    if (is_same_token(name, "connection") && is_same_token(value, "close")) closes_ = true;
    if (!is_field_name(name) || !is_field_value(value) || is_ours(name)) continue;
    head_ += name;
    head_ += ": ";
    head_ += value;
    head_ += "\r\n";
  }
  if (!never_has_body(response.status)) {
    head_ += "Content-Length: ";
    append_number(head_, length);
    head_ += "\r\n";
  }
  if (closes_) {
    head_ += "Connection: close\r\n";
  } else if (minor_version == 0) {
    head_ += "Connection: keep-alive\r\n";
  }
  head_ += "\r\n";
}

Outgoing::Progress Outgoing::write_some(int socket) {
  moved_ = false;
  const auto progress = write_memory(socket);
  return progress == Progress::done ? write_segments(socket) : progress;
}

Outgoing::Progress Outgoing::write_memory(int socket) {
  const auto text = body();
  const std::size_t total = head_.size() + text.size();
  for (std::size_t burst = 0; written_ < total;) {
    if (burst >= kMemoryBurst) return Progress::blocked;
    std::array<iovec, 2> pieces{};
    std::size_t count = 0;
    if (written_ < head_.size()) {
      pieces[count++] = {head_.data() + written_, head_.size() - written_};
    }
    const std::size_t start = written_ > head_.size() ? written_ - head_.size() : 0;
    const auto piece = text.substr(start, kMemoryBurst);
    // sendmsg only reads what an iovec points at.
    if (!piece.empty()) pieces[count++] = {const_cast<char*>(piece.data()), piece.size()};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    const int more = segments_.segments.empty() ? 0 : MSG_MORE;
    const auto sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | more);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::blocked : Progress::failed;
    }
    written_ += static_cast<std::size_t>(sent);
    burst += static_cast<std::size_t>(sent);
    moved_ = true;
  }
  return Progress::done;
}

Outgoing::Progress Outgoing::write_segments(int socket) {
  auto& segments = segments_.segments;
  for (int piece = 0; segment_ < segments.size();) {
    auto& segment = segments[segment_];
    auto* file = std::get_if<FileBody>(&segment);
    const auto text = file != nullptr
                          ? std::string_view()
                          : std::string_view(std::get<std::string>(segment)).substr(text_written_);
    if (file != nullptr ? file->length == 0 : text.empty()) {
      segment = std::string();  // a file may be closed now
      text_written_ = 0;
      ++segment_;
      continue;
    }
    if (piece++ == kPiecesPerBurst) return Progress::blocked;
    const auto follows = segment_ + 1 < segments.size() ? Follows::more : Follows::nothing;
    const auto sent = file != nullptr ? send_file(socket, *file) : send_text(socket, text, follows);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? Progress::blocked : Progress::failed;
    }
    if (sent == 0) return Progress::failed;  // the file became shorter
    if (file == nullptr) text_written_ += static_cast<std::size_t>(sent);
    moved_ = true;
  }
  return Progress::done;
}

void Outgoing::clear() {
  body_ = std::string();
  segments_ = {};
  segment_ = 0;
  text_written_ = 0;
  written_ = 0;
}

std::string_view reason_phrase(int status) {
  for (const auto& [known, phrase] : kReasons) {
    if (known == status) return phrase;
  }
  return status < 400 ? "OK" : "Error";
}

}  // namespace narada::http::edge
