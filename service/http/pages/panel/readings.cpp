// /panel/odczyty: which public pages are read, and how often; of nobody in particular.

#include <array>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/reads/page_reads.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::ReadKind;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/odczyty";
constexpr std::array kKinds = {ReadKind::practice, ReadKind::meeting, ReadKind::cycle,
                               ReadKind::material};
constexpr std::array kPeriods = {7, 30, 90, 365};
constexpr int kUsualPeriod = 30;
constexpr int kMostShown = 100;

int period_of(const Request& request) {
  const auto text = request.query_value("dni");
  for (const int days : kPeriods)
    if (text == std::to_string(days)) return days;
  return kUsualPeriod;
}

web::View filter_view(const Page& page, ReadKind kind, int days) {
  std::vector<std::pair<std::string, std::string>> kinds, periods;
  for (const auto one : kKinds)
    kinds.emplace_back(to_string(one), page.text("readings.kind_" + std::string(to_string(one))));
  for (const int one : kPeriods)
    periods.emplace_back(std::to_string(one), page.text("readings.days_" + std::to_string(one)));
  return {{"kinds", options_view(kinds, to_string(kind))},
          {"periods", options_view(periods, std::to_string(days))}};
}

std::string month_text(const Page& page, domain::Date first) {
  return web::month_year(page.language(), domain::WallTime(std::chrono::local_days(first)));
}

void add_numbers(Page& page, const usecases::ReadNumbers& numbers) {
  auto months = web::View::array();
  for (const auto& month : numbers.months)
    months.push_back({{"month", month_text(page, month.first)}, {"count", month.count}});
  page.view()["numbers"] = {{"week", numbers.week}, {"month", numbers.month}, {"all", numbers.all}};
  page.view()["months"] = std::move(months);
}

// One of the pages of the list, by months.
Response show_one(Page& page, const usecases::MostReadPage& one, ReadKind kind) {
  page.view()["title"] = page.text("readings.of", {{"title", one.title}});
  page.view()["one"] = {{"title", one.title}, {"url", page.link(one.path)}};
  add_numbers(page, load_read_numbers(page.environment(), kind, one.id));
  page.view()["list_url"] = page.link(kPath);
  return page.render(200, "pages/panel_reading");
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto& request = page.request();
  const auto kind =
      domain::find_read_kind(request.query_value("rodzaj")).value_or(ReadKind::practice);
  const int days = period_of(request);
  open_panel(page, signed_in, PanelRoom::statistics, page.text("readings.title"));
  const auto most =
      take(load_most_read(page.environment(), signed_in.actor, kind, days, kMostShown));
  const auto chosen = request.query_value("id");
  auto rows = web::View::array();
  for (const auto& one : most) {
    if (std::to_string(one.id) == chosen) return show_one(page, one, kind);
    rows.push_back({{"title", one.title},
                    {"url", page.link(one.path)},
                    {"count", one.count},
                    {"details_name", page.text("readings.details_of", {{"title", one.title}})},
                    {"details_url",
                     page.link(std::string(kPath) + "?rodzaj=" + std::string(to_string(kind)) +
                               "&dni=" + std::to_string(days) + "&id=" + std::to_string(one.id))}});
  }
  page.view()["filter"] = filter_view(page, kind, days);
  page.view()["list_url"] = page.link(kPath);
  page.view()["rows"] = std::move(rows);
  return page.render(200, "pages/panel_readings");
}

}  // namespace

void add_panel_reading_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, show);
}

}  // namespace narada::http::pages
