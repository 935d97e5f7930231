#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/material.h"
#include "service/http/message.h"

// What tus 1.0.0 says in headers. What cannot be read throws Error 400 that names the header.
namespace narada::http::api {

inline constexpr std::string_view kTusVersion = "1.0.0";
inline constexpr std::string_view kOffsetStream = "application/offset+octet-stream";

// X-HTTP-Method-Override stands above the method. Throws Error 405 for one that is none.
Method method_of(const Request& request);
// Throws Error 412 for another version than kTusVersion.
void require_version(const Request& request);
bool has_version(const Request& request);
bool is_offset_stream(const Request& request);
bool has_body(const Request& request);

// A number of octets; absent without that header.
std::optional<std::uint64_t> find_octets(const Request& request, std::string_view header);
std::uint64_t required_octets(const Request& request, std::string_view header);
// Upload-Length, or absence where Upload-Defer-Length says that it follows.
std::optional<std::uint64_t> length_of_new(const Request& request);

struct SentChecksum {
  std::string algorithm;
  std::string value;  // octets
};
std::optional<SentChecksum> find_checksum(const Request& request);

// Upload-Metadata: its pairs, decoded.
std::map<std::string, std::string> read_metadata(const Request& request);
// The one of meeting, cycle and practice that stands there.
domain::MaterialOwner owner_in(const std::map<std::string, std::string>& metadata);
std::string file_name_in(const std::map<std::string, std::string>& metadata);

// IMF-fixdate (RFC 9110 5.6.7).
std::string http_date(domain::Instant time);

}  // namespace narada::http::api
