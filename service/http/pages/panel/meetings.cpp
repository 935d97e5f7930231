// /panel/spotkania: a new meeting, its fields, its program; publishing and cancelling it.

#include <charconv>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/change_preview.h"
#include "service/http/pages/panel/drafts.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/held_changes.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/publication.h"
#include "service/http/pages/views.h"
#include "service/usecases/meetings/duplication.h"
#include "service/usecases/meetings/planner.h"
#include "service/usecases/things.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::EditableMeeting;
using usecases::MeetingForm;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 512 << 10;  // a hundred program items with descriptions

EditableMeeting load(const Page& page, const SignedIn& signed_in) {
  return take(load_meeting_to_edit(page.environment(), signed_in.actor,
                                   domain::MeetingId{id_of(page.request())}));
}

std::string panel_path(domain::MeetingId id, const char* part) {
  return "/panel/spotkania/" + std::to_string(id.value) + "/" + part;
}

std::string publication_of(const Page& page, const SignedIn& signed_in, domain::MeetingId id) {
  const auto time = find_publication_time(page.environment(), signed_in.actor, id);
  return time ? publication_text(page, *time) : std::string();
}

// Where the meeting as a whole is handled.
bool handles_whole(std::string_view part) { return part == "dane"; }

}  // namespace

void add_meeting_tabs(Page& page, domain::MeetingId meeting, std::string_view part) {
  auto& tabs = page.view()["tabs"] = web::View::array();
  for (const char* tab : {"dane", "program", "prowadzacy", "pytania", "miejsca", "zaproszenia",
                          "zapisy", "poczta", "delegacje", "wyzwania", "materialy", "obecnosc",
                          "ankieta", "rezultaty", "statystyki", "przypomnienia", "historia"}) {
    tabs.push_back({{"tab_url", page.link(panel_path(meeting, tab))},
                    {"tab_label", page.text(std::string("planner.tab_") + tab)},
                    {"tab_current", tab == part}});
  }
}

void add_organizer_tabs(Page& page, const SignedIn& signed_in, domain::MeetingId meeting,
                        std::string_view part) {
  const auto allowed = usecases::check_meeting(page.environment(), signed_in.actor,
                                               Action::organize, std::to_string(meeting.value));
  if (allowed) add_meeting_tabs(page, meeting, part);
}

void frame_meeting(Page& page, const SignedIn& signed_in, const domain::Meeting& meeting,
                   const char* part) {
  auto& view = page.view();
  view["crumbs"] = web::View::array();
  open_panel(
      page, signed_in, PanelRoom::cycles,
      page.text(std::string("planner.meeting_") + part + "_title", {{"title", meeting.title}}));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  if (meeting.cycle) {
    const auto path = "/panel/cykle/" + std::to_string(meeting.cycle->id.value);
    page.crumb(meeting.cycle->title, path);
  }
  page.crumb(meeting.title, panel_path(meeting.id, "dane"));
  add_meeting_tabs(page, meeting.id, part);
  view["action"] = page.link(panel_path(meeting.id, part));
  view["publish_operation"] = usecases::make_token();
  view["cancel_operation"] = usecases::make_token();
  const bool whole = handles_whole(part);
  const bool draft = meeting.status == domain::MeetingStatus::draft;
  view["standing"] = {
      {"is_draft", draft},
      {"is_cancelled", meeting.status == domain::MeetingStatus::cancelled},
      {"cancellable", whole && meeting.status == domain::MeetingStatus::published},
      {"tag_text", state_view(page, meeting)["text"]},
      {"tag_color", state_view(page, meeting)["color"]},
      {"when", web::time_range(page.language(), meeting.times)},
      {"seats", seats_view(page, meeting)},
      {"public_url", draft ? "" : page.link("/spotkania/" + meeting.slug)},
      {"publish_url", page.link(panel_path(meeting.id, "publikacja"))},
      {"publication", draft ? publication_of(page, signed_in, meeting.id) : ""},
      {"publication_url", page.link(panel_path(meeting.id, "termin-publikacji"))},
      {"cancel_url", page.link(panel_path(meeting.id, "odwolanie"))},
      {"delete_url", whole ? page.link(panel_path(meeting.id, "usuniecie")) : ""},
      {"copy_url",
       whole ? page.link("/panel/spotkania/nowe?wzor=" + std::to_string(meeting.id.value)) : ""}};
  show_held_change(page, signed_in, meeting.id);
}

