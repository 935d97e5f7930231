#include "service/usecases/meetings/duplication.h"

#include <algorithm>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/usecases/meetings/planner.h"

namespace narada::usecases {
namespace {

using domain::Date;
using domain::WallTime;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::weeks;

Date date_of(WallTime time) { return Date{std::chrono::floor<days>(time)}; }

bool same_month(local_days one, local_days other) {
  return Date{one}.year() == Date{other}.year() && Date{one}.month() == Date{other}.month();
}

// The same moment before or after the meeting's start, on the wall of the meeting's zone.
void shift_instant(std::optional<domain::Instant>& instant, const std::string& tzid, days by) {
  if (!instant) return;
  instant = calendar::to_instant(calendar::to_wall_time(*instant, tzid) + by, tzid).instant;
}

}  // namespace

Date shift_day(Date day, int years, const domain::HolidayName& holiday_name) {
  const auto month = (day.year() + std::chrono::years{years}) / day.month();
  const std::chrono::weekday weekday{local_days{day}};
  const unsigned nth = (static_cast<unsigned>(day.day()) - 1) / 7 + 1;
  const local_days shifted =
      nth > 4 ? local_days{month / weekday[std::chrono::last]} : local_days{month / weekday[nth]};
  if (holiday_name(Date{shifted}).empty()) return Date{shifted};
  for (const local_days other : {shifted + weeks{1}, shifted - weeks{1}})
    if (same_month(other, shifted) && holiday_name(Date{other}).empty()) return Date{other};
  return Date{shifted};
}

MeetingForm hold_again(MeetingForm form, Date day) {
  const days by = local_days{day} - local_days{date_of(form.starts)};
  form.starts += by;
  form.ends += by;
  if (calendar::is_known_zone(form.tzid)) {
    shift_instant(form.window.opens_at, form.tzid, by);
    shift_instant(form.window.closes_at, form.tzid, by);
  }
  form.online_url.clear();
  form.source_url.clear();
  form.caveat.clear();
  return form;
}

MeetingForm shift_meeting(MeetingForm form, int years, const domain::HolidayName& holiday_name) {
  const Date before = date_of(form.starts);
  // Of a month alone there is no weekday to keep, and no holiday to avoid.
  const Date day = form.precision == domain::TimePrecision::month
                       ? (before.year() + std::chrono::years{years}) / before.month() / 1
                       : shift_day(before, years, holiday_name);
  return hold_again(std::move(form), day);
}

int years_until_ahead(WallTime starts, domain::Instant now) {
  const auto today = date_of(calendar::to_wall_time(now, domain::kDefaultZone));
  int years = 1;
  while (date_of(starts) + std::chrono::years{years} <= today && years < 300) ++years;
  return years;
}

domain::Outcome<CycleCopy> copy_cycle(const Environment& environment, const Actor& actor,
                                      domain::CycleId id, int years) {
  auto stored = load_cycle_to_edit(environment, actor, id);
  if (!stored) return stored.failure();
  CycleCopy copy{std::move(stored->form), {}};
  copy.form.effects.clear();
  copy.form.materials.clear();
  copy.form.participants_text.clear();
  copy.form.published_period.clear();
  copy.form.published_meeting_count.reset();
  copy.form.source_urls.clear();
  copy.form.practice_url.clear();
  copy.form.caveat.clear();
  for (const auto& meeting : stored->cycle.meetings) {
    if (meeting.status == domain::MeetingStatus::cancelled) continue;
    auto form = load_meeting_form(environment, actor, meeting.id);
    if (!form) return form.failure();
    copy.form.meetings.push_back(
        shift_meeting(std::move(*form), years, calendar::polish_holiday_name));
    copy.sources.push_back(meeting.id);
  }
  return copy;
}

domain::Outcome<MeetingForm> copy_meeting(const Environment& environment, const Actor& actor,
                                          domain::MeetingId id, int years) {
  auto form = load_meeting_form(environment, actor, id);
  if (!form) return form.failure();
  form->session_number.reset();
  return shift_meeting(std::move(*form), years, calendar::polish_holiday_name);
}

}  // namespace narada::usecases
