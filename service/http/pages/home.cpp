#include "calendar/zone.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/practices/practice_catalogue.h"

namespace narada::http::pages {
namespace {

constexpr int kMeetings = 6, kCycles = 6, kPractices = 6, kFeatured = 3;

domain::Date today(const Page& page) {
  return domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
}

Response show_home(const Parts& parts, const Request& request) {
  Page page(parts, request);
  usecases::MeetingFilter coming;
  coming.from = today(page);
  coming.status = domain::MeetingStatus::published;
  usecases::CycleFilter running;
  running.running_only = true;
  const auto& environment = page.environment();
  page.title(page.text("home.title"));
  page.view()["description"] = page.text("home.lead");
  page.view()["meetings"] =
      meeting_views(page, list_meetings(environment, visitor(), coming, {kMeetings, {}}).items);
  auto cycles = web::View::array();
  for (const auto& cycle : list_cycles(environment, visitor(), running, {kCycles, {}}).items)
    cycles.push_back(cycle_view(page, cycle));
  page.view()["cycles"] = std::move(cycles);
  usecases::CatalogueFilter featured;
  featured.featured_only = true;
  page.view()["featured"] = practice_views(page, list_catalogue(environment, featured, kFeatured));
  page.view()["practices"] = practice_views(page, list_catalogue(environment, {}, kPractices));
  add_newest_materials(page);
  return page.render(200, "pages/home");
}

}  // namespace

void add_home_page(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/",
      [&parts](const Request& request) { return show_home(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