namespace {

Response show(Page& page, const std::vector<FieldSection>& sections, const PanelNames& names,
              const EditorState& state) {
  const int status = show_editor(page, sections, names, state);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_meeting_edit"));
}

// One of the two pages of a stored meeting: which fields it has and how they are read.
struct Part {
  const char* name;
  std::vector<FieldSection> sections;
  FieldTexts (*texts)(const MeetingForm&, const FieldSpecs&, const PanelNames&);
  MeetingForm (*read)(const FieldTexts&, const FieldSpecs&, const PanelNames&, MeetingForm,
                      domain::FieldErrors&);
};

Part data_part(const Page& page, const SignedIn& signed_in, const domain::Meeting& meeting) {
  return {"dane", meeting_sections(page, signed_in, meeting.cycle),
          [](const MeetingForm& form, const FieldSpecs&, const PanelNames& names) {
            return meeting_texts(form, names);
          },
          read_meeting};
}
Part program_part(const MeetingForm& form) {
  return {"program", {{"program", program_specs(days_of(form))}}, program_texts, read_program};
}

DraftDesk desk_of(Page& page, const SignedIn& signed_in, const domain::Meeting& meeting,
                  const Part& part) {
  return {page, signed_in, {"meeting", std::to_string(meeting.id.value) + "/" + part.name}};
}

// The buttons that keep and forget what was begun; absent: another one.
template <class Show>
std::optional<Response> press_draft(DraftDesk& desk, const OwnForm& fields, FieldTexts typed,
                                    const std::string& path, Show show_again) {
  desk.show(path, false);
  if (!DraftDesk::is_pressed(fields) || !fields.errors.empty()) return std::nullopt;
  if (auto answer = desk.press(fields, noted_texts(fields, typed), path)) return answer;
  return show_again(posted_state(fields, std::move(typed)));
}

Response show_part(Page& page, const SignedIn& signed_in, const EditableMeeting& stored,
                   const Part& part) {
  const PanelNames names(page);
  frame_meeting(page, signed_in, stored.meeting, part.name);
  auto desk = desk_of(page, signed_in, stored.meeting, part);
  auto noted = desk.resumed();
  desk.show(panel_path(stored.meeting.id, part.name), !noted);
  if (noted) return show(page, part.sections, names, resumed_state(std::move(*noted)));
  return show(page, part.sections, names,
              stored_state(part.texts(stored.form, specs_of(part.sections), names),
                           stored.meeting.version));
}

Response show_data(Page& page, const SignedIn& signed_in) {
  const auto stored = load(page, signed_in);
  return show_part(page, signed_in, stored, data_part(page, signed_in, stored.meeting));
}
Response show_program(Page& page, const SignedIn& signed_in) {
  const auto stored = load(page, signed_in);
  return show_part(page, signed_in, stored, program_part(stored.form));
}

FieldTexts typed_texts(const OwnForm& fields, const FieldSpecs& specs, const PanelNames& names) {
  return canonical_times(canonical_names(specs, read_texts(fields, specs), names));
}

// Between what was asked for and what it sets off.
Response show_stop(Page& page, const OwnForm& fields, const usecases::ChangePreview& preview,
                   const domain::Meeting& meeting, const PreviewStop& stop) {
  page.title(page.text("changes.title", {{"title", meeting.title}}));
  return show_change_preview(page, fields, preview, stop);
}

Response save_part(Page& page, const SignedIn& signed_in, const EditableMeeting& stored,
                   const Part& part, const web::Renderer& renderer) {
  const auto fields = read_own_form(page);
  const auto specs = specs_of(part.sections);
  PanelNames names(page);
  frame_meeting(page, signed_in, stored.meeting, part.name);
  auto typed = typed_texts(fields, specs, names);
  auto desk = desk_of(page, signed_in, stored.meeting, part);
  const auto again = [&](const EditorState& state) {
    return show(page, part.sections, names, state);
  };
  if (auto kept = press_draft(desk, fields, typed, panel_path(stored.meeting.id, part.name), again))
    return std::move(*kept);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return show(page, part.sections, names, state);
  }
  const auto saved = redirect_done(page, panel_path(stored.meeting.id, part.name), "meeting_saved");
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (fields.value("do") == "edit") return show(page, part.sections, names, state);
  if (state.errors.empty() && is_behind(fields, stored.meeting.version)) {
    const auto merged =
        merged_state(fields, typed, part.texts(stored.form, specs, names), stored.meeting.version);
    return merged ? show(page, part.sections, names, *merged) : saved;
  }
  if (state.errors.empty()) add_new_experts(page, signed_in, fields, typed, names, state.errors);
  const auto form = part.read(typed, specs, names, stored.form, state.errors);
  if (state.errors.empty()) {
    auto rehearsal = rehearsal_of(fields);
    auto call = person_call(page, fields, signed_in);
    call.rehearsal = &rehearsal;
    const auto outcome =
        change_meeting(page.environment(), call, stored.meeting.id, stored.meeting.version, form,
                       usecases::Shrinking::to_waiting_list);
    if (outcome && rehearsal.committed()) return saved;
    if (outcome) {
      return show_stop(page, fields, rehearsal.preview(), stored.meeting,
                       {renderer, panel_path(stored.meeting.id, part.name), "changes.confirm", ""});
    }
    // Somebody was faster by a moment: the same again, with what is stored now.
    if (std::holds_alternative<domain::Stale>(outcome.failure()))
      return save_part(page, signed_in, load(page, signed_in), part, renderer);
    state.errors = meeting_input_errors(panel_errors_of(outcome.failure()));
  }
  return show(page, part.sections, names, state);
}

