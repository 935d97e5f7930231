// /panel/cykle: what an organizer runs; one cycle as one thing, its texts, its publication.

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/change_preview.h"
#include "service/http/pages/panel/cycle_form.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/publication.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/planner.h"
#include "service/usecases/things.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::EditableCycle;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 512 << 10;
constexpr int kMostMeetings = 50;

EditableCycle load(const Page& page, const SignedIn& signed_in) {
  auto stored = load_cycle_to_edit(page.environment(), signed_in.actor,
                                   domain::CycleId{id_of(page.request())});
  if (!stored) throw Error(404);
  return std::move(stored).value();
}

std::string panel_path(domain::CycleId id, std::string_view part = "") {
  return "/panel/cykle/" + std::to_string(id.value) + std::string(part);
}

std::string_view color_of(domain::CycleStatus status) {
  if (status == domain::CycleStatus::published) return "success";
  return status == domain::CycleStatus::cancelled ? "danger" : "neutral";
}

std::string status_text(const Page& page, domain::CycleStatus status) {
  return page.text("planner.cycle_status_" + std::string(to_string(status)));
}

std::string number_or_dash(const domain::Seats& seats) {
  if (!seats.offered) return "–";
  const auto taken = std::to_string(seats.confirmed);
  return seats.capacity ? taken + " / " + std::to_string(*seats.capacity) : taken;
}

web::View meeting_rows(const Page& page, const std::vector<domain::MeetingSummary>& meetings) {
  web::View rows = web::View::array();
  std::vector<domain::MeetingId> drafts;
  for (const auto& meeting : meetings)
    if (meeting.status == domain::MeetingStatus::draft) drafts.push_back(meeting.id);
  const auto times = drafts.empty() ? std::map<domain::MeetingId, usecases::PublicationTime>{}
                                    : list_publication_times(page.environment(), drafts);
  for (const auto& meeting : meetings) {
    const auto time = times.find(meeting.id);
    const auto shown = meeting_view(page, meeting);
    const auto state = state_view(page, meeting);
    rows.push_back(
        {{"meeting_url",
          page.link("/panel/spotkania/" + std::to_string(meeting.id.value) + "/dane")},
         {"meeting_title", meeting.title},
         {"when", web::time_range(page.language(), meeting.times)},
         {"where", shown["where"]},
         {"state", state["text"]},
         {"state_color", state["color"]},
         {"publication", time == times.end() ? "" : publication_text(page, time->second)},
         {"onsite", number_or_dash(meeting.onsite)},
         {"online", number_or_dash(meeting.online)},
         {"waiting", std::to_string(meeting.onsite.waiting + meeting.online.waiting)},
         {"pending", std::to_string(meeting.pending)}});
  }
  return rows;
}

// Those from today on that are the organizer's.
std::vector<domain::MeetingSummary> own_meetings(const Page& page, const SignedIn& signed_in) {
  const auto reach = reach_of(signed_in.actor, Action::organize);
  usecases::MeetingFilter filter;
  filter.from = domain::Date{std::chrono::floor<std::chrono::days>(
      std::chrono::local_seconds{page.now().time_since_epoch()})};
  std::vector<domain::MeetingSummary> own;
  usecases::PageRequest request{200, {}};
  for (;;) {
    auto found = list_meetings(page.environment(), signed_in.actor, filter, request);
    for (auto& meeting : found.items) {
      if (!reach.all && !check_meeting(page.environment(), signed_in.actor, Action::organize,
                                       std::to_string(meeting.id.value)))
        continue;
      own.push_back(std::move(meeting));
      if (own.size() == kMostMeetings) return own;
    }
    if (!found.next) return own;
    request.cursor = found.next;
  }
}

