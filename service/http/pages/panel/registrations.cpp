// /panel/spotkania/{id}/zapisy: who comes to one meeting, and what is decided about them.

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/decisions.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations/decision_task.h"
#include "service/usecases/registrations/registration_lists.h"
#include "service/usecases/replies/received_mails.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationSort;
using usecases::MeetingRegistrations;
using usecases::SignedIn;

constexpr int kPageSize = 100;
constexpr std::size_t kMostChosen = 2000;
constexpr std::size_t kMostAtOnce = 50;  // decided while the page waits

std::string list_path(const MeetingRegistrations& found) {
  return fmt::format("/panel/spotkania/{}/zapisy", found.meeting.id.value);
}

// Places, people and who waits, of each mode that is offered or has somebody.
web::View numbers_view(const Page& page, const MeetingRegistrations& found) {
  web::View rows = web::View::array();
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online}) {
    domain::RegistrationNumbers numbers;
    bool any = seats_of(found.meeting, mode).offered;
    for (const auto& one : found.numbers) {
      if (one.mode != mode) continue;
      numbers = one;
      any = true;
    }
    if (!any) continue;
    const auto& seats = seats_of(found.meeting, mode);
    rows.push_back({{"mode", word(page, "mode", to_string(mode))},
                    {"places", seats.capacity ? std::to_string(*seats.capacity)
                                              : page.text("lists.unlimited")},
                    {"confirmed", std::to_string(numbers.confirmed)},
                    {"free", seats.free() ? std::to_string(*seats.free()) : std::string("–")},
                    {"waiting", std::to_string(numbers.waitlisted)},
                    {"pending", std::to_string(numbers.pending)},
                    {"withdrawn", std::to_string(numbers.cancelled + numbers.declined)}});
  }
  return rows;
}

web::View row_views(const Page& page, const MeetingRegistrations& found) {
  web::View rows = web::View::array();
  std::vector<domain::RegistrationId> ids;
  for (const auto& row : found.list.rows.items) ids.push_back(row.id);
  const auto answers = find_calendar_answers(page.environment(), ids);
  for (const auto& row : found.list.rows.items) {
    const auto answer = answers.find(row.id);
    const auto id = std::to_string(row.id.value);
    rows.push_back(
        {{"id", id},
         {"url", page.link("/panel/zgloszenia/" + id)},
         {"name", person_name(page, row)},
         {"email", row.email},
         {"position", row.position},
         {"institution", row.institution_name},
         {"mode", word(page, "mode", to_string(row.mode))},
         {"status", cell_of(page, Column::status, row, CellFor::screen)},
         {"color", color_of(row.status)},
         {"calendar_answer", answer == answers.end()
                                 ? std::string()
                                 : word(page, "calendar_answer", to_string(answer->second.answer))},
         {"registered", moment_text(page, row.created_at)},
         {"question", row.question},
         {"needs", needs_text(page, row)},
         {"shows_needs", found.may_see_needs},
         {"choosable", found.may_decide || found.may_cancel},
         {"select", page.text("lists.select", {{"name", person_name(page, row)}})}});
  }
  return rows;
}

web::View office_options(const Page& page, const MeetingRegistrations& found,
                         const std::string& chosen) {
  auto values = found.offices;
  values.insert(values.begin(), {"", page.text("lists.any_office")});
  return options_view(values, chosen);
}