Response save_and_forget(Page& page, const SignedIn& signed_in, const EditableMeeting& stored,
                         const Part& part, const web::Renderer& renderer) {
  auto response = save_part(page, signed_in, stored, part, renderer);
  if (is_saved(response)) desk_of(page, signed_in, stored.meeting, part).forget();
  return response;
}

Response save_data(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  const auto stored = load(page, signed_in);
  return save_and_forget(page, signed_in, stored, data_part(page, signed_in, stored.meeting),
                         renderer);
}
Response save_program(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  const auto stored = load(page, signed_in);
  return save_and_forget(page, signed_in, stored, program_part(stored.form), renderer);
}

domain::CycleId cycle_of_query(const Page& page) {
  const auto text = page.request().query_value("cykl");
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return domain::CycleId{id};
}

domain::MeetingId source_of(const std::string& text) {
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  return domain::MeetingId{id};
}

// What a new session of a cycle takes over from it.
MeetingForm session_template(const Page& page, const SignedIn& signed_in, domain::CycleId id) {
  MeetingForm form;
  form.form = domain::MeetingForm::workshop;
  form.onsite.offered = true;
  if (!id) return form;
  const auto stored = take(load_cycle_to_edit(page.environment(), signed_in.actor, id));
  form.cycle = std::to_string(id.value);
  form.topic = stored.form.topic;
  form.experts = stored.form.experts;
  int last = 0;
  for (const auto& meeting : stored.cycle.meetings)
    last = std::max(last, meeting.session_number.value_or(0));
  form.session_number = last + 1;
  form.title = page.text("planner.session_title",
                         {{"title", stored.cycle.title}, {"number", std::int64_t{last} + 1}});
  return form;
}

