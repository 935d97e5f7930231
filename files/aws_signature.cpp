#include "files/aws_signature.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "files/digest.h"

namespace narada::files {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string encode(std::string_view text, bool keep_slash) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || (keep_slash && c == '/');
    if (plain)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string sha256(std::string_view text) {
  DigestBuilder builder;
  builder.add(text);
  return builder.finish().hex;
}

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> bytes{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()),
                              key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                                text.size());
  crypto_auth_hmacsha256_final(&state, bytes.data());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string day_of(domain::Instant time) { return aws_date(time).substr(0, 8); }

std::string scope_of(const AwsKey& key, domain::Instant time) {
  return day_of(time) + "/" + key.region + "/s3/aws4_request";
}

std::map<std::string, std::string> signed_headers(const RequestToSign& request) {
  auto headers = request.headers;
  headers["host"] = request.host;
  return headers;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string canonical_request(const RequestToSign& request, std::string_view payload_hash) {
  std::string lines;
  const auto headers = signed_headers(request);
  for (const auto& [name, value] : headers) lines += name + ":" + value + "\n";
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, encode_path_for_aws(request.path),
                     encode_query_for_aws(request.query), lines, names_of(headers), payload_hash);
}

std::string signature(const AwsKey& key, const RequestToSign& request,
                      std::string_view payload_hash, domain::Instant time) {
  const auto text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, aws_date(time), scope_of(key, time),
                                sha256(canonical_request(request, payload_hash)));
  const auto of_day = hmac("AWS4" + key.secret, day_of(time));
  const auto signing_key = hmac(hmac(hmac(of_day, key.region), "s3"), "aws4_request");
  return hexadecimal(hmac(signing_key, text));
}

}  // namespace

std::string aws_date(domain::Instant time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string encode_path_for_aws(std::string_view path) { return encode(path, true); }

std::string encode_query_for_aws(const std::vector<std::pair<std::string, std::string>>& query) {
  std::vector<std::pair<std::string, std::string>> encoded;
  for (const auto& [name, value] : query)
    encoded.emplace_back(encode(name, false), encode(value, false));
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded) text += (text.empty() ? "" : "&") + name + "=" + value;
  return text;
}

std::string sign_for_aws(const AwsKey& key, const RequestToSign& request,
                         std::string_view payload_hash, domain::Instant time) {
  return fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", kAlgorithm, key.id,
                     scope_of(key, time), names_of(signed_headers(request)),
                     signature(key, request, payload_hash, time));
}

std::string presign_for_aws(const AwsKey& key, RequestToSign request, domain::Instant time,
                            std::chrono::seconds lifetime) {
  request.query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  request.query.emplace_back("X-Amz-Credential", key.id + "/" + scope_of(key, time));
  request.query.emplace_back("X-Amz-Date", aws_date(time));
  request.query.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
  request.query.emplace_back("X-Amz-SignedHeaders", names_of(signed_headers(request)));
  return encode_query_for_aws(request.query) +
         "&X-Amz-Signature=" + signature(key, request, kUnsignedPayload, time);
}

}  // namespace narada::files
