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

// Fields of one line in order; values are texts or numbers.
using LineFields = nlohmann::ordered_json;

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

std::string text_line(const LineFields& fields) {
  std::string line;
  for (const auto& [name, value] : fields.items()) {
    if (!line.empty()) line += ' ';
    // JSON's own quoting keeps a line a line, and ASCII keeps terminals calm.
    line += name + '=' + value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  }
  return line;
}

std::string line_of(LogFormat format, const LineFields& fields) {
  if (format == LogFormat::text) return text_line(fields);
  return fields.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string now_text() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto whole = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(whole), (now - whole).count());
}

std::size_t body_length(const Response& response) {
  if (const auto* file = std::get_if<FileBody>(&response.body)) {
    return static_cast<std::size_t>(file->length);
  }
  return response.body_text().size();
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
  const LineFields fields = {{"time", now_text()},
                             {"event", "request"},
                             {"request_id", request.request_id},
                             {"client", request.remote_address},
                             {"method", to_string(request.method)},
                             {"path", loggable_path(request.path)},
                             {"route", pattern},
                             {"status", response.status},
                             {"bytes", body_length(response)},
                             {"ms", std::round(milliseconds * 1000) / 1000}};
  write_(line_of(format_, fields));
}

void AccessLog::failure(const Request& request, std::string_view what) const {
  const LineFields fields = {{"time", now_text()},
                             {"event", "failure"},
                             {"request_id", request.request_id},
                             {"method", to_string(request.method)},
                             {"path", loggable_path(request.path)},
                             {"what", what}};
  write_(line_of(format_, fields));
}

}  // namespace narada::http
