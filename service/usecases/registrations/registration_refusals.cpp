#include "service/usecases/registrations/registration_refusals.h"

#include <fmt/format.h>

#include <chrono>

#include "calendar/zone.h"

namespace narada::usecases {
namespace {

std::string format_moment(domain::Instant instant, const std::string& tzid,
                          domain::Language language) {
  const domain::WallTime wall = calendar::to_wall_time(instant, tzid);
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(wall - day);
  const auto year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto day_of_month = static_cast<unsigned>(date.day());
  const auto hour = clock.hours().count();
  const auto minute = clock.minutes().count();
  if (language == domain::Language::en) {
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", year, month, day_of_month, hour, minute);
  }
  return fmt::format("{:02}.{:02}.{:04} {:02}:{:02}", day_of_month, month, year, hour, minute);
}

}  // namespace

domain::FieldError make_refusal_error(const domain::Refused& refused,
                                      const domain::MeetingSummary& meeting,
                                      domain::Language language) {
  domain::FieldError error{refused.field, refused.code};
  const auto& window = meeting.window;
  if (refused.code == "window_not_open" && window.opens_at) {
    error.details["date"] = format_moment(*window.opens_at, meeting.times.tzid, language);
  }
  if (refused.code == "window_closed" && window.closes_at) {
    error.details["date"] = format_moment(*window.closes_at, meeting.times.tzid, language);
  }
  return error;
}

std::optional<domain::AttendanceMode> resolve_mode(std::optional<domain::AttendanceMode> chosen,
                                                   const domain::MeetingSummary& meeting,
                                                   domain::FieldErrors& errors) {
  if (chosen) {
    if (domain::seats_of(meeting, *chosen).offered) return chosen;
    errors.push_back({"mode", "mode_not_offered"});
    return std::nullopt;
  }
  if (meeting.onsite.offered && meeting.online.offered) {
    errors.push_back({"mode", "required"});
    return std::nullopt;
  }
  if (meeting.onsite.offered) return domain::AttendanceMode::onsite;
  if (meeting.online.offered) return domain::AttendanceMode::online;
  errors.push_back({"mode", "mode_not_offered"});
  return std::nullopt;
}

}  // namespace narada::usecases
