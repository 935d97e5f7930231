// /wejscie/urzad: signing in by an office's own directory. The browser goes there by a link,
// because the content security policy keeps forms from leading to other sites.

#include "service/http/pages/account/session.h"
#include "service/http/pages/account/sign_in.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"
#include "service/usecases/people/oidc_sign_in.h"

namespace narada::http::pages {
namespace {

constexpr const char* kPath = "/wejscie/urzad";
// Registered at the provider, in one language.
constexpr const char* kReturnPath = "/wejscie/urzad/powrot";

std::string cookie_name(const Request& request) {
  return request.secure ? "__Host-directory" : "directory";
}

// Lax, because the browser comes back from another site.
void set_cookie(const Request& request, Response& response, const std::string& kept,
                std::chrono::seconds life) {
  response.add("Set-Cookie", cookie_name(request) + "=" + kept +
                                 "; Path=/; Max-Age=" + std::to_string(life.count()) +
                                 "; HttpOnly; SameSite=Lax" + (request.secure ? "; Secure" : ""));
}

int status_of(std::string_view code) {
  if (code == "oidc_unavailable") return 503;
  if (code == "oidc_untrusted") return 502;
  return code == "oidc_expired" ? 400 : 403;
}

// "oidc_expired" has its texts under "oidc.expired".
Response show_failed(Page& page, const domain::Failure& failure, std::string_view return_to) {
  const auto* conflict = std::get_if<domain::Conflict>(&failure);
  if (conflict == nullptr) throw Error(problem_of(failure));
  constexpr std::string_view kPrefix = "oidc_";
  const auto reason = "oidc." + conflict->code.substr(kPrefix.size());
  page.view()["directory"] = {
      {"url", page.link(kPath) + "?dalej=" + encode_component(landing_path(page, return_to))}};
  return show_sign_in_failed(page, status_of(conflict->code), reason, return_to);
}

Response begin(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto return_to = request.query_value("dalej");
  const auto begun = usecases::begin_oidc(page.environment(), return_to, page.language());
  if (!begun.ok()) return show_failed(page, begun.failure(), return_to);
  auto response = redirect(302, begun->url);
  set_cookie(request, response, begun->kept, usecases::kOidcLife);
  response.set("Cache-Control", "no-store");
  return response;
}

bool is_expired(const domain::Failure& failure) {
  const auto* conflict = std::get_if<domain::Conflict>(&failure);
  return conflict != nullptr && conflict->code == "oidc_expired";
}

Response finish(const Parts& parts, const Request& request) {
  usecases::OidcCallback callback;
  callback.state = request.query_value("state");
  callback.code = request.query_value("code");
  callback.error = request.query_value("error");
  callback.issuer = request.query_value("iss");
  callback.kept = request.cookie(cookie_name(request)).value_or("");
  const auto origin = usecases::read_oidc_origin(*parts.environment, callback.kept);
  Request own = request;  // the page of the language in which it began
  own.path = own.target =
      origin.language == domain::Language::en ? std::string("/en") + kReturnPath : kReturnPath;
  Page page(parts, own);
  const auto begun = usecases::finish_oidc(page.environment(), visitor_call(page), callback,
                                           device_of(request), session_cookie(request));
  auto response = begun.ok() ? complete_sign_in(page, *begun, origin.return_to)
                             : show_failed(page, begun.failure(), origin.return_to);
  // A stranger's address must not end what the browser has begun.
  if (begun.ok() || !is_expired(begun.failure()))
    set_cookie(request, response, "", std::chrono::seconds(0));
  return response;
}

}  // namespace

void add_oidc_pages(Router& router, const Parts& parts) {
  add_page(router, Method::get, kPath,
           [&parts](const Request& request) { return begin(parts, request); });
  router.add(Method::get, kReturnPath,
             [&parts](const Request& request) { return finish(parts, request); });
}

}  // namespace narada::http::pages
