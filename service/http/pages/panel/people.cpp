// /panel/osoby: people, their roles and their sessions.

#include "service/usecases/people/people.h"

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/grants.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/credential_reset.h"
#include "service/usecases/people/roles.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::SignedIn;

constexpr int kPageSize = 50;
constexpr const char* kPeople = "/panel/osoby";

std::string path_of(domain::PersonId person) {
  return std::string(kPeople) + "/" + std::to_string(person.value);
}

std::string roles_text(const Page& page, const std::vector<domain::Role>& roles) {
  std::string text;
  for (const auto role : roles) {
    if (!text.empty()) text += ", ";
    text += word(page, "panel_role", to_string(role));
  }
  return text;
}

web::View role_filter(const Page& page, const std::string& chosen) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("panel.any")}};
  for (const auto role : {domain::Role::admin, domain::Role::organizer, domain::Role::expert,
                          domain::Role::coordinator, domain::Role::official})
    values.emplace_back(std::string(to_string(role)), word(page, "panel_role", to_string(role)));
  return options_view(values, chosen);
}

Response show_list(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  open_panel(page, signed_in, PanelRoom::people, page.text("panel.people"));
  const auto& request = page.request();
  usecases::PersonFilter filter;
  filter.q = request.query_value("q");
  filter.institution = request.query_value("gmina");
  const auto role = request.query_value("rola");
  filter.role = domain::find_role(role);
  const auto found = value_or_throw(list_people(page.environment(), signed_in.actor, filter,
                                                {kPageSize, request.find_query("od")}));
  auto& view = page.view();
  view["filter"] = {
      {"q", filter.q}, {"institution", filter.institution}, {"roles", role_filter(page, role)}};
  web::View people = web::View::array();
  for (const auto& person : found.items)
    people.push_back({{"url", page.link(path_of(person.id))},
                      {"name", person.full_name},
                      {"email", person.email},
                      {"institution", person.institution},
                      {"roles", roles_text(page, person.roles)},
                      {"has_account", person.has_account}});
  view["people"] = std::move(people);
  if (found.next)
    view["more_url"] = page.link(std::string(kPeople) + "?od=" + encode_component(*found.next) +
                                 "&q=" + encode_component(filter.q) +
                                 "&gmina=" + encode_component(filter.institution) +
                                 "&rola=" + encode_component(role));
  return page.render(200, "pages/panel_people");
}

domain::PersonRecord load_record(const Page& page, const SignedIn& signed_in) {
  return value_or_throw(find_person_record(page.environment(), signed_in.actor,
                                           domain::PersonId{id_of(page.request())}));
}

web::View role_rows(const Page& page, const domain::PersonRecord& record) {
  web::View rows = web::View::array();
  for (const auto& held : record.roles)
    rows.push_back({{"role", word(page, "panel_role", to_string(held.grant.role))},
                    {"scope", scope_text(page, held.grant, held.scope_name)},
                    {"since", moment_text(page, held.granted_at)},
                    {"revoke_url", page.link(path_of(record.person.id) + "/role/" +
                                             std::to_string(held.id.value) + "/odbierz")}});
  return rows;
}

web::View fact_rows(const Page& page, const domain::PersonRecord& record) {
  web::View facts = web::View::array();
  const auto add = [&](const char* label, const std::string& text) {
    if (!text.empty()) facts.push_back({{"label", page.text(label)}, {"text", text}});
  };
  const auto& person = record.person;
  add("form.email", person.email);
  if (person.institution) add("form.institution", person.institution->name);
  add("form.position", person.position);
  add("form.unit", person.unit);
  add("panel.account", page.text(record.has_account ? "panel.has_account" : "panel.no_account"));
  add("panel.known_since", moment_text(page, record.created_at));
  add("panel.registrations",
      page.text("panel.registrations_count", {{"active", std::int64_t{record.active_registrations}},
                                              {"all", std::int64_t{record.all_registrations}}}));
  return facts;
}

Response show_person(Page& page, const SignedIn& signed_in, const FormFields& typed = {},
                     const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::manage_people);
  const auto record = load_record(page, signed_in);
  open_panel(page, signed_in, PanelRoom::people, record.person.full_name);
  page.crumb(page.text("panel.people"), kPeople);
  const auto path = path_of(record.person.id);
  auto& view = page.view();
  view["name"] = record.person.full_name;
  view["facts"] = fact_rows(page, record);
  view["roles"] = role_rows(page, record);
  view["grant_action"] = page.link(path + "/role");
  view["sessions_action"] = page.link(path + "/sesje");
  view["sessions_operation"] = usecases::make_token();
  view["open_sessions"] = record.open_sessions > 0;
  if (record.person.id != signed_in.person.id)
    view["reset"] = {{"action", page.link(path + "/zabezpieczenia")},
                     {"operation", usecases::make_token()}};
  view["sessions_text"] =
      page.text("panel.sessions_count", {{"count", std::int64_t{record.open_sessions}}});
  view["export_url"] = page.link(path + "/eksport");
  view["erase_url"] = page.link(path + "/usun");
  fill_grant_fields(page, typed);
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_person");
}

// What the use case says of the scope stands beside the field that names it.
domain::FieldErrors errors_beside(const FormFields& typed, domain::FieldErrors errors) {
  for (auto& error : errors)
    if (error.field == "scope") error.field = scope_field(typed.value("scope_kind"));
  return errors;
}

