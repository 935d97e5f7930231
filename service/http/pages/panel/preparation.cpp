// /panel/spotkania/{id}/prowadzacy, /panel/cykle/{id}/prowadzacy, /panel/przygotowania: what
// experts prepare, who is missing what, and the links by which they come in.

#include "service/usecases/experts/preparation.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/account/leading.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/names.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/preparation.h"
#include "service/http/pages/panel/results_room.h"
#include "service/usecases/experts/asking.h"
#include "service/usecases/experts/inviting.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/registrations/registration_export.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::MeetingId;
using usecases::Preparation;
using usecases::PreparingExpert;
using usecases::SignedIn;

constexpr const char* kMeeting = "/panel/spotkania/{id}/prowadzacy";
constexpr const char* kOverview = "/panel/przygotowania";
constexpr std::uint64_t kFormLimit = 64 << 10;

std::string path_of(MeetingId id, std::string_view part = {}) {
  return fmt::format("/panel/spotkania/{}/prowadzacy{}", id.value, part);
}

Preparation load(const Page& page, const SignedIn& signed_in) {
  return take(
      load_preparation(page.environment(), signed_in.actor, MeetingId{id_of(page.request())}));
}

// --- one meeting

web::View person_views(const Page& page, const PreparingExpert& expert) {
  web::View people = web::View::array();
  for (const auto& person : expert.people) {
    std::string state =
        page.text(person.may_enter ? "preparation.has_access" : "preparation.no_access");
    if (person.invited_at)
      state = page.text("preparation.invited", {{"when", moment_text(page, *person.invited_at)}});
    people.push_back(
        {{"name", person.full_name},
         {"email", person.email},
         {"person", std::to_string(person.person.value)},
         {"state", state},
         {"silent", person.wants_reminders ? "" : page.text("preparation.no_reminders")},
         {"send", page.text(person.invited_at ? "preparation.send_again" : "preparation.send")},
         {"step_operation", usecases::make_token()}});
  }
  return people;
}

web::View expert_view(const Page& page, const Preparation& preparation,
                      const PreparingExpert& expert) {
  auto tasks = task_views(page, expert.tasks);
  for (std::size_t index = 0; index < tasks.size(); ++index) {
    const auto& status = expert.tasks[index];
    const bool wanted = status.state != domain::TaskState::not_needed;
    tasks[index]["input"] = fmt::format("{}-{}", expert.expert.id.value, status.rule.key);
    tasks[index]["wanted"] = wanted;
    tasks[index]["due_value"] =
        status.due_on ? web::iso_date(domain::WallTime{std::chrono::local_days{*status.due_on}})
                      : "";
  }
  const auto& id = preparation.meeting.id;
  return {
      {"id", std::to_string(expert.expert.id.value)},
      {"name", expert.expert.name},
      {"organization", expert.organization},
      {"missing", expert.missing() == 0
                      ? page.text("preparation.all_there")
                      : page.text("leading.awaited", {{"count", std::int64_t{expert.missing()}}})},
      {"color", expert.missing() == 0 ? "success"
                : expert.is_late()    ? "danger"
                                      : "warning"},
      {"tasks", std::move(tasks)},
      {"people", person_views(page, expert)},
      {"awaits", expert.missing() > 0},
      {"last_asked",
       expert.last_asked
           ? page.text("preparation.last_asked", {{"when", moment_text(page, *expert.last_asked)}})
           : ""},
      {"ask_name", page.text("preparation.ask_name", {{"name", expert.expert.name}})},
      {"upload_name", page.text("preparation.upload_name", {{"name", expert.expert.name}})},
      {"upload_url", page.link(fmt::format("/panel/spotkania/{}/materialy/nowe?prowadzacy={}",
                                           id.value, expert.expert.slug))},
      {"step_operation", usecases::make_token()},
      {"exception_operation", usecases::make_token()}};
}

web::View position_options(const Page& page, const domain::Meeting& meeting,
                           const std::string& chosen) {
  web::View options = web::View::array();
  options.push_back({{"value", ""},
                     {"label", page.text("preparation.whole_meeting")},
                     {"selected", chosen.empty()}});
  for (std::size_t index = 0; index < meeting.program.size(); ++index) {
    const auto value = std::to_string(index);
    options.push_back(
        {{"value", value}, {"label", meeting.program[index].title}, {"selected", chosen == value}});
  }
  return options;
}

Response show_of(Page& page, const SignedIn& signed_in, const Preparation& preparation,
                 const FormFields& typed, const domain::FieldErrors& errors, int status = 200) {
  const auto meeting = take(find_meeting(page.environment(), signed_in.actor,
                                         std::to_string(preparation.meeting.id.value)));
  frame_meeting(page, signed_in, meeting, "prowadzacy");
  if (!errors.empty()) show_errors(page, errors);
  auto& view = page.view();
  view["action"] = page.link(path_of(meeting.id));
  view["plan_url"] = page.link(path_of(meeting.id, "/plan"));
  view["csv_url"] = page.link(path_of(meeting.id, ".csv"));
  view["overview_url"] = page.link(kOverview);
  view["closes"] =
      page.text("preparation.closes", {{"when", moment_text(page, preparation.closes_at)}});
  view["experts"] = web::View::array();
  for (const auto& expert : preparation.experts)
    view["experts"].push_back(expert_view(page, preparation, expert));
  view["positions"] = position_options(page, meeting, typed.value("position"));
  view["expert_names"] = PanelNames(page).expert_labels();
  for (const char* field : {"expert", "email", "full_name"})
    view[std::string("typed_") + field] = typed.value(field);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? status : 422, "pages/panel_preparation"));
}

