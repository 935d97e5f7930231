// /prowadzenie/spotkania/{id}: one meeting as those who lead it see it: who comes, what is awaited
// of them, what they present and what they bring.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/account/leading.h"
#include "service/http/pages/material_forms.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/led_meetings.h"
#include "service/usecases/meetings/meetings.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::ExpertTask;
using domain::MeetingId;
using usecases::OwnPreparation;
using usecases::PreparingExpert;
using usecases::SignedIn;

constexpr const char* kMeeting = "/prowadzenie/spotkania/{id}";
constexpr std::uint64_t kFormLimit = 64 << 10;

MeetingId meeting_of(const Page& page) { return MeetingId{id_of(page.request())}; }

OwnPreparation load_own(const Page& page, const SignedIn& signed_in) {
  return take(load_own_preparation(page.environment(), signed_in.actor, meeting_of(page)));
}

const PreparingExpert* find_own(const OwnPreparation& own, std::string_view slug) {
  const auto& experts = own.preparation.experts;
  const auto found = std::find_if(experts.begin(), experts.end(), [&](const PreparingExpert& one) {
    return one.expert.slug == slug;
  });
  return found == experts.end() ? nullptr : &*found;
}

// Whose the item is, of those whom the reader acts for.
const PreparingExpert* own_of(const OwnPreparation& own, const domain::ProgramItem& item) {
  for (const auto& expert : item.experts)
    if (const auto* found = find_own(own, expert.slug)) return found;
  return nullptr;
}

std::string session_path(MeetingId meeting, std::size_t position) {
  return led_path(meeting, fmt::format("/program/{}", position + 1));
}

// --- the page

web::View program_views(const Page& page, const domain::Meeting& meeting,
                        const OwnPreparation& own) {
  web::View items = web::View::array();
  const bool is_open = page.now() < std::min(own.preparation.closes_at, meeting.times.starts_at);
  for (std::size_t position = 0; position < meeting.program.size(); ++position) {
    const auto& item = meeting.program[position];
    const auto clock = [](int minute) {
      return fmt::format("{}:{:02}", minute / 60 % 24, minute % 60);
    };
    std::string leads;
    for (const auto& expert : item.experts) leads += (leads.empty() ? "" : ", ") + expert.name;
    for (const auto& office : item.institutions) leads += (leads.empty() ? "" : ", ") + office.name;
    const bool is_own = own_of(own, item) != nullptr;
    items.push_back(
        {{"hours", clock(item.starts_minute) + "–" + clock(item.ends_minute)},
         {"title", item.title},
         {"leads", leads},
         {"own", is_own},
         {"undescribed", is_own && item.description.empty()},
         {"edit_url", is_own && is_open ? page.link(session_path(meeting.id, position)) : ""},
         {"edit_name", page.text("leading.edit_session_name", {{"title", item.title}})}});
  }
  return items;
}

std::string first_session(const Page& page, const domain::Meeting& meeting,
                          const PreparingExpert& expert) {
  std::string any;
  for (std::size_t position = 0; position < meeting.program.size(); ++position) {
    const auto& item = meeting.program[position];
    const bool is_own =
        std::any_of(item.experts.begin(), item.experts.end(),
                    [&](const domain::ExpertRef& one) { return one.id == expert.expert.id; });
    if (!is_own) continue;
    const auto path = page.link(session_path(meeting.id, position));
    if (item.description.empty()) return path;
    if (any.empty()) any = path;
  }
  return any;
}

// Where the expert does what the task asks for; empty: by its buttons here, or nowhere.
std::string task_url(const Page& page, const domain::Meeting& meeting,
                     const PreparingExpert& expert, ExpertTask task) {
  const auto& slug = expert.expert.slug;
  const auto material = [&](const char* kind) {
    return page.link(
        led_path(meeting.id, fmt::format("/materialy/nowe?rodzaj={}&prowadzacy={}", kind, slug)));
  };
  switch (task) {
    case ExpertTask::bio:
      return page.link("/prowadzenie/profil?wpis=" + slug);
    case ExpertTask::photo:
      return page.link("/prowadzenie/profil?wpis=" + slug + "#zdjecie");
    case ExpertTask::session:
      return first_session(page, meeting, expert);
    case ExpertTask::presentation:
      return material("presentation");
    case ExpertTask::handbook:
      return material("handbook");
    case ExpertTask::recording_consent:
    case ExpertTask::own:
      return {};
  }
  return {};
}

