#include "service/http/pages/panel/date_views.h"

#include "service/http/pages/panel/typed.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::WallTime;

// Those who have the same reason, together: "Bytom, Tychy – Ferie".
web::View away_views(const Page& page, const std::vector<domain::CannotCome>& away) {
  std::vector<std::pair<std::string, std::string>> by_reason;
  for (const auto& one : away) {
    auto known = by_reason.begin();
    while (known != by_reason.end() && known->first != one.reason) ++known;
    if (known == by_reason.end())
      by_reason.emplace_back(one.reason, one.name);
    else
      known->second += ", " + one.name;
  }
  web::View views = web::View::array();
  for (const auto& [reason, names] : by_reason)
    views.push_back({{"names", names},
                     {"reason", reason.empty() ? page.text("dates.calendar_taken") : reason}});
  return views;
}

}  // namespace

web::View found_dates_view(const Page& page, const usecases::FoundDates& found) {
  web::View views = web::View::array();
  for (const auto& one : found.proposals) {
    const auto number = static_cast<std::int64_t>(views.size()) + 1;
    const auto when = web::time_range(page.language(), one.starts, one.ends, false);
    views.push_back(
        {{"number", number},
         {"when", when},
         {"free", page.text("dates.free", {{"free", std::int64_t{one.free_institutions}},
                                           {"all", std::int64_t{found.institutions}}})},
         {"away", away_views(page, one.institutions)},
         {"experts_away", away_views(page, one.experts)},
         {"bridge", one.bridge},
         {"date", web::iso_date(one.starts)},
         {"use", "use:" + web::iso_date(one.starts)}});
  }
  return {{"summary", page.text("dates.found", {{"institutions", std::int64_t{found.institutions}},
                                                {"experts", std::int64_t{found.experts}}})},
          {"proposals", views}};
}

std::vector<std::pair<std::string, std::string>> wish_weekdays(const Page& page) {
  // 4 January 2027 is a Monday.
  const WallTime monday{std::chrono::local_days{std::chrono::year{2027} / 1 / 4}};
  std::vector<std::pair<std::string, std::string>> options{{"", page.text("dates.working_days")}};
  for (int day = 0; day < 7; ++day)
    options.emplace_back(std::to_string(day + 1),
                         web::weekday_name(page.language(), monday + std::chrono::days{day}));
  return options;
}

void set_weekdays(const std::string& chosen, domain::DateWish& wish) {
  if (chosen.size() != 1 || chosen[0] < '1' || chosen[0] > '7') return;
  wish.weekdays.fill(false);
  wish.weekdays[static_cast<std::size_t>(chosen[0] - '1')] = true;
}

}  // namespace narada::http::pages
