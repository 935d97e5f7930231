// /panel/spotkania/{id}/statystyki: who comes from where, in numbers alone.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/survey_results.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/meeting_statistics.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::OfficeNumbers;
using domain::SharedNumbers;
using usecases::MeetingStatistics;
using usecases::SignedIn;

constexpr std::int64_t kBarWidth = 100;  // units of a bar's drawing

// How long a bar is beside the longest one; something is never nothing.
std::string bar_length(std::int64_t value, std::int64_t longest) {
  if (value <= 0 || longest <= 0) return "0";
  return std::to_string(std::max<std::int64_t>(1, value * kBarWidth / longest));
}

web::View office_views(const Page& page, const std::vector<OfficeNumbers>& offices) {
  std::int64_t longest = 0;
  for (const auto& office : offices) longest = std::max(longest, office.people());
  web::View views = web::View::array();
  for (const auto& office : offices)
    views.push_back({{"name", office.id.value == 0 ? page.text("lists.no_office") : office.name},
                     {"confirmed", std::to_string(office.confirmed)},
                     {"waitlisted", std::to_string(office.waitlisted)},
                     {"pending", std::to_string(office.pending)},
                     {"withdrawn", std::to_string(office.withdrawn)},
                     {"people", std::to_string(office.people())},
                     {"length", bar_length(office.people(), longest)}});
  return views;
}

web::View total_view(const std::vector<OfficeNumbers>& offices) {
  OfficeNumbers all;
  for (const auto& office : offices) {
    all.confirmed += office.confirmed;
    all.waitlisted += office.waitlisted;
    all.pending += office.pending;
    all.withdrawn += office.withdrawn;
  }
  return {{"confirmed", std::to_string(all.confirmed)},
          {"waitlisted", std::to_string(all.waitlisted)},
          {"pending", std::to_string(all.pending)},
          {"withdrawn", std::to_string(all.withdrawn)},
          {"people", std::to_string(all.people())}};
}

template <class LabelOf>
web::View shared_views(const std::vector<SharedNumbers>& all, LabelOf label_of) {
  std::int64_t longest = 0;
  for (const auto& one : all) longest = std::max(longest, one.offices);
  web::View views = web::View::array();
  for (const auto& one : all)
    views.push_back({{"name", label_of(one.key)},
                     {"offices", std::to_string(one.offices)},
                     {"people", std::to_string(one.people)},
                     {"length", bar_length(one.offices, longest)}});
  return views;
}

web::View association_views(const Page& page,
                            const std::vector<domain::AssociationShare>& associations) {
  web::View views = web::View::array();
  for (const auto& one : associations) {
    const auto percent = one.members == 0 ? 0 : one.present * 100 / one.members;
    views.push_back({{"name", one.name},
                     {"present", std::to_string(one.present)},
                     {"members", std::to_string(one.members)},
                     {"share", page.text("lists.share_value", {{"percent", percent}})},
                     {"length", bar_length(one.present, one.members)}});
  }
  return views;
}

void fill(Page& page, const MeetingStatistics& found) {
  auto& view = page.view();
  view["offices"] = office_views(page, found.offices);
  view["total"] = total_view(found.offices);
  view["kinds"] = shared_views(numbers_by_kind(found.offices), [&](const std::string& kind) {
    return word(page, "institution_kind", kind);
  });
  view["counties"] =
      shared_views(numbers_by_county(found.offices), [](const std::string& name) { return name; });
  web::View names = web::View::array();
  for (const auto& office : newcomers(found.offices))
    names.push_back({{"name", office.name}, {"url", page.link("/gminy/" + office.slug)}});
  view["newcomers"] = std::move(names);
  view["associations"] = association_views(page, found.associations);
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto id = id_of(page.request());
  const auto found =
      load_meeting_statistics(page.environment(), signed_in.actor, std::to_string(id));
  if (!found) throw Error(404);
  const auto& meeting = found->meeting;
  open_list(page, signed_in, ListRoom::registrations,
            page.text("lists.statistics_title", {{"title", meeting.title}}));
  page.crumb(meeting.title, "/spotkania/" + meeting.slug);
  add_organizer_tabs(page, signed_in, meeting.id, "statystyki");
  page.view()["when"] = web::time_range(page.language(), meeting.times);
  if (found->may_see_participants)
    page.view()["registrations_url"] =
        page.link(fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value));
  fill(page, *found);
  const auto survey = load_survey_results(page.environment(), signed_in.actor, meeting.id);
  if (survey && survey->asked > 0) page.view()["results"] = survey_results_view(page, *survey);
  return page.render(200, "pages/panel_statistics");
}

}  // namespace

void add_panel_statistics_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, "/panel/spotkania/{id}/statystyki", show);
}

}  // namespace narada::http::pages
