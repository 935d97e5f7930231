#include "service/http/address_class.h"

#include <doctest/doctest.h>

namespace {

using narada::http::address_class;

struct Case {
  const char* address;
  const char* expected;
};

}  // namespace

TEST_CASE("an address is known by the kind of its network alone") {
  const Case cases[] = {
      {"127.0.0.1", "loopback"},     {"127.255.255.254", "loopback"},
      {"::1", "loopback"},           {"::ffff:127.0.0.1", "loopback"},
      {"10.0.0.0", "private"},       {"10.255.255.255", "private"},
      {"172.16.0.1", "private"},     {"172.31.255.255", "private"},
      {"192.168.7.9", "private"},    {"169.254.1.1", "private"},
      {"100.64.0.1", "private"},     {"100.127.255.255", "private"},
      {"fc00::1", "private"},        {"fdff::1", "private"},
      {"fe80::1", "private"},        {"::ffff:192.168.0.1", "private"},
      {"9.255.255.255", "public"},   {"11.0.0.0", "public"},
      {"172.15.255.255", "public"},  {"172.32.0.0", "public"},
      {"192.167.255.255", "public"}, {"126.255.255.255", "public"},
      {"128.0.0.0", "public"},       {"100.63.255.255", "public"},
      {"100.128.0.0", "public"},     {"2001:db8::1", "public"},
      {"fbff::1", "public"},         {"fec0::1", "public"},
      {"::ffff:8.8.8.8", "public"},  {"", "public"},
      {"127.0.0.1:80", "public"},    {"localhost", "public"},
  };
  for (const auto& [address, expected] : cases) {
    CAPTURE(address);
    CHECK(address_class(address) == expected);
  }
}
