#include "service/http/pages/page.h"

#include <fmt/format.h>

#include <utility>

#include "service/http/address_class.h"

namespace narada::http::pages {
namespace {

constexpr std::string_view kEnglish = "/en";

std::string_view name_of(Section section) {
  switch (section) {
    case Section::calendar:
      return "calendar";
    case Section::cycles:
      return "cycles";
    case Section::practices:
      return "practices";
    case Section::institutions:
      return "institutions";
    case Section::none:
      break;
  }
  return "none";
}

// "/en/praktyki" → "/praktyki"
std::string_view polish_path(std::string_view path) {
  if (path == kEnglish) return "/";
  return path.starts_with("/en/") ? path.substr(kEnglish.size()) : path;
}

// The same page in the other language, with its query.
std::string other_target(const std::string& target) {
  if (target == kEnglish) return "/";
  if (target.starts_with("/en/") || target.starts_with("/en?"))
    return target.substr(kEnglish.size());
  return std::string(kEnglish) + target;
}

}  // namespace

Page::Page(const Parts& parts, const Request& request, Section section)
    : parts_(parts), request_(request), language_(language_of(request)) {
  const std::string prefix = english() ? std::string(kEnglish) : "";
  view_ = {
      {"language", to_string(language_)},
      {"other_language", english() ? "pl" : "en"},
      {"prefix", prefix},
      {"home_url", link("/")},
      {"other_url", other_target(request.target)},
      {"canonical", absolute(request.path)},
      {"polish_url", absolute(polish_path(request.path))},
      {"english_url", absolute(std::string(kEnglish) + std::string(polish_path(request.path)))},
      {"crumbs", web::View::array()}};
  view_[fmt::format("in_{}", name_of(section))] = true;
}

std::string Page::text(std::string_view key, web::MessageArguments arguments) const {
  return parts_.messages->text(to_string(language_), key, arguments);
}

std::string Page::text(const domain::FieldError& error) const {
  return text_of(*parts_.messages, language_, error);
}

std::string Page::link(std::string_view path) const {
  if (!english()) return std::string(path);
  return path == "/" ? std::string("/en/") : std::string(kEnglish) + std::string(path);
}

std::string Page::absolute(std::string_view path) const {
  return parts_.environment->base_url + std::string(path);
}

void Page::title(const std::string& title) { view_["title"] = title; }

void Page::crumb(const std::string& label, std::string_view path) {
  view_["crumbs"].push_back({{"label", label}, {"url", link(path)}});
}

Response Page::render(int status, std::string_view name) const {
  return html_response(status, parts_.renderer->html(name, view_));
}

usecases::Actor visitor() { return {}; }

usecases::Call visitor_call(const Page& page) {
  usecases::Call call;
  call.request_id = page.request().request_id;
  call.language = page.language();
  call.address_class = address_class(page.request().remote_address);
  return call;
}

std::string encode_component(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved)
      encoded += c;
    else
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", byte);
  }
  return encoded;
}

void add_page(Router& router, Method method, const std::string& path, const Handler& handler,
              const RouteOptions& options) {
  router.add(method, path, handler, options);
  router.add(method, std::string(kEnglish) + path, handler, options);
  if (path == "/") router.add(method, std::string(kEnglish), handler, options);
}

RouteOptions shared_page() {
  RouteOptions options;
  options.shared = true;
  return options;
}

}  // namespace narada::http::pages
