// /wejscie/kod: the one-time code of a session that waits for it.

#include "service/http/pages/account/session.h"
#include "service/http/pages/account/sign_in.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"
#include "service/usecases/people/factor_sign_in.h"

namespace narada::http::pages {
namespace {

Response show_form(Page& page, const std::string& landing, const domain::FieldErrors& errors = {}) {
  make_private(page);
  page.title(page.text("code.title"));
  auto& view = page.view();
  view["return_to"] = landing;
  view["other_url"] = std::string(page.english() ? "/wejscie/kod" : "/en/wejscie/kod") +
                      "?dalej=" + encode_component(landing);
  view["action"] = page.link("/wejscie/kod");
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(form_response(page, "pages/second_factor", errors));
}

Response show(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto landing = landing_path(page, request.query_value("dalej"));
  if (usecases::is_code_due(page.environment(), session_cookie(request)))
    return show_form(page, landing);
  if (find_signed_in(page)) return redirect(303, landing);
  return redirect(303, page.link("/wejscie") + "?dalej=" + encode_component(landing));
}

Response give(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto landing = landing_path(page, fields.value("dalej"));
  if (!fields.errors.empty()) return show_form(page, landing, fields.errors);
  const auto opened =
      usecases::give_code(page.environment(), form_call(page, fields), session_cookie(request),
                          fields.value("code"), page.request().remote_address);
  if (opened.ok()) return complete_sign_in(page, *opened, landing);
  if (std::holds_alternative<domain::NotFound>(opened.failure()))
    return show_sign_in_failed(page, 401, "code.ended", landing);
  return show_form(page, landing, errors_of(opened.failure(), "form_expired"));
}

}  // namespace

void add_second_factor_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_page(router, Method::get, "/wejscie/kod",
           [&parts](const Request& request) { return show(parts, request); });
  add_page(
      router, Method::post, "/wejscie/kod",
      [&parts](const Request& request) { return give(parts, request); }, form);
}

}  // namespace narada::http::pages
