// /z/{token}: one registration in the hands of whoever holds its link.

#include "service/http/pages/calendar_links.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/feeds.h"
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

// What choosing `mode` would lead to for somebody who is in, as far as can be told before.
domain::Admission foresee(const Page& page, const RegistrationView& found,
                          domain::AttendanceMode mode) {
  domain::MeetingSummary asked = found.meeting;
  if (found.registration.status != RegistrationStatus::pending) asked.approval = false;
  return domain::decide_admission(asked, mode, page.now());
}

std::string mode_hint(const Page& page, const RegistrationView& found,
                      domain::AttendanceMode mode) {
  const auto& registration = found.registration;
  if (mode == registration.mode) return page.text("manage.mode_now");
  const auto admission = foresee(page, found, mode);
  if (std::holds_alternative<domain::Waitlisted>(admission))
    return page.text("manage.mode_waiting");
  if (std::holds_alternative<domain::Refused>(admission)) return page.text("manage.mode_full");
  const auto free = domain::seats_of(found.meeting, mode).free();
  return free ? page.text("manage.mode_free", {{"count", std::int64_t{*free}}})
              : page.text("seats.unlimited");
}

void add_modes(Page& page, const RegistrationView& found, domain::AttendanceMode chosen) {
  web::View modes = web::View::array();
  bool may_wait = false;  // some choice costs the place
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online}) {
    if (!seats_of(found.meeting, mode).offered) continue;
    modes.push_back({{"value", to_string(mode)},
                     {"label", page.text("mode." + std::string(to_string(mode)))},
                     {"state", mode_hint(page, found, mode)},
                     {"checked", mode == chosen}});
    may_wait = may_wait || (mode != found.registration.mode &&
                            found.registration.status == RegistrationStatus::confirmed &&
                            std::holds_alternative<domain::Waitlisted>(foresee(page, found, mode)));
  }
  page.view()["ask_mode"] = modes.size() > 1;
  page.view()["may_wait"] = may_wait && modes.size() > 1;
  page.view()["modes"] = std::move(modes);
}

// A cancelled meeting leaves nothing of a place in it.
std::string status_text(const Page& page, const RegistrationView& found) {
  const auto& registration = found.registration;
  if (found.meeting.status == domain::MeetingStatus::cancelled && is_active(registration.status))
    return page.text("manage.is_called_off");
  return page.text("manage.is_" + std::string(to_string(registration.status)),
                   {{"position", std::int64_t{registration.queue_position.value_or(0)}}});
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
  view["status_text"] = status_text(page, found);
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
  view["cycle_operation"] = usecases::make_token();
  view["in_whole_cycle"] = registration.enrolment && is_active(registration.status);
  view["can_change"] = is_active(registration.status) && meeting.times.starts_at > page.now() &&
                       meeting.status == domain::MeetingStatus::published;
  view["cancel_text"] =
      page.text(registration.status == RegistrationStatus::confirmed ? "manage.cancel_place"
                                                                     : "manage.cancel_waiting");
  if (view["can_change"].get<bool>()) {
    view["calendars"] = calendar_links(page, meeting, view["meeting"]["where"].get<std::string>());
    view["calendars"]["ics_url"] = own_path(page) + ".ics";
  }
  add_modes(page, found, registration.mode);
}

