#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "service/http/message.h"

namespace narada::http {

// Counts requests by route and status and their durations, for GET /metrics. Thread-safe.
class Metrics {
 public:
  // Upper bounds of the histogram's buckets, seconds; the last one is infinite.
  static constexpr std::array kBuckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                       0.1,   0.25,   0.5,   1.0,  2.5,   10.0};

  // Keeps the number in flight right whatever way the request ends.
  class InFlight {
   public:
    explicit InFlight(Metrics& metrics) : metrics_(metrics) { ++metrics_.in_flight_; }
    ~InFlight() { --metrics_.in_flight_; }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    Metrics& metrics_;
  };

  // `pattern` of the route; requests that fit none are counted together.
  void count(Method method, std::string_view pattern, int status,
             std::chrono::nanoseconds duration);
  void count_refused(int status);

  // Prometheus text format 0.0.4.
  std::string text() const;

 private:
  struct Route {
    std::map<std::pair<Method, int>, std::uint64_t> answers;  // by method and status
    std::array<std::uint64_t, kBuckets.size() + 1> durations{};
    double sum_seconds = 0;
  };
  std::string answers_text() const;
  std::string durations_text() const;

  mutable std::mutex mutex_;
  std::map<std::string, Route, std::less<>> routes_;  // by pattern
  std::map<int, std::uint64_t> refused_;
  std::atomic<std::int64_t> in_flight_{0};
};

}  // namespace narada::http
