#pragma once

#include <string_view>

namespace narada::http::api {

// service/http/api/openapi.json as it was when the program was built.
extern const std::string_view kOpenapiText;

}  // namespace narada::http::api