web::View own_tasks(const Page& page, const domain::Meeting& meeting, const PreparingExpert& expert,
                    bool is_open) {
  auto views = task_views(page, expert.tasks);
  for (std::size_t index = 0; index < expert.tasks.size(); ++index) {
    const auto& status = expert.tasks[index];
    const auto task = task_of(status.rule);
    auto& view = views[index];
    if (!is_open) continue;
    const bool is_question = task == ExpertTask::recording_consent;
    if (is_question || task == ExpertTask::own) {
      const bool ticked = !is_question && status.answer.value_or(false);
      view["buttons"] = {
          {"action", page.link(led_path(meeting.id, "/lista"))},
          {"slug", expert.expert.slug},
          {"step_operation", usecases::make_token()},
          {"is_question", is_question},
          {"said_yes", status.answer.value_or(false)},
          {"said_no", status.answer.has_value() && !*status.answer},
          {"tick", is_question ? "" : page.text(ticked ? "leading.untick" : "leading.tick")},
          {"tick_value", ticked ? "none" : "yes"}};
      continue;
    }
    if (domain::is_awaited(status)) view["url"] = task_url(page, meeting, expert, task);
  }
  return views;
}

void add_preparation(Page& page, const domain::Meeting& meeting, const OwnPreparation& own) {
  auto& view = page.view();
  const bool is_open = page.now() < own.preparation.closes_at;
  view["prepared"] = web::View::array();
  const auto& experts = own.preparation.experts;
  for (const auto& expert : experts)
    view["prepared"].push_back({{"expert_name", experts.size() > 1 ? expert.expert.name : ""},
                                {"tasks", own_tasks(page, meeting, expert, is_open)},
                                {"all_there", expert.missing() == 0}});
  view["colleagues"] = web::View::array();
  for (const auto& other : own.others) {
    web::View people = web::View::array();
    for (const auto& person : other.people)
      people.push_back({{"name", person.full_name}, {"email", person.email}});
    view["colleagues"].push_back({{"name", other.expert.name},
                                  {"organization", other.organization},
                                  {"url", page.link("/prowadzacy/" + other.expert.slug)},
                                  {"people", std::move(people)}});
  }
  view["closes"] = page.text(is_open ? "leading.open_until" : "leading.closed_since",
                             {{"when", moment_text(page, own.preparation.closes_at)}});
  view["is_half_fixed"] = meeting.times.precision == domain::TimePrecision::month;
}

web::View office_views(const Page& page, const usecases::MeetingStatistics& statistics) {
  web::View offices = web::View::array();
  for (const auto& office : statistics.offices) {
    if (office.people() == 0) continue;
    offices.push_back(
        {{"name", office.id.value == 0 ? page.text("leading.no_office") : office.name},
         {"in", std::to_string(office.confirmed)},
         {"waits", std::to_string(office.pending + office.waitlisted)},
         {"newcomer", !office.came_before}});
  }
  return offices;
}

web::View challenge_views(const Page& page, const std::vector<usecases::LedChallenges>& groups) {
  web::View views = web::View::array();
  for (const auto& group : groups)
    views.push_back(
        {{"heading", group.title.empty() ? page.text("leading.ungrouped") : group.title},
         {"language", group.title.empty() ? std::string(to_string(page.language())) : "pl"},
         {"count", page.text("leading.problems",
                             {{"count", static_cast<std::int64_t>(group.texts.size())}})},
         {"texts", group.texts}});
  return views;
}

