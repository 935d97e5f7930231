#include "service/usecases/lists.h"

#include <sodium.h>

#include <charconv>

#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"

namespace narada::usecases {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t kLongestCursor = 2000;
constexpr char kSeparator = '\x1F';  // in no name: control characters are refused

// FNV-1a, 32 bits.
std::string checksum(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return std::to_string(hash);
}

std::optional<std::string> decode(std::string_view text) {
  if (text.empty() || text.size() > kLongestCursor) return std::nullopt;
  std::string decoded(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int result =
      sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(),
                        text.data(), text.size(), nullptr, &size, &end, kVariant);
  if (result != 0 || end != text.data() + text.size()) return std::nullopt;
  decoded.resize(size);
  return decoded;
}

// "list key id checksum", each before a separator but the last.
std::optional<ListCursor> parse(std::string_view text) {
  const auto decoded = decode(text);
  if (!decoded) return std::nullopt;
  const std::size_t sum_at = decoded->rfind(kSeparator);
  if (sum_at == std::string::npos) return std::nullopt;
  const std::string_view body = std::string_view(*decoded).substr(0, sum_at);
  if (decoded->substr(sum_at + 1) != checksum(body)) return std::nullopt;
  const std::size_t list_end = body.find(kSeparator);
  const std::size_t key_end = body.rfind(kSeparator);
  if (list_end == std::string_view::npos || key_end == list_end) return std::nullopt;
  ListCursor cursor;
  cursor.list = body.substr(0, list_end);
  cursor.key = body.substr(list_end + 1, key_end - list_end - 1);
  const std::string_view id = body.substr(key_end + 1);
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), cursor.id);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return cursor;
}

}  // namespace

std::string to_text(const ListCursor& cursor) {
  std::string body = cursor.list + kSeparator + cursor.key + kSeparator + std::to_string(cursor.id);
  body += kSeparator + checksum(body);
  std::string text(sodium_base64_ENCODED_LEN(body.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(body.data()),
                    body.size(), kVariant);
  text.pop_back();  // the terminating NUL
  return text;
}

std::optional<ListCursor> find_cursor(const std::optional<std::string>& text,
                                      std::string_view list) {
  if (!text) return std::nullopt;
  auto cursor = parse(*text);
  if (!cursor || cursor->list != list) return std::nullopt;
  return cursor;
}

std::string to_cursor_key(domain::Instant instant) {
  return std::to_string(instant.time_since_epoch().count());
}

std::optional<domain::Instant> find_instant(const std::string& key) {
  constexpr std::int64_t kFarthest = 253'402'300'799;  // the last second of 9999
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), seconds);
  if (error != std::errc{} || *end != '\0' || seconds < 0 || seconds > kFarthest) {
    return std::nullopt;
  }
  return domain::Instant{std::chrono::seconds{seconds}};
}

bool is_cursor(std::string_view text) { return parse(text).has_value(); }

bool is_cursor_of(std::string_view list, std::string_view text) {
  return find_cursor(std::string(text), list).has_value();
}

}  // namespace narada::usecases
