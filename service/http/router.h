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
  bool inline_on_io = false;  // cheap: runs on the I/O thread, must never block
  bool shared = false;  // the same answer for everybody who sends no Authorization: may be kept
  bool causes_mail = false;  // anybody may call it and somebody gets mail: limited per client
  std::uint64_t body_limit = 1 << 20;  // bytes; more is 413 before it is read
  // Streamed bodies only: called on the I/O thread once the head is known. A null sink drops the
  // body; the handler still runs and says why.
  std::function<std::unique_ptr<BodySink>(const Request&)> sink;
  // Of what the edge refuses once the route is known, such as 413.
  std::vector<std::pair<std::string, std::string>> refusal_headers = {};
};

// Method + pattern → handler. A pattern is literal segments and {name} (one whole segment, or a
// part of one as in "/spotkania/{slug}.ics"); literal wins over {name}, the longer literal first.
// HEAD runs GET's handler without its body; OPTIONS answers 204 with Allow; a known path with
// another method answers 405 with Allow. Read-only once serving, so that any thread may route.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // Throws std::invalid_argument for a pattern that does not start with '/', holds two parameters
  // in one segment or is already there with this method.
  void add(Method method, std::string pattern, Handler handler, RouteOptions options = {});

  struct Match {
    const Handler* handler = nullptr;  // null: see allowed
    const RouteOptions* options = nullptr;
    std::map<std::string, std::string, std::less<>> params;
    std::vector<Method> allowed;  // empty: 404; else 405 with these (see allow_header)
    std::string_view pattern;     // for metrics and the access log
  };
  Match find(Method method, std::string_view path) const;

  // Every pattern with its methods, for tests that want to see them all.
  std::vector<std::pair<Method, std::string>> routes() const;

 private:
  struct Route {
    Method method;
    std::string pattern;
    Handler handler;
    RouteOptions options;
  };
  struct Node;  // one segment of a pattern
  class Search;

  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

// "GET, HEAD, OPTIONS"
std::string allow_header(const std::vector<Method>& allowed);

}  // namespace narada::http
