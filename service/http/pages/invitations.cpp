// /zaproszenie?zaproszenie=…: what somebody who was invited by name can answer. The key stands in
// the query, which no log keeps.

#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/usecases/invitees/invitee_sending.h"

namespace narada::http::pages {
namespace {

constexpr const char* kPath = "/zaproszenie";
constexpr std::string_view kKey = "zaproszenie";

Response private_page(Response response) {
  response.set("Cache-Control", "no-store");
  response.set("X-Robots-Tag", "noindex");
  return response;
}

Response show_unknown(Page& page) {
  page.title(page.text("invitation.unknown_title"));
  page.view()["unknown"] = true;
  page.view()["calendar_url"] = page.link("/kalendarz");
  return private_page(page.render(404, "pages/invitation"));
}

Response show(Page& page, const std::string& key, const domain::FieldErrors& errors = {},
              const std::string& reason = {}) {
  const auto found = find_invitation(page.environment(), key);
  if (!found) return show_unknown(page);
  const auto& invitee = found->invitee;
  auto& view = page.view();
  page.title(page.text("invitation.title", {{"title", found->title}}));
  view["known"] = {
      {"heading", page.text("invitation.title", {{"title", found->title}})},
      {"lead",
       page.text("invitation.lead",
                 {{"name", invitee.full_name.empty() ? invitee.email : invitee.full_name}})},
      {"url", page.link(found->path)},
      {"register_url", page.link(found->path + "/zapisy") + "?zaproszenie=" + key},
      {"open", invitee.state != domain::InviteeState::registered},
      {"registered", invitee.state == domain::InviteeState::registered},
      {"declined", invitee.state == domain::InviteeState::declined},
      {"key", key},
      {"reason", errors.empty() ? invitee.decline_reason : reason},
      {"action", page.link(kPath)}};
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return private_page(guard.apply(page.render(errors.empty() ? 200 : 422, "pages/invitation")));
}

Response show_form(const Parts& parts, const Request& request) {
  Page page(parts, request);
  if (request.query_value("rezygnacja") == "1") {
    page.title(page.text("invitation.objected_title"));
    page.view()["objected"] = true;
    page.view()["calendar_url"] = page.link("/kalendarz");
    return private_page(page.render(200, "pages/invitation"));
  }
  return show(page, request.query_value(kKey));
}

Response answer(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto key = fields.value(kKey);
  if (!fields.errors.empty()) return show(page, key, fields.errors, fields.value("reason"));
  const auto call = form_call(page, fields);
  const bool objects = fields.value("do") == "object";
  const auto done = objects
                        ? object_to_invitations(page.environment(), call, key)
                        : decline_invitation(page.environment(), call, key, fields.value("reason"));
  if (done && objects) return redirect(303, page.link(kPath) + "?rezygnacja=1");
  if (done) return redirect(303, page.link(kPath) + "?zaproszenie=" + encode_component(key));
  if (std::holds_alternative<domain::NotFound>(done.failure())) return show_unknown(page);
  return show(page, key, errors_of(done.failure(), "change_sent_before"), fields.value("reason"));
}

}  // namespace

void add_invitation_page(Router& router, const Parts& parts) {
  const auto bind = [&parts](auto handle) {
    return [&parts, handle](const Request& request) { return handle(parts, request); };
  };
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_page(router, Method::get, kPath, bind(show_form));
  add_page(router, Method::post, kPath, bind(answer), form);
}

}  // namespace narada::http::pages
