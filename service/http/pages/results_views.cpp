#include "service/http/pages/results_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/views.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::OutcomeKind;
using domain::OutcomeStage;
using domain::ReachedStage;
using usecases::AdoptionEntry;
using usecases::OutcomeEntry;

constexpr OutcomeStage kStages[] = {OutcomeStage::problem, OutcomeStage::prototype,
                                    OutcomeStage::pilot, OutcomeStage::adopted_act,
                                    OutcomeStage::published_practice};

domain::WallTime wall_of(int year, unsigned month, unsigned day) {
  return domain::WallTime{std::chrono::local_days{
      std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}}};
}

// The documents of a stage that the reader may open.
std::string material_title(const OutcomeEntry& entry, domain::MaterialId id) {
  for (const auto& material : entry.materials)
    if (material.id == id) return material.title;
  return {};
}

web::View stage_views(const Page& page, const OutcomeEntry& entry) {
  web::View stages = web::View::array();
  for (const auto& stage : entry.outcome.stages) {
    web::View view = {{"name", word(page, "outcome_stage", to_string(stage.stage))},
                      {"date", stage_date(page, stage)},
                      {"note", stage.note},
                      {"address", stage.document_url},
                      {"material", ""}};
    if (stage.material) {
      if (const auto title = material_title(entry, *stage.material); !title.empty()) {
        view["material"] = title;
        view["material_url"] = page.link(fmt::format("/materialy/{}", stage.material->value));
      }
    }
    stages.push_back(std::move(view));
  }
  return stages;
}

// Five dots on a line, those reached filled; the words stand beside.
web::View track_view(const domain::WorkOutcome& outcome) {
  constexpr int kFirst = 8, kStep = 26;
  web::View dots = web::View::array();
  int x = kFirst;
  for (const auto stage : kStages) {
    const bool reached = std::any_of(outcome.stages.begin(), outcome.stages.end(),
                                     [&](const ReachedStage& one) { return one.stage == stage; });
    dots.push_back({{"x", std::to_string(x)}, {"look", reached ? "reached" : "missing"}});
    x += kStep;
  }
  return dots;
}

web::View problem_views(const std::vector<OutcomeEntry>& outcomes) {
  web::View problems = web::View::array();
  for (const auto& entry : outcomes)
    if (entry.outcome.kind == OutcomeKind::problem)
      problems.push_back({{"value", entry.outcome.title}});
  return problems;
}

std::vector<domain::WorkOutcome> plain(const std::vector<OutcomeEntry>& entries) {
  std::vector<domain::WorkOutcome> outcomes;
  for (const auto& entry : entries) outcomes.push_back(entry.outcome);
  return outcomes;
}

}  // namespace

std::string stage_date(const Page& page, const ReachedStage& stage) {
  if (!stage.year) return page.text("results.no_data");
  if (!stage.month) return std::to_string(*stage.year);
  if (!stage.day) return web::month_year(page.language(), wall_of(*stage.year, *stage.month, 1));
  return web::day_date(page.language(), wall_of(*stage.year, *stage.month, *stage.day));
}

std::string known_day(const Page& page, const std::optional<domain::Date>& day) {
  if (!day) return page.text("results.no_data");
  return web::day_date(page.language(), domain::WallTime{std::chrono::local_days{*day}});
}

web::View outcome_view(const Page& page, const OutcomeEntry& entry) {
  const auto& outcome = entry.outcome;
  const auto furthest = domain::furthest_stage(outcome);
  web::View view = {{"outcome_id", std::to_string(outcome.id.value)},
                    {"outcome_title", outcome.title},
                    {"kind", word(page, "outcome_kind", to_string(outcome.kind))},
                    {"outcome_text", web::markdown_html(outcome.description, 4)},
                    {"stages", stage_views(page, entry)},
                    {"track", track_view(outcome)},
                    {"furthest", furthest ? word(page, "outcome_stage", to_string(*furthest))
                                          : page.text("results.no_stage")},
                    {"next_step", outcome.next_step},
                    {"next_by", outcome.next_step_by ? known_day(page, outcome.next_step_by) : ""},
                    {"source", outcome.source_url}};
  if (outcome.responsible) view["responsible"] = institution_link(page, *outcome.responsible);
  if (entry.practice)
    view["became"] = {{"name", entry.practice->title},
                      {"url", page.link("/praktyki/" + entry.practice->slug)}};
  return view;
}

void add_results(Page& page, const domain::OutcomeOwner& owner) {
  const auto results = load_results(page.environment(), visitor(), owner);
  if (!results || results->empty()) return;
  web::View outcomes = web::View::array();
  for (const auto& entry : results->outcomes)
    if (entry.outcome.kind != OutcomeKind::problem) outcomes.push_back(outcome_view(page, entry));
  const auto count = usecases::count_problems(plain(results->outcomes));
  page.view()["results"] = {
      {"conclusions", web::markdown_html(results->report.conclusions, 3)},
      {"minutes", web::markdown_html(results->report.minutes, 4)},
      {"outcomes", std::move(outcomes)},
      {"problems", problem_views(results->outcomes)},
      {"problem_count",
       page.text("results.problem_count", {{"count", std::int64_t{count.problems}}})},
      {"prototyped", count.prototyped > 0 ? page.text("results.prototyped",
                                                      {{"count", std::int64_t{count.prototyped}}})
                                          : std::string()}};
}

std::string_view color_of(domain::AdoptionStatus status) {
  switch (status) {
    case domain::AdoptionStatus::adopted:
      return "success";
    case domain::AdoptionStatus::adapting:
      return "info";
    case domain::AdoptionStatus::considering:
    case domain::AdoptionStatus::given_up:
      break;
  }
  return "neutral";
}

web::View adoption_views(const Page& page, const std::vector<AdoptionEntry>& entries) {
  web::View views = web::View::array();
  for (const auto& entry : entries) {
    const auto& adoption = entry.adoption;
    const auto change = fmt::format("/praktyki/{}/wdrozenie?instytucja={}", adoption.practice.slug,
                                    adoption.institution.id.value);
    views.push_back(
        {{"name", adoption.institution.name},
         {"url", page.link(institution_path(adoption.institution))},
         {"status", word(page, "adoption_status", to_string(adoption.status))},
         {"color", color_of(adoption.status)},
         {"since", known_day(page, adoption.since)},
         {"learnt", entry.learnt_at ? entry.learnt_at->title : ""},
         {"learnt_url", entry.learnt_at ? page.link("/spotkania/" + entry.learnt_at->slug) : ""},
         {"changed", adoption.changed},
         {"document_url", adoption.document_url},
         {"practice", adoption.practice.title},
         {"practice_url", page.link("/praktyki/" + adoption.practice.slug)},
         {"change_url", entry.may_change ? page.link(change) : ""}});
  }
  return views;
}

void add_institution_adoptions(Page& page, domain::InstitutionId institution) {
  auto& view = page.view();
  view["adoptions_took"] =
      adoption_views(page, list_adoptions_by(page.environment(), visitor(), institution));
  view["adoptions_gave"] =
      adoption_views(page, list_adoptions_from(page.environment(), visitor(), institution));
}

void add_practice_adoptions(Page& page, const std::string& practice_slug) {
  const auto chain = load_practice_chain(page.environment(), visitor(), practice_slug);
  if (!chain) return;
  add_chain(page, *chain);
  auto& view = page.view();
  view["adoptions"] = adoption_views(page, chain->practices.front().adoptions);
  view["adoption_url"] = page.link("/praktyki/" + practice_slug + "/wdrozenie");
}

}  // namespace narada::http::pages
