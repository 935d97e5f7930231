#include "service/http/api/routes.h"

namespace narada::http::api {

void add_api_routes(Router& router, const usecases::Environment& environment) {
  add_institution_routes(router, environment);
  add_cycle_routes(router, environment);
  add_meeting_routes(router, environment);
  add_registration_routes(router, environment);
  add_delegation_routes(router, environment);
  add_practice_routes(router, environment);
  add_geojson_routes(router, environment);
  add_material_routes(router, environment);
  add_outcome_routes(router, environment);
  add_search_routes(router, environment);
  add_invitee_routes(router, environment);
  add_expert_task_routes(router, environment);
  add_message_routes(router, environment);
  add_mail_routes(router, environment);
  add_invitation_routes(router, environment);
  add_activity_routes(router, environment);
  add_upload_routes(router, environment);
  add_me_route(router, environment);
  add_openapi_route(router);
}

}  // namespace narada::http::api
