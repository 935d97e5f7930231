// /prowadzacy/{slug}: who somebody is who leads, and what they lead.

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/expert_profiles.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

constexpr std::size_t kLongestMeta = 160;  // octets of a description for search engines

// The description in the page's language, else in Polish, marked as such.
void add_description(Page& page, const domain::ExpertProfile& profile) {
  const bool has_own = page.english() && !profile.description_en.empty();
  const auto& text = has_own ? profile.description_en : profile.expert.description;
  auto& view = page.view();
  view["about"] = web::markdown_html(text, 2);
  view["about_language"] = has_own ? "en" : "pl";
  const auto plain = web::markdown_text(text);
  view["description"] = plain.size() <= kLongestMeta ? plain : std::string();
}

void add_program(Page& page, const domain::ExpertProgram& program) {
  std::vector<domain::MeetingSummary> upcoming;
  std::vector<domain::MeetingSummary> past;
  for (const auto& meeting : program.meetings)
    (meeting.times.ends_at > page.now() ? upcoming : past).push_back(meeting);
  std::reverse(upcoming.begin(), upcoming.end());
  auto& view = page.view();
  view["upcoming"] = meeting_views(page, upcoming);
  view["past"] = meeting_views(page, past);
  view["cycles"] = web::View::array();
  for (const auto& cycle : program.cycles)
    view["cycles"].push_back({{"title", cycle.title}, {"url", page.link("/cykle/" + cycle.slug)}});
  view["nothing"] = program.meetings.empty() && program.cycles.empty();
}

Response show_expert(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto& slug = request.params.at("slug");
  const auto profile = value_or_throw(find_expert_profile(page.environment(), visitor(), slug));
  if (profile.expert.slug != slug)
    return redirect(301, page.link("/prowadzacy/" + profile.expert.slug));
  page.title(profile.expert.name);
  add_description(page, profile);
  auto& view = page.view();
  if (profile.institution)
    view["institution"] = {{"name", profile.organization},
                           {"url", page.link(institution_path(*profile.institution))}};
  else
    view["organization"] = profile.organization;
  add_program(page, load_expert_program(page.environment(), profile.expert.id));
  return page.render(200, "pages/expert");
}

}  // namespace

void add_expert_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/prowadzacy/{slug}",
      [&parts](const Request& request) { return show_expert(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
