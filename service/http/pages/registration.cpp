#include <algorithm>
#include <array>
#include <utility>

#include "service/http/pages/account/session.h"
#include "service/http/pages/invitee_prefill.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/question_fields.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {
namespace {

using domain::Cycle;
using domain::Meeting;

// Why a meeting of a cycle may refuse somebody: domain::Refused.
constexpr std::array<std::string_view, 7> kRefusals = {
    "window_not_open",  "window_closed", "meeting_cancelled", "meeting_past", "not_published",
    "mode_not_offered", "full"};

std::vector<domain::AttendanceMode> modes_of(const domain::MeetingSummary& meeting) {
  std::vector<domain::AttendanceMode> modes;
  if (meeting.onsite.offered) modes.push_back(domain::AttendanceMode::onsite);
  if (meeting.online.offered) modes.push_back(domain::AttendanceMode::online);
  return modes;
}

std::vector<domain::AttendanceMode> modes_of(const Cycle& cycle) {
  bool onsite = false, online = false;
  for (const auto& meeting : cycle.meetings) {
    onsite = onsite || meeting.onsite.offered;
    online = online || meeting.online.offered;
  }
  std::vector<domain::AttendanceMode> modes;
  if (onsite) modes.push_back(domain::AttendanceMode::onsite);
  if (online) modes.push_back(domain::AttendanceMode::online);
  return modes;
}

// The path of /z/{token} within the site, of the absolute link that a mail carries.
std::string manage_path(const Page& page, const std::string& manage_url) {
  const auto& base = page.environment().base_url;
  return manage_url.starts_with(base) ? manage_url.substr(base.size()) : manage_url;
}

Meeting load_meeting(const Page& page) {
  return value_or_throw(
      find_meeting(page.environment(), visitor(), page.request().params.at("slug")));
}

void frame_meeting(Page& page, const Meeting& meeting) {
  page.title(page.text("registration.title_of", {{"title", meeting.title}}));
  page.crumb(page.text("nav.calendar"), "/kalendarz");
  page.crumb(meeting.title, "/spotkania/" + meeting.slug);
  auto& view = page.view();
  view["meeting"] = meeting_view(page, meeting);
  view["seats"] = seats_view(page, meeting);
  view["action"] = page.link("/spotkania/" + meeting.slug + "/zapisy");
  const auto state = decide_registration_state(meeting, page.now());
  view["waiting_only"] = state == domain::RegistrationState::waiting_list;
  view["can_register"] =
      state == domain::RegistrationState::open || state == domain::RegistrationState::waiting_list;
}

// Who fills in a form: a visitor, or somebody signed in for themself. The signed-in may also
// register somebody else (?osoba=inna), as any visitor does.
struct Applicant {
  std::optional<usecases::SignedIn> signed_in;  // set: registers themself

  usecases::Call call(const Page& page, const FormFields& fields) const {
    return signed_in ? person_call(page, fields, *signed_in) : form_call(page, fields);
  }
};

constexpr std::string_view kForAnother = "inna";

// `typed` is absent while the form is shown for the first time.
Applicant find_applicant(Page& page, const FormFields* typed = nullptr) {
  const bool for_another = typed ? !typed->has("as") || typed->value("as") == kForAnother
                                 : page.request().query_value("osoba") == kForAnother;
  Applicant applicant;
  auto signed_in = session_cookie(page.request()).empty() ? std::nullopt : find_signed_in(page);
  auto& view = page.view();
  if (signed_in) {
    const auto path = page.request().path;
    view["applicant"] = {{"name", signed_in->person.full_name},
                         {"email", signed_in->person.email},
                         {"other_url", path + "?osoba=" + std::string(kForAnother)},
                         {"own_url", path}};
    view["for_another"] = for_another;
    view["as"] = for_another ? std::string(kForAnother) : "ja";
  }
  view["asks_name"] = !signed_in || for_another;
  if (!for_another) applicant.signed_in = std::move(signed_in);
  return applicant;
}

// What the form begins with: nothing, or what is known of the signed-in.
usecases::RegistrationForm prefilled(const Page& page, const Applicant& applicant) {
  usecases::RegistrationForm form;
  if (!applicant.signed_in) return form;
  const auto& person = applicant.signed_in->person;
  form.full_name = person.full_name;
  form.email = person.email;
  form.position = person.position;
  form.institution = institution_label(page, person.institution);
  return form;
}

// The signed-in do not type who they are: an account stays one person.
usecases::RegistrationForm read_application(const Page& page, const FormFields& fields,
                                            const Applicant& applicant) {
  auto form = read_registration(page, fields);
  if (applicant.signed_in) {
    form.full_name = applicant.signed_in->person.full_name;
    form.email = applicant.signed_in->person.email;
  }
  return form;
}

// The registration's own page: by the session where it is the applicant's, else by its link; empty
// when the link has been given out before.
std::string own_path(const Page& page, const Applicant& applicant,
                     const domain::Registration& registration, const std::string& manage_url) {
  if (applicant.signed_in && registration.person.id == applicant.signed_in->person.id)
    return page.link("/moje/zgloszenia/" + std::to_string(registration.id.value));
  return manage_url.empty() ? std::string() : manage_path(page, manage_url);
}

usecases::AskedQuestions load_questions(const Page& page, const Meeting& meeting) {
  return value_or_throw(
      find_asked_questions(page.environment(), visitor(), std::to_string(meeting.id.value)));
}

void fill_asked(Page& page, const usecases::AskedQuestions& asked, const Meeting& meeting,
                const domain::Answers& given) {
  page.view()["asks_challenge"] = asked.challenge;
  fill_questions(page, asked.questions, modes_of(meeting), given);
  name_answer_errors(page, asked.questions);
}

Response show_form(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::calendar);
  const auto meeting = load_meeting(page);
  frame_meeting(page, meeting);
  const auto applicant = find_applicant(page);
  auto form = prefilled(page, applicant);
  prefill_for_invitee(page, meeting.id, form);
  fill_registration_form(page, form, modes_of(meeting));
  fill_asked(page, load_questions(page, meeting), meeting, {});
  const FormGuard guard(page);
  return private_if_invited(page, guard.apply(page.render(200, "pages/registration")));
}

