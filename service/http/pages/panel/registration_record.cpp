// /panel/zgloszenia/{id}: one registration, what happened to it and what was sent about it.

#include <fmt/format.h>

#include "service/domain/half_fixed.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/needs_fields.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/decisions.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/people/free_busy.h"
#include "service/usecases/registrations/registration_lists.h"
#include "service/usecases/replies/received_mails.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::RegistrationRecord;
using usecases::SignedIn;

std::string path_of(domain::RegistrationId id) {
  return fmt::format("/panel/zgloszenia/{}", id.value);
}

web::View person_facts(const Page& page, const RegistrationRecord& record) {
  const auto& registration = record.view.registration;
  const auto& person = registration.person;
  web::View facts = web::View::array();
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) facts.push_back({{"label", page.text(key)}, {"text", text}});
  };
  add("lists.column_email", person.email);
  add("lists.column_position", person.position);
  add("lists.column_unit", person.unit);
  add("lists.column_phone", person.phone);
  if (person.institution) add("lists.column_institution", person.institution->name);
  add("lists.column_mode", word(page, "mode", to_string(registration.mode)));
  add("lists.column_question", registration.question);
  add("lists.column_challenge", registration.challenge);
  if (record.may_see_needs) {
    add("lists.column_diet", diet_text(page, registration.diet));
    add("lists.column_access_needs", registration.access_needs);
    add("lists.column_interpreter", interpreter_text(page, registration.interpreter));
    add("lists.column_needs", registration.needs);
  }
  add("lists.column_registered", moment_text(page, registration.created_at));
  if (registration.confirmed_at)
    add("lists.column_confirmed", moment_text(page, *registration.confirmed_at));
  add("lists.column_reason", registration.decline_reason);
  const auto answers = find_calendar_answers(page.environment(), {registration.id});
  if (const auto given = answers.find(registration.id); given != answers.end())
    add("calendar_answer.label", word(page, "calendar_answer", to_string(given->second.answer)) +
                                     ", " + moment_text(page, given->second.answered_at));
  return facts;
}

// What the organizer asked and the person answered; a file to be downloaded.
web::View answer_views(const Page& page, const RegistrationRecord& record) {
  web::View answers = web::View::array();
  if (!record.answered) return answers;
  for (const auto& question : record.answered->questions) {
    const auto given = record.answered->answers.find(question.id);
    const bool has = given != record.answered->answers.end();
    if (!has && !is_asked(record.answered->questions, question, record.view.registration.mode,
                          record.answered->answers))
      continue;
    const bool file = has && question.kind == domain::QuestionKind::file;
    const auto path =
        fmt::format("{}/pliki/{}", path_of(record.view.registration.id), question.id.value);
    answers.push_back(
        {{"label", question_label(page, question)},
         {"text", has ? answer_text(page, question, given->second) : page.text("lists.unanswered")},
         {"file_url", file ? page.link(path) : std::string()}});
  }
  return answers;
}

// A name as RFC 6266 4.3 has it: ASCII for old readers, and the whole of it (RFC 8187).
std::string attachment_of(const std::string& name) {
  std::string plain;
  for (const char c : name)
    plain += c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%' ? c : '_';
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encode_component(name);
}

Response download(Page& page, const SignedIn& signed_in) {
  const domain::RegistrationId registration{id_of(page.request())};
  auto file = find_answer_file(page.environment(), signed_in.actor, registration,
                               domain::QuestionId{id_of(page.request(), "question")});
  const auto record = find_registration_record(page.environment(), signed_in.actor, registration);
  if (!file || !record) throw Error(404);
  Response response;
  response.set("Content-Type", file->media_type);
  response.set("Content-Disposition", attachment_of(file->name));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Cache-Control", "no-store");
  response.body = std::make_shared<const std::string>(std::move(file->content));
  return response;
}

// "person:12" as people call it.
std::string actor_text(const Page& page, const usecases::RegistrationEvent& event) {
  if (!event.actor_name.empty()) return event.actor_name;
  const auto kind = event.actor.substr(0, event.actor.find(':'));
  const auto key = "lists.who_" + kind;
  return page.messages().has(to_string(page.language()), key) ? page.text(key) : event.actor;
}

// "registration.cancelled" as people call it.
std::string verb_text(const Page& page, const std::string& verb) {
  const auto key = "registration_event." + verb.substr(verb.find('.') + 1);
  return page.messages().has(to_string(page.language()), key) ? page.text(key) : verb;
}