Response show(Page& page, const SignedIn& signed_in) {
  return show_of(page, signed_in, load(page, signed_in), {}, {});
}

usecases::ExpertInvitation read_invitation(const Page& page, const FormFields& fields) {
  usecases::ExpertInvitation invitation;
  const auto typed = fields.value("expert");
  invitation.expert = PanelNames(page).expert_key(typed);
  invitation.email = fields.value("email");
  invitation.full_name = fields.value("full_name");
  domain::FieldErrors ignored;
  if (const auto position = read_integer(fields, "position", ignored))
    invitation.position = static_cast<int>(*position);
  return invitation;
}

// A box that is not ticked, and an empty date, are what the organizer decided as well.
std::vector<domain::TaskAnswer> read_exceptions(const FormFields& fields,
                                                const PreparingExpert& expert,
                                                domain::FieldErrors& errors) {
  std::vector<domain::TaskAnswer> exceptions;
  for (const auto& task : expert.tasks) {
    const auto input = fmt::format("{}-{}", expert.expert.id.value, task.rule.key);
    const bool wanted = fields.value("wanted-" + input) == "yes";
    const bool was_wanted = task.state != domain::TaskState::not_needed;
    domain::TaskAnswer exception{task.rule.key, wanted, task.due_on, {}, {}};
    const auto typed = fields.value("due-" + input);
    const auto day = find_date(typed);
    if (!typed.empty() && !day) errors.push_back({"due-" + input, "invalid_date"});
    if (day) exception.due_on = day;
    if (wanted != was_wanted || exception.due_on != task.due_on)
      exceptions.push_back(std::move(exception));
  }
  return exceptions;
}

const PreparingExpert& find_expert_in(const Preparation& preparation, const FormFields& fields) {
  for (const auto& expert : preparation.experts)
    if (std::to_string(expert.expert.id.value) == fields.value("expert_id")) return expert;
  throw Error(404);
}

template <class T>
std::optional<domain::Failure> failure_of(const domain::Outcome<T>& outcome) {
  if (outcome) return std::nullopt;
  return outcome.failure();
}

// What a button does; absent: done.
std::optional<domain::Failure> press_button(const Page& page, const usecases::Call& call,
                                            const Preparation& preparation,
                                            const FormFields& fields) {
  const auto& environment = page.environment();
  const auto id = preparation.meeting.id;
  const auto pressed = fields.value("do");
  if (pressed == "invite")
    return failure_of(invite_expert(environment, call, id, read_invitation(page, fields)));
  const auto& expert = find_expert_in(preparation, fields);
  if (pressed == "ask") return failure_of(ask_now(environment, call, id, expert.expert.id));
  if (pressed == "link") {
    domain::FieldErrors ignored;
    const auto person = read_integer(fields, "person", ignored).value_or(0);
    return failure_of(
        send_expert_link(environment, call, id, expert.expert.id, domain::PersonId{person}));
  }
  domain::FieldErrors errors;
  const auto exceptions = read_exceptions(fields, expert, errors);
  if (!errors.empty()) return errors;
  return failure_of(set_task_exceptions(environment, call, id, expert.expert.id, exceptions));
}