// {heading, text} of what the reader has just done. The address alone proves nothing: it may be
// followed again later, when it is no longer true.
web::View done_view(const Page& page, const RegistrationView& found) {
  const auto& registration = found.registration;
  const auto is_asked = [&](std::string_view name) {
    return page.request().query_value(name) == "1";
  };
  const auto say = [&](const std::string& heading, const std::string& text) -> web::View {
    return {{"heading", page.text(heading)}, {"text", text.empty() ? text : page.text(text)}};
  };
  const bool is_out = registration.status == RegistrationStatus::cancelled;
  if (is_asked("odwolanycykl") && registration.enrolment &&
      (is_out || found.meeting.times.starts_at <= page.now()))
    return say("manage.cancelled_cycle", "manage.cancelled_cycle_text");
  if (is_out)
    return is_asked("odwolane") ? say("manage.cancelled", "manage.cancelled_text") : web::View();
  if (!is_active(registration.status) || found.meeting.status == domain::MeetingStatus::cancelled)
    return {};
  if (is_asked("cykl") && registration.enrolment)
    return say("manage.enrolled", "manage.enrolled_mails");
  if (is_asked("zmienione")) return say("manage.changed", "");
  if (!is_asked("nowe")) return {};
  if (registration.status == RegistrationStatus::confirmed)
    return say("manage.registered", "manage.mail_on_its_way");
  return say(registration.status == RegistrationStatus::pending ? "manage.registered_pending"
                                                                : "manage.registered_waiting",
             "manage.mail_on_its_way");
}

Response show(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto found = load_registration(page);
  fill(page, found);
  page.view()["done"] = done_view(page, found);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/manage"));
}

// This person's entry of the meeting, with the SEQUENCE of their invitation.
Response show_calendar_file(const Parts& parts, const Request& request) {
  const auto feed = value_or_throw(usecases::registration_feed(
      *parts.environment, request.params.at("token"), language_of(request)));
  Response response;
  response.set("Content-Type", "text/calendar; charset=utf-8");
  response.set("Content-Disposition", "inline; filename=\"spotkanie.ics\"");
  response.set("Cache-Control", "no-store");
  response.body = feed.text;
  return response;
}

// The form back with all that was typed.
Response show_again(Page& page, const FormFields& fields, const RegistrationView& found,
                    const domain::FieldErrors& errors) {
  fill(page, found);
  auto& view = page.view();
  for (const auto* name : {"full_name", "position", "needs", "question"})
    if (fields.has(name)) view[name] = fields.value(name);
  if (const auto mode = domain::find_attendance_mode(fields.value("mode")))
    add_modes(page, found, *mode);
  for (const auto& error : errors)
    if (error.code == "would_wait") view["may_wait"] = true;
  show_errors(page, errors);
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
  change.accepts_waiting = fields.value("accepts_waiting") == "yes";
  return change;
}

// Does what the form's button stands for; the name of what was done, as show() reads it.
domain::Outcome<std::string> act(const Page& page, const FormFields& fields,
                                 const RegistrationView& found) {
  const auto call = holder_call(page, fields, found);
  const auto& registration = found.registration;
  const auto wanted = fields.value("do");
  if (wanted == "cancel_enrolment" && registration.enrolment) {
    const auto outcome = cancel_enrolment(page.environment(), call, *registration.enrolment);
    if (!outcome) return outcome.failure();
    return std::string("odwolanycykl");
  }
  const bool cancels = wanted == "cancel";
  const auto outcome = cancels ? cancel_registration(page.environment(), call, registration.id)
                               : change_registration(page.environment(), call, registration.id, {},
                                                     read_change(fields));
  if (!outcome) return outcome.failure();
  return std::string(cancels ? "odwolane" : "zmienione");
}

Response post(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto fields = read_own_form(page);
  const auto found = load_registration(page);
  if (!fields.errors.empty()) return show_again(page, fields, found, fields.errors);
  const auto change = act(page, fields, found);
  if (!change.ok())
    return show_again(page, fields, found, errors_of(change.failure(), "change_sent_before"));
  return redirect(303, own_path(page) + "?" + *change + "=1");
}

}  // namespace

void add_manage_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  add_page(router, Method::get, "/z/{token}",
           [&parts](const Request& request) { return show(parts, request); });
  add_page(router, Method::get, "/z/{token}.ics",
           [&parts](const Request& request) { return show_calendar_file(parts, request); });
  add_page(
      router, Method::post, "/z/{token}",
      [&parts](const Request& request) { return post(parts, request); }, form);
}

}  // namespace narada::http::pages