web::View history_view(const Page& page, const RegistrationRecord& record) {
  web::View events = web::View::array();
  for (const auto& event : record.history)
    events.push_back({{"when", moment_text(page, event.occurred_at)},
                      {"what", verb_text(page, event.verb)},
                      {"who", actor_text(page, event)}});
  return events;
}

void fill_actions(Page& page, const RegistrationRecord& record) {
  const auto& registration = record.view.registration;
  const auto& meeting = record.view.meeting;
  const bool is_ahead =
      begins_at(meeting.times) > page.now() && meeting.status == domain::MeetingStatus::published;
  auto& view = page.view();
  view["may_decide"] = record.may_decide && registration.status == RegistrationStatus::pending;
  view["may_cancel"] = record.may_change && is_active(registration.status) && is_ahead;
  if (!registration.person.email.empty())
    view["free_busy_url"] = page.link(path_of(registration.id) + "/zajetosc.ifb");
  view["ready_reasons"] = ready_reasons(page);
  view["decline_operation"] = usecases::make_token();
  view["cancel_operation"] = usecases::make_token();
}

RegistrationRecord load(const Page& page, const SignedIn& signed_in) {
  auto record = find_registration_record(page.environment(), signed_in.actor,
                                         domain::RegistrationId{id_of(page.request())});
  if (!record) throw Error(404);
  return std::move(record).value();
}

Response show(Page& page, const SignedIn& signed_in, int status = 200) {
  const auto record = load(page, signed_in);
  const auto& registration = record.view.registration;
  const auto& meeting = record.view.meeting;
  auto& view = page.view();
  const auto name = registration.person.full_name.empty() ? page.text("lists.erased")
                                                          : registration.person.full_name;
  const auto title = page.text("lists.one_title", {{"name", name}});
  open_list(page, signed_in, ListRoom::registrations,
            view.contains("errors") ? page.text("form.error_title", {{"title", title}}) : title);
  const auto list = fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value);
  page.crumb(page.text("lists.all_title"), "/panel/zgloszenia");
  page.crumb(meeting.title, list);
  view["heading"] = title;
  view["meeting"] = {{"title", meeting.title}, {"url", page.link(list)}};
  view["when"] = web::time_range(page.language(), meeting.times);
  auto status_text = word(page, "registration_status", to_string(registration.status));
  if (registration.queue_position)
    status_text += " (" + std::to_string(*registration.queue_position) + ")";
  view["status_tag"] = {{"text", status_text}, {"color", color_of(registration.status)}};
  view["facts"] = person_facts(page, record);
  view["answers"] = answer_views(page, record);
  view["history"] = history_view(page, record);
  view["mails"] = mail_views(page, record.mails);
  view["action"] = page.link(path_of(registration.id));
  fill_actions(page, record);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_registration"));
}

std::string_view done_of(Decision decision) {
  switch (decision) {
    case Decision::approve:
      return "approved";
    case Decision::decline:
      return "declined";
    case Decision::cancel:
      break;
  }
  return "cancelled";
}

Response decide(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto record = load(page, signed_in);
  const auto id = record.view.registration.id;
  const auto decision = find_decision(fields.value("do"));
  if (!decision) throw Error(400);
  auto errors = fields.errors;
  page.title(page.text("lists.all_title"));
  page.view()["reason"] = fields.value("reason");
  if (errors.empty()) {
    const auto failure = decide_alone(page, person_call(page, fields, signed_in), id, *decision,
                                      read_reason(page, fields));
    if (!failure) return redirect_done(page, path_of(id), done_of(*decision));
    errors = errors_of(*failure, "change_sent_before");
  }
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

// For the organizer's own calendar program: when this person has time.
Response show_free_busy(Page& page, const SignedIn& signed_in) {
  return calendar_response(
      value_or_throw(registrant_free_busy(page.environment(), signed_in.actor,
                                          domain::RegistrationId{id_of(page.request())})),
      "zajetosc.ifb");
}

}  // namespace

void add_panel_registration_record_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  const std::string path = "/panel/zgloszenia/{id}";
  add_private_page(router, parts, Method::get, path,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, path, decide, form);
  add_private_page(router, parts, Method::get, path + "/pliki/{question}", download);
  add_private_page(router, parts, Method::get, path + "/zajetosc.ifb", show_free_busy);
}

}  // namespace narada::http::pages
