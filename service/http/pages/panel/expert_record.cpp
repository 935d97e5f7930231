// /panel/prowadzacy/{id}/dane, …/polacz: what is said of an expert, and two records made one.

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/expert_form.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using domain::ExpertProfile;
using usecases::SignedIn;

constexpr const char* kExperts = "/panel/prowadzacy";
constexpr std::uint64_t kFormLimit = 64 << 10;

std::string path_of(domain::ExpertId id, std::string_view part = {}) {
  return std::string(kExperts) + "/" + std::to_string(id.value) + std::string(part);
}

// A record that was merged is edited where it stands now.
ExpertProfile load(const Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  return take(find_expert_profile(page.environment(), signed_in.actor,
                                  std::to_string(id_of(page.request()))));
}

void frame(Page& page, const SignedIn& signed_in, const ExpertProfile& profile,
           const std::string& title) {
  open_panel(page, signed_in, PanelRoom::experts, title);
  page.crumb(page.text("dates.experts_title"), kExperts);
  page.crumb(profile.expert.name, path_of(profile.expert.id));
}

Response show_editor_of(Page& page, const SignedIn& signed_in, const ExpertProfile& profile,
                        const EditorState& state) {
  frame(page, signed_in, profile, page.text("experts.edit_title", {{"name", profile.expert.name}}));
  page.view()["action"] = page.link(path_of(profile.expert.id, "/dane"));
  const int status =
      show_editor(page, expert_sections(page, ExpertFields::all), PanelNames(page), state);
  return page.render(status, "pages/panel_meeting_edit");
}

Response show_data(Page& page, const SignedIn& signed_in) {
  const auto profile = load(page, signed_in);
  return show_editor_of(page, signed_in, profile,
                        stored_state(expert_texts(profile, ExpertFields::all), profile.version));
}

Response save_data(Page& page, const SignedIn& signed_in) {
  const auto profile = load(page, signed_in);
  const auto fields = read_own_form(page);
  const auto specs = specs_of(expert_sections(page, ExpertFields::all));
  auto typed = read_texts(fields, specs);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return show_editor_of(page, signed_in, profile, state);
  }
  const auto saved = redirect_done(page, path_of(profile.expert.id), "expert_saved");
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (state.errors.empty() && is_behind(fields, profile.version)) {
    const auto merged =
        merged_state(fields, typed, expert_texts(profile, ExpertFields::all), profile.version);
    return merged ? show_editor_of(page, signed_in, profile, *merged) : saved;
  }
  if (state.errors.empty()) {
    const auto outcome = change_expert(page.environment(), person_call(page, fields, signed_in),
                                       profile.expert.id, profile.version, read_expert_edit(typed));
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure())) return save_data(page, signed_in);
    state.errors = expert_input_errors(panel_errors_of(outcome.failure()));
  }
  return show_editor_of(page, signed_in, profile, state);
}

// The expert by name as the list spells it; absent with an error added.
std::optional<ExpertProfile> find_into(const Page& page, const SignedIn& signed_in,
                                       const std::string& typed, domain::FieldErrors& errors) {
  if (typed.empty()) {
    errors.push_back({"into", "required"});
    return std::nullopt;
  }
  auto found =
      find_expert_profile(page.environment(), signed_in.actor, PanelNames(page).expert_key(typed));
  if (found) return std::move(found).value();
  errors.push_back({"into", "unknown_expert"});
  return std::nullopt;
}

void show_preview(Page& page, const SignedIn& signed_in, const ExpertProfile& from,
                  const ExpertProfile& into) {
  const auto links = take(count_expert_links(page.environment(), signed_in.actor, from.expert.id));
  web::View counts = web::View::array();
  const auto add = [&](const char* label, int count) {
    counts.push_back({{"what", page.text(label)}, {"rows", std::to_string(count)}});
  };
  add("experts.of_meetings", links.meetings);
  add("experts.of_program", links.program_items);
  add("experts.of_cycles", links.cycles);
  page.view()["preview"] = {
      {"text", page.text("experts.merge_preview",
                         {{"from", from.expert.name}, {"into", into.expert.name}})},
      {"counts", std::move(counts)},
      {"into_id", std::to_string(into.expert.id.value)},
      {"action", page.link(path_of(from.expert.id, "/polacz"))},
      {"back_url", page.link(path_of(from.expert.id, "/polacz"))}};
}

Response show_merge_of(Page& page, const SignedIn& signed_in, const ExpertProfile& from,
                       const std::string& typed, domain::FieldErrors errors) {
  frame(page, signed_in, from, page.text("experts.merge_title", {{"name", from.expert.name}}));
  auto& view = page.view();
  view["choose_action"] = page.link(path_of(from.expert.id, "/polacz"));
  view["into"] = typed;
  view["expert_names"] = PanelNames(page).expert_labels();
  if (!typed.empty() && errors.empty()) {
    const auto into = find_into(page, signed_in, typed, errors);
    if (into && into->expert.id == from.expert.id)
      errors.push_back({"into", "same_expert"});
    else if (into)
      show_preview(page, signed_in, from, *into);
  }
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_expert_merge");
}

Response show_merge(Page& page, const SignedIn& signed_in) {
  return show_merge_of(page, signed_in, load(page, signed_in), page.request().query_value("z"), {});
}

Response merge(Page& page, const SignedIn& signed_in) {
  const auto from = load(page, signed_in);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  const auto into =
      errors.empty() ? find_into(page, signed_in, fields.value("into"), errors) : std::nullopt;
  if (into) {
    const auto merged = merge_experts(page.environment(), person_call(page, fields, signed_in),
                                      from.expert.id, into->expert.id);
    if (merged) return redirect_done(page, path_of(*merged), "experts_merged");
    errors = panel_errors_of(merged.failure());
  }
  return show_merge_of(page, signed_in, from, {}, errors);
}

}  // namespace

void add_panel_expert_record_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  const std::string one = std::string(kExperts) + "/{id}";
  add_private_page(router, parts, Method::get, one + "/dane", show_data);
  add_private_page(router, parts, Method::post, one + "/dane", save_data, form);
  add_private_page(router, parts, Method::get, one + "/polacz", show_merge);
  add_private_page(router, parts, Method::post, one + "/polacz", merge, form);
}

}  // namespace narada::http::pages
