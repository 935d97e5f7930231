// /moje/bezpieczenstwo/haslo: setting, changing and removing one's password.

#include "service/http/pages/account/security.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"

namespace narada::http::pages {
namespace {

Response show(Page& page, const usecases::SignedIn& signed_in,
              const domain::FieldErrors& errors = {}) {
  const auto state = find_credential_state(page.environment(), owner_of(page, signed_in));
  const bool has_password = state.password_set_at.has_value();
  page.title(page.text(has_password ? "security.password_change" : "security.password_add"));
  page.crumb(page.text("security.title"), kSecurityPath);
  ask_for_proof(page, signed_in, state, kSecurityPasswordPath);
  page.view()["has_password"] = has_password;
  if (!errors.empty()) show_errors(page, errors);
  return form_response(page, "pages/security_password", errors);
}

Response act(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, fields.errors);
  const auto call = person_call(page, fields, signed_in);
  const auto owner = owner_of(page, signed_in);
  const auto current = fields.value("current_password");
  if (fields.value("do") == "remove") {
    const auto removed = usecases::remove_password(page.environment(), call, owner, current);
    if (removed.ok()) return security_done(page, "bezhasla");
    return show(page, signed_in, errors_of(removed.failure(), "change_sent_before"));
  }
  const auto set =
      usecases::set_password(page.environment(), call, owner, current, fields.value("password"));
  if (set.ok()) return security_done(page, "haslo");
  return show(page, signed_in, errors_of(set.failure(), "change_sent_before"));
}

}  // namespace

void add_security_password_page(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(
      router, parts, Method::get, kSecurityPasswordPath,
      [](Page& page, const usecases::SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, kSecurityPasswordPath, act, form);
}

}  // namespace narada::http::pages
