// /panel/spotkania/{id}/obecnosc: who came, and a list to be signed.

#include "service/usecases/registrations/attendance.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::AttendanceList;
using usecases::SignedIn;

constexpr std::size_t kMostMarked = 2000;

std::string path_of(const AttendanceList& list) {
  return fmt::format("/panel/spotkania/{}/obecnosc", list.meeting.id.value);
}

AttendanceList load(const Page& page, const SignedIn& signed_in) {
  auto list =
      list_attendance(page.environment(), signed_in.actor, std::to_string(id_of(page.request())));
  if (!list) throw Error(404);
  return std::move(list).value();
}

std::string_view color_of_mark(RegistrationStatus status) {
  if (status == RegistrationStatus::attended) return "success";
  return status == RegistrationStatus::absent ? "danger" : "neutral";
}

web::View people_views(const Page& page, const AttendanceList& list) {
  web::View rows = web::View::array();
  std::int64_t number = 0;
  for (const auto& one : list.people) {
    const auto name = one.full_name.empty() ? page.text("lists.erased") : one.full_name;
    const bool marked = one.status != RegistrationStatus::confirmed;
    rows.push_back({{"number", std::to_string(++number)},
                    {"id", std::to_string(one.id.value)},
                    {"url", page.link(fmt::format("/panel/zgloszenia/{}", one.id.value))},
                    {"name", name},
                    {"position", one.position},
                    {"institution", one.institution},
                    {"mode", word(page, "mode", to_string(one.mode))},
                    {"mark", page.text("attendance.is_" + std::string(to_string(one.status)))},
                    {"color", color_of_mark(one.status)},
                    {"added", one.added},
                    {"may_mark", list.may_mark},
                    {"unmarked", list.may_mark && !marked},
                    {"marked", list.may_mark && marked},
                    {"select", page.text("lists.select", {{"name", name}})},
                    {"label_attended", page.text("attendance.attended_of", {{"name", name}})},
                    {"label_absent", page.text("attendance.absent_of", {{"name", name}})},
                    {"label_undo", page.text("attendance.undo_of", {{"name", name}})}});
  }
  return rows;
}

web::View office_views(const Page& page, const AttendanceList& list) {
  web::View rows = web::View::array();
  for (const auto& office : list.offices)
    rows.push_back(
        {{"name", office.name.empty() ? page.text("lists.no_office") : office.name},
         {"expected", std::to_string(office.expected)},
         {"attended", std::to_string(office.attended)},
         {"absent", std::to_string(office.absent)},
         {"unmarked", std::to_string(office.expected - office.attended - office.absent)}});
  return rows;
}

void fill_walk_in(Page& page, const AttendanceList& list) {
  auto& view = page.view();
  view["clause_url"] = page.link("/prywatnosc");
  view["walk_in_operation"] = usecases::make_token();
  web::View modes = web::View::array();
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online})
    if (seats_of(list.meeting, mode).offered)
      modes.push_back({{"value", to_string(mode)},
                       {"label", word(page, "mode", to_string(mode))},
                       {"selected", view.value("mode", "") == to_string(mode)}});
  if (modes.size() > 1) view["walk_in_modes"] = std::move(modes);
  add_institution_choices(page);
}

Response show(Page& page, const SignedIn& signed_in, int status = 200) {
  const auto list = load(page, signed_in);
  const auto& meeting = list.meeting;
  auto& view = page.view();
  const auto title = page.text("attendance.title", {{"title", meeting.title}});
  open_panel(page, signed_in, PanelRoom::registrations,
             view.contains("errors") ? page.text("form.error_title", {{"title", title}}) : title);
  page.crumb(meeting.title, fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value));
  add_organizer_tabs(page, signed_in, meeting.id, "obecnosc");
  view["heading"] = title;
  view["when"] = web::time_range(page.language(), meeting.times);
  view["places"] = meeting.place_names;
  view["action"] = page.link(path_of(list));
  view["registrations_url"] =
      page.link(fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value));
  const auto people = static_cast<std::int64_t>(list.people.size());
  view["numbers_text"] =
      page.text("attendance.numbers", {{"attended", std::int64_t{list.attended}},
                                       {"absent", std::int64_t{list.absent}},
                                       {"unmarked", people - list.attended - list.absent}});
  view["people"] = people_views(page, list);
  view["offices"] = office_views(page, list);
  view["may_mark"] = list.may_mark;
  if (domain::begins_at(meeting.times) > page.now())
    view["not_begun"] = page.text("attendance.not_begun",
                                  {{"when", web::time_range(page.language(), meeting.times)}});
  if (list.may_mark) fill_walk_in(page, list);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_attendance"));
}