// The form again, with all that was typed; files have to be chosen again.
Response show_meeting_form_again(Page& page, const PostedForm& posted,
                                 const usecases::RegistrationForm& form, const Meeting& meeting,
                                 const usecases::AskedQuestions& asked,
                                 domain::FieldErrors errors) {
  for (const auto& [question, file] : posted.files) {
    const auto field = domain::answer_field(question);
    const bool refused = std::any_of(errors.begin(), errors.end(),
                                     [&](const auto& error) { return error.field == field; });
    if (!refused && domain::find_question(asked.questions, question))
      errors.push_back({field, "choose_file_again"});
  }
  fill_registration_form(page, form, modes_of(meeting));
  keep_invitee_key(page, posted.fields);
  // As typed, not as understood.
  page.view()["institution"] = posted.fields.value("institution");
  show_errors(page, errors);
  fill_asked(page, asked, meeting, form.answers.values);
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/registration"));
}

Response post_form(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::calendar);
  const auto posted = read_posted_form(page);
  const auto& fields = posted.fields;
  const auto meeting = load_meeting(page);
  const auto asked = load_questions(page, meeting);
  frame_meeting(page, meeting);
  const auto applicant = find_applicant(page, &fields);
  auto form = read_application(page, fields, applicant);
  form.answers = read_answers(posted, asked.questions, {});
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto outcome = register_person(page.environment(), applicant.call(page, fields),
                                         std::to_string(meeting.id.value), form);
    if (outcome) note_invitee(page, fields, meeting.id);
    const auto path =
        outcome ? own_path(page, applicant, outcome->registration, outcome->manage_url) : "";
    if (!path.empty()) return redirect(303, path + (outcome->created ? "?nowe=1" : "?znane=1"));
    if (outcome) return redirect(303, page.link("/spotkania/" + meeting.slug + "/zapisy/gotowe"));
    errors = errors_of(outcome.failure(), "form_sent_before");
  }
  return show_meeting_form_again(page, posted, form, meeting, asked, std::move(errors));
}

// For somebody who is in already: nothing was sent again, and the personal link is in the first
// mail.
Response show_done(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::calendar);
  const auto meeting = load_meeting(page);
  frame_meeting(page, meeting);
  page.title(page.text("registration.known_title"));
  return page.render(200, "pages/registration_known");
}

Cycle load_cycle(const Page& page) {
  return value_or_throw(
      find_cycle(page.environment(), visitor(), page.request().params.at("slug")));
}

void frame_cycle(Page& page, const Cycle& cycle) {
  page.title(page.text("enrolment.title_of", {{"title", cycle.title}}));
  page.crumb(page.text("nav.cycles"), "/cykle");
  page.crumb(cycle.title, "/cykle/" + cycle.slug);
  auto& view = page.view();
  view["cycle"] = cycle_view(page, cycle);
  view["action"] = page.link("/cykle/" + cycle.slug + "/zapisy");
  web::View open = web::View::array();
  for (const auto& meeting : cycle.meetings)
    if (takes_enrolments(page, meeting)) open.push_back(meeting_view(page, meeting));
  view["can_register"] = !open.empty();
  view["sessions"] = std::move(open);
}

Response show_enrolment(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::cycles);
  const auto cycle = load_cycle(page);
  frame_cycle(page, cycle);
  const auto applicant = find_applicant(page);
  auto form = prefilled(page, applicant);
  prefill_for_invitee(page, cycle.id, form);
  fill_registration_form(page, form, modes_of(cycle));
  const FormGuard guard(page);
  return private_if_invited(page, guard.apply(page.render(200, "pages/enrolment")));
}

