#include <charconv>
#include <map>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/filters.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Date;
using domain::WallTime;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month;

constexpr int kFirstYear = 2000, kLastYear = 2100;
constexpr int kPageOfMonth = 200;  // meetings read at a time
constexpr std::size_t kMostInMonth = 2000;
constexpr int kListPage = 30;

WallTime at_midnight(Date date) { return WallTime(local_days(date)); }

Date today(const Page& page) {
  return Date(std::chrono::floor<days>(calendar::to_wall_time(page.now(), domain::kDefaultZone)));
}

std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    return std::nullopt;
  return value;
}

// Beyond these there is nothing to leaf through.
bool is_shown(year_month month) {
  const int year = static_cast<int>(month.year());
  return year >= kFirstYear && year <= kLastYear;
}

std::string month_path(year_month month) {
  const auto number = static_cast<unsigned>(month.month());
  return "/kalendarz/" + std::to_string(static_cast<int>(month.year())) +
         (number < 10 ? "/0" : "/") + std::to_string(number);
}

web::View month_link(const Page& page, year_month month) {
  return {{"label", web::month_heading(page.language(), at_midnight(month / 1))},
          {"url", page.link(month_path(month)) + filter_query(page.request())}};
}

// What a month shows.
struct Month {
  std::map<Date, web::View> events;            // by each day of a meeting, also of several days
  web::View without_day = web::View::array();  // half-fixed: somewhere in the month
  bool is_whole = true;                        // false: there are more than a page can carry
};

void add_events(const Page& page, const domain::MeetingSummary& meeting, year_month month,
                Month& shown) {
  const auto view = meeting_view(page, meeting);
  if (is_half_fixed(meeting.times)) {
    shown.without_day.push_back(view);
    return;
  }
  auto& events = shown.events;
  auto day = std::max(std::chrono::floor<days>(meeting.times.starts),
                      std::chrono::floor<days>(at_midnight(month / 1)));
  const auto last = std::chrono::floor<days>(meeting.times.ends - std::chrono::seconds(1));
  for (; day <= last && Date(day).month() == month.month(); day += days(1))
    events.try_emplace(Date(day), web::View::array()).first->second.push_back(view);
}

Month load_month(const Page& page, year_month month) {
  auto filter = read_meeting_filter(page.request());
  filter.from = month / 1;
  filter.to = month / std::chrono::last;
  Month shown;
  usecases::PageRequest next{kPageOfMonth, {}};
  for (std::size_t count = 0; count < kMostInMonth;) {
    const auto found = list_meetings(page.environment(), visitor(), filter, next);
    for (const auto& meeting : found.items) add_events(page, meeting, month, shown);
    if (!found.next) return shown;
    count += found.items.size();
    next.cursor = found.next;
  }
  shown.is_whole = false;
  return shown;
}

web::View day_view(const Page& page, Date date, year_month month,
                   std::map<Date, web::View>& events) {
  if (date.month() != month.month()) return {{"class", "empty outside"}};
  const auto at = at_midnight(date);
  web::View day = {{"inside", true},
                   {"date", web::iso_date(at)},
                   {"weekday", web::weekday_name(page.language(), at)},
                   {"number", static_cast<unsigned>(date.day())},
                   {"month", web::month_of_day(page.language(), at)},
                   {"holiday", calendar::polish_holiday_name(date)}};
  const auto found = events.find(date);
  std::string classes = found == events.end() ? "empty" : "";
  if (date == today(page)) classes += classes.empty() ? "today" : " today";
  if (found != events.end()) day["events"] = std::move(found->second);
  day["class"] = classes;
  return day;
}

web::View weeks_view(const Page& page, year_month month, std::map<Date, web::View>& events) {
  const auto first = local_days(month / 1);
  auto day = first - (std::chrono::weekday(first) - std::chrono::Monday);
  web::View weeks = web::View::array();
  for (; day <= local_days(month / std::chrono::last);) {
    web::View row = web::View::array();
    for (int i = 0; i < 7; ++i, day += days(1))
      row.push_back(day_view(page, Date(day), month, events));
    weeks.push_back({{"days", std::move(row)}});
  }
  return weeks;
}