web::View place_views(const domain::Meeting& meeting) {
  web::View places = web::View::array();
  for (const auto& place : meeting.places) {
    std::string text = place.name;
    for (const auto* part : {&place.address, &place.room})
      if (!part->empty()) text += (text.empty() ? "" : ", ") + *part;
    places.push_back({{"value", text}});
  }
  return places;
}

MaterialRoom room_of(const Page& page, const OwnPreparation& own) {
  const auto& meeting = own.preparation.meeting;
  MaterialRoom room;
  room.owner = meeting.id;
  room.title = meeting.title;
  room.path = led_path(meeting.id, "/materialy");
  if (meeting.status != domain::MeetingStatus::draft)
    room.public_path = "/spotkania/" + meeting.slug + "/materialy";
  const auto& experts = own.preparation.experts;
  const auto chosen = page.request().query_value("prowadzacy");
  if (find_own(own, chosen))
    room.expert_slug = chosen;
  else if (!experts.empty())
    room.expert_slug = experts.front().expert.slug;
  if (page.now() >= own.preparation.closes_at)
    room.closed_since =
        page.text("leading.closed_since", {{"when", moment_text(page, own.preparation.closes_at)}});
  return room;
}

Response show_meeting(Page& page, const SignedIn& signed_in) {
  const auto led = take(find_led_meeting(page.environment(), signed_in.actor, meeting_of(page)));
  const auto own = load_own(page, signed_in);
  const auto& meeting = led.meeting;
  page.title(meeting.title);
  page.crumb(page.text("leading.title"), "/prowadzenie");
  auto& view = page.view();
  const FormGuard guard(page);
  const auto& numbers = led.statistics.meeting;
  view["meeting"] = meeting_view(page, meeting);
  view["places"] = place_views(meeting);
  view["state"] = state_view(page, meeting);
  view["numbers"] =
      page.text("leading.numbers",
                {{"in", std::int64_t{numbers.onsite.confirmed + numbers.online.confirmed}},
                 {"waiting", std::int64_t{numbers.onsite.waiting + numbers.online.waiting}},
                 {"pending", std::int64_t{numbers.pending}}});
  view["online_url"] = meeting.online_url;
  view["contact"] = meeting.contact;
  view["public_url"] = meeting.status == domain::MeetingStatus::draft
                           ? std::string()
                           : page.link("/spotkania/" + meeting.slug);
  view["program"] = program_views(page, meeting, own);
  view["program_leads"] =
      std::any_of(view["program"].begin(), view["program"].end(),
                  [](const web::View& item) { return !item["leads"].get<std::string>().empty(); });
  view["offices"] = office_views(page, led.statistics);
  view["challenges"] = challenge_views(page, led.challenges);
  add_preparation(page, meeting, own);
  const auto done = page.request().query_value("zrobione");
  if (done == "lista" || done == "program") view["saved"] = page.text("leading.saved_" + done);
  fill_materials(page, signed_in, room_of(page, own));
  return guard.apply(page.render(200, "pages/leading_meeting"));
}

Response answer(Page& page, const SignedIn& signed_in) {
  const auto own = load_own(page, signed_in);
  const auto fields = read_own_form(page);
  const auto* expert = find_own(own, fields.value("expert"));
  if (!expert) throw Error(404);
  const auto said = fields.value("answer");
  std::optional<bool> given;
  if (said == "yes" || said == "no") given = said == "yes";
  const auto id = own.preparation.meeting.id;
  if (fields.errors.empty())
    take(answer_task(page.environment(), person_call(page, fields, signed_in), id,
                     expert->expert.id, fields.value("task"), given));
  return redirect(303, page.link(led_path(id)) + "?zrobione=lista#lista");
}

// --- title and summary of what one presents

struct Session {
  OwnPreparation own;
  domain::Meeting meeting;
  int position = 0;
  domain::ProgramItem item;
  domain::ExpertId expert;
};

