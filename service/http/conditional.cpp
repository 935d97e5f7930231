#include "service/http/conditional.h"

#include <fmt/format.h>

#include <charconv>

#include "service/http/response_headers.h"

namespace narada::http {
namespace {

constexpr std::string_view kGzipSuffix = "-gzip";

// FNV-1a: not secret, only the same everywhere.
std::uint64_t digest_of(std::string_view body) {
  std::uint64_t digest = 0xcbf29ce484222325ULL;
  for (const char byte : body) {
    digest ^= static_cast<unsigned char>(byte);
    digest *= 0x100000001b3ULL;
  }
  return digest;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What stands between the quotes, without W/ and the gzip suffix; empty for anything else.
std::string_view opaque_part(std::string_view tag) {
  tag = without_blanks(tag);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') return {};
  tag = tag.substr(1, tag.size() - 2);
  if (tag.ends_with(kGzipSuffix)) tag.remove_suffix(kGzipSuffix.size());
  return tag;
}

}  // namespace

std::string version_tag(std::int64_t version, std::string_view body) {
  return fmt::format("\"v{}-{:016x}\"", version, digest_of(body));
}

std::string content_tag(std::string_view body) {
  return fmt::format("\"{:016x}\"", digest_of(body));
}

std::string weak_content_tag(std::string_view body) { return "W/" + content_tag(body); }

std::string gzip_tag(const std::string& tag) {
  if (tag.starts_with("W/") || !tag.ends_with('"')) return tag;
  return tag.substr(0, tag.size() - 1) + std::string(kGzipSuffix) + "\"";
}

bool matches_any(std::string_view if_none_match, std::string_view tag) {
  const std::string_view wanted = opaque_part(tag);
  if (wanted.empty()) return false;
  if (without_blanks(if_none_match) == "*") return true;
  // Our tags hold no comma, so that a comma always ends one of them.
  while (!if_none_match.empty()) {
    const std::size_t comma = if_none_match.find(',');
    if (opaque_part(if_none_match.substr(0, comma)) == wanted) return true;
    if (comma == std::string_view::npos) break;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

std::optional<std::int64_t> find_version(std::string_view if_match) {
  // A weak tag never guards a change (RFC 9110 13.1.1).
  if (without_blanks(if_match).starts_with("W/")) return std::nullopt;
  std::string_view tag = opaque_part(if_match);
  if (!tag.starts_with('v')) return std::nullopt;
  tag.remove_prefix(1);
  tag = tag.substr(0, tag.find('-'));
  std::int64_t version = 0;
  const auto [rest, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (error != std::errc{} || rest != tag.data() + tag.size() || version < 1) return std::nullopt;
  return version;
}

Response answer_conditionally(const Request& request, Response response) {
  if (response.status != 200) return response;
  if (request.method != Method::get && request.method != Method::head) return response;
  const auto known = request.find_header("if-none-match");
  if (!known || !matches_any(*known, find_header(response, "ETag"))) return response;
  std::erase_if(response.headers, [](const auto& header) {
    return header.first == "Content-Type" || header.first == "Content-Encoding";
  });
  response.status = 304;
  response.body = std::string();
  return response;
}

}  // namespace narada::http
