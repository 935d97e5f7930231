#include "service/http/edge/trusted_proxies.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace narada::http::edge {
namespace {

TEST_CASE("addresses and blocks of both families are recognised") {
  const TrustedProxies proxies({"127.0.0.1", "10.1.0.0/16", "2001:db8::/33", "::1"});
  for (const auto* inside : {"127.0.0.1", "10.1.0.0", "10.1.255.255", "2001:db8::1",
                             "2001:db8:7fff::", "::1", "::ffff:10.1.2.3"}) {
    CAPTURE(std::string(inside));
    CHECK(proxies.contains(inside));
  }
  for (const auto* outside :
       {"127.0.0.2", "10.2.0.0", "2001:db8:8000::", "::2", "", "proxy", "10.1.0.0/16", "127.1"}) {
    CAPTURE(std::string(outside));
    CHECK_FALSE(proxies.contains(outside));
  }
  for (const auto* bad : {"proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::1/129", ""}) {
    CAPTURE(std::string(bad));
    CHECK_THROWS_AS(TrustedProxies({bad}), std::invalid_argument);
  }
  CHECK_FALSE(TrustedProxies({}).contains("127.0.0.1"));
}

TEST_CASE("the client is the last address that no trusted proxy has") {
  struct Row {
    std::string name;
    std::vector<std::string> forwarded;
    std::string address;
  };
  const std::vector<Row> rows = {
      {"none", {}, "10.0.0.1"},
      {"one", {"203.0.113.9"}, "203.0.113.9"},
      {"invented ones first", {"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
      {"another proxy last", {"203.0.113.9,10.0.0.2"}, "203.0.113.9"},
      {"two fields", {"203.0.113.9", "10.0.0.2"}, "203.0.113.9"},
      {"IPv6", {"2001:db8::1"}, "2001:db8::1"},
      {"nonsense last", {"203.0.113.9, unknown"}, "10.0.0.1"},
      {"nonsense behind a proxy", {"unknown, 10.0.0.2"}, "10.0.0.2"},
      {"only proxies", {"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
      {"empty", {""}, "10.0.0.1"},
  };
  const TrustedProxies proxies({"10.0.0.0/8"});
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Request request;
    request.remote_address = "10.0.0.1";
    for (const auto& value : row.forwarded) request.headers.emplace_back("x-forwarded-for", value);
    proxies.apply_forwarded(request);
    CHECK(request.remote_address == row.address);
    CHECK_FALSE(request.secure);
  }
}

TEST_CASE("the scheme is what the last proxy says") {
  const TrustedProxies proxies({"10.0.0.0/8"});
  for (const auto& [value, secure] : {std::pair{"https", true}, std::pair{"http", false},
                                      std::pair{"https, http", false}, std::pair{"", false}}) {
    Request request;
    request.headers.emplace_back("x-forwarded-proto", value);
    proxies.apply_forwarded(request);
    CHECK(request.secure == secure);
  }
}

}  // namespace
}  // namespace narada::http::edge
