#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/blob_store.h"

// What an S3 store answers in XML. Untrusted: what cannot be read is left out.
namespace narada::files {

// The text of the first element of that name, at any depth; empty: there is none.
std::string find_s3_text(std::string_view xml, std::string_view element);

struct S3Object {
  std::string key;
  std::uint64_t size = 0;
  domain::Instant modified_at{};
};
// One page of ListObjectsV2.
struct S3Page {
  std::vector<S3Object> objects;
  std::string next;  // continuation token; empty: that was the last
};
// Absent: no such answer.
std::optional<S3Page> parse_s3_page(std::string_view xml);

}  // namespace narada::files
