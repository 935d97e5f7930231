// /wejscie/haslo: signing in with e-mail and password.

#include "service/http/pages/account/session.h"
#include "service/http/pages/account/sign_in.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"
#include "service/usecases/mails/return_path.h"
#include "service/usecases/people/factor_sign_in.h"

namespace narada::http::pages {
namespace {

Response show_password(Page& page, std::string_view return_to, const FormFields& typed = {},
                       const domain::FieldErrors& errors = {}) {
  make_private(page);
  page.title(page.text("sign_in.password_title"));
  auto& view = page.view();
  const auto kept = usecases::local_return_path(return_to);
  const std::string query = kept.empty() ? "" : "?dalej=" + encode_component(kept);
  view["return_to"] = kept;
  view["other_url"] = (page.english() ? "/wejscie/haslo" : "/en/wejscie/haslo") + query;
  view["password_action"] = page.link("/wejscie/haslo");
  view["sign_in_url"] = page.link("/wejscie") + query;
  view["email"] = typed.value("email");
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(form_response(page, "pages/sign_in_password", errors));
}

Response show(const Parts& parts, const Request& request) {
  Page page(parts, request);
  return show_password(page, request.query_value("dalej"));
}

Response sign_in(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto return_to = fields.value("dalej");
  if (!fields.errors.empty()) return show_password(page, return_to, fields, fields.errors);
  const auto begun = usecases::sign_in_with_password(
      page.environment(), form_call(page, fields),
      {fields.value("email"), fields.value("password"), page.request().remote_address},
      device_of(request), session_cookie(request));
  if (begun.ok()) return complete_sign_in(page, *begun, return_to);
  return show_password(page, return_to, fields, errors_of(begun.failure(), "form_expired"));
}

}  // namespace

void add_password_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_page(router, Method::get, "/wejscie/haslo",
           [&parts](const Request& request) { return show(parts, request); });
  add_page(
      router, Method::post, "/wejscie/haslo",
      [&parts](const Request& request) { return sign_in(parts, request); }, form);
}

}  // namespace narada::http::pages
