#pragma once

#include "service/http/message.h"
#include "web/render.h"

namespace narada::http::api {

// The JSON object in the body of a write, read strictly: UTF-8, one value, no key twice in one
// object, at most 32 levels, no number beyond what a double holds. Throws Error: 415 for another
// content type, 400 for what is not such JSON, 422 for a value that is no object.
web::View read_json_object(const Request& request);

// Same, and an empty object for an empty body of whatever type.
web::View read_optional_json_object(const Request& request);

}  // namespace narada::http::api
