// …/rezultaty/nowy and …/rezultaty/{outcome}: one outcome with the stages that it reached.

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/preparation.h"
#include "service/http/pages/panel/results_room.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::OutcomeId;
using domain::OutcomeKind;
using domain::OutcomeStage;
using usecases::OutcomeForm;
using usecases::ReachedStageForm;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 256 << 10;
constexpr std::array kKinds = {OutcomeKind::problem,  OutcomeKind::prototype,
                               OutcomeKind::handbook, OutcomeKind::resolution_draft,
                               OutcomeKind::tool,     OutcomeKind::other};
constexpr std::array kStages = {OutcomeStage::problem, OutcomeStage::prototype, OutcomeStage::pilot,
                                OutcomeStage::adopted_act, OutcomeStage::published_practice};

using Options = std::vector<std::pair<std::string, std::string>>;

// The form with what it may name.
struct OutcomeDesk {
  std::vector<FieldSection> sections;
  FieldSpecs specs;
};

std::string stage_field(OutcomeStage stage, std::string_view part) {
  return fmt::format("outcome_{}_{}", to_string(stage), part);
}

Options kind_options(const Page& page) {
  Options options;
  for (const auto kind : kKinds)
    options.emplace_back(to_string(kind), word(page, "outcome_kind", to_string(kind)));
  return options;
}

// Published practices, and the one that is named though it is a draft.
Options practice_options(const Page& page, const PanelNames& names,
                         const std::optional<domain::PracticeRef>& named) {
  Options options{{"", page.text("results.no_practice")}};
  bool known = !named;
  for (const auto& label : names.practice_labels()) {
    const auto text = label.get<std::string>();
    const auto key = names.practice_key(text);
    known = known || key == named->slug;
    options.emplace_back(key, text);
  }
  if (!known) options.emplace_back(named->slug, named->title);
  return options;
}

OutcomeDesk open_desk(const Page& page, const SignedIn& signed_in, const ResultsRoom& room,
                      const PanelNames& names, const std::optional<domain::PracticeRef>& named,
                      OutcomeId self) {
  const auto choices = take(load_outcome_choices(page.environment(), signed_in.actor, room.owner));
  Options materials{{"", page.text("results.no_material")}};
  for (const auto& material : choices.materials)
    materials.emplace_back(std::to_string(material.id.value), material.title);
  Options problems{{"", page.text("results.no_problem")}};
  for (const auto& problem : choices.problems)
    if (problem.id != self) problems.emplace_back(std::to_string(problem.id.value), problem.title);
  OutcomeDesk desk;
  desk.sections.push_back({"outcome",
                           {{"outcome_kind", FieldKind::choice, true, {}, kind_options(page)},
                            {"outcome_title", FieldKind::text, true},
                            {"outcome_description", FieldKind::long_text},
                            {"outcome_grew_from", FieldKind::choice, false, {}, problems}}});
  for (const auto stage : kStages)
    desk.sections.push_back(
        {"outcome_" + std::string(to_string(stage)),
         {{stage_field(stage, "reached"), FieldKind::check},
          {stage_field(stage, "date"), FieldKind::text},
          {stage_field(stage, "material"), FieldKind::choice, false, {}, materials},
          {stage_field(stage, "document_url"), FieldKind::address},
          {stage_field(stage, "note"), FieldKind::text}},
         true});
  desk.sections.push_back({"outcome_next",
                           {{"outcome_next_step", FieldKind::long_text},
                            {"outcome_responsible", FieldKind::institution},
                            {"outcome_next_step_by", FieldKind::date}}});
  desk.sections.push_back(
      {"outcome_more",
       {{"outcome_practice", FieldKind::choice, false, {}, practice_options(page, names, named)},
        {"outcome_source_url", FieldKind::address}}});
  desk.specs = specs_of(desk.sections);
  return desk;
}

