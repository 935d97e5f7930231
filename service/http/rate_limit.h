#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "service/http/message.h"

namespace narada::http {

// Counts a request of somebody who may not ask without end. Absent: it may go on; else how long the
// client should wait. Called from several threads at once.
using RateLimit = std::function<std::optional<std::chrono::seconds>(const Request&)>;

// Throws Error 429 with Retry-After when there is something to wait for. `code` as in Problem.
void stop_for(std::optional<std::chrono::seconds> wait,
              std::string_view code = "too_many_requests");

}  // namespace narada::http
