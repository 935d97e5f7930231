#pragma once

#include "service/http/api/context.h"
#include "service/http/router.h"
#include "service/usecases/adoptions/adoptions.h"
#include "service/usecases/outcomes/chain.h"
#include "service/usecases/outcomes/outcomes.h"
#include "web/render.h"

namespace narada::http::api {

web::View outcome_view(const Context& context, const usecases::OutcomeEntry& entry);
web::View adoption_view(const Context& context, const usecases::AdoptionEntry& entry);
web::View chain_view(const Context& context, const usecases::Chain& chain);

// Called by add_outcome_routes.
void add_adoption_routes(Router& router, const usecases::Environment& environment);

}  // namespace narada::http::api
