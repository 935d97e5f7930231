// What the page of one registration shows.
#include "service/http/pages/manage_view.h"

#include <charconv>

#include "service/domain/half_fixed.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/calendar_record_view.h"
#include "service/http/pages/form.h"
#include "service/http/pages/needs_fields.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/views.h"
#include "service/usecases/feeds.h"
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

// A cancelled meeting leaves nothing of a place in it.
std::string status_text(const Page& page, const RegistrationView& found) {
  const auto& registration = found.registration;
  if (found.meeting.status == domain::MeetingStatus::cancelled && is_active(registration.status))
    return page.text("manage.is_called_off");
  return page.text("manage.is_" + std::string(to_string(registration.status)),
                   {{"position", std::int64_t{registration.queue_position.value_or(0)}}});
}

web::View people_view(const std::vector<usecases::FellowParticipant>& people) {
  web::View views = web::View::array();
  for (const auto& one : people)
    views.push_back({{"name", one.full_name}, {"institution", one.institution}});
  return views;
}

// Who else comes: for the signed-in alone, whose mailbox has answered.
void add_fellows(Page& page, const Holder& holder) {
  const auto& found = holder.found;
  if (!holder.signed_in || found.registration.status != RegistrationStatus::confirmed ||
      found.meeting.status != domain::MeetingStatus::published ||
      found.meeting.times.ends_at <= page.now())
    return;
  const auto fellows = value_or_throw(
      list_fellow_participants(page.environment(), holder.signed_in->actor, found.registration.id));
  const bool alone = fellows.colleagues.empty() && fellows.others.empty();
  auto& view = page.view();
  view["fellows"] = {{"colleagues", people_view(fellows.colleagues)},
                     {"others", people_view(fellows.others)},
                     {"rest", page.text(alone ? "fellows.count" : "fellows.rest",
                                        {{"count", std::int64_t{fellows.unnamed}}})}};
}

// What the organizers have answered to the problem that the person came with.
void add_challenge_answer(Page& page, domain::RegistrationId registration) {
  const auto group = find_challenge_answer(page.environment(), registration);
  if (!group) return;
  web::View practices = web::View::array();
  for (const auto& practice : group->practices)
    practices.push_back(
        {{"title", practice.title}, {"url", page.link("/praktyki/" + practice.slug)}});
  page.view()["challenge_answer"] = {{"answer", group->answer},
                                     {"practices", std::move(practices)}};
}

void fill_person(Page& page, const Holder& holder) {
  const auto& registration = holder.found.registration;
  const auto& person = registration.person;
  auto& view = page.view();
  view["full_name"] = person.full_name;
  view["email"] = person.email;
  view["institution"] = person.institution ? person.institution->name : "";
  view["position"] = person.position;
  view["mode"] = page.text("mode." + std::string(to_string(registration.mode)));
  fill_needs(page, {registration.diet, registration.access_needs, registration.interpreter,
                    registration.needs});
  view["challenge"] = registration.challenge;
  view["challenge_contact"] = registration.challenge_contact;
  view["question"] = registration.question;
  view["visible"] = registration.visible;
  // The signed-in change their name for all registrations at once.
  view["own_data_url"] = holder.signed_in ? page.link("/moje/dane") : "";
  view["clause"] =
      page.text("manage.clause", {{"version", std::int64_t{registration.clause_version}}});
  view["clause_url"] = page.link("/prywatnosc/" + std::to_string(registration.clause_version));
}

std::vector<domain::AttendanceMode> modes_of(const domain::MeetingSummary& meeting) {
  std::vector<domain::AttendanceMode> modes;
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online})
    if (seats_of(meeting, mode).offered) modes.push_back(mode);
  return modes;
}

void fill_meeting(Page& page, const Holder& holder) {
  const auto& meeting = holder.found.meeting;
  auto& view = page.view();
  view["meeting"] = meeting_view(page, meeting);
  if (holder.found.in_bin) view["meeting"]["url"] = "";
  view["meeting"]["cancel_reason"] = meeting.cancel_reason;
  view["version"] = std::to_string(holder.found.registration.version);
  view["online_url"] = meeting.online_url;
  if (!view["can_change"].get<bool>() || is_half_fixed(meeting.times)) return;
  view["calendars"] = calendar_links(page, meeting, view["meeting"]["where"].get<std::string>());
  view["calendars"]["ics_url"] = page.link(holder.path) + ".ics";
}

// Which version of the entry the person's calendar has, and the way to get it once more.
void fill_calendar(Page& page, const Holder& holder) {
  const auto& found = holder.found;
  if (found.meeting.times.ends_at <= page.now() || found.registration.person.full_name.empty())
    return;
  const auto record = value_or_throw(
      find_calendar_record(page.environment(), actor_of(holder), found.registration.id));
  if (!record) return;
  page.view()["calendar_record"] = {{"text", own_version_text(page, *record)},
                                    {"answer", calendar_answer_text(page, *record)},
                                    {"operation", usecases::make_token()},
                                    {"waits", record->waits()}};
}

}  // namespace

