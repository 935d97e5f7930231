#include "service/http/rate_limit.h"

#include <doctest/doctest.h>

namespace {

using namespace narada::http;
using namespace std::chrono_literals;

const auto kStart = RateLimiter::Clock::time_point(1000h);

}  // namespace

TEST_CASE("a burst passes, then one each interval") {
  RateLimiter limiter({3, 5s});
  for (int i = 0; i < 3; ++i) CHECK(limiter.refuse("a", kStart) == std::nullopt);
  CHECK(limiter.refuse("a", kStart) == 5s);
  CHECK(limiter.refuse("a", kStart + 3s) == 2s);
  CHECK(limiter.refuse("a", kStart + 5s) == std::nullopt);
  CHECK(limiter.refuse("a", kStart + 5s) == 5s);
}

TEST_CASE("one client's haste is not another's") {
  RateLimiter limiter({1, 5s});
  CHECK(limiter.refuse("a", kStart) == std::nullopt);
  CHECK(limiter.refuse("a", kStart).has_value());
  CHECK(limiter.refuse("b", kStart) == std::nullopt);
}

TEST_CASE("a client that rests has its burst again, no more") {
  RateLimiter limiter({2, 5s});
  CHECK(limiter.refuse("a", kStart) == std::nullopt);
  const auto later = kStart + 10h;
  CHECK(limiter.refuse("a", later) == std::nullopt);
  CHECK(limiter.refuse("a", later) == std::nullopt);
  CHECK(limiter.refuse("a", later).has_value());
}

TEST_CASE("clients that rest are forgotten") {
  RateLimiter limiter({2, 1s});
  for (int i = 0; i < 1024; ++i) limiter.refuse(std::to_string(i), kStart);
  CHECK(limiter.clients() == 1024);
  limiter.refuse("new", kStart + 1h);
  CHECK(limiter.clients() == 1);
}

TEST_CASE("a client is an IPv4 address or an IPv6 network") {
  CHECK(client_of("192.0.2.7") == "192.0.2.7");
  CHECK(client_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(client_of("2001:db8:1:2::ffff") == "2001:db8:1:2::/64");
  CHECK(client_of("::ffff:192.0.2.7") == "::ffff:192.0.2.7");
}
