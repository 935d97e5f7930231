// One registration in the hands of whoever holds its link (/z/{token}), or of the signed-in person
// whose it is (/moje/zgloszenia/{id}).

#include <charconv>

#include "service/domain/half_fixed.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/calendar_record_view.h"
#include "service/http/pages/form.h"
#include "service/http/pages/manage_view.h"
#include "service/http/pages/needs_fields.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/feeds.h"
#include "service/usecases/materials/readable_materials.h"
#include "service/usecases/people/fellow_participants.h"
#include "service/usecases/people/my_meetings.h"
#include "service/usecases/people/personal_feed.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/registrations/challenges.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_words.h"
#include "service/usecases/registrations/registrations.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::RegistrationView;

Holder with_answers(const Page& page, Holder holder) {
  holder.answered = value_or_throw(
      find_answers(page.environment(), actor_of(holder), holder.found.registration.id));
  return holder;
}

Holder hold_by_link(const Page& page) {
  const auto& token = page.request().params.at("token");
  return with_answers(
      page, {"/z/" + token, value_or_throw(find_registration_by_token(page.environment(), token))});
}

// Ids have no leading zeros, so that a registration has one address.
domain::RegistrationId registration_id(const Page& page) {
  const auto& text = page.request().params.at("id");
  domain::RegistrationId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size() || id.value < 1 || text[0] == '0')
    throw Error(404);
  return id;
}

Holder hold_own(const Page& page, const usecases::SignedIn& signed_in) {
  const auto id = registration_id(page);
  return with_answers(
      page,
      {"/moje/zgloszenia/" + std::to_string(id.value),
       value_or_throw(find_my_registration(page.environment(), signed_in.actor, id)), &signed_in});
}

usecases::Call holder_call(const Page& page, const FormFields& fields, const Holder& holder) {
  if (holder.signed_in) return person_call(page, fields, *holder.signed_in);
  auto call = form_call(page, fields);
  call.actor = actor_of(holder);
  return call;
}

// The materials of the meeting, with what this holder may read.
void add_materials(Page& page, const Holder& holder) {
  const auto& meeting = holder.found.meeting;
  const auto found = load_readable_materials(page.environment(), actor_of(holder), meeting.id);
  if (!found || found->empty()) return;
  const auto path = holder.signed_in ? "/spotkania/" + meeting.slug : holder.path;
  page.view()["materials"] = {
      {"materials_url", page.link(path + "/materialy")},
      {"materials_text",
       page.text("materials.all", {{"count", static_cast<std::int64_t>(found->size())}})}};
}

Response show(Page& page, const Holder& holder) {
  fill_manage_page(page, holder);
  add_materials(page, holder);
  page.view()["done"] = done_view(page, holder.found);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/manage"));
}

// This person's entry of the meeting, with the SEQUENCE of their invitation.
Response calendar_file(const usecases::CalendarFeed& feed) {
  Response response;
  response.set("Content-Type", "text/calendar; charset=utf-8");
  response.set("Content-Disposition", "inline; filename=\"spotkanie.ics\"");
  response.set("Cache-Control", "no-store");
  response.body = feed.text;
  return response;
}

// The form back with all that was typed.
Response show_again(Page& page, const PostedForm& posted, const Holder& holder,
                    const domain::FieldErrors& errors) {
  const auto& fields = posted.fields;
  fill_manage_page(page, holder);
  auto& view = page.view();
  for (const auto* name : {"full_name", "position", "question", "challenge"})
    if (fields.has(name)) view[name] = fields.value(name);
  if (has_needs(fields)) fill_needs(page, read_needs(fields));
  if (fields.value("do") == "change") view["visible"] = fields.value("visible") == "yes";
  if (const auto mode = domain::find_attendance_mode(fields.value("mode")))
    add_modes(page, holder.found, *mode);
  for (const auto& error : errors)
    if (error.code == "would_wait") view["may_wait"] = true;
  show_errors(page, errors);
  if (fields.value("do") == "change") {
    view["challenge_contact"] = fields.value("challenge_contact") == "yes";
    fill_answers(page, holder,
                 read_answers(posted, holder.answered.questions, holder.answered.answers).values);
  }
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/manage"));
}

usecases::RegistrationChange read_change(const PostedForm& posted, const Holder& holder) {
  const auto& fields = posted.fields;
  usecases::RegistrationChange change;
  const auto take = [&](const char* name) {
    return fields.has(name) ? std::optional(fields.value(name)) : std::nullopt;
  };
  if (!holder.signed_in) change.full_name = take("full_name");
  change.position = take("position");
  if (has_needs(fields)) {
    auto needs = read_needs(fields);
    change.needs = std::move(needs.needs);
    change.diet = std::move(needs.diet);
    change.access_needs = std::move(needs.access_needs);
    change.interpreter = std::move(needs.interpreter);
  }
  if (fields.has("challenge")) {
    change.challenge = fields.value("challenge");
    change.challenge_contact = fields.value("challenge_contact") == "yes";
  }
  if (holder.answered.open && fields.value("asks") == "yes")
    change.answers = read_answers(posted, holder.answered.questions, holder.answered.answers);
  change.question = take("question");
  change.visible = fields.value("visible") == "yes";
  change.mode = domain::find_attendance_mode(fields.value("mode"));
  change.accepts_waiting = fields.value("accepts_waiting") == "yes";
  return change;
}

