#include "service/http/access_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace narada::http {
namespace {

constexpr std::string_view kMasked = "***";
constexpr std::size_t kTokenLength = 43;  // 256 bits in base64url
constexpr std::size_t kMostPath = 300;    // characters of a path that a line keeps

void write_to_standard_error(std::string_view line) {
  // One call, so that lines of several threads do not mix.
  const std::string whole = fmt::format("{}\n", line);
  std::fwrite(whole.data(), 1, whole.size(), stderr);
}

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool looks_secret(std::string_view segment, std::string_view previous) {
  if (previous == "z" || previous == "o") return true;
  constexpr std::size_t kLongestWord = 20;  // of /wejscie/wyslano and its neighbours
  if (previous == "wejscie" && segment.size() > kLongestWord) return true;
  if (segment.find('@') != std::string_view::npos) return true;
  const bool plain = std::all_of(segment.begin(), segment.end(), is_token_character);
  const bool slug = std::none_of(segment.begin(), segment.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return plain && !slug && segment.size() >= kTokenLength;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
    }
  }
  return out;
}

// A JSON string in ASCII, which keeps a line a line and terminals calm.
std::string quoted(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
  if (plain) return fmt::format("\"{}\"", text);
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

// Writes the fields of one line, in order.
class Line {
 public:
  explicit Line(LogFormat format) : json_(format == LogFormat::json) {
    text_.reserve(400);
    if (json_) text_ += '{';
  }
  Line& text(std::string_view name, std::string_view value) { return raw(name, quoted(value)); }
  template <class Number>
  Line& number(std::string_view name, Number value) {
    return raw(name, fmt::format("{}", value));
  }
  std::string take() {
    if (json_) text_ += '}';
    return std::move(text_);
  }

 private:
  Line& raw(std::string_view name, std::string_view value) {
    if (!first_) text_ += json_ ? ',' : ' ';
    first_ = false;
    if (json_) {
      fmt::format_to(std::back_inserter(text_), "\"{}\":{}", name, value);
    } else {
      fmt::format_to(std::back_inserter(text_), "{}={}", name, value);
    }
    return *this;
  }

  bool json_;
  bool first_ = true;
  std::string text_;
};

std::string now_text() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto whole = std::chrono::floor<std::chrono::seconds>(now);
  // Taking a date apart costs more than the rest of the line.
  thread_local std::chrono::sys_seconds known{std::chrono::seconds(-1)};
  thread_local std::string second;
  if (whole != known) {
    second = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(whole));
    known = whole;
  }
  return fmt::format("{}.{:03}Z", second, (now - whole).count());
}

}  // namespace

std::string loggable_path(std::string_view path) {
  std::string out;
  std::string_view previous;
  std::string_view rest = path;
  while (!rest.empty() && out.size() < kMostPath) {
    if (rest.front() == '/') {
      out += '/';
      rest.remove_prefix(1);
      continue;
    }
    const std::string_view segment = rest.substr(0, rest.find('/'));
    out += looks_secret(segment, previous) ? std::string(kMasked) : percent_encoded(segment);
    previous = segment;
    rest.remove_prefix(segment.size());
  }
  if (out.size() > kMostPath) out.resize(kMostPath);
  return out;
}

AccessLog::AccessLog(LogFormat format, std::function<void(std::string_view)> write)
    : format_(format), write_(write ? std::move(write) : write_to_standard_error) {}

void AccessLog::request(const Request& request, const Response& response, std::string_view pattern,
                        std::chrono::nanoseconds duration) const {
  const double milliseconds = std::chrono::duration<double, std::milli>(duration).count();
  Line line(format_);
  line.text("time", now_text())
      .text("event", "request")
      .text("request_id", request.request_id)
      .text("client", request.remote_address)
      .text("method", to_string(request.method))
      .text("path", loggable_path(request.path))
      .text("route", pattern)
      .number("status", response.status)
      .number("bytes", response.body_length())
      .number("ms", std::round(milliseconds * 1000) / 1000);
  write_(line.take());
}

void AccessLog::failure(const Request& request, std::string_view what) const {
  Line line(format_);
  line.text("time", now_text())
      .text("event", "failure")
      .text("request_id", request.request_id)
      .text("method", to_string(request.method))
      .text("path", loggable_path(request.path))
      .text("what", what);
  write_(line.take());
}

}  // namespace narada::http
