#include "service/http/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>

namespace narada::http {

double RateLimiter::tokens_at(const Bucket& bucket, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - bucket.filled_at;
  const std::chrono::duration<double> every = rule_.every;
  return std::min(static_cast<double>(rule_.burst), bucket.tokens + passed / every);
}

std::optional<std::chrono::seconds> RateLimiter::refuse(std::string_view client,
                                                        Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= forget_at_) forget_idle(now);
  auto& bucket =
      buckets_.try_emplace(std::string(client), Bucket{static_cast<double>(rule_.burst), now})
          .first->second;
  bucket = {tokens_at(bucket, now), now};
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const double missing = (1 - bucket.tokens) * static_cast<double>(rule_.every.count());
  return std::chrono::seconds(std::max(1L, std::lround(std::ceil(missing))));
}

void RateLimiter::forget_idle(Clock::time_point now) {
  std::erase_if(buckets_,
                [&](const auto& entry) { return tokens_at(entry.second, now) >= rule_.burst; });
  // Not at each call again when all of them are busy.
  forget_at_ = std::max<std::size_t>(1024, buckets_.size() * 2);
}

std::size_t RateLimiter::clients() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

std::string client_of(std::string_view address) {
  const std::string text(address);
  in6_addr parsed{};
  if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed)) return text;
  std::fill(parsed.s6_addr + 8, parsed.s6_addr + 16, std::uint8_t{0});
  char network[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, &parsed, network, sizeof network);
  return std::string(network) + "/64";
}

}  // namespace narada::http
