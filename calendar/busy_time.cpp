#include "calendar/busy_time.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "calendar/foreign_calendar.h"
#include "calendar/zone.h"

namespace narada::calendar {
namespace {

using domain::Instant;
using domain::WallTime;
using std::chrono::days;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr int kMostOccurrences = 20'000;        // of one rule, from its beginning
constexpr std::size_t kMostIntervals = 20'000;  // of one calendar
constexpr std::chrono::milliseconds kLongest{3'000};

bool has_text(icalcomponent* event, std::string_view name, std::string_view value) {
  bool found = false;
  each(event, ICAL_X_PROPERTY, [&](icalproperty* one) {
    const char* own = icalproperty_get_x_name(one);
    const char* text = icalproperty_get_x(one);
    found = found || (own && text && name == own && value == text);
  });
  return found;
}

bool takes_time(icalcomponent* event) {
  icalproperty* transparency = first(event, ICAL_TRANSP_PROPERTY);
  if (transparency && icalproperty_get_transp(transparency) != ICAL_TRANSP_OPAQUE &&
      icalproperty_get_transp(transparency) != ICAL_TRANSP_OPAQUENOCONFLICT)
    return false;
  icalproperty* status = first(event, ICAL_STATUS_PROPERTY);
  if (status && icalproperty_get_status(status) == ICAL_STATUS_CANCELLED) return false;
  return !has_text(event, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}

// One reading, within its window and its time.
class BusyReading {
 public:
  BusyReading(Instant from, Instant to) : from_(from), to_(to) {}

  bool read(icalcomponent* root) {
    gather(root);
    for (icalcomponent* event : events_)
      if (icalproperty* at = first(event, ICAL_RECURRENCEID_PROPERTY))
        if (const auto moment = moment_of(at, icalproperty_get_recurrenceid(at)))
          replaced_.insert({uid_of(event), moment->instant()});
    for (icalcomponent* event : events_) {
      if (too_long()) return false;
      add_event(event);
    }
    return !too_long();
  }

  std::vector<BusyTime> united() {
    std::sort(found_.begin(), found_.end(), [](const BusyTime& a, const BusyTime& b) {
      return std::pair(a.starts, a.ends) < std::pair(b.starts, b.ends);
    });
    std::vector<BusyTime> united;
    for (const BusyTime& one : found_) {
      if (!united.empty() && one.starts <= united.back().ends)
        united.back().ends = std::max(united.back().ends, one.ends);
      else
        united.push_back(one);
    }
    return united;
  }

 private:
  bool too_long() const { return SteadyClock::now() > deadline_ || found_.size() > kMostIntervals; }

  void gather(icalcomponent* component) {
    for (icalcomponent* one = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
         one != nullptr; one = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
      const auto kind = icalcomponent_isa(one);
      if (kind == ICAL_VCALENDAR_COMPONENT) gather(one);
      if (kind == ICAL_VEVENT_COMPONENT) events_.push_back(one);
      if (kind == ICAL_VFREEBUSY_COMPONENT) add_free_busy(one);
    }
  }

  void add(Instant starts, Instant ends) {
    if (starts < ends && starts < to_ && ends > from_)
      found_.push_back({std::max(starts, from_), std::min(ends, to_)});
  }

  void add_free_busy(icalcomponent* component) {
    each(component, ICAL_FREEBUSY_PROPERTY, [&](icalproperty* one) {
      icalparameter* type = icalproperty_get_first_parameter(one, ICAL_FBTYPE_PARAMETER);
      if (type && icalparameter_get_fbtype(type) == ICAL_FBTYPE_FREE) return;
      const icalperiodtype period = icalproperty_get_freebusy(one);
      const auto starts = moment_of(one, period.start);
      if (!starts) return;
      const auto ends = moment_of(one, period.end);
      add(starts->instant(), ends ? ends->instant() : starts->instant() + length(period.duration));
    });
  }

  static seconds length(const icaldurationtype& duration) {
    if (icaldurationtype_is_bad_duration(duration) || duration.is_neg) return seconds{0};
    return days{duration.days} + std::chrono::weeks{duration.weeks} +
           std::chrono::hours{duration.hours} + std::chrono::minutes{duration.minutes} +
           seconds{duration.seconds};
  }

  // By the clock on the wall for whole days, else by the time that passes.
  struct Span {
    Moment starts;
    seconds length{0};
  };

  static std::optional<Span> span_of(icalcomponent* event) {
    icalproperty* property = first(event, ICAL_DTSTART_PROPERTY);
    if (!property) return std::nullopt;
    const auto starts = moment_of(property, icalproperty_get_dtstart(property));
    if (!starts) return std::nullopt;
    if (icalproperty* end = first(event, ICAL_DTEND_PROPERTY)) {
      const auto ends = moment_of(end, icalproperty_get_dtend(end));
      if (!ends) return std::nullopt;
      return Span{*starts, starts->is_date ? seconds(ends->wall - starts->wall)
                                           : seconds(ends->instant() - starts->instant())};
    }
    if (icalproperty* duration = first(event, ICAL_DURATION_PROPERTY))
      return Span{*starts, length(icalproperty_get_duration(duration))};
    return Span{*starts, starts->is_date ? seconds(days{1}) : seconds{0}};
  }

  void add_occurrence(const Span& span, WallTime wall, const std::set<Instant>& left_out,
                      const std::string& uid, bool is_replacement) {
    Moment at = span.starts;
    at.wall = wall;
    const Instant starts = at.instant();
    if (left_out.count(starts) > 0) return;
    if (!is_replacement && replaced_.count({uid, starts}) > 0) return;
    add(starts,
        at.is_date ? to_instant(wall + span.length, at.zone).instant : starts + span.length);
  }

  // The days and times that EXDATE takes out of a rule; a day takes all of its times.
  static std::set<Instant> excluded(icalcomponent* event, const Moment& starts) {
    std::set<Instant> left_out;
    each(event, ICAL_EXDATE_PROPERTY, [&](icalproperty* one) {
      auto moment = moment_of(one, icalproperty_get_exdate(one));
      if (!moment) return;
      if (moment->is_date && !starts.is_date) {
        moment->wall += starts.wall - std::chrono::floor<days>(starts.wall);
        moment->zone = starts.zone;
      }
      left_out.insert(moment->instant());
    });
    return left_out;
  }

  void add_event(icalcomponent* event) {
    if (!takes_time(event)) return;
    const auto span = span_of(event);
    if (!span) return;
    const std::string uid = uid_of(event);
    const bool is_replacement = first(event, ICAL_RECURRENCEID_PROPERTY) != nullptr;
    const auto left_out = excluded(event, span->starts);
    add_occurrence(*span, span->starts.wall, left_out, uid, is_replacement);
    if (is_replacement) return;
    each(event, ICAL_RDATE_PROPERTY, [&](icalproperty* one) {
      const icaldatetimeperiodtype date = icalproperty_get_rdate(one);
      const bool is_period = icaltime_is_null_time(date.time);
      const auto moment = moment_of(one, is_period ? date.period.start : date.time);
      if (moment) add_occurrence(*span, in_zone(*moment, span->starts), left_out, uid, false);
    });
    each(event, ICAL_RRULE_PROPERTY,
         [&](icalproperty* one) { add_rule(icalproperty_get_rrule(one), *span, left_out, uid); });
  }

  static WallTime in_zone(const Moment& moment, const Moment& like) {
    if (moment.is_date || moment.zone == like.zone) return moment.wall;
    return to_wall_time(moment.instant(), like.zone);
  }

  void add_rule(const icalrecurrencetype& rule, const Span& span, const std::set<Instant>& left_out,
                const std::string& uid) {
    // libical looks for the next hit of an impossible rule until the end of its time; of days that
    // is soon over, of seconds it is not.
    const bool seldom = rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
                        rule.freq == ICAL_MONTHLY_RECURRENCE || rule.freq == ICAL_YEARLY_RECURRENCE;
    if (!seldom) return;
    const auto until = until_of(rule, span.starts);
    // Floating: the rule repeats by the clock on the wall.
    const Recurrence occurrences(
        icalrecur_iterator_new(without_until(rule), ical_time(span.starts)));
    if (!occurrences) return;
    const WallTime last = to_wall_time(to_, span.starts.zone);
    for (int count = 0; count < kMostOccurrences && !too_long(); ++count) {
      const icaltimetype next = icalrecur_iterator_next(occurrences.get());
      const auto wall = wall_of(next);
      if (!wall || *wall > last || (until && *wall > *until)) return;
      if (*wall != span.starts.wall) add_occurrence(span, *wall, left_out, uid, false);
    }
  }

  static icalrecurrencetype without_until(icalrecurrencetype rule) {
    rule.until = icaltime_null_time();
    return rule;
  }

  // UNTIL of a time with a zone is in UTC (RFC 5545 3.3.10); of a whole day it takes the day in.
  static std::optional<WallTime> until_of(const icalrecurrencetype& rule, const Moment& starts) {
    const auto wall = wall_of(rule.until);
    if (!wall) return std::nullopt;
    if (rule.until.is_date) return *wall + days{1} - seconds{1};
    if (!icaltime_is_utc(rule.until)) return wall;
    return to_wall_time(to_instant(*wall, "Etc/UTC").instant, starts.zone);
  }

  static icaltimetype ical_time(const Moment& moment) {
    const auto day = std::chrono::floor<days>(moment.wall);
    const domain::Date date{day};
    const std::chrono::hh_mm_ss clock{moment.wall - day};
    icaltimetype time = icaltime_null_time();
    time.year = static_cast<int>(date.year());
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    time.hour = static_cast<int>(clock.hours().count());
    time.minute = static_cast<int>(clock.minutes().count());
    time.second = static_cast<int>(clock.seconds().count());
    time.is_date = moment.is_date ? 1 : 0;
    return time;
  }

  Instant from_;
  Instant to_;
  SteadyClock::time_point deadline_ = SteadyClock::now() + kLongest;
  std::vector<icalcomponent*> events_;
  std::set<std::pair<std::string, Instant>> replaced_;
  std::vector<BusyTime> found_;
};

}  // namespace

std::optional<std::vector<BusyTime>> read_busy_time(std::string_view text, Instant from,
                                                    Instant to) {
  const Component root = parse_foreign(text, kMostCalendarOctets);
  if (!root) return std::nullopt;
  BusyReading reading(from, to);
  if (!reading.read(root.get())) return std::nullopt;
  return reading.united();
}

}  // namespace narada::calendar