Response press(Page& page, const SignedIn& signed_in) {
  const auto preparation = load(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_of(page, signed_in, preparation, fields, fields.errors);
  const auto failure =
      press_button(page, person_call(page, fields, signed_in), preparation, fields);
  const auto pressed = fields.value("do");
  const auto done = pressed == "invite" || pressed == "link" ? "expert_invited"
                    : pressed == "ask"                       ? "expert_asked"
                                                             : "preparation_saved";
  if (!failure) return redirect_done(page, path_of(preparation.meeting.id), done);
  return show_of(page, signed_in, preparation, fields, errors_of(*failure, "change_sent_before"));
}

// --- tables

std::string row_of(const Page& page, const Preparation& preparation, const PreparingExpert& expert,
                   const domain::TaskStatus& task) {
  const auto date = [](domain::Date day) {
    return web::iso_date(domain::WallTime{std::chrono::local_days{day}});
  };
  return fmt::format(
      "{};{};{};{};{};{}\r\n", usecases::csv_cell(preparation.meeting.title),
      web::iso_date(preparation.meeting.times.starts), usecases::csv_cell(expert.expert.name),
      usecases::csv_cell(usecases::task_name(task.rule, page.language())),
      usecases::csv_cell(page.text("leading.state_" + std::string(to_string(task.state)))),
      task.due_on ? date(*task.due_on) : "");
}

Response csv_of(const Page& page, const std::vector<Preparation>& all) {
  std::string file = "\xEF\xBB\xBF" + page.text("preparation.csv_head") + "\r\n";
  for (const auto& preparation : all)
    for (const auto& expert : preparation.experts)
      for (const auto& task : expert.tasks) file += row_of(page, preparation, expert, task);
  Response response;
  response.set("Content-Type", "text/csv; charset=utf-8; header=present");
  response.set("Content-Disposition", "attachment; filename=\"prowadzacy.csv\"");
  response.set("Cache-Control", "no-store");
  response.body = std::move(file);
  return response;
}

Response download_meeting(Page& page, const SignedIn& signed_in) {
  return csv_of(page, {load(page, signed_in)});
}

web::View overview_rows(const Page& page, const std::vector<Preparation>& all, bool late_only) {
  web::View rows = web::View::array();
  for (const auto& preparation : all)
    for (const auto& expert : preparation.experts) {
      if (late_only && !expert.is_late()) continue;
      std::string missing;
      for (const auto& task : expert.tasks)
        if (domain::is_awaited(task))
          missing +=
              (missing.empty() ? "" : ", ") + usecases::task_name(task.rule, page.language());
      rows.push_back({{"meeting", preparation.meeting.title},
                      {"url", page.link(path_of(preparation.meeting.id))},
                      {"when", web::day_date(page.language(), preparation.meeting.times)},
                      {"expert", expert.expert.name},
                      {"missing", missing.empty() ? page.text("preparation.all_there") : missing},
                      {"state", page.text(expert.is_late()       ? "leading.state_late"
                                          : expert.missing() > 0 ? "leading.state_missing"
                                                                 : "leading.state_there")},
                      {"color", expert.is_late()       ? "danger"
                                : expert.missing() > 0 ? "warning"
                                                       : "success"}});
    }
  return rows;
}

Response show_table(Page& page, const std::vector<Preparation>& all, const std::string& path) {
  const bool late_only = page.request().query_value("pokaz") == "spoznione";
  auto& view = page.view();
  view["rows"] = overview_rows(page, all, late_only);
  view["csv_url"] = page.link(path + ".csv");
  view["all_url"] = page.link(path);
  view["late_url"] = page.link(path) + "?pokaz=spoznione";
  view["late_only"] = late_only;
  return page.render(200, "pages/panel_preparations");
}

void require_organizing(const SignedIn& signed_in) {
  if (domain::reach_of(signed_in.actor, domain::Action::organize).nothing()) throw Error(404);
}

Response show_overview(Page& page, const SignedIn& signed_in) {
  require_organizing(signed_in);
  open_panel(page, signed_in, PanelRoom::cycles, page.text("preparation.overview_title"));
  return show_table(page, load_upcoming_preparation(page.environment(), signed_in.actor),
                    kOverview);
}

Response download_overview(Page& page, const SignedIn& signed_in) {
  require_organizing(signed_in);
  return csv_of(page, load_upcoming_preparation(page.environment(), signed_in.actor));
}

std::string cycle_path(domain::CycleId id) {
  return fmt::format("/panel/cykle/{}/prowadzacy", id.value);
}

Response show_cycle(Page& page, const SignedIn& signed_in) {
  const domain::CycleId id{id_of(page.request())};
  const auto all = take(load_cycle_preparation(page.environment(), signed_in.actor, id));
  open_panel(page, signed_in, PanelRoom::cycles, page.text("preparation.cycle_title"));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(page.text("preparation.cycle"), fmt::format("/panel/cykle/{}", id.value));
  page.view()["plan_url"] = page.link(cycle_path(id) + "/plan");
  return show_table(page, all, cycle_path(id));
}

Response download_cycle(Page& page, const SignedIn& signed_in) {
  const domain::CycleId id{id_of(page.request())};
  return csv_of(page, take(load_cycle_preparation(page.environment(), signed_in.actor, id)));
}

}  // namespace

std::optional<domain::Date> find_date(const std::string& typed) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int length = 0;
  if (std::sscanf(typed.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length) != 3 ||
      static_cast<std::size_t>(length) != typed.size())
    return std::nullopt;
  const domain::Date date{std::chrono::year{year}, std::chrono::month{month},
                          std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return date;
}

void add_panel_preparation_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const std::string meeting = kMeeting;
  const std::string cycle = "/panel/cykle/{id}/prowadzacy";
  add_private_page(router, parts, Method::get, meeting, show);
  add_private_page(router, parts, Method::post, meeting, press, form);
  add_private_page(router, parts, Method::get, meeting + ".csv", download_meeting);
  add_private_page(router, parts, Method::get, cycle, show_cycle);
  add_private_page(router, parts, Method::get, cycle + ".csv", download_cycle);
  add_private_page(router, parts, Method::get, kOverview, show_overview);
  add_private_page(router, parts, Method::get, std::string(kOverview) + ".csv", download_overview);
  add_panel_preparation_plan_pages(router, parts);
  add_panel_results_pages(router, parts);
}

}  // namespace narada::http::pages
