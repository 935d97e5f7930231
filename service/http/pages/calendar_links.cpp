#include "service/http/pages/calendar_links.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

// Both ends as the two services take them: instants in UTC, or days of which the last is left out.
struct Ends {
  std::string starts;
  std::string ends;
  bool all_day = false;
};

Ends ends_of(const domain::MeetingTimes& times) {
  if (times.precision == domain::TimePrecision::day)
    return {web::iso_date(times.starts), web::iso_date(times.ends), true};
  return {calendar::format_rfc3339(times.starts_at, "UTC").substr(0, 19) + "Z",
          calendar::format_rfc3339(times.ends_at, "UTC").substr(0, 19) + "Z", false};
}

// RFC 5545's form of the same: 20270121T083000Z.
std::string compact(std::string text) {
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

web::View calendar_links(const Page& page, const domain::MeetingSummary& meeting,
                         const std::string& where) {
  const auto path = page.link("/spotkania/" + meeting.slug);
  const auto ends = ends_of(meeting.times);
  const auto title = encode_component(meeting.title), place = encode_component(where),
             address = encode_component(page.absolute(path));
  return {
      {"ics_url", path + ".ics"},
      {"google_url",
       fmt::format("https://calendar.google.com/calendar/"
                   "render?action=TEMPLATE&text={}&dates={}%2F{}&location={}&details={}",
                   title, compact(ends.starts), compact(ends.ends), place, address)},
      {"outlook_url", fmt::format("https://outlook.office.com/calendar/deeplink/"
                                  "compose?subject={}&startdt={}&enddt={}{}&location={}&body={}",
                                  title, encode_component(ends.starts), encode_component(ends.ends),
                                  ends.all_day ? "&allday=true" : "", place, address)}};
}

Response calendar_response(const usecases::CalendarFeed& feed, const std::string& file_name) {
  Response response;
  response.set("Content-Type", "text/calendar; charset=utf-8");
  response.set("Content-Disposition", "inline; filename=\"" + file_name + "\"");
  response.set("ETag", feed.etag);
  response.body = feed.text;
  return response;
}

std::string without_scheme(const std::string& address) {
  return address.substr(std::min(address.find("//"), address.size()));
}

web::View subscription_links(const Page& page, const std::string& query) {
  const auto calendar = page.link("/kalendarz.ics") + query;
  return {{"webcal_rest", without_scheme(page.absolute(calendar))},
          {"ics_url", calendar},
          {"atom_url", page.link("/kanal.atom") + query}};
}

}  // namespace narada::http::pages
