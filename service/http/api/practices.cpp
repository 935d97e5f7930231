#include "service/usecases/practices/practices.h"

#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/forms.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"

namespace narada::http::api {
namespace {

Response practice_list(const Context& context) {
  QueryReader query(context.request());
  usecases::PracticeFilter filter;
  filter.type = query.name("type", domain::find_practice_type);
  filter.area = query.name("area", domain::find_practice_area);
  filter.topic = query.text("topic");
  filter.institution = query.text("institution");
  filter.q = query.text("q");
  const auto page = query.page(usecases::kPracticeList);
  query.check();
  const auto found = usecases::list_practices(context.environment(), context.actor(), filter, page);
  return answer(200, list_view(found, [&](const domain::PracticeSummary& practice) {
                  return practice_summary_view(context, practice);
                }));
}

Response practice_read(const Context& context) {
  const auto practice =
      context.take(usecases::find_practice(context.environment(), context.actor(), context.key()));
  return answer(200, practice_view(context, practice), practice.version);
}

Response practice_create(const Context& context) {
  context.require_reach(domain::Action::edit_practice);
  usecases::PracticeForm form;
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_practice(reader, form); });
  const auto practice =
      context.take(usecases::create_practice(context.environment(), context.call(), form));
  return created(practice_view(context, practice),
                 "/api/v1/practices/" + std::to_string(practice.id.value), practice.version);
}

Response practice_change(const Context& context) {
  const domain::PracticeId id{context.id()};
  auto form = usecases::form_of(
      context.take(usecases::load_practice_to_edit(context.environment(), context.actor(), id)));
  const std::int64_t version = context.required_version();
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_practice(reader, form); });
  const auto practice = context.take(
      usecases::change_practice(context.environment(), context.call(), id, version, form));
  return answer(200, practice_view(context, practice), practice.version);
}

Response practice_publish(const Context& context) {
  const auto practice = context.take(usecases::publish_practice(
      context.environment(), context.call(), domain::PracticeId{context.id()}));
  return answer(200, practice_view(context, practice), practice.version);
}

}  // namespace

void add_practice_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add_public_read(router, environment, "/api/v1/practices", practice_list);
  add(Method::post, "/api/v1/practices", practice_create);
  add_public_read(router, environment, "/api/v1/practices/{id}", practice_read);
  add(Method::patch, "/api/v1/practices/{id}", practice_change);
  add(Method::post, "/api/v1/practices/{id}/publish", practice_publish);
}

}  // namespace narada::http::api
