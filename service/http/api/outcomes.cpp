#include "service/usecases/outcomes/outcomes.h"

#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/outcome_views.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/outcomes/chain.h"
#include "service/usecases/outcomes/practice_draft.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

using domain::OutcomeId;
using domain::OutcomeOwner;
using usecases::OutcomeForm;
using usecases::ReachedStageForm;

std::optional<domain::Date> read_day(ObjectReader& reader, std::string_view name) {
  std::optional<std::string> text;
  reader.read(name, text);
  if (!text || text->empty()) return std::nullopt;
  domain::ReachedStage parts;
  if (!domain::read_stage_date(*text, parts) || !parts.day) {
    reader.refuse(name, "invalid_date");
    return std::nullopt;
  }
  return domain::earliest_day(parts);
}

void read_stage(ObjectReader& reader, ReachedStageForm& stage) {
  reader.require("stage");
  reader.read_name("stage", stage.stage, domain::find_outcome_stage);
  reader.read("date", stage.date);
  reader.read_key("material", stage.material);
  reader.read("document_url", stage.document_url);
  reader.read("note", stage.note);
}

// "stage", "date" and "material" of the whole: the one stage that a short form names, among those
// that are there.
void read_short_stage(ObjectReader& reader, OutcomeForm& form) {
  std::optional<domain::OutcomeStage> stage;
  reader.read_name("stage", stage, domain::find_outcome_stage);
  ReachedStageForm reached;
  if (stage)
    for (const auto& one : form.stages)
      if (one.stage == *stage) reached = one;
  reader.read("date", reached.date);
  reader.read_key("material", reached.material);
  if (!stage) {
    if (!reached.date.empty()) reader.refuse("stage", "required");
    return;
  }
  reached.stage = *stage;
  std::erase_if(form.stages, [&](const ReachedStageForm& one) { return one.stage == *stage; });
  form.stages.push_back(std::move(reached));
}

void read_outcome(ObjectReader& reader, OutcomeForm& form) {
  reader.read_name("kind", form.kind, domain::find_outcome_kind);
  reader.read("title", form.title);
  reader.read("description", form.description);
  if (reader.has("stages")) {
    form.stages.clear();
    reader.read_objects("stages", [&](ObjectReader& element) {
      ReachedStageForm stage;
      read_stage(element, stage);
      element.refuse_unknown();
      form.stages.push_back(std::move(stage));
    });
  }
  read_short_stage(reader, form);
  reader.read_key("responsible", form.responsible);
  reader.read("next_step", form.next_step);
  if (reader.has("next_step_by")) form.next_step_by = read_day(reader, "next_step_by");
  reader.read_key("practice", form.practice);
  reader.read_key("grew_from", form.grew_from);
  reader.read("source_url", form.source_url);
  reader.refuse_unknown();
}

template <class IdType>
OutcomeOwner owner_of(const Context& context) {
  return IdType{context.id()};
}

// Refuses who may not organize it, before the body is looked at.
void require_organizer(const Context& context, const OutcomeOwner& owner) {
  const auto& environment = context.environment();
  const auto& actor = context.actor();
  if (const auto* meeting = std::get_if<domain::MeetingId>(&owner))
    context.take(usecases::check_meeting(environment, actor, domain::Action::organize,
                                         std::to_string(meeting->value)));
  else
    context.take(usecases::check_cycle(environment, actor, domain::Action::organize,
                                       std::to_string(std::get<domain::CycleId>(owner).value)));
}

template <class IdType>
Response outcome_list(const Context& context) {
  QueryReader(context.request()).check();
  const auto results = context.take(
      usecases::load_results(context.environment(), context.actor(), owner_of<IdType>(context)));
  web::View items = web::View::array();
  for (const auto& entry : results.outcomes) items.push_back(outcome_view(context, entry));
  return answer(200, {{"items", std::move(items)},
                      {"conclusions", results.report.conclusions},
                      {"minutes", results.report.minutes}});
}

usecases::FoundOutcome find(const Context& context, OutcomeId id) {
  return context.take(usecases::find_outcome(context.environment(), context.actor(), id));
}

template <class IdType>
Response outcome_add(const Context& context) {
  const auto owner = owner_of<IdType>(context);
  require_organizer(context, owner);
  OutcomeForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("kind");
    reader.require("title");
    read_outcome(reader, form);
  });
  const auto id =
      context.take(usecases::add_outcome(context.environment(), context.call(), owner, form));
  const auto found = find(context, id);
  return created(outcome_view(context, found.entry), "/api/v1/outcomes/" + std::to_string(id.value),
                 found.entry.outcome.version);
}

Response outcome_read(const Context& context) {
  const auto found = find(context, OutcomeId{context.id()});
  return answer(200, outcome_view(context, found.entry), found.entry.outcome.version);
}

Response outcome_change(const Context& context) {
  const OutcomeId id{context.id()};
  auto form = find(context, id).form;
  const auto version = context.required_version();
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_outcome(reader, form); });
  context.take(usecases::change_outcome(context.environment(), context.call(), id, version, form));
  const auto found = find(context, id);
  return answer(200, outcome_view(context, found.entry), found.entry.outcome.version);
}

Response outcome_remove(const Context& context) {
  const OutcomeId id{context.id()};
  find(context, id);
  const auto version = context.required_version();
  context.take(usecases::remove_outcome(context.environment(), context.call(), id, version));
  Response response;
  response.status = 204;
  return response;
}

Response chain_read(const Context& context) {
  QueryReader(context.request()).check();
  return answer(200,
                chain_view(context, context.take(usecases::load_practice_chain(
                                        context.environment(), context.actor(), context.key()))));
}

Response practice_draft(const Context& context) {
  const domain::CycleId cycle{context.id()};
  require_organizer(context, cycle);
  std::vector<std::string> materials;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read_keys("materials", materials);
    reader.refuse_unknown();
  });
  const auto id = context.take(
      usecases::draft_practice(context.environment(), context.call(), cycle, materials));
  const auto practice = context.take(
      usecases::find_practice(context.environment(), context.actor(), std::to_string(id.value)));
  return created(practice_view(context, practice), "/api/v1/practices/" + std::to_string(id.value),
                 practice.version);
}

}  // namespace

void add_outcome_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add(Method::get, "/api/v1/meetings/{id}/outcomes", outcome_list<domain::MeetingId>);
  add(Method::post, "/api/v1/meetings/{id}/outcomes", outcome_add<domain::MeetingId>);
  add(Method::get, "/api/v1/cycles/{id}/outcomes", outcome_list<domain::CycleId>);
  add(Method::post, "/api/v1/cycles/{id}/outcomes", outcome_add<domain::CycleId>);
  add(Method::get, "/api/v1/outcomes/{id}", outcome_read);
  add(Method::patch, "/api/v1/outcomes/{id}", outcome_change);
  add(Method::del, "/api/v1/outcomes/{id}", outcome_remove);
  add(Method::post, "/api/v1/cycles/{id}/practice-draft", practice_draft);
  add_public_read(router, environment, "/api/v1/practices/{id}/chain", chain_read);
  add_adoption_routes(router, environment);
}

}  // namespace narada::http::api
