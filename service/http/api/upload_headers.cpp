#include "service/http/api/upload_headers.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "service/http/edge/url_encoding.h"
#include "service/http/errors.h"

namespace narada::http::api {
namespace {

constexpr std::size_t kMostPairs = 20;
constexpr std::size_t kLongestKey = 64;  // octets

[[noreturn]] void refuse(std::string_view header) {
  Problem problem = problem_of_status(400);
  problem.errors.push_back({std::string(header), "upload_header"});
  throw Error(std::move(problem));
}

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  constexpr std::uint64_t kMost = INT64_MAX;
  if (text.empty() || error != std::errc{} || rest != end || number > kMost) return std::nullopt;
  return number;
}

// The decoder of libsodium takes some octets above 127 for digits.
bool is_base64_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

// Strict: padded, without blanks (RFC 4648 4).
std::optional<std::string> decode(std::string_view encoded) {
  if (!std::ranges::all_of(encoded, is_base64_digit)) return std::nullopt;
  std::string bytes(encoded.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                        encoded.data(), encoded.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f && c != ','; });
}

std::string value_of(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Method method_of(const Request& request) {
  const auto name = request.find_header("x-http-method-override");
  if (!name) return request.method;
  for (const auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch,
                            Method::del, Method::options}) {
    if (*name == to_string(method)) return method;
  }
  throw Error(405);
}

bool has_version(const Request& request) { return request.header("tus-resumable") == kTusVersion; }

void require_version(const Request& request) {
  if (has_version(request)) return;
  Problem problem = problem_of_status(412);
  problem.code = "upload_version";
  problem.headers.emplace_back("Tus-Version", kTusVersion);
  throw Error(std::move(problem));
}

bool is_offset_stream(const Request& request) {
  return request.header("content-type") == kOffsetStream;
}

bool has_body(const Request& request) {
  const auto length = request.find_header("content-length");
  return request.find_header("transfer-encoding") || (length && *length != "0");
}

std::optional<std::uint64_t> find_octets(const Request& request, std::string_view header) {
  const auto text = request.find_header(header);
  if (!text) return std::nullopt;
  const auto number = read_number(*text);
  if (!number) refuse(header);
  return number;
}

std::uint64_t required_octets(const Request& request, std::string_view header) {
  const auto number = find_octets(request, header);
  if (!number) refuse(header);
  return *number;
}

std::optional<std::uint64_t> length_of_new(const Request& request) {
  const auto deferred = request.find_header("upload-defer-length");
  if (!deferred) return required_octets(request, "upload-length");
  if (*deferred != "1" || request.find_header("upload-length")) refuse("upload-defer-length");
  return std::nullopt;
}

std::optional<SentChecksum> find_checksum(const Request& request) {
  const auto text = request.find_header("upload-checksum");
  if (!text) return std::nullopt;
  const auto blank = text->find(' ');
  if (blank == std::string_view::npos) refuse("upload-checksum");
  auto value = decode(text->substr(blank + 1));
  const auto algorithm = text->substr(0, blank);
  const bool known = algorithm == "sha1" || algorithm == "sha256" || algorithm == "sha512";
  if (!known || !value) refuse("upload-checksum");
  return SentChecksum{std::string(algorithm), std::move(*value)};
}

std::map<std::string, std::string> read_metadata(const Request& request) {
  std::map<std::string, std::string> metadata;
  auto rest = request.header("upload-metadata");
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto pair = without_blanks(rest.substr(0, comma));
    const auto blank = std::min(pair.find(' '), pair.size());
    const auto key = pair.substr(0, blank);
    auto value = decode(pair.substr(std::min(pair.size(), blank + 1)));
    const bool is_new = value && is_key(key) && edge::is_utf8(*value) &&
                        metadata.emplace(key, std::move(*value)).second;
    if (!is_new || metadata.size() > kMostPairs || comma + 1 == rest.size()) {
      refuse("upload-metadata");
    }
    rest.remove_prefix(std::min(rest.size(), comma + 1));
  }
  return metadata;
}

domain::MaterialOwner owner_in(const std::map<std::string, std::string>& metadata) {
  std::optional<domain::MaterialOwner> owner;
  const auto find = [&](const std::string& key, const auto& make) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) return;
    const auto id = read_number(found->second);
    if (owner || !id || *id == 0) refuse("upload-metadata");
    owner = make(static_cast<std::int64_t>(*id));
  };
  using Owner = domain::MaterialOwner;
  find("meeting", [](std::int64_t id) { return Owner(domain::MeetingId{id}); });
  find("cycle", [](std::int64_t id) { return Owner(domain::CycleId{id}); });
  find("practice", [](std::int64_t id) { return Owner(domain::PracticeId{id}); });
  if (!owner) refuse("upload-metadata");
  return *owner;
}

std::string file_name_in(const std::map<std::string, std::string>& metadata) {
  const auto name = value_of(metadata, "filename");
  return name.empty() ? value_of(metadata, "name") : name;
}

std::string http_date(domain::Instant time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays.at(std::chrono::weekday(day).c_encoding()), unsigned(date.day()),
                     kMonths.at(unsigned(date.month()) - 1), int(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace narada::http::api
