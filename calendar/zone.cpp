#include "calendar/zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

namespace narada::calendar {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct TransparentHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// ICU stops at NUL and would find "Europe/Warsaw" before it.
bool looks_like_zone(std::string_view tzid) {
  return !tzid.empty() && tzid.size() <= 64 && std::all_of(tzid.begin(), tzid.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/_+-").find(c) != std::string_view::npos;
  });
}

// Absent for what is no system zone: ICU itself answers any name, unknown ones with GMT.
std::unique_ptr<icu::BasicTimeZone> load_zone(std::string_view tzid) {
  if (!looks_like_zone(tzid)) return nullptr;
  const icu::UnicodeString id = icu::UnicodeString::fromUTF8(
      icu::StringPiece(tzid.data(), static_cast<std::int32_t>(tzid.size())));
  UErrorCode status = U_ZERO_ERROR;
  UBool is_system = false;
  icu::UnicodeString canonical;
  icu::TimeZone::getCanonicalID(id, canonical, is_system, status);
  if (U_FAILURE(status) || !is_system || canonical == UNICODE_STRING_SIMPLE("Etc/Unknown")) {
    return nullptr;
  }
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  // Every zone that ICU makes from its own data is a BasicTimeZone.
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (basic == nullptr) return nullptr;
  zone.release();
  return std::unique_ptr<icu::BasicTimeZone>(basic);
}

UDate to_udate(seconds since_epoch) { return static_cast<UDate>(since_epoch.count()) * 1000.0; }

domain::Instant to_instant(UDate date) {
  return domain::Instant{seconds{static_cast<std::int64_t>(std::floor(date / 1000.0))}};
}

seconds offset_of(std::int32_t raw, std::int32_t dst) { return seconds{(raw + dst) / 1000}; }

// From one change of a zone's clocks to the next.
struct Stretch {
  domain::Instant from;   // inclusive
  domain::Instant until;  // exclusive
  seconds offset;
};

// One zone as one thread sees it. ICU builds a calendar for most questions about the present, so
// the stretches between changes are kept: a list row then costs a binary search.
class ZoneRules {
 public:
  explicit ZoneRules(std::unique_ptr<icu::BasicTimeZone> zone) : zone_(std::move(zone)) {}

  const Stretch& stretch_at(domain::Instant instant) {
    auto next = std::upper_bound(
        stretches_.begin(), stretches_.end(), instant,
        [](domain::Instant value, const Stretch& stretch) { return value < stretch.from; });
    if (next != stretches_.begin() && instant < std::prev(next)->until) return *std::prev(next);
    if (stretches_.size() >= kMostStretches) {
      stretches_.clear();
      next = stretches_.end();
    }
    return *stretches_.insert(next, compute_stretch(instant));
  }

  ResolvedTime resolve(domain::WallTime wall) {
    // No offset is farther from UTC than 15 hours, so the moment lies within this stretch.
    const domain::Instant as_if_utc{wall.time_since_epoch()};
    const Stretch stretch = stretch_at(as_if_utc);
    if (stretch.from <= as_if_utc - hours{24} && as_if_utc + hours{24} < stretch.until) {
      return {as_if_utc - stretch.offset};
    }
    return resolve_near_change(wall);
  }

 private:
  static constexpr std::size_t kMostStretches = 512;  // two a year

  Stretch compute_stretch(domain::Instant instant) const {
    std::int32_t raw = 0;
    std::int32_t dst = 0;
    UErrorCode status = U_ZERO_ERROR;
    const UDate date = to_udate(instant.time_since_epoch());
    zone_->getOffset(date, false, raw, dst, status);
    Stretch stretch{domain::Instant::min(), domain::Instant::max(), offset_of(raw, dst)};
    icu::TimeZoneTransition change;
    if (zone_->getPreviousTransition(date, true, change)) {
      stretch.from = to_instant(change.getTime());
    }
    if (zone_->getNextTransition(date, false, change)) stretch.until = to_instant(change.getTime());
    return stretch;
  }

  // The offset before (FORMER) or after (LATTER) a change, where `wall` is skipped or occurs twice;
  // everywhere else the one offset of that moment.
  seconds offset_around(domain::WallTime wall, UTimeZoneLocalOption option) const {
    std::int32_t raw = 0;
    std::int32_t dst = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone_->getOffsetFromLocal(to_udate(wall.time_since_epoch()), option, option, raw, dst, status);
    return offset_of(raw, dst);
  }

  ResolvedTime resolve_near_change(domain::WallTime wall) {
    const seconds since_epoch = wall.time_since_epoch();
    const seconds before = offset_around(wall, UCAL_TZ_LOCAL_FORMER);
    const seconds after = offset_around(wall, UCAL_TZ_LOCAL_LATTER);
    ResolvedTime resolved{domain::Instant{since_epoch - before}};
    if (before > after) resolved.ambiguous = true;  // clocks went back: the earlier is the first
    if (before < after) {
      resolved.exists = false;
      // Read with the offset after the change, a skipped time lies before it.
      resolved.instant = stretch_at(domain::Instant{since_epoch - after}).until;
    }
    return resolved;
  }

  std::unique_ptr<icu::BasicTimeZone> zone_;
  std::vector<Stretch> stretches_;  // by time, without overlap
};