Session find_session(const Page& page, const SignedIn& signed_in) {
  const auto position = id_of(page.request(), "position") - 1;
  Session session{load_own(page, signed_in), {}, static_cast<int>(position), {}, {}};
  session.meeting = take(find_meeting(page.environment(), signed_in.actor,
                                      std::to_string(session.own.preparation.meeting.id.value)));
  const auto& program = session.meeting.program;
  if (position < 0 || static_cast<std::size_t>(position) >= program.size()) throw Error(404);
  session.item = program[static_cast<std::size_t>(position)];
  const auto* expert = own_of(session.own, session.item);
  if (!expert) throw Error(404);
  session.expert = expert->expert.id;
  return session;
}

// `seen`: what the reader saw when they began.
Response show_session_form(Page& page, const Session& session, const usecases::SessionWords& typed,
                           const usecases::SessionWords& seen, const domain::FieldErrors& errors) {
  const auto& id = session.meeting.id;
  page.title(page.text("leading.session_title"));
  if (!errors.empty()) show_errors(page, errors);
  page.crumb(page.text("leading.title"), "/prowadzenie");
  page.crumb(session.meeting.title, led_path(id));
  auto& view = page.view();
  view["action"] = page.link(session_path(id, static_cast<std::size_t>(session.position)));
  view["back_url"] = page.link(led_path(id));
  view["typed_title"] = typed.title;
  view["typed_description"] = typed.description;
  // Sent again, it replaces what is shown now.
  view["before_title"] = session.item.title;
  view["before_description"] = session.item.description;
  if (seen.title != session.item.title || seen.description != session.item.description)
    view["changed"] = {{"title", session.item.title}, {"description", session.item.description}};
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/leading_session"));
}

usecases::SessionWords words_of(const domain::ProgramItem& item) {
  return {item.title, item.description};
}

Response show_session(Page& page, const SignedIn& signed_in) {
  const auto session = find_session(page, signed_in);
  const auto words = words_of(session.item);
  return show_session_form(page, session, words, words, {});
}

// Line ends as a browser sends them.
std::string with_plain_lines(std::string text) {
  std::erase(text, '\r');
  return text;
}

Response save_session(Page& page, const SignedIn& signed_in) {
  const auto session = find_session(page, signed_in);
  const auto fields = read_own_form(page);
  const usecases::SessionWords typed{fields.value("title"), fields.value("description")};
  const usecases::SessionWords before{fields.value("before_title"),
                                      with_plain_lines(fields.value("before_description"))};
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto saved =
        change_session_words(page.environment(), person_call(page, fields, signed_in),
                             session.meeting.id, session.expert, session.position, before, typed);
    if (saved) return redirect(303, page.link(led_path(session.meeting.id)) + "?zrobione=program");
    if (std::holds_alternative<domain::Stale>(saved.failure())) {
      errors.push_back({"title", "session_changed_meanwhile"});
      auto response = show_session_form(page, find_session(page, signed_in), typed, before, errors);
      response.status = 409;
      return response;
    }
    errors = errors_of(saved.failure(), "change_sent_before");
  }
  return show_session_form(page, session, typed, before, errors);
}

// --- materials

MaterialRoom find_room(const Page& page, const SignedIn& signed_in) {
  return room_of(page, load_own(page, signed_in));
}

void open_room(Page& page, const SignedIn&, const MaterialRoom& room, const std::string& title) {
  page.title(title);
  page.crumb(page.text("leading.title"), "/prowadzenie");
  page.crumb(room.title, led_path(std::get<MeetingId>(room.owner)));
}

}  // namespace

void add_leading_meeting_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const std::string base = kMeeting;
  add_private_page(router, parts, Method::get, base, show_meeting);
  add_private_page(router, parts, Method::post, base + "/lista", answer, form);
  add_private_page(router, parts, Method::get, base + "/program/{position}", show_session);
  add_private_page(router, parts, Method::post, base + "/program/{position}", save_session, form);
  add_material_pages(router, parts, {base + "/materialy", find_room, open_room});
}

}  // namespace narada::http::pages
