#include "files/aws_signature.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::files;

namespace {

// The key and the requests of AWS's own examples
// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
// sigv4-query-string-auth.html).
const AwsKey kKey{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
constexpr domain::Instant kDay{std::chrono::sys_days(std::chrono::year(2013) / 5 / 24)};
constexpr std::string_view kNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct Example {
  const char* name;
  RequestToSign request;
  std::string_view payload_hash;
  const char* signed_headers;
  const char* signature;
};

RequestToSign request(std::string method, std::string path,
                      std::vector<std::pair<std::string, std::string>> query,
                      std::map<std::string, std::string> headers, std::string_view payload_hash) {
  headers["x-amz-date"] = "20130524T000000Z";
  headers["x-amz-content-sha256"] = payload_hash;
  return {std::move(method), "examplebucket.s3.amazonaws.com", std::move(path), std::move(query),
          std::move(headers)};
}

}  // namespace

TEST_CASE("requests are signed as in the examples of AWS") {
  constexpr std::string_view kText =
      "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
  const Example examples[] = {
      {"get an object", request("GET", "/test.txt", {}, {{"range", "bytes=0-9"}}, kNothing),
       kNothing, "host;range;x-amz-content-sha256;x-amz-date",
       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"put an object",
       request("PUT", "/test$file.text", {},
               {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
               kText),
       kText, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {"a parameter without a value", request("GET", "/", {{"lifecycle", ""}}, {}, kNothing),
       kNothing, "host;x-amz-content-sha256;x-amz-date",
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"list objects", request("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, kNothing),
       kNothing, "host;x-amz-content-sha256;x-amz-date",
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const auto& example : examples) {
    CAPTURE(example.name);
    CHECK(sign_for_aws(kKey, example.request, example.payload_hash, kDay) ==
          std::string("AWS4-HMAC-SHA256 "
                      "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                      "SignedHeaders=") +
              example.signed_headers + ",Signature=" + example.signature);
  }
}

TEST_CASE("a link is signed as in the example of AWS") {
  const RequestToSign asked{"GET", "examplebucket.s3.amazonaws.com", "/test.txt", {}, {}};
  CHECK(presign_for_aws(kKey, asked, kDay, std::chrono::hours(24)) ==
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
        "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
        "X-Amz-SignedHeaders=host&X-Amz-Signature="
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("what is signed is percent-encoded") {
  CHECK(encode_path_for_aws("/b/za żółw (1)+x.pdf") ==
        "/b/za%20%C5%BC%C3%B3%C5%82w%20%281%29%2Bx.pdf");
  CHECK(encode_query_for_aws({{"z", "UTF-8''%C4%85"}, {"a b", ""}, {"a", "/~"}}) ==
        "a=%2F~&a%20b=&z=UTF-8%27%27%25C4%2585");
  CHECK(aws_date(kDay + std::chrono::seconds(3661)) == "20130524T010101Z");
}
