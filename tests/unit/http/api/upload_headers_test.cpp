#include "service/http/api/upload_headers.h"

#include <doctest/doctest.h>

#include <chrono>

#include "service/http/errors.h"

using namespace narada;
using namespace narada::http;
using namespace narada::http::api;

namespace {

Request with(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.method = Method::post;
  request.headers = std::move(headers);
  return request;
}

// What `read` gives, or the status of what it throws.
template <class Read>
std::string said(const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    return std::to_string(error.problem().status);
  }
}

std::string metadata(const std::string& header) {
  return said([&] {
    std::string all;
    for (const auto& [key, value] : read_metadata(with({{"upload-metadata", header}}))) {
      all += key + "=" + value + ";";
    }
    return all;
  });
}

std::string owner(const std::string& header) {
  return said([&] {
    const auto found = owner_in(read_metadata(with({{"upload-metadata", header}})));
    return std::to_string(found.index()) + ":" +
           std::to_string(std::visit([](auto id) { return id.value; }, found));
  });
}

std::string length(std::vector<std::pair<std::string, std::string>> headers) {
  return said([&] {
    const auto found = length_of_new(with(std::move(headers)));
    return found ? std::to_string(*found) : std::string("later");
  });
}

}  // namespace

TEST_CASE("metadata of an upload are read strictly") {
  const std::pair<const char*, const char*> kRows[] = {
      {"", ""},
      {"filename cGxhbi5wZGY=", "filename=plan.pdf;"},
      {"filename cGxhbi5wZGY=,meeting Nw==", "filename=plan.pdf;meeting=7;"},
      {"a YQ==, b Yg==", "a=a;b=b;"},
      {"empty", "empty=;"},
      {"empty ", "empty=;"},
      {"filename cGxhbi5wZGY", "400"},         // not padded
      {"filename cGxh_i5wZGY=", "400"},        // another alphabet
      {"filename cGxhbi5wZGY= x", "400"},      // two values
      {"filename YQ==,filename Yg==", "400"},  // twice
      {"filename YQ==,", "400"},               // nothing behind the comma
      {",", "400"},                            //
      {"filename /w==", "400"},                // no UTF-8
      {"filename cGx\xd4"
       "bi50",
       "400"},                              // octets above 127 that decoders take for digits
      {"filename cGxhbi50eHQ\xc5", "400"},  //
      {"\xc5\xbc YQ==", "400"},             // a key that is not ASCII
  };
  for (const auto& [header, expected] : kRows) {
    CAPTURE(std::string(header));
    CHECK(metadata(header) == expected);
  }
}

TEST_CASE("an upload is for one meeting, cycle or practice") {
  const std::pair<const char*, const char*> kRows[] = {
      {"meeting Nw==", "0:7"},
      {"cycle Nw==", "1:7"},
      {"practice Nw==", "2:7"},
      {"meeting Nw==,cycle Nw==", "400"},
      {"", "400"},
      {"meeting MA==", "400"},
      {"meeting LTE=", "400"},
      {"meeting eA==", "400"},
      {"meeting", "400"},
  };
  for (const auto& [header, expected] : kRows) {
    CAPTURE(std::string(header));
    CHECK(owner(header) == expected);
  }
}

TEST_CASE("the length of an upload is said now or later, and never both") {
  CHECK(length({{"upload-length", "12"}}) == "12");
  CHECK(length({{"upload-length", "0"}}) == "0");
  CHECK(length({{"upload-defer-length", "1"}}) == "later");
  CHECK(length({}) == "400");
  CHECK(length({{"upload-length", "-1"}}) == "400");
  CHECK(length({{"upload-length", "1.5"}}) == "400");
  CHECK(length({{"upload-length", "9223372036854775808"}}) == "400");
  CHECK(length({{"upload-length", "12"}, {"upload-defer-length", "1"}}) == "400");
  CHECK(length({{"upload-defer-length", "0"}}) == "400");
}

TEST_CASE("a method that a client cannot send stands in a header") {
  CHECK(said([] { return std::string(to_string(method_of(with({})))); }) == "POST");
  CHECK(said([] {
          return std::string(to_string(method_of(with({{"x-http-method-override", "PATCH"}}))));
        }) == "PATCH");
  CHECK(said([] {
          return std::string(to_string(method_of(with({{"x-http-method-override", "patch"}}))));
        }) == "405");
}

TEST_CASE("a checksum has an algorithm and a value") {
  const auto read = [](const std::string& header) {
    return said([&] {
      const auto found = find_checksum(with({{"upload-checksum", header}}));
      return found->algorithm + ":" + std::to_string(found->value.size());
    });
  };
  CHECK(read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=") == "sha1:20");
  CHECK(read("crc32 AAAAAA==") == "400");
  CHECK(read("sha1") == "400");
  CHECK(read("sha1 x") == "400");
}

TEST_CASE("dates are written as HTTP writes them") {
  using namespace std::chrono;
  CHECK(http_date(sys_days(year(2027) / 1 / 4) + hours(9) + seconds(5)) ==
        "Mon, 04 Jan 2027 09:00:05 GMT");
}
