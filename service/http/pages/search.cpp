#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/materials/material_search.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/practices/practices.h"

namespace narada::http::pages {
namespace {

constexpr int kOfEach = 10;
constexpr std::size_t kLongest = 200;  // octets of a question

web::View material_view(const Page& page, const usecases::FoundMaterial& found) {
  return {{"title", found.title},
          {"url", page.link(found.path)},
          {"authors", found.authors},
          {"has_authors", !found.authors.empty()},
          {"of", found.owner_title},
          {"snippet", found.snippet},
          {"has_snippet", !found.snippet.empty()}};
}

void add_results(Page& page, const std::string& question) {
  auto& view = page.view();
  usecases::MeetingFilter meetings;
  meetings.q = question;
  meetings.newest_first = true;
  view["meetings"] = meeting_views(
      page, list_meetings(page.environment(), visitor(), meetings, {kOfEach, {}}).items);
  usecases::CycleFilter cycles;
  cycles.q = question;
  auto found_cycles = web::View::array();
  for (const auto& cycle : list_cycles(page.environment(), visitor(), cycles, {kOfEach, {}}).items)
    found_cycles.push_back(cycle_view(page, cycle));
  usecases::PracticeFilter practices;
  practices.q = question;
  auto found_practices = web::View::array();
  for (const auto& practice :
       list_practices(page.environment(), visitor(), practices, {kOfEach, {}}).items)
    found_practices.push_back(practice_view(page, practice));
  usecases::InstitutionFilter institutions;
  institutions.q = question;
  auto found_institutions = web::View::array();
  for (const auto& found : list_institutions(page.environment(), institutions, {kOfEach, {}}).items)
    found_institutions.push_back(institution_link(
        page, {found.id, found.slug, found.teryt, found.name, found.kind, found.position}));
  auto found_experts = web::View::array();
  for (const auto& expert : list_experts(page.environment(), question, {kOfEach, {}}).items)
    found_experts.push_back(
        {{"name", expert.name}, {"url", page.link("/prowadzacy/" + expert.slug)}});
  auto found_materials = web::View::array();
  for (const auto& found :
       usecases::search_materials(page.environment(), question, {kOfEach, {}}).items)
    found_materials.push_back(material_view(page, found));
  view["nothing"] = found_experts.empty() && view["meetings"].empty() && found_cycles.empty() &&
                    found_practices.empty() && found_institutions.empty() &&
                    found_materials.empty();
  view["cycles"] = std::move(found_cycles);
  view["practices"] = std::move(found_practices);
  view["institutions"] = std::move(found_institutions);
  view["materials"] = std::move(found_materials);
  view["experts"] = std::move(found_experts);
}

Response show_search(const Parts& parts, const Request& request) {
  Page page(parts, request);
  auto question = request.query_value("q");
  if (question.size() > kLongest) question.clear();
  page.title(page.text("search.title"));
  page.view()["q"] = question;
  if (!question.empty()) add_results(page, question);
  return page.render(200, "pages/search");
}

}  // namespace

void add_search_page(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/szukaj",
      [&parts](const Request& request) { return show_search(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