Response show_list(Page& page, const SignedIn& signed_in) {
  if (reach_of(signed_in.actor, Action::organize).nothing()) throw Error(404);
  open_panel(page, signed_in, PanelRoom::cycles, page.text("planner.cycles_title"));
  auto& view = page.view();
  view["cycles"] = web::View::array();
  for (const auto& cycle : list_own_cycles(page.environment(), signed_in.actor))
    view["cycles"].push_back({{"cycle_url", page.link(panel_path(cycle.id))},
                              {"cycle_title", cycle.title},
                              {"state", status_text(page, cycle.status)},
                              {"state_color", color_of(cycle.status)},
                              {"next", cycle.next_starts ? next_date(page, cycle) : "–"},
                              {"count", std::to_string(cycle.meeting_count)}});
  view["meetings"] = meeting_rows(page, own_meetings(page, signed_in));
  view["new_cycle_url"] = page.link("/panel/cykle/nowy");
  view["new_meeting_url"] = page.link("/panel/spotkania/nowe");
  return page.render(200, "pages/panel_cycle_list");
}

void frame(Page& page, const SignedIn& signed_in, const domain::Cycle& cycle,
           const std::string& title) {
  page.view()["crumbs"] = web::View::array();
  open_panel(page, signed_in, PanelRoom::cycles, title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.crumb(cycle.title, panel_path(cycle.id));
}

web::View role_views(const Page& page, const SignedIn& signed_in, const EditableCycle& stored,
                     const PanelNames& names) {
  web::View roles = web::View::array();
  const auto texts = cycle_texts(stored.form, names);
  const auto sections = cycle_sections(page, signed_in);
  for (const auto& spec : sections[1].specs) {
    if (!texts.contains(spec.name)) continue;
    const auto lines = split_lines(texts.at(spec.name));
    if (!lines.empty())
      roles.push_back({{"role", page.text("planner." + spec.name)},
                       {"count", std::to_string(lines.size())},
                       {"members", lines}});
  }
  return roles;
}

Response show_cycle(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  const auto stored = load(page, signed_in);
  const auto& cycle = stored.cycle;
  frame(page, signed_in, cycle, cycle.title);
  auto& view = page.view();
  const bool all_published =
      cycle.status == domain::CycleStatus::published &&
      std::none_of(cycle.meetings.begin(), cycle.meetings.end(), [](const auto& meeting) {
        return meeting.status == domain::MeetingStatus::draft;
      });
  view["state"] = status_text(page, cycle.status);
  view["state_color"] = color_of(cycle.status);
  view["challenge"] = cycle.challenge;
  view["summary"] = cycle.summary;
  view["roles"] = role_views(page, signed_in, stored, PanelNames(page));
  view["meetings"] = meeting_rows(page, cycle.meetings);
  view["public_url"] =
      cycle.status == domain::CycleStatus::draft ? "" : page.link("/cykle/" + cycle.slug);
  view["edit_url"] = page.link(panel_path(cycle.id, "/dane"));
  view["bin_url"] = page.link("/panel/kosz");
  view["add_url"] = page.link("/panel/spotkania/nowe?cykl=" + std::to_string(cycle.id.value));
  view["message_url"] = page.link(panel_path(cycle.id, "/wiadomosc"));
  view["survey_url"] = page.link(panel_path(cycle.id, "/ankieta"));
  view["materials_url"] = page.link(panel_path(cycle.id, "/materialy"));
  view["results_url"] = page.link(panel_path(cycle.id, "/rezultaty"));
  view["experts_url"] = page.link(panel_path(cycle.id, "/prowadzacy"));
  view["invitees_url"] = page.link(panel_path(cycle.id, "/zaproszenia"));
  view["copy_url"] = page.link("/panel/cykle/nowy?wzor=" + std::to_string(cycle.id.value));
  view["publishable"] = !all_published && cycle.status != domain::CycleStatus::cancelled;
  view["publish_url"] = page.link(panel_path(cycle.id, "/publikacja"));
  if (cycle.status == domain::CycleStatus::draft) {
    const auto time = find_publication_time(page.environment(), signed_in.actor, cycle.id);
    view["publication"] = time ? publication_text(page, *time) : std::string();
    view["publication_url"] = page.link(panel_path(cycle.id, "/termin-publikacji"));
  }
  view["delete_url"] = page.link(panel_path(cycle.id, "/usuniecie"));
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_cycle"));
}

Response publish(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  const auto stored = load(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    auto rehearsal = rehearsal_of(fields);
    auto call = person_call(page, fields, signed_in);
    call.rehearsal = &rehearsal;
    const auto published = publish_cycle(page.environment(), call, stored.cycle.id);
    if (published && rehearsal.committed()) {
      return redirect_done(page, panel_path(stored.cycle.id), "cycle_published");
    }
    if (published) {
      frame(page, signed_in, stored.cycle,
            page.text("changes.title", {{"title", stored.cycle.title}}));
      return show_change_preview(page, fields, rehearsal.preview(),
                                 {renderer, panel_path(stored.cycle.id, "/publikacja"),
                                  "changes.confirm_publish", panel_path(stored.cycle.id)});
    }
    errors = panel_errors_of(published.failure());
  }
  return show_cycle(page, signed_in, errors);
}

std::vector<FieldSection> data_sections(const Page& page, const SignedIn& signed_in) {
  auto sections = cycle_sections(page, signed_in);
  sections.push_back(published_section());
  return sections;
}

Response show_editor_of(Page& page, const SignedIn& signed_in, const domain::Cycle& cycle,
                        const PanelNames& names, const EditorState& state) {
  frame(page, signed_in, cycle, page.text("planner.cycle_data_title", {{"title", cycle.title}}));
  page.view()["action"] = page.link(panel_path(cycle.id, "/dane"));
  const int status = show_editor(page, data_sections(page, signed_in), names, state);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_meeting_edit"));
}

Response show_data(Page& page, const SignedIn& signed_in) {
  const auto stored = load(page, signed_in);
  const PanelNames names(page);
  return show_editor_of(page, signed_in, stored.cycle, names,
                        stored_state(cycle_texts(stored.form, names), stored.cycle.version));
}

Response save_data(Page& page, const SignedIn& signed_in) {
  const auto stored = load(page, signed_in);
  const auto fields = read_own_form(page);
  PanelNames names(page);
  const auto specs = specs_of(data_sections(page, signed_in));
  const auto shown = [&](const EditorState& state) {
    return show_editor_of(page, signed_in, stored.cycle, names, state);
  };
  auto typed = canonical_names(specs, read_texts(fields, specs), names);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return shown(state);
  }
  const auto saved = redirect_done(page, panel_path(stored.cycle.id), "cycle_saved");
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (state.errors.empty() && is_behind(fields, stored.cycle.version)) {
    const auto merged =
        merged_state(fields, typed, cycle_texts(stored.form, names), stored.cycle.version);
    return merged ? shown(*merged) : saved;
  }
  if (state.errors.empty()) add_new_experts(page, signed_in, fields, typed, names, state.errors);
  CycleInputs inputs;
  const auto form = read_cycle(typed, names, stored.form, inputs, state.errors);
  if (state.errors.empty()) {
    const auto outcome = change_cycle(page.environment(), person_call(page, fields, signed_in),
                                      stored.cycle.id, stored.cycle.version, form);
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure())) return save_data(page, signed_in);
    state.errors = cycle_input_errors(panel_errors_of(outcome.failure()), inputs);
  }
  return shown(state);
}

}  // namespace

void add_panel_cycle_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_panel_cycle_wizard(router, parts);
  add_private_page(router, parts, Method::get, "/panel/cykle", show_list);
  add_private_page(
      router, parts, Method::get, "/panel/cykle/{id}",
      [](Page& page, const SignedIn& signed_in) { return show_cycle(page, signed_in, {}); });
  add_private_page(router, parts, Method::get, "/panel/cykle/{id}/dane", show_data);
  add_private_page(router, parts, Method::post, "/panel/cykle/{id}/dane", save_data, form);
  add_private_page(
      router, parts, Method::post, "/panel/cykle/{id}/publikacja",
      [renderer = parts.renderer](Page& page, const SignedIn& signed_in) {
        return publish(page, signed_in, *renderer);
      },
      form);
}

}  // namespace narada::http::pages