Response grant(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_person(page, signed_in, fields, fields.errors);
  domain::FieldErrors errors;
  const auto wanted = read_grant(page, fields, errors);
  if (!wanted) return show_person(page, signed_in, fields, errors);
  const domain::PersonId person{id_of(page.request())};
  const auto granted =
      grant_role(page.environment(), person_call(page, fields, signed_in), person, *wanted);
  if (!granted)
    return show_person(page, signed_in, fields,
                       errors_beside(fields, errors_of(granted.failure(), "change_sent_before")));
  return redirect_done(page, path_of(person), "role_granted");
}

Response end_all(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_person(page, signed_in, {}, fields.errors);
  const auto record = load_record(page, signed_in);
  // Of one's own the one that asks goes on.
  std::optional<domain::SessionId> kept;
  if (record.person.id == signed_in.person.id) kept = signed_in.session;
  value_or_throw(end_sessions(page.environment(), person_call(page, fields, signed_in),
                              record.person.id, kept));
  return redirect_done(page, path_of(record.person.id), "sessions_ended");
}

Response reset_factors(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_person(page, signed_in, {}, fields.errors);
  const domain::PersonId person{id_of(page.request())};
  value_or_throw(
      reset_credentials(page.environment(), person_call(page, fields, signed_in), person));
  return redirect_done(page, path_of(person), "credentials_reset");
}

domain::HeldRole load_role(const Page& page, const SignedIn& signed_in) {
  const auto held = value_or_throw(usecases::find_held_role(
      page.environment(), signed_in.actor, domain::RoleGrantId{id_of(page.request(), "role")}));
  if (held.person.value != id_of(page.request())) throw Error(404);
  return held;
}

Response show_revoke(Page& page, const SignedIn& signed_in,
                     const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::manage_people);
  const auto record = load_record(page, signed_in);
  const auto held = load_role(page, signed_in);
  open_panel(page, signed_in, PanelRoom::people, page.text("panel.revoke_title"));
  page.crumb(page.text("panel.people"), kPeople);
  page.crumb(record.person.full_name, path_of(record.person.id));
  auto& view = page.view();
  view["text"] = page.text("panel.revoke_text",
                           {{"name", record.person.full_name},
                            {"role", word(page, "panel_role", to_string(held.grant.role))},
                            {"scope", scope_text(page, held.grant, held.scope_name)}});
  view["action"] = page.request().path;
  view["back_url"] = page.link(path_of(record.person.id));
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_revoke");
}

Response revoke(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_revoke(page, signed_in, fields.errors);
  const auto held = load_role(page, signed_in);
  const auto revoked =
      revoke_role(page.environment(), person_call(page, fields, signed_in), held.id);
  if (!revoked)
    return show_revoke(page, signed_in, errors_of(revoked.failure(), "change_sent_before"));
  // Who has just given up their own right to be here goes home.
  if (held.person == signed_in.person.id && held.grant.role == domain::Role::admin)
    return redirect(303, page.link("/moje"));
  return redirect_done(page, path_of(held.person), "role_revoked");
}

Response show_invitation(Page& page, const SignedIn& signed_in, const FormFields& typed = {},
                         const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::manage_people);
  open_panel(page, signed_in, PanelRoom::people, page.text("panel.invite_title"));
  page.crumb(page.text("panel.people"), kPeople);
  auto& view = page.view();
  view["action"] = page.link(std::string(kPeople) + "/nowa");
  view["full_name"] = typed.value("full_name");
  view["email"] = typed.value("email");
  fill_grant_fields(page, typed);
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_invite");
}

Response invite(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::manage_people);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_invitation(page, signed_in, fields, fields.errors);
  domain::FieldErrors errors;
  const auto wanted = read_grant(page, fields, errors);
  for (const auto* name : {"full_name", "email"})
    if (fields.value(name).empty()) errors.push_back({name, "required"});
  if (!errors.empty()) return show_invitation(page, signed_in, fields, errors);
  const auto invited =
      usecases::invite(page.environment(), person_call(page, fields, signed_in),
                       {fields.value("email"), fields.value("full_name"), *wanted});
  if (!invited)
    return show_invitation(
        page, signed_in, fields,
        errors_beside(fields, errors_of(invited.failure(), "change_sent_before")));
  return redirect_done(page, path_of(*invited), "invited");
}

}  // namespace

void add_panel_people_pages(Router& router, const Parts& parts) {
  const auto get = [&](const std::string& path, const PrivateHandler& handler) {
    add_private_page(router, parts, Method::get, path, handler);
  };
  RouteOptions form;
  form.body_limit = 64 << 10;
  const auto post = [&](const std::string& path, const PrivateHandler& handler) {
    add_private_page(router, parts, Method::post, path, handler, form);
  };
  const std::string people = kPeople;
  get(people, show_list);
  get(people + "/nowa",
      [](Page& page, const SignedIn& signed_in) { return show_invitation(page, signed_in); });
  post(people + "/nowa", invite);
  get(people + "/{id}",
      [](Page& page, const SignedIn& signed_in) { return show_person(page, signed_in); });
  post(people + "/{id}/role", grant);
  post(people + "/{id}/sesje", end_all);
  post(people + "/{id}/zabezpieczenia", reset_factors);
  get(people + "/{id}/role/{role}/odbierz",
      [](Page& page, const SignedIn& signed_in) { return show_revoke(page, signed_in); });
  post(people + "/{id}/role/{role}/odbierz", revoke);
}

}  // namespace narada::http::pages
