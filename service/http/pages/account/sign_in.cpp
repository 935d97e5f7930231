#include "service/http/pages/account/sign_in.h"

#include "service/http/pages/account/session.h"
#include "service/http/pages/limits.h"
#include "service/http/pages/pages.h"
#include "service/usecases/mails/return_path.h"
#include "service/usecases/people/profile.h"
#include "service/usecases/people/sign_in.h"

namespace narada::http::pages {
namespace {

constexpr std::string_view kSignIn = "/wejscie";

void hide_from_search(Page& page) {
  page.view()["private"] = true;
  page.view()["canonical"] = nullptr;
}

Response show_form(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto return_to = request.query_value("dalej");
  const auto signed_in = find_signed_in(page);
  if (signed_in && signed_in->withheld.empty()) return redirect(303, landing_path(page, return_to));
  return show_sign_in(page, 200, return_to);
}

Response send_link(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto return_to = fields.value("dalej");
  if (!fields.errors.empty()) return show_sign_in(page, 422, return_to, fields, fields.errors);
  limit_sign_in_mail(page, fields.value("email"));
  const auto sent = usecases::request_sign_in(page.environment(), form_call(page, fields),
                                              {fields.value("email"), return_to});
  if (!sent.ok())
    return show_sign_in(page, 422, return_to, fields, errors_of(sent.failure(), "form_expired"));
  return redirect(303, page.link("/wejscie/wyslano"));
}

Response show_sent(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("sign_in.sent_title"));
  hide_from_search(page);
  return page.render(200, "pages/sign_in_sent");
}

// Unknown, used and expired look alike.
Response show_dead_link(Page& page) {
  limit_wrong_link(page);
  page.title(page.text("sign_in.dead_title"));
  hide_from_search(page);
  page.view()["other_url"] = nullptr;
  page.view()["sign_in_url"] = page.link(kSignIn);
  auto response = page.render(404, "pages/sign_in_dead");
  response.set("Cache-Control", "no-store");
  return response;
}

web::View person_view(const usecases::LinkPerson& person, std::string_view chosen) {
  const auto id = std::to_string(person.id.value);
  return {{"id", id},
          {"name", person.full_name},
          {"institution", person.institution},
          {"chosen", id == chosen}};
}

std::string purpose_text(const Page& page, const usecases::OpenLink& link) {
  switch (link.purpose) {
    case usecases::LinkPurpose::invitation:
      return page.text("sign_in.open_invitation");
    case usecases::LinkPurpose::email_change:
      return page.text("sign_in.open_email_change", {{"email", link.email}});
    case usecases::LinkPurpose::sign_in:
      break;
  }
  return page.text("sign_in.open_lead", {{"email", link.email}});
}

void fill_open_link(Page& page, const usecases::OpenLink& link, const FormFields& typed) {
  const bool changes_email = link.purpose == usecases::LinkPurpose::email_change;
  page.title(page.text(changes_email ? "sign_in.open_change_title" : "sign_in.open_title"));
  hide_from_search(page);
  auto& view = page.view();
  view["heading"] = view["title"];
  const auto path = "/wejscie/" + page.request().params.at("token");
  view["other_url"] = page.english() ? path : "/en" + path;
  view["action"] = page.link(path);
  view["lead"] = purpose_text(page, link);
  view["button"] = page.text(changes_email ? "sign_in.open_change_button" : "sign_in.open_button");
  if (link.people.size() == 1) view["only"] = person_view(link.people.front(), {});
  view["several"] = web::View::array();
  if (link.people.size() > 1)
    for (const auto& person : link.people)
      view["several"].push_back(person_view(person, typed.value("person")));
  view["may_join"] = link.purpose == usecases::LinkPurpose::sign_in;
  view["nobody"] = link.people.empty();
  view["joining"] = typed.value("do") == "join";
  view["full_name"] = typed.value("full_name");
  view["consent"] = typed.value("consent") == "yes";
  view["clause_url"] = page.link("/prywatnosc");
  view["join_operation"] = usecases::make_token();
}

Response show_open_link(Page& page, int status, const usecases::OpenLink& link,
                        const FormFields& typed = {}, const domain::FieldErrors& errors = {}) {
  fill_open_link(page, link, typed);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/sign_in_link"));
}

bool changes_email(const usecases::OpenLink& link) {
  return link.purpose == usecases::LinkPurpose::email_change;
}

// Who changes their address proves besides that the account is theirs.
bool lacks_owner(const usecases::OpenLink& link, const std::optional<usecases::SignedIn>& reader) {
  return changes_email(link) &&
         (!reader || link.people.empty() || reader->person.id != link.people.front().id);
}

Response ask_owner(Page& page) {
  page.title(page.text("sign_in.open_change_title"));
  hide_from_search(page);
  page.view()["other_url"] = nullptr;
  page.view()["sign_in_url"] =
      page.link(std::string(kSignIn) + "?dalej=" + encode_component(page.request().path));
  auto response = page.render(403, "pages/sign_in_owner");
  response.set("Cache-Control", "no-store");
  return response;
}

Response show_link(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto link = usecases::find_open_link(page.environment(), request.params.at("token"));
  if (!link) return show_dead_link(page);
  if (lacks_owner(*link, find_signed_in(page))) return ask_owner(page);
  return show_open_link(page, 200, *link);
}

usecases::LinkClaim read_claim(const FormFields& fields) {
  usecases::LinkClaim claim;
  if (fields.value("do") == "join") {
    claim.full_name = fields.value("full_name");
    claim.accepts_clause = fields.value("consent") == "yes";
    return claim;
  }
  // Somebody who chose nobody is nobody of the mailbox: the use case says so.
  const auto chosen = fields.value("person");
  constexpr std::size_t kMostDigits = 18;
  const bool is_id = !chosen.empty() && chosen.size() <= kMostDigits &&
                     chosen.find_first_not_of("0123456789") == std::string::npos;
  claim.person = domain::PersonId{is_id ? std::stoll(chosen) : 0};
  return claim;
}

// Absent when there is no change to make: the link is of another kind or was used before.
std::optional<Response> change_email(Page& page, const usecases::SignedIn& reader,
                                     const domain::Outcome<usecases::OpenLink>& link,
                                     const FormFields& fields) {
  const auto changed =
      usecases::confirm_email_change(page.environment(), person_call(page, fields, reader),
                                     page.request().params.at("token"), reader.session);
  if (changed.ok()) return redirect(303, page.link("/moje/dane") + "?email=zmieniony");
  if (!link || std::holds_alternative<domain::NotFound>(changed.failure())) return std::nullopt;
  return show_open_link(page, 422, *link, fields, errors_of(changed.failure(), "form_expired"));
}

Response use_link(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto link = usecases::find_open_link(page.environment(), request.params.at("token"));
  const auto reader = find_signed_in(page);
  if (link && lacks_owner(*link, reader)) return ask_owner(page);
  if (link && !fields.errors.empty())
    return show_open_link(page, 422, *link, fields, fields.errors);
  if (!fields.errors.empty()) return show_dead_link(page);
  if (reader && (!link || changes_email(*link))) {
    if (auto changed = change_email(page, *reader, link, fields)) return *std::move(changed);
  }
  const auto begun =
      usecases::use_link(page.environment(), form_call(page, fields), request.params.at("token"),
                         read_claim(fields), device_of(request), session_cookie(request));
  if (begun.ok()) return complete_sign_in(page, *begun, link ? link->return_to : "");
  if (!link || std::holds_alternative<domain::NotFound>(begun.failure()))
    return show_dead_link(page);
  return show_open_link(page, 422, *link, fields, errors_of(begun.failure(), "form_expired"));
}

Response show_way_out(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto signed_in = find_signed_in(page);
  page.title(signed_in ? page.text("sign_out.title") : page.text("sign_out.done_title"));
  hide_from_search(page);
  auto& view = page.view();
  view["name"] = signed_in ? signed_in->person.full_name : "";
  view["action"] = page.link("/wyjscie");
  view["sign_in_url"] = page.link(kSignIn);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/sign_out"));
}

Response sign_out(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  const auto fields = read_own_form(page);
  auto response = redirect(303, page.link("/wyjscie"));
  if (!fields.errors.empty()) return response;  // the page with the button again
  if (const auto signed_in = find_signed_in(page)) {
    auto call = visitor_call(page);
    call.actor = signed_in->actor;
    value_or_throw(usecases::end_session(page.environment(), call, signed_in->session));
  }
  clear_session_cookie(request, response);
  return response;
}

RouteOptions small_form() {
  RouteOptions options;
  options.body_limit = 16 << 10;
  return options;
}

}  // namespace