web::View weekdays_view(const Page& page) {
  web::View weekdays = web::View::array();
  const auto monday = local_days(std::chrono::year(2027) / 1 / 4);
  for (int i = 0; i < 7; ++i) {
    const WallTime at(monday + days(i));
    weekdays.push_back({{"name", web::weekday_name(page.language(), at)},
                        {"short", web::weekday_short(page.language(), at)}});
  }
  return weekdays;
}

void add_filters(Page& page, std::string_view action) {
  page.view()["filter"] = filter_view(page);
  page.view()["filter_action"] = page.link(action);
  page.view()["subscribe"] = subscription_links(page, filter_query(page.request()));
}

Response show_month(const Parts& parts, const Request& request, year_month month) {
  Page page(parts, request, Section::calendar);
  const auto heading = web::month_heading(page.language(), at_midnight(month / 1));
  page.title(page.text("calendar.title_of", {{"month", heading}}));
  page.view()["month"] = heading;
  if (is_shown(month - months(1))) page.view()["previous"] = month_link(page, month - months(1));
  if (is_shown(month + months(1))) page.view()["next"] = month_link(page, month + months(1));
  page.view()["list_url"] = page.link("/kalendarz/lista") + filter_query(request);
  page.view()["weekdays"] = weekdays_view(page);
  auto shown = load_month(page, month);
  page.view()["weeks"] = weeks_view(page, month, shown.events);
  page.view()["without_day"] = std::move(shown.without_day);
  page.view()["has_more"] = !shown.is_whole;
  add_filters(page, month_path(month));
  return page.render(200, "pages/calendar");
}

Response show_this_month(const Parts& parts, const Request& request) {
  const auto now = calendar::to_wall_time(parts.environment->clock->now(), domain::kDefaultZone);
  const Date date(std::chrono::floor<days>(now));
  return show_month(parts, request, date.year() / date.month());
}

Response show_given_month(const Parts& parts, const Request& request) {
  const auto year = number(request.params.at("year"), kFirstYear, kLastYear);
  const auto month = number(request.params.at("month"), 1, 12);
  if (!year || !month || request.params.at("month").size() != 2) throw Error(404);
  return show_month(parts, request,
                    std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)));
}

Response show_list(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::calendar);
  auto filter = read_meeting_filter(request);
  const bool past = request.query_value("kiedy") == "minione";
  if (past) {
    filter.to = Date(std::chrono::floor<days>(at_midnight(today(page))) - days(1));
    filter.newest_first = true;
  } else {
    filter.from = today(page);
  }
  const auto found =
      list_meetings(page.environment(), visitor(), filter, {kListPage, request.find_query("od")});
  page.title(page.text(past ? "calendar.past_title" : "calendar.list_title"));
  page.crumb(page.text("nav.calendar"), "/kalendarz");
  page.view()["meetings"] = meeting_views(page, found.items);
  page.view()["past"] = past;
  page.view()["nothing_text"] = page.text(!filter_query(request).empty() ? "calendar.nothing"
                                          : past                         ? "calendar.none_past"
                                                                         : "calendar.none");
  page.view()["month_url"] = page.link("/kalendarz") + filter_query(request);
  const auto query = filter_query(request);
  const auto joined = [&](const std::string& more) {
    return query + (query.empty() ? "?" : "&") + more;
  };
  page.view()["other_list_url"] =
      page.link("/kalendarz/lista") + (past ? query : joined("kiedy=minione"));
  if (found.next)
    page.view()["more_url"] =
        page.link("/kalendarz/lista") +
        joined((past ? "kiedy=minione&od=" : "od=") + encode_component(*found.next));
  add_filters(page, "/kalendarz/lista");
  return page.render(200, "pages/meeting_list");
}

}  // namespace

void add_calendar_pages(Router& router, const Parts& parts) {
  const auto bind = [&parts](auto show) {
    return [&parts, show](const Request& request) { return show(parts, request); };
  };
  add_page(router, Method::get, "/kalendarz", bind(show_this_month), shared_page());
  add_page(router, Method::get, "/kalendarz/lista", bind(show_list), shared_page());
  add_page(router, Method::get, "/kalendarz/{year}/{month}", bind(show_given_month), shared_page());
}

}  // namespace narada::http::pages
