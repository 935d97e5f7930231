#include "service/http/pages/account/session.h"

#include <algorithm>

#include "service/http/device_name.h"
#include "service/http/pages/account/account_frame.h"
#include "service/usecases/client_address.h"

namespace narada::http::pages {
namespace {

constexpr std::chrono::hours kCookieLife{14 * 24};

// On TLS the prefix keeps a neighbouring host from setting it (RFC 6265bis 4.1.3.2).
std::string cookie_name(const Request& request) {
  return request.secure ? "__Host-session" : "session";
}

std::string cookie_attributes(const Request& request, std::chrono::seconds life) {
  return "; Path=/; Max-Age=" + std::to_string(life.count()) + "; HttpOnly; SameSite=Lax" +
         (request.secure ? "; Secure" : "");
}

// Of the first and the last word of a name: "Anna Maria Nowak" gives "AN".
std::string initials_of(std::string_view name) {
  const auto first_character = [](std::string_view word) {
    std::size_t length = 1;
    while (length < word.size() && (static_cast<unsigned char>(word[length]) & 0xC0) == 0x80)
      ++length;
    return std::string(word.substr(0, length));
  };
  const auto last_space = name.rfind(' ');
  std::string initials = first_character(name);
  if (last_space != std::string_view::npos)
    initials += first_character(name.substr(last_space + 1));
  return initials;
}

bool has_role(const std::vector<usecases::RoleGrant>& grants, usecases::Role role) {
  return std::any_of(grants.begin(), grants.end(),
                     [role](const auto& grant) { return grant.role == role; });
}

bool is_reading(const Request& request) {
  return request.method == Method::get || request.method == Method::head;
}

Response unkept(Response response) {
  response.set("Cache-Control", "no-store");
  return response;
}

Response ask_to_sign_in(Page& page) {
  const auto& request = page.request();
  if (is_reading(request))
    return redirect(303, page.link("/wejscie?dalej=" + encode_component(request.target)));
  page.title(page.text("sign_in.ended_title"));
  page.view()["private"] = true;
  page.view()["canonical"] = nullptr;
  page.view()["sign_in_url"] = page.link("/wejscie?dalej=" + encode_component(page.link("/moje")));
  auto response = page.render(401, "pages/sign_in_ended");
  response.set("WWW-Authenticate", "Cookie realm=\"Narada\"");
  return response;
}

}  // namespace

void show_account(Page& page, const usecases::SignedIn& signed_in) {
  const auto& grants = signed_in.actor.grants;
  const bool is_admin = has_role(grants, usecases::Role::admin);
  auto& view = page.view();
  view["private"] = true;
  view["canonical"] = nullptr;
  view["account"] = {{"name", signed_in.person.full_name},
                     {"initials", initials_of(signed_in.person.full_name)},
                     {"is_admin", is_admin},
                     {"can_organize", is_admin || has_role(grants, usecases::Role::organizer)},
                     {"coordinates", has_role(grants, usecases::Role::coordinator)},
                     {"leads", has_role(grants, usecases::Role::expert)},
                     {"withheld", !signed_in.withheld.empty()},
                     {"home_url", page.link("/moje")},
                     {"data_url", page.link("/moje/dane")},
                     {"panel_url", page.link("/panel")},
                     {"delegations_url", page.link("/delegacja")},
                     {"leading_url", page.link("/prowadzenie")},
                     {"sign_out_url", page.link("/wyjscie")}};
}

std::string session_cookie(const Request& request) {
  return request.cookie(cookie_name(request)).value_or("");
}

void set_session_cookie(const Request& request, Response& response, std::string_view token) {
  response.add("Set-Cookie", cookie_name(request) + "=" + std::string(token) +
                                 cookie_attributes(request, kCookieLife));
}

void clear_session_cookie(const Request& request, Response& response) {
  response.add("Set-Cookie",
               cookie_name(request) + "=" + cookie_attributes(request, std::chrono::seconds(0)));
}

std::optional<usecases::SignedIn> find_signed_in(const Page& page) {
  return usecases::find_session(page.environment(), session_cookie(page.request()));
}

void add_private_page(Router& router, const Parts& parts, Method method, const std::string& path,
                      PrivateHandler handler, RouteOptions options) {
  options.shared = false;
  add_page(
      router, method, path,
      [&parts, handler = std::move(handler)](const Request& request) {
        Page page(parts, request);
        const auto signed_in = find_signed_in(page);
        if (!signed_in) return unkept(ask_to_sign_in(page));
        show_account(page, *signed_in);
        const FormGuard guard(page);  // of the button that ends the session
        return guard.apply(handler(page, *signed_in));
      },
      options);
}

usecases::Call person_call(const Page& page, const FormFields& fields,
                           const usecases::SignedIn& signed_in) {
  auto call = form_call(page, fields);
  call.actor = signed_in.actor;
  return call;
}

void require(const usecases::SignedIn& signed_in, domain::Action action,
             const domain::Thing& thing) {
  if (!domain::can(signed_in.actor, action, thing)) throw Error(404);
}

usecases::Device device_of(const Request& request) {
  return {device_name(request.header("user-agent")), usecases::network_of(request.remote_address)};
}

}  // namespace narada::http::pages