FieldTexts outcome_texts(const OutcomeForm& form, const PanelNames& names) {
  FieldTexts texts{
      {"outcome_kind", std::string(to_string(form.kind))},
      {"outcome_title", form.title},
      {"outcome_description", form.description},
      {"outcome_grew_from", form.grew_from},
      {"outcome_next_step", form.next_step},
      {"outcome_responsible",
       form.responsible.empty() ? "" : names.institution_label(form.responsible)},
      {"outcome_next_step_by", form.next_step_by ? web::iso_date(domain::WallTime{
                                                       std::chrono::local_days{*form.next_step_by}})
                                                 : ""},
      {"outcome_practice", form.practice},
      {"outcome_source_url", form.source_url}};
  for (const auto stage : kStages) {
    ReachedStageForm reached;
    bool is_reached = false;
    for (const auto& one : form.stages)
      if (one.stage == stage) {
        reached = one;
        is_reached = true;
      }
    texts[stage_field(stage, "reached")] = is_reached ? "yes" : "";
    texts[stage_field(stage, "date")] = reached.date;
    texts[stage_field(stage, "material")] = reached.material;
    texts[stage_field(stage, "document_url")] = reached.document_url;
    texts[stage_field(stage, "note")] = reached.note;
  }
  return texts;
}

// "12.05.2027" and "05.2027" as they are stored.
std::string stage_date_typed(const std::string& typed) {
  if (typed.size() == 10 && typed[2] == '.' && typed[5] == '.')
    return typed.substr(6) + "-" + typed.substr(3, 2) + "-" + typed.substr(0, 2);
  if (typed.size() == 7 && typed[2] == '.') return typed.substr(3) + "-" + typed.substr(0, 2);
  return typed;
}

OutcomeForm read_outcome(const FieldTexts& texts, const PanelNames& names,
                         domain::FieldErrors& errors) {
  OutcomeForm form;
  form.kind = domain::find_outcome_kind(texts.at("outcome_kind")).value_or(OutcomeKind::other);
  form.title = texts.at("outcome_title");
  form.description = texts.at("outcome_description");
  form.grew_from = texts.at("outcome_grew_from");
  form.next_step = texts.at("outcome_next_step");
  if (const auto& typed = texts.at("outcome_responsible"); !typed.empty())
    form.responsible = names.institution_key(typed);
  const auto& by = texts.at("outcome_next_step_by");
  form.next_step_by = find_date(by);
  if (!by.empty() && !form.next_step_by) errors.push_back({"outcome_next_step_by", "invalid_date"});
  form.practice = texts.at("outcome_practice");
  form.source_url = texts.at("outcome_source_url");
  for (const auto stage : kStages) {
    const ReachedStageForm reached{stage, stage_date_typed(texts.at(stage_field(stage, "date"))),
                                   texts.at(stage_field(stage, "material")),
                                   texts.at(stage_field(stage, "document_url")),
                                   texts.at(stage_field(stage, "note"))};
    const bool is_reached = !texts.at(stage_field(stage, "reached")).empty();
    const bool says_more = !(reached == ReachedStageForm{stage, "", "", "", ""});
    if (is_reached || says_more) form.stages.push_back(reached);
  }
  return form;
}

// "stages[1].date" of the second stage that is reached → "outcome_pilot_date".
domain::FieldErrors outcome_input_errors(domain::FieldErrors errors, const OutcomeForm& form) {
  for (auto& error : errors) {
    if (error.field.empty()) continue;
    std::size_t index = 0;
    const auto dot = error.field.find("].");
    if (error.field.starts_with("stages[") && dot != std::string::npos) {
      std::from_chars(error.field.data() + 7, error.field.data() + dot, index);
      const auto part = error.field.substr(dot + 2);
      if (index < form.stages.size())
        error.field = stage_field(form.stages[index].stage, part == "stage" ? "reached" : part);
    } else {
      error.field = "outcome_" + error.field;
    }
  }
  return errors;
}

// What is edited; without an id a new one.
struct Edited {
  std::optional<OutcomeId> id;
  OutcomeForm form;
  std::int64_t version = 0;
  std::optional<domain::PracticeRef> practice;
};

