#include "service/usecases/adoptions/adoptions.h"

#include <nlohmann/json.hpp>

#include "service/domain/work_outcome.h"
#include "service/http/api/endpoint.h"
#include "service/http/api/outcome_views.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"

namespace narada::http::api {
namespace {

std::vector<usecases::AdoptionEntry> load(const Context& context) {
  return context.take(
      usecases::list_adoptions(context.environment(), context.actor(), context.key()));
}

Response adoption_list(const Context& context) {
  QueryReader(context.request()).check();
  web::View items = web::View::array();
  for (const auto& entry : load(context)) items.push_back(adoption_view(context, entry));
  return answer(200, {{"items", std::move(items)}});
}

// Refuses who speaks for no institution, before the body is looked at.
void require_adopter(const Context& context) {
  const auto who = usecases::list_adopting_institutions(context.environment(), context.actor());
  if (!who.all && who.institutions.empty())
    context.take(domain::Outcome<int>(domain::Failure(domain::Forbidden{})));
}

void read_form(ObjectReader& reader, std::string& institution, usecases::AdoptionForm& form) {
  reader.require("institution");
  reader.require("status");
  reader.read_key("institution", institution);
  reader.read_name("status", form.status, domain::find_adoption_status);
  std::optional<std::string> since;
  reader.read("since", since);
  if (since && !since->empty()) {
    domain::ReachedStage day;
    if (domain::read_stage_date(*since, day) && day.day)
      form.since = domain::earliest_day(day);
    else
      reader.refuse("since", "invalid_date");
  }
  reader.read_key("meeting", form.meeting);
  reader.read("changed", form.changed);
  reader.read("document_url", form.document_url);
  reader.refuse_unknown();
}

Response adoption_record(const Context& context) {
  load(context);  // 404 before anything else
  require_adopter(context);
  std::string institution;
  usecases::AdoptionForm form;
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_form(reader, institution, form); });
  const auto id = context.take(usecases::record_adoption(context.environment(), context.call(),
                                                         context.key(), institution, form));
  for (const auto& entry : load(context))
    if (entry.adoption.id == id)
      return created(
          adoption_view(context, entry),
          "/api/v1/practices/" + std::to_string(entry.adoption.practice.id.value) + "/adoptions",
          entry.adoption.version);
  throw Error(404);  // taken back meanwhile
}

}  // namespace

void add_adoption_routes(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/practices/{id}/adoptions", adoption_list);
  add_endpoint(router, environment, Method::post, "/api/v1/practices/{id}/adoptions",
               adoption_record);
}

}  // namespace narada::http::api
