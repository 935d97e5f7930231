// /z/{token}: one registration in the hands of whoever holds its link.

#include "service/http/pages/calendar_links.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::RegistrationView;

RegistrationView load_registration(const Page& page) {
  return value_or_throw(
      find_registration_by_token(page.environment(), page.request().params.at("token")));
}

usecases::Call holder_call(const Page& page, const FormFields& fields,
                           const RegistrationView& found) {
  auto call = form_call(page, fields);
  call.actor.kind = usecases::Actor::Kind::manage;
  call.actor.id = found.registration.id.value;
  return call;
}

std::string own_path(const Page& page) {
  return page.link("/z/" + page.request().params.at("token"));
}

void add_modes(Page& page, const RegistrationView& found, domain::AttendanceMode chosen) {
  web::View modes = web::View::array();
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online}) {
    if (!seats_of(found.meeting, mode).offered) continue;
    modes.push_back({{"value", to_string(mode)},
                     {"label", page.text("mode." + std::string(to_string(mode)))},
                     {"checked", mode == chosen}});
  }
  page.view()["ask_mode"] = modes.size() > 1;
  page.view()["modes"] = std::move(modes);
}

void fill(Page& page, const RegistrationView& found) {
  const auto& registration = found.registration;
  const auto& meeting = found.meeting;
  page.title(page.text("manage.title"));
  auto& view = page.view();
  view["other_url"] = page.english() ? "/z/" + page.request().params.at("token")
                                     : "/en/z/" + page.request().params.at("token");
  view["canonical"] = nullptr;
  view["private"] = true;
  view["meeting"] = meeting_view(page, meeting);
  view["meeting"]["cancel_reason"] = meeting.cancel_reason;
  view["online_url"] = meeting.online_url;
  view["status"] = word(page, "registration_status", to_string(registration.status));
  view["status_name"] = to_string(registration.status);
  view["status_text"] =
      page.text("manage.is_" + std::string(to_string(registration.status)),
                {{"position", std::int64_t{registration.queue_position.value_or(0)}}});
  view["reason"] = registration.decline_reason;
  view["full_name"] = registration.person.full_name;
  view["email"] = registration.person.email;
  view["institution"] =
      registration.person.institution ? registration.person.institution->name : "";
  view["position"] = registration.person.position;
  view["mode"] = page.text("mode." + std::string(to_string(registration.mode)));
  view["needs"] = registration.needs;
  view["question"] = registration.question;
  view["clause"] =
      page.text("manage.clause", {{"version", std::int64_t{registration.clause_version}}});
  view["clause_url"] =
      page.link("/prywatnosc?wersja=" + std::to_string(registration.clause_version));
  view["action"] = own_path(page);
  view["cancel_operation"] = usecases::make_token();
  view["can_change"] = is_active(registration.status) && meeting.times.starts_at > page.now() &&
                       meeting.status == domain::MeetingStatus::published;
  if (view["can_change"].get<bool>())
    view["calendars"] = calendar_links(page, meeting, view["meeting"]["where"].get<std::string>());
  add_modes(page, found, registration.mode);
}

Response show(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto found = load_registration(page);
  fill(page, found);
  auto& view = page.view();
  view["is_new"] = request.query_value("nowe") == "1";
  view["is_enrolment"] = request.query_value("cykl") == "1";
  view["is_changed"] = request.query_value("zmienione") == "1";
  // The link may be followed again later, when it is no longer true.
  view["is_cancelled"] = request.query_value("odwolane") == "1" &&
                         found.registration.status == RegistrationStatus::cancelled;
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/manage"));
}

// The form back with all that was typed.
Response show_again(Page& page, const FormFields& fields, const RegistrationView& found,
                    const domain::Failure& failure) {
  fill(page, found);
  auto& view = page.view();
  for (const auto* name : {"full_name", "position", "needs", "question"})
    if (fields.has(name)) view[name] = fields.value(name);
  if (const auto mode = domain::find_attendance_mode(fields.value("mode")))
    add_modes(page, found, *mode);
  if (const auto* errors = std::get_if<domain::FieldErrors>(&failure)) {
    show_errors(page, *errors);
  } else if (const auto* conflict = std::get_if<domain::Conflict>(&failure)) {
    show_errors(page, {{"", conflict->code}});
  } else {
    throw Error(problem_of(failure));
  }
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/manage"));
}

usecases::RegistrationChange read_change(const FormFields& fields) {
  usecases::RegistrationChange change;
  const auto take = [&](const char* name) {
    return fields.has(name) ? std::optional(fields.value(name)) : std::nullopt;
  };
  change.full_name = take("full_name");
  change.position = take("position");
  change.needs = take("needs");
  change.question = take("question");
  change.mode = domain::find_attendance_mode(fields.value("mode"));
  return change;
}

Response post(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto found = load_registration(page);
  if (!fields.invalid.empty()) {
    domain::FieldErrors errors;
    for (const auto& name : fields.invalid) errors.push_back({name, "control_characters"});
    return show_again(page, fields, found, errors);
  }
  const auto call = holder_call(page, fields, found);
  const bool cancels = fields.value("do") == "cancel";
  const auto outcome = cancels
                           ? cancel_registration(page.environment(), call, found.registration.id)
                           : change_registration(page.environment(), call, found.registration.id,
                                                 {}, read_change(fields));
  if (!outcome) return show_again(page, fields, found, outcome.failure());
  return redirect(303, own_path(page) + (cancels ? "?odwolane=1" : "?zmienione=1"));
}

}  // namespace

void add_manage_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_page(router, Method::get, "/z/{token}",
           [&parts](const Request& request) { return show(parts, request); });
  add_page(
      router, Method::post, "/z/{token}",
      [&parts](const Request& request) { return post(parts, request); }, form);
}

}  // namespace narada::http::pages