Edited find_edited(const Page& page, const SignedIn& signed_in, const ResultsRoom& room) {
  Edited edited;
  if (!page.request().params.contains("outcome")) return edited;
  const auto found = take(find_outcome(page.environment(), signed_in.actor,
                                       OutcomeId{id_of(page.request(), "outcome")}));
  if (found.entry.outcome.owner != room.owner) throw Error(404);
  edited.id = found.entry.outcome.id;
  edited.form = found.form;
  edited.version = found.entry.outcome.version;
  edited.practice = found.entry.practice;
  if (edited.practice) edited.form.practice = edited.practice->slug;
  return edited;
}

std::string path_of(const ResultsRoom& room, const Edited& edited) {
  return edited.id ? fmt::format("{}/{}", room.path, edited.id->value) : room.path + "/nowy";
}

Response show_of(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
                 const Edited& edited, const OutcomeDesk& desk, const PanelNames& names,
                 const EditorState& state) {
  frame_results(page, signed_in, room,
                page.text(edited.id ? "results.edit_outcome" : "results.new_outcome"));
  const int status = show_editor(page, desk.sections, names, state);
  page.view()["action"] = page.link(path_of(room, edited));
  page.view()["back_url"] = page.link(room.path);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_outcome"));
}

Response show(Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto room = find_results_room(page, signed_in, of_cycle);
  const auto edited = find_edited(page, signed_in, room);
  const PanelNames names(page);
  const auto desk =
      open_desk(page, signed_in, room, names, edited.practice, edited.id.value_or(OutcomeId{}));
  return show_of(page, signed_in, room, edited, desk, names,
                 stored_state(outcome_texts(edited.form, names), edited.version));
}

Response save(Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto room = find_results_room(page, signed_in, of_cycle);
  const auto edited = find_edited(page, signed_in, room);
  const auto fields = read_own_form(page);
  const PanelNames names(page);
  const auto desk =
      open_desk(page, signed_in, room, names, edited.practice, edited.id.value_or(OutcomeId{}));
  const auto typed = canonical_names(desk.specs, read_texts(fields, desk.specs), names);
  const auto shown = [&](const EditorState& state) {
    return show_of(page, signed_in, room, edited, desk, names, state);
  };
  auto state = posted_state(fields, typed);
  if (fields.value("do") == kPreview) {
    state.more = kPreview;
    return shown(state);
  }
  state.errors = fields.errors;
  const auto saved = redirect_done(page, room.path, "outcome_saved");
  if (state.errors.empty() && edited.id && is_behind(fields, edited.version)) {
    const auto merged =
        merged_state(fields, typed, outcome_texts(edited.form, names), edited.version);
    return merged ? shown(*merged) : saved;
  }
  const auto form = read_outcome(typed, names, state.errors);
  if (state.errors.empty()) {
    const auto call = person_call(page, fields, signed_in);
    const auto outcome =
        edited.id ? change_outcome(page.environment(), call, *edited.id, edited.version, form)
                  : add_outcome(page.environment(), call, room.owner, form);
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure()))
      return save(page, signed_in, of_cycle);  // somebody was faster by a moment
    state.errors = outcome_input_errors(panel_errors_of(outcome.failure()), form);
  }
  return shown(state);
}

}  // namespace

void add_panel_outcome_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  for (const bool of_cycle : {false, true}) {
    const std::string base =
        of_cycle ? "/panel/cykle/{id}/rezultaty/" : "/panel/spotkania/{id}/rezultaty/";
    for (const char* part : {"nowy", "{outcome}"}) {
      add_private_page(router, parts, Method::get, base + part,
                       [of_cycle](Page& page, const SignedIn& signed_in) {
                         return show(page, signed_in, of_cycle);
                       });
      add_private_page(
          router, parts, Method::post, base + part,
          [of_cycle](Page& page, const SignedIn& signed_in) {
            return save(page, signed_in, of_cycle);
          },
          form);
    }
  }
}

}  // namespace narada::http::pages
