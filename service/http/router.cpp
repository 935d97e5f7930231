#include "service/http/router.h"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace narada::http {
namespace {

constexpr std::array kMethods = {Method::get,   Method::head, Method::post,   Method::put,
                                 Method::patch, Method::del,  Method::options};

constexpr unsigned bit(Method method) { return 1u << static_cast<unsigned>(method); }

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t start = 1; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    segments.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return segments;
}

std::vector<Method> methods_of(unsigned set) {
  std::vector<Method> methods;
  for (const auto method : kMethods) {
    if ((set & bit(method)) != 0) methods.push_back(method);
  }
  return methods;
}

// The handler that answers OPTIONS for one set of methods.
const Handler& options_handler(unsigned set) {
  static const auto handlers = [] {
    std::vector<Handler> all(1u << kMethods.size());
    for (unsigned i = 0; i < all.size(); ++i) {
      all[i] = [allow = allow_header(methods_of(i))](const Request&) {
        Response response;
        response.status = 204;
        response.set("Allow", allow);
        return response;
      };
    }
    return all;
  }();
  return handlers[set];
}

const RouteOptions& options_for_options() {
  static const RouteOptions options = [] {
    RouteOptions inline_options;
    inline_options.inline_on_io = true;
    return inline_options;
  }();
  return options;
}

}  // namespace

struct Router::Node {
  struct Parameter {
    std::string prefix;
    std::string name;
    std::string suffix;
    std::unique_ptr<Node> node;

    std::size_t literal_length() const { return prefix.size() + suffix.size(); }
    bool matches(std::string_view segment) const {
      return segment.size() > literal_length() && segment.starts_with(prefix) &&
             segment.ends_with(suffix);
    }
    std::string_view value(std::string_view segment) const {
      return segment.substr(prefix.size(), segment.size() - literal_length());
    }
  };

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::vector<Parameter> parameters;  // the longest literal first
  std::array<const Route*, kMethods.size()> routes{};

  const Route*& route(Method method) { return routes[static_cast<std::size_t>(method)]; }
  const Route* route(Method method) const { return routes[static_cast<std::size_t>(method)]; }

  Node& child(std::string_view segment, const std::string& pattern);
};

Router::Node& Router::Node::child(std::string_view segment, const std::string& pattern) {
  const auto open = segment.find('{');
  if (open == std::string_view::npos) {
    auto& node = literals[std::string(segment)];
    if (!node) node = std::make_unique<Node>();
    return *node;
  }
  const auto close = segment.find('}', open);
  if (close == std::string_view::npos || close == open + 1 ||
      segment.find('{', open + 1) != std::string_view::npos) {
    throw std::invalid_argument("bad parameter in route pattern " + pattern);
  }
  Parameter parameter{std::string(segment.substr(0, open)),
                      std::string(segment.substr(open + 1, close - open - 1)),
                      std::string(segment.substr(close + 1)), nullptr};
  for (auto& known : parameters) {
    if (known.prefix == parameter.prefix && known.name == parameter.name &&
        known.suffix == parameter.suffix) {
      return *known.node;
    }
  }
  parameter.node = std::make_unique<Node>();
  const auto place = std::ranges::find_if(parameters, [&](const Parameter& known) {
    return known.literal_length() < parameter.literal_length();
  });
  return *parameters.insert(place, std::move(parameter))->node;
}

// Walks the tree along one path: literals before parameters, going back when a branch ends.
class Router::Search {
 public:
  Search(Method method, std::span<const std::string_view> segments)
      : method_(method == Method::head ? Method::get : method),
        head_(method == Method::head),
        segments_(segments) {}

  // The node's route for the method, or null; gathers the methods of all nodes the path reaches.
  const Route* walk(const Node& node, std::size_t depth) {
    if (depth == segments_.size()) return arrive(node);
    const auto segment = segments_[depth];
    if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
      if (const auto* route = walk(*literal->second, depth + 1)) return route;
    }
    for (const auto& parameter : node.parameters) {
      if (!parameter.matches(segment)) continue;
      if (const auto* route = walk(*parameter.node, depth + 1)) {
        params_.emplace(parameter.name, parameter.value(segment));
        return route;
      }
    }
    return nullptr;
  }

  unsigned allowed() const { return allowed_; }
  std::string_view pattern() const { return pattern_; }
  std::map<std::string, std::string, std::less<>>& params() { return params_; }

 private:
  const Route* arrive(const Node& node) {
    for (const auto method : kMethods) {
      if (const auto* route = node.route(method)) {
        allowed_ |= bit(method);
        if (pattern_.empty()) pattern_ = route->pattern;
      }
    }
    if (head_) {
      if (const auto* route = node.route(Method::head)) return route;
    }
    return node.route(method_);
  }

  Method method_;
  bool head_;
  std::span<const std::string_view> segments_;
  unsigned allowed_ = 0;
  std::string_view pattern_;
  std::map<std::string, std::string, std::less<>> params_;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string pattern, Handler handler, RouteOptions options) {
  if (pattern.empty() || pattern.front() != '/') {
    throw std::invalid_argument("a route pattern starts with '/': " + pattern);
  }
  auto route = std::make_unique<Route>(
      Route{method, std::move(pattern), std::move(handler), std::move(options)});
  Node* node = root_.get();
  for (const auto segment : split(route->pattern)) node = &node->child(segment, route->pattern);
  if (node->route(method) != nullptr) {
    throw std::invalid_argument("two routes for one pattern: " + route->pattern);
  }
  node->route(method) = route.get();
  routes_.push_back(std::move(route));
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  if (path.empty() || path.front() != '/') return match;
  const auto segments = split(path);
  Search search(method, segments);
  if (const auto* route = search.walk(*root_, 0)) {
    match.handler = &route->handler;
    match.options = &route->options;
    match.params = std::move(search.params());
    match.pattern = route->pattern;
    return match;
  }
  auto allowed = search.allowed();
  if (allowed == 0) return match;
  if ((allowed & bit(Method::get)) != 0) allowed |= bit(Method::head);
  allowed |= bit(Method::options);
  match.pattern = search.pattern();
  if (method == Method::options) {
    match.handler = &options_handler(allowed);
    match.options = &options_for_options();
  } else {
    match.allowed = methods_of(allowed);
  }
  return match;
}

std::vector<std::pair<Method, std::string>> Router::routes() const {
  std::vector<std::pair<Method, std::string>> all;
  all.reserve(routes_.size());
  for (const auto& route : routes_) all.emplace_back(route->method, route->pattern);
  return all;
}

std::string allow_header(const std::vector<Method>& allowed) {
  std::string text;
  for (const auto method : allowed) {
    if (!text.empty()) text += ", ";
    text += to_string(method);
  }
  return text;
}

}  // namespace narada::http
