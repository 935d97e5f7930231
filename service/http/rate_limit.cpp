#include "service/http/rate_limit.h"

#include <string>
#include <utility>

#include "service/http/errors.h"

namespace narada::http {

void stop_for(std::optional<std::chrono::seconds> wait, std::string_view code) {
  if (!wait) return;
  Problem problem = problem_of_status(429);
  problem.code = code;
  problem.headers.emplace_back("Retry-After", std::to_string(wait->count()));
  throw Error(std::move(problem));
}

}  // namespace narada::http
