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
  const auto key = std::tuple<std::string_view, Method, int>(pattern, method, status);
  if (const auto found = requests_.find(key); found != requests_.end()) {
    ++found->second;
  } else {
    requests_.emplace(std::tuple(std::string(pattern), method, status), 1);
  }
  auto histogram = durations_.find(pattern);
  if (histogram == durations_.end()) {
    histogram = durations_.emplace(std::string(pattern), Histogram{}).first;
  }
  ++histogram->second.counts[bucket];
  histogram->second.sum_seconds += seconds;
}

void Metrics::count_refused(int status) {
  const std::scoped_lock lock(mutex_);
  ++refused_[status];
}

std::string Metrics::durations_text() const {
  std::string text;
  constexpr std::string_view kName = "narada_http_request_duration_seconds";
  for (const auto& [pattern, histogram] : durations_) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      total += histogram.counts[i];
      const std::string bound = i < kBuckets.size() ? fmt::format("{}", kBuckets[i]) : "+Inf";
      fmt::format_to(std::back_inserter(text), "{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", kName,
                     pattern, bound, total);
    }
    fmt::format_to(std::back_inserter(text),
                   "{0}_sum{{route=\"{1}\"}} {2}\n{0}_count{{route=\"{1}\"}} {3}\n", kName, pattern,
                   histogram.sum_seconds, total);
  }
  return text;
}

std::string Metrics::text() const {
  std::string text = header_text("narada_http_requests_total", "counter", "Requests answered.");
  auto out = std::back_inserter(text);
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, count] : requests_) {
    const auto& [pattern, method, status] = key;
    fmt::format_to(out,
                   "narada_http_requests_total{{route=\"{}\",method=\"{}\",status=\"{}\"}} {}\n",
                   pattern, to_string(method), status, count);
  }
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