void fill_links(Page& page, const MeetingRegistrations& found, const SignedIn& signed_in) {
  auto& view = page.view();
  const auto id = std::to_string(found.meeting.id.value);
  web::View links = web::View::array();
  const auto add = [&](const char* key, const std::string& path) {
    links.push_back({{"label", page.text(key)}, {"url", page.link(path)}});
  };
  add("lists.meeting_link", "/spotkania/" + found.meeting.slug);
  if (found.may_see_needs) add("needs_summary.title", "/panel/spotkania/" + id + "/potrzeby");
  if (found.may_decide) add("lists.questions_link", "/panel/spotkania/" + id + "/pytania");
  if (found.may_decide) add("invitees.nav", "/panel/spotkania/" + id + "/zaproszenia");
  if (found.may_decide) add("messages.nav", "/panel/spotkania/" + id + "/wiadomosc");
  if (found.may_decide) add("challenges.nav", "/panel/spotkania/" + id + "/wyzwania");
  if (found.may_decide) add("lists.statistics_link", "/panel/spotkania/" + id + "/statystyki");
  if (found.may_decide) add("lists.attendance_link", "/panel/spotkania/" + id + "/obecnosc");
  if (!domain::reach_of(signed_in.actor, domain::Action::see_mails).nothing())
    add("lists.mails_link", "/panel/poczta?spotkanie=" + id);
  add("lists.columns_link", "/panel/zgloszenia?spotkanie=" + id);
  view["links"] = std::move(links);
}

void add_needs(Page& page, const SignedIn& signed_in) {
  const auto counted = count_meeting_needs(page.environment(), signed_in.actor,
                                           std::to_string(id_of(page.request())));
  if (counted) page.view()["counted_needs"] = counted_needs_view(page, counted->needs);
}

MeetingRegistrations load(const Page& page, const SignedIn& signed_in, RegistrationSort& sort,
                          domain::RegistrationFilter& filter) {
  sort = read_registration_sort(page.request(), RegistrationSort::arrival);
  filter = read_registration_filter(page.request());
  filter.meeting.clear();
  filter.cycle.clear();
  usecases::RegistrationListRequest request;
  request.filter = filter;
  request.sort = sort;
  request.page = {kPageSize, page.request().find_query("po")};
  auto found = list_meeting_registrations(page.environment(), signed_in.actor,
                                          std::to_string(id_of(page.request())), request);
  if (!found) throw Error(404);
  return std::move(found).value();
}

