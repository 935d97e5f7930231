#include "service/http/pages/account/security.h"

#include <algorithm>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/account/sign_in_steps.h"
#include "service/http/pages/pages.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

domain::WallTime polish_time(domain::Instant at) {
  return calendar::to_wall_time(at, domain::kDefaultZone);
}

std::string moment_text(const Page& page, domain::Instant at) {
  const auto wall = polish_time(at);
  return web::day_date(page.language(), wall) + ", " + web::clock_time(wall);
}

std::string roles_text(const Page& page, const std::vector<usecases::RoleGrant>& withheld) {
  std::string text;
  for (const auto role : {usecases::Role::admin, usecases::Role::organizer}) {
    const bool is_held = std::any_of(withheld.begin(), withheld.end(),
                                     [role](const auto& grant) { return grant.role == role; });
    if (!is_held) continue;
    text += text.empty() ? "" : ", ";
    text += page.text("security.role_" + std::string(to_string(role)));
  }
  return text;
}

void show_withheld(Page& page, const usecases::SignedIn& signed_in,
                   const usecases::CredentialState& state) {
  if (signed_in.withheld.empty()) return;
  const auto step = [&](const char* label, const std::string& path, bool done) -> web::View {
    return {{"label", page.text(label)},
            {"url", page.link(path)},
            {"state", page.text(done ? "security.step_done" : "security.step_open")}};
  };
  const auto landing = encode_component(page.link(kSecurityPath));
  page.view()["withheld"] = {
      {"text", page.text("security.withheld", {{"roles", roles_text(page, signed_in.withheld)}})},
      {"steps",
       {step("security.step_password", kSecurityPasswordPath, state.password_set_at.has_value()),
        step("security.step_codes", kSecurityCodesPath, state.totp_confirmed_at.has_value()),
        step("security.step_sign_in", "/wejscie/haslo?dalej=" + landing, false)}}};
}

void show_factors(Page& page, const usecases::CredentialState& state) {
  auto& view = page.view();
  const bool has_password = state.password_set_at.has_value();
  const bool has_codes = state.totp_confirmed_at.has_value();
  view["password_state"] = has_password
                               ? page.text("security.password_since",
                                           {{"date", security_date(page, *state.password_set_at)}})
                               : page.text("security.password_none");
  view["password_action"] =
      page.text(has_password ? "security.password_change" : "security.password_add");
  view["password_url"] = page.link(kSecurityPasswordPath);
  view["codes_state"] = has_codes
                            ? page.text("security.codes_since",
                                        {{"date", security_date(page, *state.totp_confirmed_at)},
                                         {"count", std::int64_t{state.recovery_codes}}})
                            : page.text("security.codes_none");
  view["codes_action"] = page.text(has_codes ? "security.codes_change" : "security.codes_add");
  view["codes_url"] = page.link(kSecurityCodesPath);
}

web::View session_view(const Page& page, const usecases::SessionSummary& session, bool is_current) {
  auto method = page.text("security.method_" + std::string(to_string(session.method)));
  if (session.second_factor)
    method = page.text("security.with_code", {{"method", std::move(method)}});
  return {{"id", std::to_string(session.id.value)},
          {"device", session.device.name.empty() ? page.text("security.unknown_device")
                                                 : session.device.name},
          {"network", session.device.network},
          {"method", method},
          {"current", is_current},
          {"began", moment_text(page, session.created_at)},
          {"began_datetime", web::iso_date(polish_time(session.created_at))},
          {"used", moment_text(page, session.last_seen_at)},
          {"used_datetime", web::iso_date(polish_time(session.last_seen_at))}};
}

void show_sessions(Page& page, const usecases::SignedIn& signed_in) {
  auto& view = page.view();
  view["sessions"] = web::View::array();
  for (const auto& session : usecases::list_sessions(page.environment(), signed_in.person.id))
    view["sessions"].push_back(session_view(page, session, session.id == signed_in.session));
  view["has_others"] = view["sessions"].size() > 1;
  view["action"] = page.link(kSecurityPath);
}

// What the reader has just done, as far as it is still true.
void show_done(Page& page, const usecases::CredentialState& state) {
  const auto what = page.request().query_value("gotowe");
  const auto say = [&](const char* key) { page.view()["done"] = {{"text", page.text(key)}}; };
  if (what == "haslo" && state.password_set_at) say("security.password_saved");
  if (what == "bezhasla" && !state.password_set_at) say("security.password_gone");
  if (what == "bezkodow" && !state.totp_confirmed_at) say("security.codes_gone");
  if (what == "sesja") say("security.ended");
  if (what == "sesje") say("security.ended_others");
}

Response show(Page& page, const usecases::SignedIn& signed_in,
              const domain::FieldErrors& errors = {}) {
  const auto state = find_credential_state(page.environment(), owner_of(page, signed_in));
  page.title(page.text("security.title"));
  page.crumb(page.text("my.title"), "/moje");
  show_withheld(page, signed_in, state);
  show_factors(page, state);
  show_sessions(page, signed_in);
  if (errors.empty()) show_done(page, state);
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/security");
}

std::optional<domain::SessionId> find_session_id(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return domain::SessionId{id};
}

Response act(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show(page, signed_in, fields.errors);
  const auto call = person_call(page, fields, signed_in);
  if (fields.value("do") == "end_others") {
    value_or_throw(
        usecases::end_sessions(page.environment(), call, signed_in.person.id, signed_in.session));
    return security_done(page, "sesje");
  }
  const auto session = find_session_id(fields.value("session"));
  if (fields.value("do") != "end" || !session) throw Error(400, "no such step");
  value_or_throw(usecases::end_session(page.environment(), call, *session));
  return security_done(page, "sesja");
}

}  // namespace

usecases::Owner owner_of(const Page& page, const usecases::SignedIn& signed_in) {
  return {signed_in.person.id, signed_in.session, page.request().remote_address,
          device_of(page.request()).name};
}

std::string security_date(const Page& page, domain::Instant at) {
  return web::day_date(page.language(), polish_time(at));
}

void ask_for_proof(Page& page, const usecases::SignedIn& signed_in,
                   const usecases::CredentialState& state, std::string_view path) {
  auto& view = page.view();
  view["email"] = signed_in.person.email;
  view["ask_current"] = state.password_set_at && !state.is_fresh;
  view["must_sign_in"] = !state.password_set_at && !state.is_fresh;
  view["action"] = page.link(path);
  view["back_url"] = page.link(kSecurityPath);
}

void add_proof(Page& page, const usecases::SignedIn& signed_in, std::string_view path) {
  const auto state = find_credential_state(page.environment(), owner_of(page, signed_in));
  auto& view = page.view();
  view["ask_current"] = state.password_set_at && !state.is_fresh;
  view["can_prove"] = state.password_set_at || state.is_fresh;
  if (!state.password_set_at && !state.is_fresh)
    view["sign_in_again"] = {{"email", signed_in.person.email}, {"action", page.link(path)}};
}

Response security_done(const Page& page, std::string_view what) {
  return redirect(303, page.link(kSecurityPath) + "?gotowe=" + std::string(what));
}

void add_security_page(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(
      router, parts, Method::get, kSecurityPath,
      [](Page& page, const usecases::SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, kSecurityPath, act, form);
}

}  // namespace narada::http::pages
