// /delegacja/{meeting}: the places of one institution at one meeting, and their names.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/account/delegation.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {
namespace {

using domain::AttendanceMode;
using usecases::DelegationView;
using usecases::NamesReport;
using usecases::NameStep;
using usecases::SignedIn;

// Pasted rows, percent-encoded, with room for the other fields.
constexpr std::uint64_t kMostOctets = 3 * usecases::kMostPastedOctets + (64 << 10);

// The institution that the address names, or the first one that the reader speaks for.
std::string institution_key(const Page& page, const SignedIn& signed_in) {
  if (const auto named = page.request().find_query("instytucja")) return *named;
  for (const auto& grant : signed_in.actor.grants) {
    const auto* institution = std::get_if<domain::InstitutionId>(&grant.scope);
    if (grant.role == domain::Role::coordinator && institution)
      return std::to_string(institution->value);
  }
  throw Error(404);
}

struct Table {
  std::string meeting;
  std::string institution;
  DelegationView found;
};

Table load(const Page& page, const SignedIn& signed_in) {
  Table table;
  table.meeting = std::to_string(id_of(page.request(), "meeting"));
  table.institution = institution_key(page, signed_in);
  table.found = value_or_throw(
      find_delegation(page.environment(), signed_in.actor, table.meeting, table.institution));
  return table;
}

// Whether one mode alone is in question: then nothing is said about it.
bool has_one_mode(const DelegationView& found) { return found.places.size() < 2; }

std::string free_text(const Page& page, const usecases::DelegatedPlaces& places) {
  std::string text = page.text("delegation.named", {{"count", std::int64_t{places.named}}}) + " ";
  return text + (places.free ? page.text("delegation.free", {{"count", std::int64_t{*places.free}}})
                             : page.text("delegation.unlimited"));
}

web::View place_views(const Page& page, const DelegationView& found) {
  web::View views = web::View::array();
  for (const auto& places : found.places) {
    const std::string name(to_string(places.mode));
    views.push_back({{"name", name},
                     {"label", page.text(has_one_mode(found) ? "delegation.places"
                                                             : "delegation.places_" + name)},
                     {"hint", free_text(page, places)},
                     {"value", std::to_string(places.places)}});
  }
  return views;
}

std::string consent_text(const Page& page, const usecases::DelegateView& one) {
  if (one.superior_email.empty()) return {};
  return page.text(one.consent == "given"     ? "delegation.consent_given"
                   : one.consent == "refused" ? "delegation.consent_refused"
                                              : "delegation.consent_asked",
                   {{"email", one.superior_email}});
}

web::View person_view(const Page& page, const DelegationView& found,
                      const usecases::DelegateView& one) {
  const auto id = std::to_string(one.id.value);
  const bool can_change = found.may_change && is_active(one.status);
  return {
      {"id", id},
      {"name", one.full_name},
      {"email", one.email},
      {"position", one.position},
      {"mode", has_one_mode(found) ? "" : word(page, "mode", to_string(one.mode))},
      {"status", word(page, "registration_status", to_string(one.status))},
      {"color", color_of(one.status)},
      {"own", one.of_delegation || !is_active(one.status) ? "" : page.text("delegation.own")},
      {"instead",
       one.instead_of.empty() ? "" : page.text("delegation.instead", {{"name", one.instead_of}})},
      {"consent", consent_text(page, one)},
      {"referral_url",
       one.consent == "given" ? page.link("/delegacja/skierowanie/" + id + ".pdf") : ""},
      {"substitute_url", can_change ? page.link("/delegacja/zamiana/" + id) : ""},
      {"can_cancel", can_change},
      {"operation_of_row", usecases::make_token()}};
}

web::View open_views(const Page& page, const DelegationView& found) {
  web::View views = web::View::array();
  for (const auto& places : found.places) {
    if (places.open() == 0) continue;
    views.push_back(
        {{"text", page.text("delegation.open", {{"count", std::int64_t{places.open()}}})},
         {"mode", has_one_mode(found) ? "" : word(page, "mode", to_string(places.mode))}});
  }
  return views;
}

web::View reserve_views(const Page& page, const DelegationView& found) {
  web::View views = web::View::array();
  for (const auto& one : found.reserves)
    views.push_back({{"id", std::to_string(one.person.value)},
                     {"number", std::to_string(views.size() + 1)},
                     {"name", one.full_name},
                     {"email", one.email},
                     {"position", one.position},
                     {"mode", has_one_mode(found) ? "" : word(page, "mode", to_string(one.mode))},
                     {"can_change", found.may_change},
                     {"operation_up", usecases::make_token()},
                     {"operation_drop", usecases::make_token()}});
  return views;
}

// The form for names, as it was filled in.
void fill_names_form(Page& page, const DelegationView& found, const FormFields& fields) {
  auto& view = page.view();
  view["names"] = fields.value("names");
  web::View modes = web::View::array();
  for (const auto& places : found.places) {
    const std::string name(to_string(places.mode));
    modes.push_back({{"value", name},
                     {"label", page.text("mode." + name)},
                     {"checked", fields.value("mode") == name || has_one_mode(found)}});
  }
  view["ask_mode"] = !has_one_mode(found);
  view["modes"] = std::move(modes);
  const auto overflow = fields.value("overflow");
  web::View choices = web::View::array();
  for (const char* name : {"keep", "wait", "reserve"}) {
    if (std::string_view(name) == "wait" && !found.meeting.waitlist) continue;
    choices.push_back(
        {{"value", name},
         {"label", page.text(std::string("delegation.overflow_") + name)},
         {"checked", overflow == name || (overflow.empty() && std::string_view(name) == "keep")}});
  }
  view["overflows"] = std::move(choices);
  view["superior_email"] = fields.value("superior_email");
}

void fill(Page& page, const Table& table, const FormFields& fields) {
  const auto& found = table.found;
  const std::string title =
      page.text("delegation.title", {{"institution", found.institution.name}});
  page.title(title);
  page.crumb(page.text("my.title"), "/moje");
  if (found.may_organize) {
    page.crumb(page.text("delegation.meeting_title"),
               fmt::format("/panel/spotkania/{}/delegacje", found.meeting.id.value));
  } else {
    page.crumb(page.text("delegation.list_title"), "/delegacja");
  }
  auto& view = page.view();
  view["heading"] = title;
  view["meeting_title"] = found.meeting.title;
  view["meeting_url"] = page.link("/spotkania/" + found.meeting.slug);
  view["when"] = time_of(page, found.meeting);
  view["action"] = page.link(delegation_path(found.meeting.id, found.institution));
  view["can_change"] = found.may_change;
  view["wants_consent"] = found.wants_consent;
  view["several_modes"] = !has_one_mode(found);
  view["places"] = place_views(page, found);
  view["version"] = std::to_string(found.version);
  view["open_places"] = open_views(page, found);
  view["people"] = web::View::array();
  for (const auto& one : found.people) view["people"].push_back(person_view(page, found, one));
  view["reserves"] = reserve_views(page, found);
  view["places_operation"] = usecases::make_token();
  fill_names_form(page, found, fields);
}

void show_done(Page& page) {
  const auto done = page.request().query_value("zrobione");
  for (const char* known :
       {"places", "named", "cancelled", "substituted", "called_up", "dropped"}) {
    if (done == known)
      page.view()["done"] = {{"heading", page.text(std::string("delegation.done_") + known)}};
  }
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto table = load(page, signed_in);
  fill(page, table, {});
  show_done(page);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/delegation"));
}

// The errors of a field of the page, each beside it.
void show_place_errors(Page& page, const domain::FieldErrors& errors) {
  for (auto& places : page.view()["places"]) {
    for (const auto& error : errors)
      if (error.field == places["name"]) places["error"] = page.text(error);
  }
}

Response show_again(Page& page, const Table& table, const FormFields& fields,
                    const domain::FieldErrors& errors) {
  fill(page, table, fields);
  if (fields.value("do") == "places") {
    for (auto& places : page.view()["places"])
      places["value"] = fields.value(places["name"].get<std::string>());
  }
  show_errors(page, errors);
  show_place_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/delegation"));
}

usecases::NamesForm read_names(const FormFields& fields) {
  usecases::NamesForm form;
  form.text = fields.value("names");
  form.mode = domain::find_attendance_mode(fields.value("mode"));
  form.superior_email = fields.value("superior_email");
  const auto overflow = fields.value("overflow");
  if (overflow == "wait") form.overflow = usecases::Overflow::wait;
  if (overflow == "reserve") form.overflow = usecases::Overflow::reserve;
  return form;
}

std::string_view color_of_step(NameStep step) {
  switch (step) {
    case NameStep::take:
      return "success";
    case NameStep::wait:
      return "warning";
    case NameStep::refuse:
      return "danger";
    case NameStep::reserve:
    case NameStep::already:
      break;
  }
  return "neutral";
}

constexpr const char* kStepNames[] = {"take", "wait", "reserve", "already", "refuse"};

std::string reasons_of(const Page& page, const usecases::NamedRow& row) {
  std::string text;
  for (const auto& error : row.errors) {
    if (!text.empty()) text += " ";
    if (!error.field.empty()) text += page.text("delegation.column_" + error.field) + ": ";
    text += page.text(error);
  }
  return text;
}

// `done`: the rows have been taken, else they would be.
web::View report_view(const Page& page, const NamesReport& report, bool done) {
  web::View rows = web::View::array();
  for (const auto& [row, step] : report.rows) {
    const std::string name = kStepNames[static_cast<std::size_t>(step)];
    rows.push_back(
        {{"line", std::to_string(row.line)},
         {"name", row.full_name.empty() ? row.original : row.full_name},
         {"email", row.email},
         {"color", color_of_step(step)},
         {"step", page.text("delegation." + std::string(done ? "was_" : "would_") + name)},
         {"reason", reasons_of(page, row)}});
  }
  // Who must be looked at comes first.
  std::stable_partition(rows.begin(), rows.end(),
                        [](const web::View& row) { return row["color"] == "danger"; });
  const auto count = [&](NameStep step) { return std::int64_t{report.count(step)}; };
  const std::int64_t good =
      count(NameStep::take) + count(NameStep::wait) + count(NameStep::reserve);
  return {{"rows", std::move(rows)},
          {"summary", page.text(done ? "delegation.report_done" : "delegation.report_plan",
                                {{"taken", count(NameStep::take)},
                                 {"waiting", count(NameStep::wait)},
                                 {"reserve", count(NameStep::reserve)},
                                 {"already", count(NameStep::already)},
                                 {"refused", count(NameStep::refuse)}})},
          {"can_take", !done && good > 0},
          {"button", page.text("delegation.take", {{"count", good}})},
          {"has_left", done && !report.left.empty()},
          {"done", done},
          {"planned", !done}};
}

Response show_report(Page& page, const SignedIn& signed_in, FormFields fields,
                     const NamesReport& report, bool done) {
  if (done) {
    for (auto& [name, value] : fields.fields)
      if (name == "names") value = report.left;
  }
  fill(page, load(page, signed_in), fields);
  page.view()["report"] = report_view(page, report, done);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/delegation"));
}

std::string done_path(const Page& page, const Table& table, std::string_view done) {
  return page.link(delegation_path(table.found.meeting.id, table.found.institution)) +
         "&zrobione=" + std::string(done);
}

Response post_names(Page& page, const SignedIn& signed_in, const Table& table,
                    const OwnForm& fields) {
  const bool takes = fields.value("do") == "take";
  const auto form = read_names(fields);
  const auto report = takes ? take_names(page.environment(), person_call(page, fields, signed_in),
                                         table.meeting, table.institution, form)
                            : preview_names(page.environment(), signed_in.actor, table.meeting,
                                            table.institution, form);
  if (!report)
    return show_again(page, table, fields, errors_of(report.failure(), "change_sent_before"));
  if (takes && report->left.empty()) return redirect(303, done_path(page, table, "named"));
  return show_report(page, signed_in, fields, *report, takes);
}

usecases::PlacesForm read_places(const FormFields& fields, domain::FieldErrors& errors) {
  usecases::PlacesForm form;
  const auto take = [&](const char* name) -> std::optional<int> {
    const auto number = read_integer(fields, name, errors);
    if (!number) return std::nullopt;
    return static_cast<int>(
        std::clamp<std::int64_t>(*number, -1, usecases::kMostDelegatedPlaces + 1));
  };
  form.onsite = take("onsite");
  form.online = take("online");
  return form;
}

// What the button stands for; the name of what was done. Its people are those of this page alone.
domain::Outcome<std::string> act(const Page& page, const SignedIn& signed_in, const Table& table,
                                 const OwnForm& fields) {
  const auto call = person_call(page, fields, signed_in);
  const auto& environment = page.environment();
  const auto wanted = fields.value("do");
  const domain::PersonId person{posted_id(fields, "person")};
  const auto said = [](const auto& outcome, const char* done) -> domain::Outcome<std::string> {
    if (!outcome) return outcome.failure();
    return std::string(done);
  };
  if (wanted == "call_up")
    return said(call_up_reserve(environment, call, table.meeting, table.institution, person,
                                fields.value("superior_email")),
                "called_up");
  if (wanted == "drop")
    return said(drop_reserve(environment, call, table.meeting, table.institution, person),
                "dropped");
  if (wanted == "cancel") {
    const domain::RegistrationId id{posted_id(fields, "registration")};
    const bool is_here = std::any_of(table.found.people.begin(), table.found.people.end(),
                                     [id](const auto& one) { return one.id == id; });
    if (!is_here) return domain::NotFound{};
    return said(cancel_registration(environment, call, id), "cancelled");
  }
  domain::FieldErrors errors;
  const auto form = read_places(fields, errors);
  if (!errors.empty()) return errors;
  return said(set_places(environment, call, table.meeting, table.institution, std::nullopt, form),
              "places");
}

Response post(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto table = load(page, signed_in);
  if (!fields.errors.empty()) return show_again(page, table, fields, fields.errors);
  const auto wanted = fields.value("do");
  if (wanted == "preview" || wanted == "take") return post_names(page, signed_in, table, fields);
  const auto done = act(page, signed_in, table, fields);
  if (!done)
    return show_again(page, load(page, signed_in), fields,
                      errors_of(done.failure(), "change_sent_before"));
  return redirect(303, done_path(page, table, *done));
}

}  // namespace

void add_delegation_table_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kMostOctets;
  add_private_page(router, parts, Method::get, "/delegacja/{meeting}", show);
  add_private_page(router, parts, Method::post, "/delegacja/{meeting}", post, form);
}

}  // namespace narada::http::pages
