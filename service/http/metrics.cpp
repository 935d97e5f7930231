#include "service/http/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace narada::http {
namespace {

constexpr std::string_view kUnmatched = "unmatched";

std::string header_text(std::string_view name, std::string_view kind, std::string_view help) {
  return fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, kind, help);
}

}  // namespace

void Metrics::count(Method method, std::string_view pattern, int status,
                    std::chrono::nanoseconds duration) {
  if (pattern.empty()) pattern = kUnmatched;
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto bucket = static_cast<std::size_t>(
      std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin());
  const std::scoped_lock lock(mutex_);
  auto route = routes_.find(pattern);
  if (route == routes_.end()) route = routes_.emplace(std::string(pattern), Route{}).first;
  ++route->second.answers[{method, status}];
  ++route->second.durations[bucket];
  route->second.sum_seconds += seconds;
}

void Metrics::count_refused(int status) {
  const std::scoped_lock lock(mutex_);
  ++refused_[status];
}

std::string Metrics::answers_text() const {
  std::string text;
  for (const auto& [pattern, route] : routes_) {
    for (const auto& [key, count] : route.answers) {
      fmt::format_to(std::back_inserter(text),
                     "narada_http_requests_total{{route=\"{}\",method=\"{}\",status=\"{}\"}} {}\n",
                     pattern, to_string(key.first), key.second, count);
    }
  }
  return text;
}

std::string Metrics::durations_text() const {
  std::string text;
  auto out = std::back_inserter(text);
  constexpr std::string_view kName = "narada_http_request_duration_seconds";
  for (const auto& [pattern, route] : routes_) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < route.durations.size(); ++i) {
      total += route.durations[i];
      const std::string bound = i < kBuckets.size() ? fmt::format("{}", kBuckets[i]) : "+Inf";
      fmt::format_to(out, "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", kName, pattern, bound, total);
    }
    fmt::format_to(out, "{}_sum{{route=\"{}\"}} {}\n", kName, pattern, route.sum_seconds);
    fmt::format_to(out, "{}_count{{route=\"{}\"}} {}\n", kName, pattern, total);
  }
  return text;
}

std::string Metrics::text() const {
  std::string text = header_text("narada_http_requests_total", "counter", "Requests answered.");
  auto out = std::back_inserter(text);
  const std::scoped_lock lock(mutex_);
  text += answers_text();
  text += header_text("narada_http_request_duration_seconds", "histogram",
                      "Time from the whole request to the whole answer.");
  text += durations_text();
  text += header_text("narada_http_refused_total", "counter",
                      "Requests that the parser refused, by status.");
  for (const auto& [status, count] : refused_) {
    fmt::format_to(out, "narada_http_refused_total{{status=\"{}\"}} {}\n", status, count);
  }
  text += header_text("narada_http_requests_in_flight", "gauge", "Requests being answered.");
  fmt::format_to(out, "narada_http_requests_in_flight {}\n", in_flight_.load());
  return text;
}

}  // namespace narada::http