std::optional<domain::RegistrationId> read_id(std::string_view text) {
  domain::RegistrationId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc{} || end != text.data() + text.size() || id.value < 1) return std::nullopt;
  return id;
}

// What a button of the list asks for.
struct Marking {
  std::optional<RegistrationStatus> mark;
  std::vector<domain::RegistrationId> ids;
};

std::optional<RegistrationStatus> read_mark(std::string_view text) {
  const auto mark = domain::find_registration_status(text);
  const bool known = mark == RegistrationStatus::attended || mark == RegistrationStatus::absent ||
                     mark == RegistrationStatus::confirmed;
  return known ? mark : std::nullopt;
}

// "one" is the button of a row ("attended:45"), "do" one of the buttons below, for the rows chosen
// or for all that are not marked ("rest").
Marking read_marking(const FormFields& fields, const AttendanceList& list) {
  Marking marking;
  const auto one = fields.value("one");
  if (!one.empty()) {
    const auto colon = one.find(':');
    marking.mark = read_mark(one.substr(0, colon));
    if (colon != std::string::npos)
      if (const auto id = read_id(std::string_view(one).substr(colon + 1)))
        marking.ids.push_back(*id);
    return marking;
  }
  if (fields.value("do") == "rest") {
    marking.mark = RegistrationStatus::attended;
    for (const auto& person : list.people)
      if (person.status == RegistrationStatus::confirmed) marking.ids.push_back(person.id);
    return marking;
  }
  marking.mark = read_mark(fields.value("do"));
  for (const auto& [name, value] : fields.fields) {
    const auto id = name == "r" ? read_id(value) : std::nullopt;
    if (id && marking.ids.size() < kMostMarked) marking.ids.push_back(*id);
  }
  return marking;
}

Response show_again(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  page.title(page.text("panel.title"));
  show_errors(page, errors);
  return show(page, signed_in, 422);
}

Response add(Page& page, const SignedIn& signed_in, const OwnForm& fields,
             const std::string& path) {
  usecases::WalkIn walk_in;
  walk_in.full_name = fields.value("full_name");
  walk_in.email = fields.value("email");
  walk_in.institution = institution_key(page, fields.value("institution"));
  walk_in.position = fields.value("position");
  walk_in.mode = domain::find_attendance_mode(fields.value("mode"));
  walk_in.consent = fields.value("consent") == "yes";
  walk_in.over_capacity = fields.value("over_capacity") == "yes";
  const auto outcome = add_walk_in(page.environment(), person_call(page, fields, signed_in),
                                   std::to_string(id_of(page.request())), walk_in);
  if (outcome) return redirect_done(page, path, "walk_in_added");
  for (const auto* name : {"full_name", "email", "institution", "position", "mode"})
    page.view()[name] = fields.value(name);
  page.view()["consent"] = walk_in.consent;
  auto errors = errors_of(outcome.failure(), "change_sent_before");
  for (auto& error : errors) {
    if (error.field == "over_capacity") page.view()["asks_over_capacity"] = true;
    if (error.code == "consent_required") error.code = "walk_in_consent";  // somebody else's
  }
  return show_again(page, signed_in, errors);
}

Response post(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto list = load(page, signed_in);
  const auto path = path_of(list);
  if (!fields.errors.empty()) return show_again(page, signed_in, fields.errors);
  if (fields.value("do") == "walk_in") return add(page, signed_in, fields, path);
  const auto marking = read_marking(fields, list);
  if (!marking.mark || marking.ids.empty())
    return show_again(page, signed_in, {{"", "nothing_chosen"}});
  const auto outcome =
      mark_attendance(page.environment(), person_call(page, fields, signed_in),
                      std::to_string(list.meeting.id.value), marking.ids, *marking.mark);
  if (!outcome)
    return show_again(page, signed_in, errors_of(outcome.failure(), "change_sent_before"));
  return redirect_done(page, path, "attendance_saved");
}

}  // namespace

void add_panel_attendance_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 128 << 10;
  const std::string path = "/panel/spotkania/{id}/obecnosc";
  add_private_page(router, parts, Method::get, path,
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, path, post, form);
}

}  // namespace narada::http::pages