Response show_sign_in(Page& page, int status, std::string_view return_to, const FormFields& typed,
                      const domain::FieldErrors& errors) {
  page.title(page.text("sign_in.title"));
  hide_from_search(page);
  auto& view = page.view();
  const auto kept = usecases::local_return_path(return_to);
  view["return_to"] = kept;
  if (!kept.empty()) {
    const auto other = page.english() ? std::string(kSignIn) : "/en" + std::string(kSignIn);
    view["other_url"] = other + "?dalej=" + encode_component(kept);
  }
  view["action"] = page.link(kSignIn);
  view["email"] = typed.value("email");
  show_other_ways(page);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/sign_in"));
}

std::string landing_path(const Page& page, std::string_view return_to) {
  auto path = usecases::local_return_path(return_to);
  return path.empty() ? page.link("/moje") : path;
}

Response complete_sign_in(const Page& page, const usecases::NewSession& begun,
                          std::string_view return_to) {
  const auto landing = landing_path(page, return_to);
  auto response = redirect(
      303, begun.code_due ? page.link("/wejscie/kod?dalej=" + encode_component(landing)) : landing);
  set_session_cookie(page.request(), response, begun.token);
  response.set("Cache-Control", "no-store");
  return response;
}

void add_sign_in_pages(Router& router, const Parts& parts) {
  const auto with_parts = [&parts](Response (*page)(const Parts&, const Request&)) {
    return [&parts, page](const Request& request) { return page(parts, request); };
  };
  auto mailing = small_form();
  mailing.causes_mail = true;
  add_page(router, Method::get, "/wejscie", with_parts(show_form));
  add_page(router, Method::post, "/wejscie", with_parts(send_link), mailing);
  add_page(router, Method::get, "/wejscie/wyslano", with_parts(show_sent));
  add_page(router, Method::get, "/wejscie/{token}", with_parts(show_link));
  add_page(router, Method::post, "/wejscie/{token}", with_parts(use_link), small_form());
  add_page(router, Method::get, "/wyjscie", with_parts(show_way_out));
  add_page(router, Method::post, "/wyjscie", with_parts(sign_out), small_form());
}

}  // namespace narada::http::pages
