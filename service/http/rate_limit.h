#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace narada::http {

// How much of something one client may do: `burst` at once, then one each `every`. An office sends
// many officials from one address, so a burst is a delegation's size, not a person's.
struct RateRule {
  int burst = 60;
  std::chrono::seconds every{5};
};

// One token bucket for each client, in this process alone. Thread-safe.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimiter(RateRule rule) : rule_(rule) {}

  // Takes one token of `client`; absent when there was one, else how long until there is.
  std::optional<std::chrono::seconds> refuse(std::string_view client, Clock::time_point now);

  std::size_t clients() const;

 private:
  struct Bucket {
    double tokens = 0;
    Clock::time_point filled_at;
  };
  // Forgets clients whose bucket is full again: they are as good as new.
  void forget_idle(Clock::time_point now);
  double tokens_at(const Bucket& bucket, Clock::time_point now) const;

  const RateRule rule_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::size_t forget_at_ = 1024;  // clients
};

// The client of an address: an IPv4 address itself, of an IPv6 address the /64 network, which is
// what one subscriber gets.
std::string client_of(std::string_view address);

}  // namespace narada::http