// A meeting to begin with: a copy, the next session of a cycle, or an empty one.
MeetingForm first_form(const Page& page, const SignedIn& signed_in, const std::string& source) {
  if (source.empty()) return session_template(page, signed_in, cycle_of_query(page));
  const auto stored =
      take(load_meeting_to_edit(page.environment(), signed_in.actor, source_of(source)));
  return take(copy_meeting(page.environment(), signed_in.actor, stored.meeting.id,
                           usecases::years_until_ahead(stored.form.starts, page.now())));
}

void frame_new(Page& page, const SignedIn& signed_in, const std::string& source) {
  open_panel(page, signed_in, PanelRoom::cycles,
             page.text(source.empty() ? "planner.new_meeting" : "planner.copy_meeting"));
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  page.view()["action"] = page.link("/panel/spotkania/nowe");
  page.view()["is_new"] = true;
  page.view()["source"] = source;
}

void require_organizer(const SignedIn& signed_in) {
  if (reach_of(signed_in.actor, Action::organize).nothing()) throw Error(404);
}

const usecases::FormDraftName kNewMeeting{"meeting", "new"};

// The day and hours that the date finder sends along.
void take_date_of_query(const Page& page, FieldTexts& texts) {
  const auto& request = page.request();
  if (request.query_value("termin").empty()) return;
  texts["starts_date"] = request.query_value("termin");
  texts["starts_time"] = request.query_value("od");
  texts["ends_time"] = request.query_value("do");
}

Response show_new(Page& page, const SignedIn& signed_in) {
  require_organizer(signed_in);
  const auto source = page.request().query_value("wzor");
  const PanelNames names(page);
  frame_new(page, signed_in, source);
  const auto sections = meeting_sections(page, signed_in, {});
  DraftDesk desk(page, signed_in, kNewMeeting);
  auto noted = desk.resumed();
  desk.show("/panel/spotkania/nowe", !noted && page.request().query_value("wzor").empty());
  if (noted) return show(page, sections, names, resumed_state(std::move(*noted)));
  auto texts = meeting_texts(first_form(page, signed_in, source), names);
  take_date_of_query(page, texts);
  return show(page, sections, names, {std::move(texts)});
}

PreviewStop publication_stop(const web::Renderer& renderer, domain::MeetingId id) {
  return {renderer, panel_path(id, "publikacja"), "changes.confirm_publish",
          panel_path(id, "dane")};
}

// The second step of "save and publish"; sent twice it counts once, as the first.
Response publish_too(Page& page, const OwnForm& fields, const SignedIn& signed_in,
                     const domain::Meeting& meeting, const web::Renderer& renderer) {
  auto call = person_call(page, fields, signed_in);
  if (call.idempotency_key) *call.idempotency_key += "/publish";
  auto rehearsal = rehearsal_of(fields);
  call.rehearsal = &rehearsal;
  take(publish_meeting(page.environment(), call, meeting.id));
  if (rehearsal.committed()) {
    return redirect_done(page, panel_path(meeting.id, "dane"), "meeting_saved");
  }
  frame_meeting(page, signed_in, meeting, "dane");
  auto stop = publication_stop(renderer, meeting.id);
  stop.note = page.text("publication.saved_as_draft");
  return show_stop(page, {}, rehearsal.preview(), meeting, stop);
}

Response save_new(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  require_organizer(signed_in);
  const auto fields = read_own_form(page);
  const auto sections = meeting_sections(page, signed_in, {});
  const auto specs = specs_of(sections);
  PanelNames names(page);
  const auto source = fields.value("source");
  frame_new(page, signed_in, source);
  auto typed = typed_texts(fields, specs, names);
  DraftDesk desk(page, signed_in, kNewMeeting);
  const auto again = [&](const EditorState& state) { return show(page, sections, names, state); };
  if (auto kept = press_draft(desk, fields, typed, "/panel/spotkania/nowe", again))
    return std::move(*kept);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return show(page, sections, names, state);
  }
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (state.errors.empty()) add_new_experts(page, signed_in, fields, typed, names, state.errors);
  // The program of what is copied comes along.
  MeetingForm base = source.empty() ? MeetingForm{} : first_form(page, signed_in, source);
  const auto form = read_meeting(typed, specs, names, std::move(base), state.errors);
  if (state.errors.empty()) {
    const auto outcome =
        create_meeting(page.environment(), person_call(page, fields, signed_in), form);
    if (outcome) {
      desk.forget();
      if (fields.value("do") == "publish") {
        return publish_too(page, fields, signed_in, *outcome, renderer);
      }
      return redirect_done(page, panel_path(outcome->id, "dane"), "meeting_saved");
    }
    state.errors = meeting_input_errors(panel_errors_of(outcome.failure()));
  }
  return show(page, sections, names, state);
}