// What the form was filled in on; absent in a form without it, which then takes whatever is stored.
std::optional<std::int64_t> version_in(const FormFields& fields) {
  const auto text = fields.value("version");
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return version;
}

// A link does not respell its person's name: that stands on all that they hold, and is theirs.
bool keeps_spelling(const FormFields& fields, const Holder& holder,
                    const domain::Registration& changed) {
  const auto& before = holder.found.registration.person;
  return !holder.signed_in && fields.has("full_name") &&
         fields.value("full_name") != before.full_name &&
         changed.person.full_name == before.full_name;
}

// Does what the form's button stands for; the name of what was done, as show() reads it.
domain::Outcome<std::string> act(const Page& page, const PostedForm& posted, const Holder& holder) {
  const auto& fields = posted.fields;
  const auto call = holder_call(page, fields, holder);
  const auto& registration = holder.found.registration;
  const auto wanted = fields.value("do");
  if (wanted == "cancel_enrolment" && registration.enrolment) {
    const auto outcome = cancel_enrolment(page.environment(), call, *registration.enrolment);
    if (!outcome) return outcome.failure();
    return std::string("odwolanycykl");
  }
  if (wanted == "accept") {
    const auto outcome = accept_offer(page.environment(), call, registration.id);
    if (!outcome) return outcome.failure();
    return std::string("przyjete");
  }
  if (wanted == "repair_calendar") {
    const auto outcome = repair_calendar(page.environment(), call, registration.id);
    if (!outcome) return outcome.failure();
    return std::string("naprawiony");
  }
  const bool cancels = wanted == "cancel";
  const auto outcome = cancels
                           ? cancel_registration(page.environment(), call, registration.id)
                           : change_registration(page.environment(), call, registration.id,
                                                 version_in(fields), read_change(posted, holder));
  if (!outcome) return outcome.failure();
  if (cancels) return std::string("odwolane");
  return std::string(keeps_spelling(fields, holder, *outcome) ? "pisownia" : "zmienione");
}

// `hold` gives the Holder; after the form is known to be ours.
template <class Hold>
Response post(Page& page, Hold hold) {
  const auto posted = read_posted_form(page);
  const auto& fields = posted.fields;
  const Holder holder = hold();
  if (!fields.errors.empty()) return show_again(page, posted, holder, fields.errors);
  const auto change = act(page, posted, holder);
  if (!change.ok() && std::holds_alternative<domain::Stale>(change.failure()))
    return show_again(page, posted, holder, {{"", "registration_changed_meanwhile"}});
  if (!change.ok())
    return show_again(page, posted, holder, errors_of(change.failure(), "change_sent_before"));
  return redirect(303, page.link(holder.path) + "?" + *change + "=1");
}

void add_pages_by_link(Router& router, const Parts& parts, const RouteOptions& form) {
  add_page(router, Method::get, "/z/{token}", [&parts](const Request& request) {
    Page page(parts, request);
    return show(page, hold_by_link(page));
  });
  add_page(router, Method::get, "/z/{token}.ics", [&parts](const Request& request) {
    return calendar_file(value_or_throw(usecases::registration_feed(
        *parts.environment, request.params.at("token"), language_of(request))));
  });
  add_page(
      router, Method::post, "/z/{token}",
      [&parts](const Request& request) {
        Page page(parts, request);
        return post(page, [&] { return hold_by_link(page); });
      },
      form);
}

void add_own_pages(Router& router, const Parts& parts, const RouteOptions& form) {
  add_private_page(router, parts, Method::get, "/moje/zgloszenia/{id}",
                   [](Page& page, const usecases::SignedIn& signed_in) {
                     return show(page, hold_own(page, signed_in));
                   });
  add_private_page(
      router, parts, Method::get, "/moje/zgloszenia/{id}.ics",
      [](Page& page, const usecases::SignedIn& signed_in) {
        return calendar_file(value_or_throw(my_registration_feed(
            page.environment(), signed_in.actor, registration_id(page), page.language())));
      });
  add_private_page(
      router, parts, Method::post, "/moje/zgloszenia/{id}",
      [](Page& page, const usecases::SignedIn& signed_in) {
        return post(page, [&] { return hold_own(page, signed_in); });
      },
      form);
}

}  // namespace

void add_manage_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kMostFormOctets;
  add_pages_by_link(router, parts, form);
  add_own_pages(router, parts, form);
}

}  // namespace narada::http::pages