Response show(Page& page, const SignedIn& signed_in, int status = 200) {
  RegistrationSort sort{};
  domain::RegistrationFilter filter;
  const auto found = load(page, signed_in, sort, filter);
  auto& view = page.view();
  const bool has_errors = view.contains("errors");
  const std::string title = page.text("lists.meeting_title", {{"title", found.meeting.title}});
  open_list(page, signed_in, ListRoom::registrations,
            has_errors ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(page.text("lists.all_title"), "/panel/zgloszenia");
  add_organizer_tabs(page, signed_in, found.meeting.id, "zapisy");
  view["heading"] = title;
  view["when"] = web::time_range(page.language(), found.meeting.times);
  view["numbers"] = numbers_view(page, found);
  view["institutions_text"] = page.text("lists.institutions", {{"count", found.institutions}});
  view["count_text"] = page.text("lists.count", {{"count", found.list.count}});
  view["rows"] = row_views(page, found);
  view["shows_needs"] = found.may_see_needs;
  if (found.may_see_needs) add_needs(page, signed_in);
  view["ready_reasons"] = ready_reasons(page);
  view["may_decide"] = found.may_decide;
  view["choosable"] = found.may_decide || found.may_cancel;
  view["filter"] =
      registration_filter_view(page, filter,
                               {RegistrationSort::arrival, RegistrationSort::name,
                                RegistrationSort::institution, RegistrationSort::status},
                               sort);
  view["filter"]["offices"] = office_options(page, found, filter.institution);
  const auto path = list_path(found);
  view["list_url"] = page.link(path);
  view["action"] = page.link(path) + query_without(page.request(), {"zrobione"});
  if (found.list.rows.next) view["more_url"] = next_url(page, path, *found.list.rows.next);
  view["not_first"] = page.request().find_query("po").has_value();
  fill_links(page, found, signed_in);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_meeting_registrations"));
}

std::vector<domain::RegistrationId> read_chosen(const FormFields& fields) {
  std::vector<domain::RegistrationId> chosen;
  for (const auto& [name, value] : fields.fields) {
    std::int64_t id = 0;
    const auto* end = value.data() + value.size();
    const bool is_id = name == "r" && std::from_chars(value.data(), end, id).ptr == end && id > 0;
    if (is_id && chosen.size() < kMostChosen) chosen.push_back(domain::RegistrationId{id});
  }
  return chosen;
}

void show_results(Page& page, const std::vector<DecisionResult>& results) {
  web::View rows = web::View::array();
  std::int64_t done = 0;
  for (const auto& result : results) {
    rows.push_back({{"name", result.name}, {"text", result.text}, {"failed", !result.done}});
    done += result.done ? 1 : 0;
  }
  page.view()["results"] = std::move(rows);
  page.view()["results_text"] = page.text(
      "lists.results_done", {{"done", done}, {"count", static_cast<std::int64_t>(results.size())}});
}

// More than a page may wait for: a task, whose page shows how far it is.
Response decide_later(Page& page, const SignedIn& signed_in, const FormFields& fields,
                      const std::vector<domain::RegistrationId>& chosen) {
  usecases::ManyDecisions wanted;
  wanted.meeting = domain::MeetingId{id_of(page.request())};
  wanted.decision = fields.value("do");
  wanted.reason = fields.value("reason");
  wanted.registrations = chosen;
  const auto task =
      start_decisions(page.environment(), person_call(page, fields, signed_in), wanted);
  if (task) return redirect(303, page.link("/panel/zadania/" + std::to_string(task->value)));
  page.title(page.text("lists.all_title"));
  show_errors(page, errors_of(task.failure(), "change_sent_before"));
  return show(page, signed_in, 422);
}

Response decide(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto chosen = read_chosen(fields);
  const auto decision = find_decision(fields.value("do"));
  if (chosen.empty()) errors.push_back({"", "nothing_chosen"});
  if (!decision) errors.push_back({"do", "nothing_to_do"});
  page.view()["reason"] = fields.value("reason");
  if (!errors.empty()) {
    page.title(page.text("lists.all_title"));
    show_errors(page, errors);
    return show(page, signed_in, 422);
  }
  if (chosen.size() > kMostAtOnce) return decide_later(page, signed_in, fields, chosen);
  auto rows = find_meeting_registrations(page.environment(), signed_in.actor,
                                         std::to_string(id_of(page.request())), chosen);
  if (!rows) throw Error(404);
  std::vector<DecisionResult> results;
  for (const auto& row : *rows)
    results.push_back(decide_on(page, person_call(page, fields, signed_in), row.id,
                                person_name(page, row), *decision, read_reason(page, fields)));
  for (std::size_t missing = rows->size(); missing < chosen.size(); ++missing)
    results.push_back({"–", page.text("lists.gone"), false});
  show_results(page, results);
  return show(page, signed_in);
}

// What people need, without names: for the host and the caterer.
Response show_needs(Page& page, const SignedIn& signed_in) {
  const auto counted = count_meeting_needs(page.environment(), signed_in.actor,
                                           std::to_string(id_of(page.request())));
  if (!counted) throw Error(404);
  const auto& meeting = counted->meeting;
  open_list(page, signed_in, ListRoom::registrations, page.text("needs_summary.title"));
  const auto list = fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value);
  page.crumb(meeting.title, list);
  auto& view = page.view();
  view["meeting"] = {{"title", meeting.title}, {"url", page.link(list)}};
  view["when"] = web::time_range(page.language(), meeting.times);
  view["counted_needs"] = counted_needs_view(page, counted->needs);
  return page.render(200, "pages/panel_needs");
}

}  // namespace

void add_panel_registration_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 64 << 10;
  const std::string path = "/panel/spotkania/{id}/zapisy";
  add_private_page(router, parts, Method::get, path,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, path, decide, form);
  add_private_page(router, parts, Method::get, "/panel/spotkania/{id}/potrzeby", show_needs);
  add_panel_question_pages(router, parts);
  add_panel_registration_search_pages(router, parts);
  add_panel_registration_record_pages(router, parts);
}

}  // namespace narada::http::pages
