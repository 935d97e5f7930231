#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "service/domain/language.h"
#include "service/http/errors.h"
#include "service/http/message.h"
#include "service/http/router.h"
#include "service/usecases/environment.h"
#include "web/render.h"

namespace narada::http::pages {

// Who answers for the installation: the controller of its data.
struct Operator {
  std::string name;
  std::string address;  // one line, or empty
  std::string email;
  std::string phone;  // or empty
};

// What every page is made with. Outlives the router.
struct Parts {
  const usecases::Environment* environment = nullptr;
  const web::Messages* messages = nullptr;
  const web::Renderer* renderer = nullptr;
  std::filesystem::path assets;
  bool rate_limits = false;  // those of service/usecases/rate_limits.h hold
  Operator run_by = {};
};

// The five entries of the main menu.
enum class Section { none, calendar, cycles, practices, institutions };

// One page on its way to a reader: the language and links of the request, and the view, which
// starts with what the frame of every page shows. Lives as long as its request.
class Page {
 public:
  Page(const Parts& parts, const Request& request, Section section = Section::none);

  const Request& request() const { return request_; }
  const usecases::Environment& environment() const { return *parts_.environment; }
  domain::Language language() const { return language_; }
  bool english() const { return language_ == domain::Language::en; }
  bool has_rate_limits() const { return parts_.rate_limits; }
  const Operator& run_by() const { return parts_.run_by; }
  domain::Instant now() const { return parts_.environment->clock->now(); }
  const web::Messages& messages() const { return *parts_.messages; }

  // The message in the page's language.
  std::string text(std::string_view key, web::MessageArguments arguments = {}) const;
  // The text of a broken rule.
  std::string text(const domain::FieldError& error) const;
  // A path of the site in the page's language: link("/cykle") is "/en/cykle" on an English page.
  std::string link(std::string_view path) const;
  std::string absolute(std::string_view path) const;

  web::View& view() { return view_; }
  void title(const std::string& title);
  void crumb(const std::string& label, std::string_view path);
  Response render(int status, std::string_view name) const;

 private:
  const Parts& parts_;
  const Request& request_;
  domain::Language language_;
  web::View view_;
};

// Who reads public pages.
usecases::Actor visitor();
// A write by a visitor of the pages.
usecases::Call visitor_call(const Page& page);

// Percent-encodes everything but unreserved characters (RFC 3986).
std::string encode_component(std::string_view text);

// Adds the page under `path` and under its English mirror "/en" + path.
void add_page(Router& router, Method method, const std::string& path, const Handler& handler,
              const RouteOptions& options = {});
// Options of a public page that is the same for everybody.
RouteOptions shared_page();

}  // namespace narada::http::pages