// Slug and rule of each meeting that refused.
std::vector<std::pair<std::string, std::string>> skipped_meetings(
    const Cycle& cycle, const usecases::Enrolled& enrolled) {
  std::vector<std::pair<std::string, std::string>> skipped;
  for (const auto& text : enrolled.skipped) {  // "title: rule"
    const auto end = text.rfind(": ");
    if (end == std::string::npos) continue;
    const auto meeting =
        std::find_if(cycle.meetings.begin(), cycle.meetings.end(),
                     [&](const auto& one) { return one.title == text.substr(0, end); });
    if (meeting != cycle.meetings.end()) skipped.emplace_back(meeting->slug, text.substr(end + 2));
  }
  return skipped;
}

// The page of the first registration that this reader may open.
std::string first_own_path(const Page& page, const usecases::Enrolled& enrolled,
                           const Applicant& applicant) {
  for (std::size_t index = 0; index < enrolled.registrations.size(); ++index) {
    const auto url = index < enrolled.manage_urls.size() ? enrolled.manage_urls[index] : "";
    const auto path = own_path(page, applicant, enrolled.registrations[index], url);
    if (!path.empty()) return path;
  }
  return {};
}

// Where the reader learns what came of it: the page of the first registration, or, when there is
// none or more to say, a page about the cycle whose address names meetings and rules, no people.
std::string enrolled_path(const Page& page, const Cycle& cycle, const usecases::Enrolled& enrolled,
                          const Applicant& applicant) {
  const auto done = page.link("/cykle/" + cycle.slug + "/zapisy/gotowe");
  if (!enrolled.created) return applicant.signed_in ? page.link("/moje") : done;
  if (const auto path = first_own_path(page, enrolled, applicant);
      enrolled.skipped.empty() && !path.empty())
    return path + "?cykl=1";
  std::string query = "?zapisano=1";
  for (const auto& [slug, rule] : skipped_meetings(cycle, enrolled))
    query += "&pominiete=" + encode_component(slug + "." + rule);
  return done + query;
}

Response post_enrolment(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::cycles);
  const auto fields = read_own_form(page);
  const auto cycle = load_cycle(page);
  frame_cycle(page, cycle);
  const auto applicant = find_applicant(page, &fields);
  const auto form = read_application(page, fields, applicant);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto outcome = enrol_person(page.environment(), applicant.call(page, fields),
                                      std::to_string(cycle.id.value), form);
    if (outcome) note_invitee(page, fields, cycle.id);
    if (outcome) return redirect(303, enrolled_path(page, cycle, *outcome, applicant));
    errors = errors_of(outcome.failure(), "form_sent_before");
  }
  fill_registration_form(page, form, modes_of(cycle));
  keep_invitee_key(page, fields);
  page.view()["institution"] = fields.value("institution");  // as typed, not as understood
  show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(422, "pages/enrolment"));
}

// [{title, url, reason}] of what the address says was left out, as far as it is of this cycle.
web::View skipped_view(const Page& page, const Cycle& cycle) {
  web::View skipped = web::View::array();
  for (const auto& [name, value] : page.request().query) {
    const auto dot = value.find('.');
    if (name != "pominiete" || dot == std::string::npos) continue;
    const auto rule = std::find(kRefusals.begin(), kRefusals.end(), value.substr(dot + 1));
    const auto meeting =
        std::find_if(cycle.meetings.begin(), cycle.meetings.end(),
                     [&](const auto& one) { return one.slug == value.substr(0, dot); });
    if (rule == kRefusals.end() || meeting == cycle.meetings.end()) continue;
    skipped.push_back({{"title", meeting->title},
                       {"url", page.link("/spotkania/" + meeting->slug)},
                       {"reason", page.text("enrolment.skipped_" + std::string(*rule))}});
  }
  return skipped;
}

Response show_enrolment_done(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::cycles);
  const auto cycle = load_cycle(page);
  frame_cycle(page, cycle);
  page.view()["canonical"] = nullptr;
  if (request.query_value("zapisano") != "1") {
    page.title(page.text("registration.known_title"));
    return page.render(200, "pages/registration_known");
  }
  page.title(page.text("manage.enrolled"));
  page.view()["skipped"] = skipped_view(page, cycle);
  return page.render(200, "pages/enrolment_done");
}

}  // namespace

void add_registration_pages(Router& router, const Parts& parts) {
  const auto bind = [&parts](auto show) {
    return [&parts, show](const Request& request) { return show(parts, request); };
  };
  RouteOptions form;
  form.body_limit = 64 << 10;
  form.causes_mail = true;
  add_page(router, Method::get, "/spotkania/{slug}/zapisy", bind(show_form));
  RouteOptions with_files = form;
  with_files.body_limit = kMostFormOctets;
  add_page(router, Method::post, "/spotkania/{slug}/zapisy", bind(post_form), with_files);
  add_page(router, Method::get, "/spotkania/{slug}/zapisy/gotowe", bind(show_done));
  add_page(router, Method::get, "/cykle/{slug}/zapisy", bind(show_enrolment));
  add_page(router, Method::post, "/cykle/{slug}/zapisy", bind(post_enrolment), form);
  add_page(router, Method::get, "/cykle/{slug}/zapisy/gotowe", bind(show_enrolment_done));
}

}  // namespace narada::http::pages
