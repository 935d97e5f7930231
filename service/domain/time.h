#pragma once

#include <chrono>
#include <compare>
#include <string>

namespace narada::domain {

// A point on the UTC time line, whole seconds.
using Instant = std::chrono::sys_seconds;

// What a clock on the wall of the meeting's place shows; says nothing about UTC without a zone.
// Stored as such, because the rules of a zone change after a meeting has been announced.
using WallTime = std::chrono::local_seconds;

using Date = std::chrono::year_month_day;

// The zone of every meeting that does not name another.
inline constexpr const char* kDefaultZone = "Europe/Warsaw";

// Where business code gets the present from; tests hand in a FakeClock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

}  // namespace narada::domain