// The calling thread's own, so that no question waits for another. Absent when unknown; only known
// zones are kept, so that foreign names cannot fill the memory.
ZoneRules* find_zone(std::string_view tzid) {
  thread_local std::unordered_map<std::string, ZoneRules, TransparentHash, std::equal_to<>> zones;
  const auto known = zones.find(tzid);
  if (known != zones.end()) return &known->second;
  std::unique_ptr<icu::BasicTimeZone> zone = load_zone(tzid);
  if (!zone) return nullptr;
  return &zones.emplace(std::string(tzid), std::move(zone)).first->second;
}

ZoneRules& load_known_zone(std::string_view tzid) {
  ZoneRules* zone = find_zone(tzid);
  if (zone == nullptr) throw std::invalid_argument("unknown time zone");
  return *zone;
}

void append_digits(std::string& out, std::int64_t value, int width) {
  const std::string digits = std::to_string(value);
  for (auto missing = width - static_cast<int>(digits.size()); missing > 0; --missing) out += '0';
  out += digits;
}

// Reads fixed-width fields from the front of a text; once something is missing, everything is.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  int digits(std::size_t width) {
    int value = 0;
    if (rest_.size() < width) ok_ = false;
    for (std::size_t index = 0; ok_ && index < width; ++index) {
      const char c = rest_[index];
      if (c < '0' || c > '9') ok_ = false;
      value = value * 10 + (c - '0');
    }
    if (ok_) rest_.remove_prefix(width);
    return ok_ ? value : 0;
  }

  bool skip(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char expected) { ok_ = skip(expected) && ok_; }
  void expect(char expected, char other) { ok_ = (skip(expected) || skip(other)) && ok_; }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  void skip_digits(std::size_t at_most) {
    for (; at_most > 0 && at_digit(); --at_most) rest_.remove_prefix(1);
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

domain::Date read_date(FieldReader& reader) {
  const int year = reader.digits(4);
  reader.expect('-');
  const int month = reader.digits(2);
  reader.expect('-');
  const int day = reader.digits(2);
  return std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} /
         std::chrono::day{static_cast<unsigned>(day)};
}

std::optional<minutes> read_offset(FieldReader& reader) {
  if (reader.skip('Z') || reader.skip('z')) return minutes{0};
  const bool is_west = reader.skip('-');
  if (!is_west) reader.expect('+');
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  if (!reader.ok() || hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours{hour} + minutes{minute};
  return is_west ? -offset : offset;
}

std::optional<domain::WallTime> combine(domain::Date date, int hour, int minute, int second) {
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return domain::WallTime{std::chrono::local_days{date}} + hours{hour} + minutes{minute} +
         seconds{second};
}

}  // namespace

bool is_known_zone(std::string_view tzid) { return find_zone(tzid) != nullptr; }

ResolvedTime to_instant(domain::WallTime wall, std::string_view tzid) {
  return load_known_zone(tzid).resolve(wall);
}

domain::WallTime to_wall_time(domain::Instant instant, std::string_view tzid) {
  const seconds offset = load_known_zone(tzid).stretch_at(instant).offset;
  return domain::WallTime{instant.time_since_epoch() + offset};
}

std::string format_rfc3339(domain::Instant instant, std::string_view tzid) {
  // RFC 3339 has no seconds in an offset; the local mean times of the 19th century do.
  const auto offset =
      std::chrono::duration_cast<minutes>(load_known_zone(tzid).stretch_at(instant).offset);
  const domain::WallTime wall{instant.time_since_epoch() + offset};
  const auto day = std::chrono::floor<days>(wall);
  const domain::Date date{day};
  const std::chrono::hh_mm_ss time{wall - day};
  std::string text;
  text.reserve(25);
  append_digits(text, static_cast<int>(date.year()), 4);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_digits(text, time.hours().count(), 2);
  text += ':';
  append_digits(text, time.minutes().count(), 2);
  text += ':';
  append_digits(text, time.seconds().count(), 2);
  text += offset < minutes{0} ? '-' : '+';
  const std::chrono::hh_mm_ss distance{std::chrono::abs(offset)};
  append_digits(text, distance.hours().count(), 2);
  text += ':';
  append_digits(text, distance.minutes().count(), 2);
  return text;
}

std::optional<domain::Instant> parse_rfc3339(std::string_view text) {
  FieldReader reader(text);
  const domain::Date date = read_date(reader);
  reader.expect('T', 't');
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  reader.expect(':');
  const int second = reader.digits(2);
  if (reader.skip('.')) {
    if (!reader.at_digit()) return std::nullopt;
    reader.skip_digits(9);  // an Instant is whole seconds
  }
  const auto offset = read_offset(reader);
  if (!offset || !reader.ok() || !reader.at_end()) return std::nullopt;
  const auto wall = combine(date, hour, minute, second);
  if (!wall) return std::nullopt;
  return domain::Instant{wall->time_since_epoch() - *offset};
}

std::optional<domain::WallTime> parse_wall_time(std::string_view text) {
  FieldReader reader(text);
  const domain::Date date = read_date(reader);
  reader.expect('T');
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  const int second = reader.skip(':') ? reader.digits(2) : 0;
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return combine(date, hour, minute, second);
}

}  // namespace narada::calendar
