#include "service/http/api/openapi_text.h"
#include "service/http/api/routes.h"

namespace narada::http::api {

void add_openapi_route(Router& router) {
  const auto text = std::make_shared<const std::string>(kOpenapiText);
  RouteOptions on_io;
  on_io.inline_on_io = true;
  router.add(
      Method::get, "/api/v1/openapi.json",
      [text](const Request&) {
        Response response = json_response(200, {});
        response.body = text;
        return response;
      },
      on_io);
}

}  // namespace narada::http::api
