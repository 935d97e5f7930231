#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/message.h"

namespace narada::http {

// Entity tags (RFC 9110 8.8.3). A thing with a version has "v7-5f1d…": the version by which changes
// are guarded, then a digest of this representation, because seats and the reader's rights change
// what is shown without a new version. The gzip form of a representation ends in "-gzip".
std::string version_tag(std::int64_t version, std::string_view body);
// Of a body without a version; the same bytes give the same tag in every process.
std::string content_tag(std::string_view body);
std::string weak_content_tag(std::string_view body);
std::string gzip_tag(const std::string& tag);

// Whether If-None-Match covers `tag`: weak comparison, "*", lists, the gzip form as well.
bool matches_any(std::string_view if_none_match, std::string_view tag);

// The version that If-Match names; absent when it is not one of our tags. "*" is no version.
std::optional<std::int64_t> find_version(std::string_view if_match);

// 304 without a body when the client already has a 200 of GET or HEAD; otherwise as it was.
Response answer_conditionally(const Request& request, Response response);

}  // namespace narada::http