usecases::Actor actor_of(const Holder& holder) {
  if (holder.signed_in) return holder.signed_in->actor;
  usecases::Actor actor;
  actor.kind = usecases::Actor::Kind::manage;
  actor.id = holder.found.registration.id.value;
  return actor;
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

// Questions to be answered while registration is open; after that, what was answered.
void fill_answers(Page& page, const Holder& holder, const domain::Answers& given) {
  const auto& answered = holder.answered;
  auto& view = page.view();
  view["asks_challenge"] = answered.challenge || !holder.found.registration.challenge.empty();
  view["unanswered"] =
      answered.unanswered.empty()
          ? std::string()
          : page.text("questions.missing",
                      {{"count", static_cast<std::int64_t>(answered.unanswered.size())}});
  if (answered.open) {
    fill_questions(page, answered.questions, modes_of(holder.found.meeting), given);
    name_answer_errors(page, answered.questions);
  }
  web::View facts = web::View::array();
  for (const auto& question : answered.questions) {
    const auto answer = answered.answers.find(question.id);
    if (answer == answered.answers.end() || (answered.open && !question.retired)) continue;
    facts.push_back({{"label", question_label(page, question)},
                     {"text", answer_text(page, question, answer->second)}});
  }
  view["answers"] = std::move(facts);
}

void fill_manage_page(Page& page, const Holder& holder) {
  const auto& registration = holder.found.registration;
  const auto& meeting = holder.found.meeting;
  page.title(page.text("manage.title"));
  if (holder.signed_in) page.crumb(page.text("my.title"), "/moje");
  auto& view = page.view();
  view["other_url"] = page.english() ? holder.path : "/en" + holder.path;
  view["canonical"] = nullptr;
  view["private"] = true;
  view["status"] = word(page, "registration_status", to_string(registration.status));
  view["status_name"] = to_string(registration.status);
  view["status_text"] = status_text(page, holder.found);
  view["reason"] = registration.decline_reason;
  view["action"] = page.link(holder.path);
  view["cancel_operation"] = usecases::make_token();
  view["cycle_operation"] = usecases::make_token();
  view["in_whole_cycle"] = registration.enrolment && is_active(registration.status);
  view["why"] = holder.found.why ? usecases::explain_place(*holder.found.why, meeting.times.tzid,
                                                           page.language())
                                 : std::string();
  view["offered"] = registration.offer_until && page.now() < *registration.offer_until;
  view["accept_operation"] = usecases::make_token();
  view["can_change"] = is_active(registration.status) && begins_at(meeting.times) > page.now() &&
                       meeting.status == domain::MeetingStatus::published;
  view["superior_url"] =
      view["can_change"].get<bool>() && lacks_superior(page.environment(), registration)
          ? page.link(holder.path + "/przelozony")
          : "";
  view["hand_over_url"] = view["can_change"].get<bool>() && registration.person.institution
                              ? page.link(holder.path + "/przekazanie")
                              : "";
  view["cancel_text"] =
      page.text(registration.status == RegistrationStatus::confirmed ? "manage.cancel_place"
                                                                     : "manage.cancel_waiting");
  fill_meeting(page, holder);
  fill_calendar(page, holder);
  fill_person(page, holder);
  fill_answers(page, holder, holder.answered.answers);
  add_modes(page, holder.found, registration.mode);
  add_fellows(page, holder);
  add_challenge_answer(page, registration.id);
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
  if (is_asked("naprawiony")) return say("ledger.mine_repaired", "ledger.mine_repaired_text");
  if (is_asked("odwolanycykl") && registration.enrolment &&
      (is_out || begins_at(found.meeting.times) <= page.now()))
    return say("manage.cancelled_cycle", "manage.cancelled_cycle_text");
  if (is_out && is_asked("przekazane")) return say("manage.handed_over", "");
  if (is_out)
    return is_asked("odwolane") ? say("manage.cancelled", "manage.cancelled_text") : web::View();
  if (!is_active(registration.status) || found.meeting.status == domain::MeetingStatus::cancelled)
    return {};
  if (is_asked("cykl") && registration.enrolment)
    return say("manage.enrolled", "manage.enrolled_mails");
  if (is_asked("przyjete") && registration.status == RegistrationStatus::confirmed)
    return say("manage.offer_accepted", "manage.mail_on_its_way");
  if (is_asked("przelozony")) return say("manage.superior_asked", "manage.superior_asked_text");
  if (is_asked("zmienione")) return say("manage.changed", "");
  if (is_asked("pisownia")) return say("manage.name_kept", "manage.name_kept_text");
  if (is_asked("znane")) return say("manage.known", "manage.known_text");
  if (!is_asked("nowe")) return {};
  if (registration.status == RegistrationStatus::confirmed)
    return say("manage.registered", "manage.mail_on_its_way");
  return say(registration.status == RegistrationStatus::pending ? "manage.registered_pending"
                                                                : "manage.registered_waiting",
             "manage.mail_on_its_way");
}

}  // namespace narada::http::pages
