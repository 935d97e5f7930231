// …/rezultaty of a meeting and of a cycle: minutes and conclusions, and the list of outcomes.

#include <fmt/format.h>

#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/results_room.h"
#include "service/http/pages/results_views.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {
namespace {

using domain::OutcomeId;
using domain::OutcomeKind;
using usecases::ReportForm;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 1 << 20;
constexpr OutcomeKind kPastedKinds[] = {OutcomeKind::problem, OutcomeKind::prototype};

std::vector<FieldSection> report_sections() {
  return {{"report",
           {{"report_conclusions", FieldKind::long_text},
            {"report_minutes", FieldKind::long_text},
            {"report_public", FieldKind::check}}}};
}

FieldTexts report_texts(const domain::WorkReport& report) {
  return {{"report_conclusions", report.conclusions},
          {"report_minutes", report.minutes},
          {"report_public", report.is_public ? "yes" : ""}};
}

ReportForm read_report(const FieldTexts& texts) {
  return {texts.at("report_minutes"), texts.at("report_conclusions"),
          !texts.at("report_public").empty()};
}

domain::FieldErrors report_input_errors(domain::FieldErrors errors) {
  for (auto& error : errors)
    if (!error.field.empty()) error.field = "report_" + error.field;
  return errors;
}

web::View outcome_rows(const Page& page, const ResultsRoom& room) {
  web::View rows = web::View::array();
  for (const auto& entry : room.results.outcomes) {
    auto view = outcome_view(page, entry);
    view["edit_url"] = page.link(fmt::format("{}/{}", room.path, entry.outcome.id.value));
    view["row_operation"] = usecases::make_token();
    view["first"] = rows.empty();
    rows.push_back(std::move(view));
  }
  return rows;
}

void show_lists(Page& page, const ResultsRoom& room, const FormFields& typed) {
  auto& view = page.view();
  std::vector<domain::WorkOutcome> outcomes;
  for (const auto& entry : room.results.outcomes) outcomes.push_back(entry.outcome);
  const auto count = usecases::count_problems(outcomes);
  view["outcome_rows"] = outcome_rows(page, room);
  view["add_url"] = page.link(room.path + "/nowy");
  view["problem_count"] =
      page.text("results.problem_count", {{"count", std::int64_t{count.problems}}});
  view["prototyped"] = count.prototyped > 0 ? page.text("results.prototyped",
                                                        {{"count", std::int64_t{count.prototyped}}})
                                            : std::string();
  view["typed_lines"] = typed.value("lines");
  web::View kinds = web::View::array();
  for (const auto kind : kPastedKinds)
    kinds.push_back({{"value", to_string(kind)},
                     {"label", page.text("results.paste_" + std::string(to_string(kind)))},
                     {"selected", typed.value("kind") == to_string(kind)}});
  view["paste_kinds"] = std::move(kinds);
  view["paste_operation"] = usecases::make_token();
  if (std::holds_alternative<domain::CycleId>(room.owner))
    view["draft_url"] = page.link(room.path + "/praktyka");
}

Response show_of(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
                 const EditorState& state, const FormFields& typed = {}) {
  frame_results(page, signed_in, room);
  const PanelNames names(page);
  int status = show_editor(page, report_sections(), names, state);
  show_lists(page, room, typed);
  page.view()["action"] = page.link(room.path);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_results"));
}

EditorState fresh_state(const ResultsRoom& room) {
  return stored_state(report_texts(room.results.report), room.results.report.version);
}

Response save(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
              const OwnForm& fields) {
  const auto specs = specs_of(report_sections());
  auto typed = read_texts(fields, specs);
  auto state = posted_state(fields, typed);
  if (fields.value("do") == kPreview) {
    state.more = kPreview;
    return show_of(page, signed_in, room, state);
  }
  state.errors = fields.errors;
  const auto saved = redirect_done(page, room.path, "results_saved");
  const auto version = room.results.report.version;
  if (state.errors.empty() && is_behind(fields, version)) {
    const auto merged = merged_state(fields, typed, report_texts(room.results.report), version);
    return merged ? show_of(page, signed_in, room, *merged) : saved;
  }
  if (state.errors.empty()) {
    const auto outcome = save_report(page.environment(), person_call(page, fields, signed_in),
                                     room.owner, version, read_report(typed));
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure()))
      state.errors.push_back({"", "changed_meanwhile"});
    else
      state.errors = report_input_errors(panel_errors_of(outcome.failure()));
  }
  return show_of(page, signed_in, room, state);
}

