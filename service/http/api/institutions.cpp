#include "service/usecases/institutions/institutions.h"

#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/forms.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/institutions/institutions_panel.h"
#include "service/usecases/list_names.h"
#include "service/usecases/registrations/consent.h"

namespace narada::http::api {
namespace {

Response institution_list(const Context& context) {
  QueryReader query(context.request());
  usecases::InstitutionFilter filter;
  filter.association = query.text("association");
  filter.q = query.text("q");
  filter.municipalities_only = query.flag("municipalities_only").value_or(false);
  const auto page = query.page(usecases::kInstitutionList);
  query.check();
  const auto found = usecases::list_institutions(context.environment(), filter, page);
  return answer(200, list_view(found, institution_view));
}

Response institution_read(const Context& context) {
  const auto institution =
      context.take(usecases::find_institution(context.environment(), context.key()));
  const auto id = std::to_string(institution.id.value);
  if (const auto successor = usecases::find_successor(context.environment(), id))
    return redirect(308, "/api/v1/institutions/" + std::to_string(successor->id.value));
  return answer(200, institution_view(institution));
}

Response institution_create(const Context& context) {
  context.require(domain::Action::edit_catalogue);
  usecases::InstitutionForm form;
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_institution(reader, form); });
  const auto institution =
      context.take(usecases::create_institution(context.environment(), context.call(), form));
  return created(institution_view(institution),
                 "/api/v1/institutions/" + std::to_string(institution.id.value));
}

// Whether the office wants a superior to agree before somebody of its people goes.
Response institution_consent(const Context& context) {
  const auto institution =
      context.take(usecases::find_institution(context.environment(), context.key()));
  if (!usecases::may_set_wants_consent(context.actor(), institution.id))
    context.take(domain::Outcome<int>(domain::Forbidden{}));
  bool wants = false;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.require("wants_consent");
    reader.read("wants_consent", wants);
    reader.refuse_unknown();
  });
  context.take(
      usecases::set_wants_consent(context.environment(), context.call(), institution.id, wants));
  return answer(200, {{"id", institution.id.value}, {"wants_consent", wants}});
}

Response topic_list(const Context& context) {
  QueryReader query(context.request());
  const auto page = query.page_with_own_cursor();
  query.check();
  // Topics are few and ordered by name; the cursor is the id of the last one shown.
  const auto topics = usecases::list_topics(context.environment());
  usecases::PageOf<domain::TopicRef> found;
  bool after_cursor = !page.cursor.has_value();
  for (const domain::TopicRef& topic : topics) {
    if (!after_cursor) {
      after_cursor = std::to_string(topic.id.value) == *page.cursor;
      continue;
    }
    if (found.items.size() == static_cast<std::size_t>(page.limit)) {
      found.next = std::to_string(found.items.back().id.value);
      break;
    }
    found.items.push_back(topic);
  }
  if (!after_cursor) {
    query.refuse("cursor", "invalid_cursor");
    query.check();
  }
  return answer(200, list_view(found, topic_view));
}

Response topic_create(const Context& context) {
  context.require(domain::Action::edit_catalogue);
  std::string name;
  std::string name_en;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("name", name);
    reader.read("name_en", name_en);
    reader.refuse_unknown();
  });
  const auto topic =
      context.take(usecases::create_topic(context.environment(), context.call(), name, name_en));
  return answer(201, topic_view(topic));
}

Response expert_list(const Context& context) {
  QueryReader query(context.request());
  const std::string q = query.text("q");
  const auto page = query.page(usecases::kExpertList);
  query.check();
  const auto found = usecases::list_experts(context.environment(), q, page);
  return answer(200, list_view(found, expert_view));
}

Response expert_read(const Context& context) {
  return answer(
      200, expert_view(context.take(usecases::find_expert(context.environment(), context.key()))));
}

Response expert_create(const Context& context) {
  context.require(domain::Action::edit_catalogue);
  usecases::ExpertForm form;
  read_checked(read_json_object(context.request()),
               [&](ObjectReader& reader) { read_expert(reader, form); });
  const auto expert =
      context.take(usecases::create_expert(context.environment(), context.call(), form));
  return created(expert_view(expert), "/api/v1/experts/" + std::to_string(expert.id.value));
}

}  // namespace

void add_institution_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  add_public_read(router, environment, "/api/v1/institutions", institution_list);
  add(Method::post, "/api/v1/institutions", institution_create);
  add_public_read(router, environment, "/api/v1/institutions/{id}", institution_read);
  add(Method::post, "/api/v1/institutions/{id}/consent", institution_consent);
  add_public_read(router, environment, "/api/v1/topics", topic_list);
  add(Method::post, "/api/v1/topics", topic_create);
  add_public_read(router, environment, "/api/v1/experts", expert_list);
  add(Method::post, "/api/v1/experts", expert_create);
  add_public_read(router, environment, "/api/v1/experts/{id}", expert_read);
}

}  // namespace narada::http::api
