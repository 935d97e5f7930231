#include "service/domain/calendar_message.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "service/domain/half_fixed.h"

namespace narada::domain {
namespace {

bool has_place(RegistrationStatus status) {
  return status == RegistrationStatus::confirmed || status == RegistrationStatus::attended ||
         status == RegistrationStatus::absent;
}

// FNV-1a: the same on every machine and in every version. It tells two states of one meeting apart;
// nothing is kept secret by it.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char byte : text) take(static_cast<unsigned char>(byte));
    take(0);  // "ab", "c" is not "a", "bc"
  }
  void add(WallTime time) { add(std::to_string(time.time_since_epoch().count())); }

  std::string hexadecimal() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(value_ >> shift) & 0xF];
    return text;
  }

 private:
  void take(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }

  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

bool has_changed(const CalendarTold& told, const CalendarState& now) {
  // What an earlier version told is not known: once too often is better than never.
  if (told.shown.empty()) return true;
  return told.shown != shown_in_calendar(now);
}

int next_sequence(const CalendarTold& told, const CalendarState& now) {
  return told.message ? std::max(told.message->sequence + 1, now.sequence) : now.sequence;
}

}  // namespace

bool belongs_in_calendar(const CalendarState& state) {
  return state.meeting == MeetingStatus::published && has_place(state.registration) &&
         !is_half_fixed(state.times);
}

std::string shown_in_calendar(const CalendarState& state) {
  Digest digest;
  digest.add(state.times.starts);
  digest.add(state.times.ends);
  digest.add(state.times.tzid);
  digest.add(to_string(state.times.precision));
  digest.add(state.place);
  digest.add(state.way_in);
  return digest.hexadecimal();
}

std::optional<CalendarMessage> decide_calendar_message(const CalendarTold& told,
                                                       const CalendarState& now) {
  if (!belongs_in_calendar(now)) {
    if (!told.holds()) return std::nullopt;
    return CalendarMessage{CalendarMethod::cancel, next_sequence(told, now)};
  }
  if (told.holds() && !has_changed(told, now)) return std::nullopt;
  return CalendarMessage{CalendarMethod::request, next_sequence(told, now)};
}

std::optional<CalendarMessage> decide_calendar_repair(const CalendarTold& told,
                                                      const CalendarState& now) {
  const auto due = decide_calendar_message(told, now);
  return due ? due : told.message;
}

}  // namespace narada::domain
