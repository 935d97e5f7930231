// /panel/cykle/{id}/rezultaty/praktyka: a description of a practice begun with what came of a
// cycle.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/results_room.h"
#include "service/usecases/outcomes/practice_draft.h"

namespace narada::http::pages {
namespace {

using usecases::PracticeForm;
using usecases::PracticeOutline;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 64 << 10;

// [{label, text}] of what will be filled in; what is not known says so.
web::View filled_view(const Page& page, const PracticeForm& form) {
  web::View fields = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    fields.push_back({{"label", page.text(label)},
                      {"text", text.empty() ? page.text("results.no_data") : text}});
  };
  add("results.practice_title", form.title);
  add("results.practice_lead", form.lead);
  add("practice.situation_before", form.situation_before);
  add("practice.aim", form.aim);
  add("practice.description", form.description);
  add("practice.results", form.results);
  add("practice.lessons", form.lessons);
  return fields;
}

Response show_of(Page& page, const SignedIn& signed_in, const ResultsRoom& room,
                 const PracticeOutline& outline, const std::vector<std::string>& chosen,
                 const domain::FieldErrors& errors) {
  frame_results(page, signed_in, room, page.text("results.draft_title"));
  if (!errors.empty()) show_errors(page, errors);
  auto& view = page.view();
  view["action"] = page.link(room.path + "/praktyka");
  view["back_url"] = page.link(room.path);
  view["filled"] = filled_view(page, outline.form);
  web::View materials = web::View::array();
  for (const auto& material : outline.materials) {
    const auto value = std::to_string(material.id.value);
    materials.push_back(
        {{"value", value},
         {"label", material.title},
         {"checked", std::find(chosen.begin(), chosen.end(), value) != chosen.end()}});
  }
  view["offered"] = std::move(materials);
  web::View existing = web::View::array();
  for (const auto& practice : outline.existing)
    existing.push_back({{"name", practice.title},
                        {"url", page.link(fmt::format("/panel/praktyki/{}", practice.id.value))}});
  view["existing"] = std::move(existing);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_practice_drafting"));
}

PracticeOutline load(const Page& page, const SignedIn& signed_in, const ResultsRoom& room) {
  return take(
      outline_practice(page.environment(), signed_in.actor, std::get<domain::CycleId>(room.owner)));
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto room = find_results_room(page, signed_in, true);
  const auto outline = load(page, signed_in, room);
  std::vector<std::string> all;
  for (const auto& material : outline.materials) all.push_back(std::to_string(material.id.value));
  return show_of(page, signed_in, room, outline, all, {});
}

Response draft(Page& page, const SignedIn& signed_in) {
  const auto room = find_results_room(page, signed_in, true);
  const auto fields = read_own_form(page);
  std::vector<std::string> chosen;
  for (const auto& [name, value] : fields.fields)
    if (name == "materials") chosen.push_back(value);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto drafted = draft_practice(page.environment(), person_call(page, fields, signed_in),
                                        std::get<domain::CycleId>(room.owner), chosen);
    if (drafted)
      return redirect_done(page, fmt::format("/panel/praktyki/{}", drafted->value),
                           "practice_drafted");
    errors = panel_errors_of(drafted.failure());
  }
  return show_of(page, signed_in, room, load(page, signed_in, room), chosen, errors);
}

}  // namespace

void add_panel_practice_drafting_page(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_private_page(router, parts, Method::get, "/panel/cykle/{id}/rezultaty/praktyka", show);
  add_private_page(router, parts, Method::post, "/panel/cykle/{id}/rezultaty/praktyka", draft,
                   form);
}

}  // namespace narada::http::pages