std::optional<domain::Failure> press_row(const Page& page, const usecases::Call& call,
                                         const ResultsRoom& room, const FormFields& fields) {
  domain::FieldErrors ignored;
  const OutcomeId id{read_integer(fields, "outcome", ignored).value_or(0)};
  bool known = false;
  for (const auto& entry : room.results.outcomes) known = known || entry.outcome.id == id;
  if (!known) throw Error(404);
  const auto& environment = page.environment();
  const auto pressed = fields.value("do");
  const auto done =
      pressed == "remove"
          ? remove_outcome(environment, call, id)
          : move_outcome(environment, call, id,
                         pressed == "up" ? usecases::OutcomeMove::up : usecases::OutcomeMove::down);
  if (done) return std::nullopt;
  return done.failure();
}

Response paste(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
               const OwnForm& fields) {
  auto state = fresh_state(room);
  const auto kind = domain::find_outcome_kind(fields.value("kind"));
  if (!kind) throw Error(404);
  const auto added = add_outcome_lines(page.environment(), person_call(page, fields, signed_in),
                                       room.owner, *kind, fields.value("lines"));
  if (added) return redirect_done(page, room.path, "outcomes_added");
  state.errors = panel_errors_of(added.failure());
  return show_of(page, signed_in, room, state, fields);
}

Response press(Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto room = find_results_room(page, signed_in, of_cycle);
  const auto fields = read_own_form(page);
  const auto pressed = fields.value("do");
  if (!fields.errors.empty()) {
    auto state = fresh_state(room);
    state.errors = fields.errors;
    return show_of(page, signed_in, room, state, fields);
  }
  if (pressed == "paste") return paste(page, signed_in, room, fields);
  if (pressed != "up" && pressed != "down" && pressed != "remove")
    return save(page, signed_in, room, fields);
  const auto failure = press_row(page, person_call(page, fields, signed_in), room, fields);
  if (!failure)
    return redirect_done(page, room.path,
                         pressed == "remove" ? "outcome_removed" : "results_saved");
  auto state = fresh_state(room);
  state.errors = panel_errors_of(*failure);
  return show_of(page, signed_in, room, state, fields);
}

}  // namespace

ResultsRoom find_results_room(const Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto id = id_of(page.request());
  ResultsRoom room;
  if (of_cycle)
    room.owner = domain::CycleId{id};
  else
    room.owner = domain::MeetingId{id};
  room.path = fmt::format("/panel/{}/{}/rezultaty", of_cycle ? "cykle" : "spotkania", id);
  room.results = take(load_results(page.environment(), signed_in.actor, room.owner));
  if (!room.results.may_change) throw Error(404);
  return room;
}

void frame_results(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
                   const std::string& title) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&room.owner)) {
    frame_meeting(
        page, signed_in,
        take(find_meeting(page.environment(), signed_in.actor, std::to_string(meeting->value))),
        "rezultaty");
  } else {
    const auto id = std::get<domain::CycleId>(room.owner);
    const auto cycle =
        take(find_cycle(page.environment(), signed_in.actor, std::to_string(id.value)));
    open_panel(page, signed_in, PanelRoom::cycles,
               page.text("planner.meeting_rezultaty_title", {{"title", cycle.title}}));
    page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
    page.crumb(cycle.title, fmt::format("/panel/cykle/{}", id.value));
  }
  if (title.empty()) return;
  page.title(title);
  page.crumb(page.text("planner.tab_rezultaty"), room.path);
}

void add_panel_results_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  for (const bool of_cycle : {false, true}) {
    const std::string path =
        of_cycle ? "/panel/cykle/{id}/rezultaty" : "/panel/spotkania/{id}/rezultaty";
    add_private_page(router, parts, Method::get, path,
                     [of_cycle](Page& page, const SignedIn& signed_in) {
                       const auto room = find_results_room(page, signed_in, of_cycle);
                       return show_of(page, signed_in, room, fresh_state(room));
                     });
    add_private_page(
        router, parts, Method::post, path,
        [of_cycle](Page& page, const SignedIn& signed_in) {
          return press(page, signed_in, of_cycle);
        },
        form);
  }
  add_panel_outcome_pages(router, parts);
  add_panel_practice_drafting_page(router, parts);
  add_panel_practice_ways_page(router, parts);
}

}  // namespace narada::http::pages
