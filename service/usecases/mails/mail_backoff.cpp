#include "service/usecases/mails/mail_backoff.h"

#include <algorithm>

namespace narada::usecases {
namespace {

using std::chrono::seconds;

seconds moved(seconds pause, double jitter) {
  constexpr double kLargestShare = 0.2;
  return seconds(
      static_cast<std::int64_t>(static_cast<double>(pause.count()) * (1 + kLargestShare * jitter)));
}

}  // namespace

seconds pause_after_attempt(int attempts, double jitter) {
  constexpr seconds kFirst = std::chrono::minutes(1), kLongest = std::chrono::hours(4);
  constexpr int kMostDoublings = 8;  // 256 minutes: past the longest
  const int doublings = std::clamp(attempts - 1, 0, kMostDoublings);
  return moved(std::min(kFirst * (1 << doublings), kLongest), jitter);
}

seconds pause_without_transport(seconds age, double jitter) {
  constexpr seconds kShortest(5), kLongest = std::chrono::minutes(10);
  return moved(std::clamp(age / 4, kShortest, kLongest), jitter);
}

}  // namespace narada::usecases