// The page of the meeting again, with what is wrong.
Response show_refusal(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors) {
  const auto stored = load(page, signed_in);
  const auto part = data_part(page, signed_in, stored.meeting);
  const PanelNames names(page);
  frame_meeting(page, signed_in, stored.meeting, part.name);
  auto state =
      stored_state(part.texts(stored.form, specs_of(part.sections), names), stored.meeting.version);
  state.errors = errors;
  return show(page, part.sections, names, state);
}

using Write = domain::Outcome<domain::Meeting> (*)(const usecases::Environment&,
                                                   const usecases::Call&, domain::MeetingId,
                                                   const OwnForm&);

// What is done to the meeting as a whole, after a look at what it sets off.
Response change_standing(Page& page, const SignedIn& signed_in, const PreviewStop& stop,
                         Write write) {
  const auto stored = load(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    auto rehearsal = rehearsal_of(fields);
    auto call = person_call(page, fields, signed_in);
    call.rehearsal = &rehearsal;
    const auto outcome = write(page.environment(), call, stored.meeting.id, fields);
    if (outcome && rehearsal.committed()) {
      return redirect_done(page, panel_path(stored.meeting.id, "dane"), "meeting_saved");
    }
    if (outcome) {
      frame_meeting(page, signed_in, stored.meeting, "dane");
      return show_stop(page, fields, rehearsal.preview(), stored.meeting, stop);
    }
    errors = panel_errors_of(outcome.failure());
  }
  return show_refusal(page, signed_in, errors);
}

Response publish(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  return change_standing(
      page, signed_in, publication_stop(renderer, domain::MeetingId{id_of(page.request())}),
      [](const usecases::Environment& environment, const usecases::Call& call, domain::MeetingId id,
         const OwnForm&) { return publish_meeting(environment, call, id); });
}

Response cancel(Page& page, const SignedIn& signed_in, const web::Renderer& renderer) {
  const domain::MeetingId meeting{id_of(page.request())};
  const PreviewStop stop{renderer, panel_path(meeting, "odwolanie"), "changes.confirm_cancel",
                         panel_path(meeting, "dane")};
  return change_standing(page, signed_in, stop,
                         [](const usecases::Environment& environment, const usecases::Call& call,
                            domain::MeetingId id, const OwnForm& fields) {
                           return cancel_meeting(environment, call, id, fields.value("reason"));
                         });
}

}  // namespace

void add_panel_meeting_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const auto add = [&](const std::string& path, PrivateHandler get, PrivateHandler post) {
    if (get) add_private_page(router, parts, Method::get, path, std::move(get));
    add_private_page(router, parts, Method::post, path, std::move(post), form);
  };
  using Post = Response (*)(Page&, const SignedIn&, const web::Renderer&);
  const auto with_words = [&](Post post) {
    return [post, renderer = parts.renderer](Page& page, const SignedIn& signed_in) {
      return post(page, signed_in, *renderer);
    };
  };
  add("/panel/spotkania/nowe", show_new, with_words(save_new));
  add("/panel/spotkania/{id}/dane", show_data, with_words(save_data));
  add("/panel/spotkania/{id}/program", show_program, with_words(save_program));
  add("/panel/spotkania/{id}/publikacja", nullptr, with_words(publish));
  add("/panel/spotkania/{id}/odwolanie", nullptr, with_words(cancel));
  add_panel_history_pages(router, parts);
  add_panel_bin_pages(router, parts);
}

}  // namespace narada::http::pages
