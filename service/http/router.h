#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/message.h"

namespace narada::http {

using Handler = std::function<Response(const Request&)>;

struct RouteOptions {
  bool inline_on_io = false;           // cheap: runs on the I/O thread, must never block
  std::uint64_t body_limit = 1 << 20;  // bytes; more is 413 before it is read
  std::function<std::unique_ptr<BodySink>(const Request&)> sink;  // streamed bodies only
};

// Method + pattern → handler. A pattern is literal segments and {name} (one whole segment, or a
// part of one as in "/spotkania/{slug}.ics"); literal wins over {name}, the longer literal first.
// HEAD runs GET's handler without its body; OPTIONS answers 204 with Allow; a known path with
// another method answers 405 with Allow. Read-only once serving, so that any thread may route.
class Router {
 public:
  void add(Method method, std::string pattern, Handler handler, RouteOptions options = {});

  struct Match {
    const Handler* handler = nullptr;  // null: see allowed
    const RouteOptions* options = nullptr;
    std::map<std::string, std::string, std::less<>> params;
    std::vector<Method> allowed;  // empty: 404; else 405 with these
    std::string_view pattern;     // for metrics and the access log
  };
  Match find(Method method, std::string_view path) const;

  // Every pattern with its methods, for tests that want to see them all.
  std::vector<std::pair<Method, std::string>> routes() const;

 private:
  struct Route {
    Method method;
    std::string pattern;
    std::vector<std::string> segments;
    Handler handler;
    RouteOptions options;
  };
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace narada::http
