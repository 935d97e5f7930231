#include "service/http/pages/panel/editor.h"

#include <algorithm>
#include <charconv>

#include "service/usecases/meetings/planner.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

// The fields that are CommonMark on public pages.
bool is_long_read(const FieldSpec& spec) {
  return spec.name == "description" || spec.name == "challenge" || spec.name == "goal" ||
         spec.name.starts_with("expert_description") ||
         (spec.name.starts_with("practice_") && spec.kind == FieldKind::long_text) ||
         spec.name == "outcome_description" || spec.name == "report_conclusions" ||
         spec.name == "report_minutes";
}

void add_program_previews(Page& page, const FieldSpecs& specs, const EditorState& state) {
  for (const FieldSpec& spec : specs) {
    const auto found = state.texts.find(spec.name);
    if (spec.name != "program" || found == state.texts.end()) continue;
    for (const Row& row : split_rows(spec, found->second)) {
      if (row.at("description").empty()) continue;
      page.view()["previews"].push_back(
          {{"preview_label", row.at("title")},
           {"preview_text", web::markdown_html(row.at("description"), 4)}});
    }
  }
}

void show_previews(Page& page, const FieldSpecs& specs, const EditorState& state) {
  auto& view = page.view();
  const bool asked = state.more == kPreview;
  view["previews"] = web::View::array();
  for (const FieldSpec& spec : specs) {
    if (spec.name == "program") view["previewable"] = true;
    if (!is_long_read(spec)) continue;
    view["previewable"] = true;
    const auto found = state.texts.find(spec.name);
    if (!asked || found == state.texts.end() || found->second.empty()) continue;
    view["previews"].push_back({{"preview_label", page.text("planner." + spec.name)},
                                {"preview_text", web::markdown_html(found->second, 4)}});
  }
  if (asked) add_program_previews(page, specs, state);
  view["previewed"] = asked;
}

web::View merge_view(const Page& page, const FieldSpecs& specs, const EditorState& state) {
  const auto entries = [&](const std::vector<std::string>& names) {
    web::View views = web::View::array();
    for (const auto& name : names)
      views.push_back({{"id", name},
                       {"label", page.text("planner." + name)},
                       {"stored", shown_text(page, spec_of(specs, name), state.stored.at(name))}});
    return views;
  };
  const bool undecided = !state.merge->conflicts.empty();
  return {{"heading", page.text("planner.merge_heading")},
          {"text", page.text(undecided ? "planner.merge_decide" : "planner.merge_ready")},
          {"taken", entries(state.merge->taken_over)},
          {"conflicts", entries(state.merge->conflicts)}};
}

}  // namespace

EditorState stored_state(FieldTexts stored, std::int64_t version) {
  EditorState state;
  state.seen = usecases::fingerprint(stored);
  state.texts = std::move(stored);
  state.version = version;
  return state;
}

EditorState posted_state(const FormFields& fields, FieldTexts typed) {
  EditorState state;
  state.texts = std::move(typed);
  state.seen = fields.value("seen");
  const auto version = fields.value("version");
  std::from_chars(version.data(), version.data() + version.size(), state.version);
  return state;
}

std::optional<EditorState> merged_state(const FormFields& fields, const FieldTexts& typed,
                                        const FieldTexts& stored, std::int64_t version) {
  auto merge = usecases::merge_fields(fields.value("seen"), typed, stored);
  const bool same = std::all_of(merge.texts.begin(), merge.texts.end(), [&](const auto& field) {
    const auto found = stored.find(field.first);
    return found == stored.end() || found->second == field.second;
  });
  if (same && merge.taken_over.empty()) return std::nullopt;
  EditorState state = stored_state(merge.texts, version);
  state.seen = usecases::fingerprint(stored);
  state.stored = stored;
  state.merge = std::move(merge);
  return state;
}

bool is_behind(const FormFields& fields, std::int64_t version) {
  return posted_state(fields, {}).version != version;
}

void add_new_experts(const Page& page, const usecases::SignedIn& signed_in,
                     const FormFields& fields, const FieldTexts& texts, PanelNames& names,
                     domain::FieldErrors& errors) {
  const auto wanted = texts.find("new_experts");
  if (wanted == texts.end() || wanted->second.empty()) return;
  std::vector<std::string> unknown;
  for (const auto& name : split_lines(texts.at("experts")))
    if (!names.knows_expert(name)) unknown.push_back(name);
  if (unknown.empty()) return;
  const auto added =
      usecases::add_experts(page.environment(), person_call(page, fields, signed_in), unknown);
  if (!added)
    for (auto& error : panel_errors_of(added.failure())) {
      error.field = "experts";
      errors.push_back(std::move(error));
    }
  names = PanelNames(page);
}

// What a choice or a hidden field holds says nothing about whether somebody filled it in.
bool says_something(const FieldSpec& spec, const EditorState& state) {
  if (spec.kind == FieldKind::choice || spec.kind == FieldKind::hidden) return false;
  const auto text = state.texts.find(spec.name);
  return text != state.texts.end() && !text->second.empty();
}

bool is_open(const FieldSection& section, const EditorState& state) {
  if (!section.folds || !state.errors.empty() || state.merge || !state.more.empty()) return true;
  return std::any_of(section.specs.begin(), section.specs.end(),
                     [&](const FieldSpec& spec) { return says_something(spec, state); });
}

int show_editor(Page& page, const std::vector<FieldSection>& sections, const PanelNames& names,
                const EditorState& state) {
  const auto specs = specs_of(sections);
  FieldsView how{names, show_field_errors(page, specs, state.errors), {}, state.more};
  if (state.merge)
    for (const auto& name : state.merge->conflicts) how.stored[name] = state.stored.at(name);
  auto& view = page.view();
  view["sections"] = web::View::array();
  for (const auto& section : sections)
    view["sections"].push_back({{"section_id", "dzial-" + section.name},
                                {"heading", page.text("planner.section_" + section.name)},
                                {"folds", section.folds},
                                {"open", is_open(section, state)},
                                {"fields", fields_view(page, section.specs, state.texts, how)}});
  show_previews(page, specs, state);
  view["version"] = std::to_string(state.version);
  view["seen"] = state.seen;
  view["merge"] = state.merge ? merge_view(page, specs, state) : web::View();
  view["institution_names"] = names.institution_labels();
  view["expert_names"] = names.expert_labels();
  view["practice_names"] = names.practice_labels();
  if (!state.errors.empty()) return 422;
  return state.merge ? 409 : 200;
}

}  // namespace narada::http::pages
