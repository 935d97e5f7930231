// /moje/bezpieczenstwo/kody: one-time codes and recovery codes.

#include "service/http/pages/account/security.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"

namespace narada::http::pages {
namespace {

// Which of the three states the page shows: codes in use, a secret that waits, or neither.
void show_state(Page& page, const usecases::Owner& owner, const usecases::CredentialState& state) {
  auto& view = page.view();
  if (state.totp_confirmed_at) {
    view["active"] = {{"text", page.text("security.codes_since",
                                         {{"date", security_date(page, *state.totp_confirmed_at)},
                                          {"count", std::int64_t{state.recovery_codes}}})}};
    return;
  }
  const auto setup = usecases::find_totp_setup(page.environment(), owner);
  view["begin"] = !setup;
  if (setup)
    view["setup"] = {{"secret", setup->secret}, {"size", setup->qr_size}, {"path", setup->qr_path}};
}

Response show(Page& page, const usecases::SignedIn& signed_in,
              const domain::FieldErrors& errors = {}) {
  const auto owner = owner_of(page, signed_in);
  const auto state = find_credential_state(page.environment(), owner);
  page.title(page.text(state.totp_confirmed_at ? "security.codes_change" : "security.codes_add"));
  page.crumb(page.text("security.title"), kSecurityPath);
  ask_for_proof(page, signed_in, state, kSecurityCodesPath);
  show_state(page, owner, state);
  if (!errors.empty()) show_errors(page, errors);
  return form_response(page, "pages/security_codes", errors);
}

Response show_recovery_codes(Page& page, const char* done, const std::vector<std::string>& codes) {
  page.title(page.text("security.recovery_title"));
  page.crumb(page.text("security.title"), kSecurityPath);
  auto& view = page.view();
  view["other_url"] = nullptr;  // shown once: there is no other page with them
  view["back_url"] = page.link(kSecurityPath);
  view["done"] = page.text(done);
  view["codes"] = web::View::array();
  for (const auto& code : codes) view["codes"].push_back({{"code", code}});
  return page.render(200, "pages/security_recovery");
}

Response confirm(Page& page, const usecases::SignedIn& signed_in, const FormFields& fields) {
  const auto confirmed =
      usecases::confirm_totp(page.environment(), person_call(page, fields, signed_in),
                             owner_of(page, signed_in), fields.value("code"));
  if (!confirmed.ok())
    return show(page, signed_in, errors_of(confirmed.failure(), "change_sent_before"));
  auto response = show_recovery_codes(page, "security.recovery_done", confirmed->recovery_codes);
  set_session_cookie(page.request(), response, confirmed->token);
  return response;
}

Response renew(Page& page, const usecases::SignedIn& signed_in, const FormFields& fields) {
  const auto renewed =
      usecases::renew_recovery_codes(page.environment(), person_call(page, fields, signed_in),
                                     owner_of(page, signed_in), fields.value("code"));
  if (!renewed.ok())
    return show(page, signed_in, errors_of(renewed.failure(), "change_sent_before"));
  return show_recovery_codes(page, "security.recovery_renewed", renewed->codes);
}

Response remove(Page& page, const usecases::SignedIn& signed_in, const FormFields& fields) {
  const auto removed =
      usecases::remove_totp(page.environment(), person_call(page, fields, signed_in),
                            owner_of(page, signed_in), fields.value("code"));
  if (removed.ok()) return security_done(page, "bezkodow");
  return show(page, signed_in, errors_of(removed.failure(), "change_sent_before"));
}

Response begin(Page& page, const usecases::SignedIn& signed_in, const FormFields& fields) {
  const auto begun =
      usecases::begin_totp(page.environment(), person_call(page, fields, signed_in),
                           owner_of(page, signed_in), fields.value("current_password"));
  if (begun.ok()) return redirect(303, page.link(kSecurityCodesPath));
  return show(page, signed_in, errors_of(begun.failure(), "change_sent_before"));
}

Response act(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, fields.errors);
  const auto wanted = fields.value("do");
  if (wanted == "confirm") return confirm(page, signed_in, fields);
  if (wanted == "renew") return renew(page, signed_in, fields);
  if (wanted == "remove") return remove(page, signed_in, fields);
  return begin(page, signed_in, fields);
}

}  // namespace

void add_security_codes_page(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(
      router, parts, Method::get, kSecurityCodesPath,
      [](Page& page, const usecases::SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, kSecurityCodesPath, act, form);
}

}  // namespace narada::http::pages
