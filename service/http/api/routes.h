#pragma once

#include "service/http/router.h"
#include "service/usecases/environment.h"

namespace narada::http::api {

// Everything under /api/v1. `environment` outlives the router. What a handler cannot do it throws
// as http::Error; the middleware answers.
void add_api_routes(Router& router, const usecases::Environment& environment);

// The parts of it, one for each kind of thing.
void add_institution_routes(Router& router, const usecases::Environment& environment);
void add_cycle_routes(Router& router, const usecases::Environment& environment);
void add_meeting_routes(Router& router, const usecases::Environment& environment);
void add_registration_routes(Router& router, const usecases::Environment& environment);
void add_delegation_routes(Router& router, const usecases::Environment& environment);
void add_practice_routes(Router& router, const usecases::Environment& environment);
void add_geojson_routes(Router& router, const usecases::Environment& environment);
void add_material_routes(Router& router, const usecases::Environment& environment);
void add_outcome_routes(Router& router, const usecases::Environment& environment);
void add_search_routes(Router& router, const usecases::Environment& environment);
void add_expert_task_routes(Router& router, const usecases::Environment& environment);
void add_invitee_routes(Router& router, const usecases::Environment& environment);
void add_message_routes(Router& router, const usecases::Environment& environment);
void add_mail_routes(Router& router, const usecases::Environment& environment);
void add_invitation_routes(Router& router, const usecases::Environment& environment);
void add_activity_routes(Router& router, const usecases::Environment& environment);
void add_upload_routes(Router& router, const usecases::Environment& environment);
void add_me_route(Router& router, const usecases::Environment& environment);
void add_openapi_route(Router& router);

}  // namespace narada::http::api
