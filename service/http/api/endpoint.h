#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "service/http/api/context.h"
#include "service/http/api/json_body.h"
#include "service/http/api/object_reader.h"
#include "service/http/router.h"

namespace narada::http::api {

// The largest body that a write takes, bytes; the longest form with every field full is a tenth.
inline constexpr std::uint64_t kBodyLimit = 256ULL * 1024;

using Endpoint = Response (*)(const Context&);

// Adds a route whose endpoint gets its request as a Context.
inline void add_endpoint(Router& router, const usecases::Environment& environment, Method method,
                         std::string pattern, Endpoint endpoint, RouteOptions options = {}) {
  options.body_limit = kBodyLimit;
  router.add(
      method, std::move(pattern),
      [&environment, endpoint](const Request& request) {
        return endpoint(Context(environment, request));
      },
      std::move(options));
}

// A read that gives every visitor the same answer.
inline void add_public_read(Router& router, const usecases::Environment& environment,
                            std::string pattern, Endpoint endpoint) {
  RouteOptions options;
  options.shared = true;
  add_endpoint(router, environment, Method::get, std::move(pattern), endpoint, std::move(options));
}

// Reads a JSON object with `read_fields` and throws Error 422 with everything that was noted.
template <class ReadFields>
void read_checked(const web::View& body, const ReadFields& read_fields) {
  domain::FieldErrors errors;
  ObjectReader reader(body, errors);
  read_fields(reader);
  if (!errors.empty()) throw Error(problem_of(errors));
}

}  // namespace narada::http::api
