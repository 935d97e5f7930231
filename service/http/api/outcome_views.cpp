#include "service/http/api/outcome_views.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/http/api/views.h"
#include "web/dates.h"

namespace narada::http::api {
namespace {

web::View date_view(const std::optional<domain::Date>& day) {
  if (!day) return nullptr;
  return web::iso_date(domain::WallTime{std::chrono::local_days{*day}});
}

// "2027", "2027-05" or "2027-05-12"; null: no data.
web::View stage_date_view(const domain::ReachedStage& stage) {
  const auto text = domain::stage_date_text(stage);
  if (text.empty()) return nullptr;
  return text;
}

web::View practice_ref_view(const Context& context, const domain::PracticeRef& practice) {
  return {{"id", practice.id.value},
          {"slug", practice.slug},
          {"title", practice.title},
          {"url", context.url("/praktyki/", practice.slug)}};
}

web::View learnt_view(const Context& context, const std::optional<usecases::LearntAt>& meeting) {
  if (!meeting) return nullptr;
  return {{"id", meeting->id.value},
          {"slug", meeting->slug},
          {"title", meeting->title},
          {"url", context.url("/spotkania/", meeting->slug)}};
}

// The material where this reader may open it.
web::View material_view(const usecases::OutcomeEntry& entry,
                        const std::optional<domain::MaterialId>& id) {
  for (const auto& material : entry.materials)
    if (material.id == id) return {{"id", material.id.value}, {"title", material.title}};
  return nullptr;
}

web::View stage_views(const usecases::OutcomeEntry& entry) {
  web::View stages = web::View::array();
  for (const auto& stage : entry.outcome.stages)
    stages.push_back({{"stage", to_string(stage.stage)},
                      {"date", stage_date_view(stage)},
                      {"material", material_view(entry, stage.material)},
                      {"document_url", stage.document_url},
                      {"note", stage.note}});
  return stages;
}

}  // namespace

web::View outcome_view(const Context& context, const usecases::OutcomeEntry& entry) {
  const auto& outcome = entry.outcome;
  web::View view = {{"id", outcome.id.value},
                    {"meeting", nullptr},
                    {"cycle", nullptr},
                    {"kind", to_string(outcome.kind)},
                    {"title", outcome.title},
                    {"description", outcome.description},
                    {"stage", nullptr},
                    {"date", nullptr},
                    {"stages", stage_views(entry)},
                    {"responsible", nullptr},
                    {"next_step", outcome.next_step},
                    {"next_step_by", date_view(outcome.next_step_by)},
                    {"practice", nullptr},
                    {"grew_from", nullptr},
                    {"source_url", outcome.source_url}};
  if (const auto* meeting = std::get_if<domain::MeetingId>(&outcome.owner))
    view["meeting"] = meeting->value;
  else
    view["cycle"] = std::get<domain::CycleId>(outcome.owner).value;
  if (!outcome.stages.empty()) {
    view["stage"] = to_string(outcome.stages.back().stage);
    view["date"] = stage_date_view(outcome.stages.back());
  }
  if (outcome.responsible) view["responsible"] = institution_ref_view(*outcome.responsible);
  if (entry.practice) view["practice"] = practice_ref_view(context, *entry.practice);
  if (outcome.grew_from) view["grew_from"] = outcome.grew_from->value;
  return view;
}

web::View adoption_view(const Context& context, const usecases::AdoptionEntry& entry) {
  const auto& adoption = entry.adoption;
  return {{"id", adoption.id.value},
          {"practice", practice_ref_view(context, adoption.practice)},
          {"institution", institution_ref_view(adoption.institution)},
          {"status", to_string(adoption.status)},
          {"since", date_view(adoption.since)},
          {"meeting", learnt_view(context, entry.learnt_at)},
          {"changed", adoption.changed},
          {"document_url", adoption.document_url}};
}

web::View chain_view(const Context& context, const usecases::Chain& chain) {
  web::View view = {{"cycle", nullptr},
                    {"sessions", web::View::array()},
                    {"problems", chain.problems.problems},
                    {"prototyped", chain.problems.prototyped},
                    {"outcomes", web::View::array()},
                    {"practices", web::View::array()}};
  if (chain.cycle) {
    web::View owners = web::View::array();
    for (const auto& owner : chain.cycle->owners) owners.push_back(institution_ref_view(owner));
    view["cycle"] = {
        {"id", chain.cycle->id.value}, {"slug", chain.cycle->slug},
        {"title", chain.cycle->title}, {"challenge", chain.cycle->challenge},
        {"owners", std::move(owners)}, {"url", context.url("/cykle/", chain.cycle->slug)}};
  }
  for (const auto& session : chain.sessions)
    view["sessions"].push_back(
        {{"id", session.id.value},
         {"slug", session.slug},
         {"title", session.title},
         {"date", session.month_only ? month_view(session.starts)
                                     : web::View(web::iso_date(session.starts))},
         {"presented", session.presented},
         {"url", context.url("/spotkania/", session.slug)}});
  for (const auto& entry : chain.outcomes) view["outcomes"].push_back(outcome_view(context, entry));
  for (const auto& practice : chain.practices) {
    web::View one = practice_ref_view(context, {practice.id, practice.slug, practice.title});
    one["published_at"] = practice.published_at == domain::Instant{}
                              ? web::View(nullptr)
                              : instant_view(practice.published_at);
    one["adoptions"] = web::View::array();
    for (const auto& entry : practice.adoptions)
      one["adoptions"].push_back(adoption_view(context, entry));
    view["practices"].push_back(std::move(one));
  }
  return view;
}

}  // namespace narada::http::api
