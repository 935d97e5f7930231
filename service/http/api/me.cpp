#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/people/tokens.h"

namespace narada::http::api {
namespace {

using web::View;

// {"kind": "cycle", "id": 5}; everywhere has no id.
View scope_view(const domain::RoleScope& scope) {
  struct Write {
    View operator()(std::monostate) const { return {{"kind", "everywhere"}, {"id", nullptr}}; }
    View operator()(domain::InstitutionId id) const {
      return {{"kind", "institution"}, {"id", id.value}};
    }
    View operator()(domain::CycleId id) const { return {{"kind", "cycle"}, {"id", id.value}}; }
    View operator()(domain::MeetingId id) const { return {{"kind", "meeting"}, {"id", id.value}}; }
  };
  return std::visit(Write{}, scope);
}

View bearer_view(const usecases::Bearer& bearer) {
  View grants = View::array();
  for (const auto& grant : bearer.grants) {
    grants.push_back(View{{"role", to_string(grant.role)}, {"scope", scope_view(grant.scope)}});
  }
  const usecases::TokenSummary& token = bearer.token;
  View view = {{"kind", "token"},
               {"name", token.name},
               {"person", nullptr},
               {"grants", std::move(grants)},
               {"access", to_string(token.access)},
               {"expires_at", token.expires_at ? instant_view(*token.expires_at) : View()}};
  if (bearer.person) {
    view["person"] = {{"id", bearer.person->value}, {"full_name", bearer.full_name}};
  }
  return view;
}

Response read_me(const Context& context) {
  context.require_bearer();
  const auto bearer = context.take(usecases::find_bearer(context.environment(), context.actor()));
  return answer(200, bearer_view(bearer));
}

}  // namespace

void add_me_route(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/me", read_me);
}

}  // namespace narada::http::api
