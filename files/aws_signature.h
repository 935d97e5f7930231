#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/time.h"

// AWS Signature Version 4 for S3: what a request must carry so that the store knows whose it is
// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
namespace narada::files {

struct AwsKey {
  std::string id;
  std::string secret;
  std::string region;
};

struct RequestToSign {
  std::string method;
  std::string host;                                        // with its port where that is not usual
  std::string path;                                        // "/bucket/key", not percent-encoded
  std::vector<std::pair<std::string, std::string>> query;  // not percent-encoded, in any order
  std::map<std::string, std::string> headers;  // others to sign, in lower case; host is added
};

// For a request whose payload need not be signed.
inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

// "20130524T000000Z", the value of x-amz-date.
std::string aws_date(domain::Instant time);
// Percent-encoded as the signature wants it: all but A-Z a-z 0-9 - . _ ~ and, in paths, the slash.
std::string encode_path_for_aws(std::string_view path);
// Sorted, encoded, every parameter with its "=".
std::string encode_query_for_aws(const std::vector<std::pair<std::string, std::string>>& query);

// The value of the header Authorization. `request.headers` holds x-amz-date and
// x-amz-content-sha256; `payload_hash` is the value of the latter.
std::string sign_for_aws(const AwsKey& key, const RequestToSign& request,
                         std::string_view payload_hash, domain::Instant time);

// The query, with its signature, that lets anybody make this request for `lifetime` (at most seven
// days) from `time` on.
std::string presign_for_aws(const AwsKey& key, RequestToSign request, domain::Instant time,
                            std::chrono::seconds lifetime);

}  // namespace narada::files
