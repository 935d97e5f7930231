// /panel/praktyki: what somebody describes or verifies, and a new description.

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/practice_form.h"
#include "service/http/pages/panel/practice_frame.h"
#include "service/http/pages/views.h"
#include "service/usecases/practices/practice_life.h"

namespace narada::http::pages {
namespace {

using domain::Practice;
using domain::PracticeStatus;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 64 << 10;
constexpr const char* kRoom = "/panel/praktyki";

std::string status_text(const Page& page, PracticeStatus status) {
  return page.text("panel_practices.status_" + std::string(to_string(status)));
}

std::string_view color_of(PracticeStatus status) {
  switch (status) {
    case PracticeStatus::published:
      return "success";
    case PracticeStatus::submitted:
    case PracticeStatus::checked:
      return "warning";
    case PracticeStatus::draft:
    case PracticeStatus::archived:
      return "neutral";
  }
  return "neutral";
}

web::View status_options(const Page& page, const std::optional<PracticeStatus>& chosen) {
  web::View options = web::View::array();
  options.push_back(
      {{"option", ""}, {"option_label", page.text("panel_practices.all")}, {"selected", !chosen}});
  for (const auto status :
       {PracticeStatus::draft, PracticeStatus::submitted, PracticeStatus::checked,
        PracticeStatus::published, PracticeStatus::archived})
    options.push_back({{"option", std::string(to_string(status))},
                       {"option_label", status_text(page, status)},
                       {"selected", chosen == status}});
  return options;
}

Response show_list(Page& page, const SignedIn& signed_in) {
  usecases::PracticeRoomFilter filter;
  filter.status = domain::find_practice_status(page.request().query_value("stan"));
  filter.q = page.request().query_value("szukaj").substr(0, 300);
  const auto practices = take(list_practice_room(page.environment(), signed_in.actor, filter));
  open_panel(page, signed_in, PanelRoom::practices, page.text("panel_practices.title"));
  auto& view = page.view();
  view["new_url"] = page.link("/panel/praktyki/nowa");
  view["statuses"] = status_options(page, filter.status);
  view["q"] = filter.q;
  view["action"] = page.link(kRoom);
  view["practices"] = web::View::array();
  for (const auto& practice : practices)
    view["practices"].push_back(
        {{"practice_url", page.link(practice_room_path(practice.id))},
         {"practice_title", practice.title},
         {"state", status_text(page, practice.status)},
         {"state_color", color_of(practice.status)},
         {"featured", practice.featured},
         {"changed", moment_text(page, practice.updated_at)},
         {"turn",
          page.text(practice.waits_for_reader                  ? "panel_practices.turn_yours"
                    : practice.status == PracticeStatus::draft ? "panel_practices.turn_authors"
                    : practice.status == PracticeStatus::submitted ||
                            practice.status == PracticeStatus::checked
                        ? "panel_practices.turn_verifiers"
                        : "panel_practices.turn_nobody")}});
  return page.render(200, "pages/panel_practice_list");
}

FieldSpecs new_specs(const Page& page) {
  const auto sections = practice_sections(page);
  const auto specs = specs_of(sections);
  return {spec_of(specs, "practice_title"), spec_of(specs, "practice_institutions"),
          spec_of(specs, "practice_type")};
}

Response show_new(Page& page, const SignedIn& signed_in, const EditorState& state) {
  if (reach_of(signed_in.actor, domain::Action::edit_practice).nothing()) throw Error(404);
  open_panel(page, signed_in, PanelRoom::practices, page.text("panel_practices.new_title"));
  page.crumb(page.text("panel_practices.title"), kRoom);
  page.view()["action"] = page.link("/panel/praktyki/nowa");
  page.view()["is_polish_side"] = true;
  const int status =
      show_editor(page, {{"practice_new", new_specs(page)}}, PanelNames(page), state);
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_practice_edit"));
}

Response begin_new(Page& page, const SignedIn& signed_in) {
  if (reach_of(signed_in.actor, domain::Action::edit_practice).nothing()) throw Error(404);
  const auto fields = read_own_form(page);
  const PanelNames names(page);
  const auto specs = new_specs(page);
  auto typed = canonical_names(specs, read_texts(fields, specs), names);
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (const auto more = press_list_button(fields, specs, state.texts)) {
    state.more = *more;
    return show_new(page, signed_in, state);
  }
  if (!state.errors.empty()) return show_new(page, signed_in, state);
  usecases::PracticeForm form;
  form.title = typed.at("practice_title");
  form.type = domain::find_practice_type(typed.at("practice_type"));
  for (const auto& name : split_lines(typed.at("practice_institutions")))
    form.institutions.push_back(names.institution_key(name));
  const auto practice =
      create_practice(page.environment(), person_call(page, fields, signed_in), form);
  if (practice) return redirect_done(page, practice_room_path(practice->id), "practice_begun");
  state.errors = practice_input_errors(panel_errors_of(practice.failure()));
  return show_new(page, signed_in, state);
}

}  // namespace

std::string practice_room_path(domain::PracticeId id, std::string_view part) {
  return std::string(kRoom) + "/" + std::to_string(id.value) + std::string(part);
}

void add_practice_tabs(Page& page, domain::PracticeId id, std::string_view part) {
  web::View tabs = web::View::array();
  for (const char* tab : {"", "angielski", "materialy", "weryfikacja", "historia"}) {
    const std::string name(tab);
    tabs.push_back({{"tab_url", page.link(practice_room_path(id, name.empty() ? "" : "/" + name))},
                    {"tab_label", page.text("panel_practices.tab_" +
                                            (name.empty() ? std::string("opis") : name))},
                    {"tab_current", part == name}});
  }
  page.view()["tabs"] = std::move(tabs);
}

void frame_practice(Page& page, const SignedIn& signed_in, const Practice& practice,
                    std::string_view part) {
  page.view()["crumbs"] = web::View::array();
  open_panel(page, signed_in, PanelRoom::practices, practice.title);
  page.crumb(page.text("panel_practices.title"), kRoom);
  add_practice_tabs(page, practice.id, part);
  page.view()["standing"] = {{"tag_color", color_of(practice.status)},
                             {"tag_text", status_text(page, practice.status)},
                             {"public_url", practice.status == PracticeStatus::published
                                                ? page.link("/praktyki/" + practice.slug)
                                                : ""}};
}

void add_panel_practice_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_private_page(router, parts, Method::get, kRoom, show_list);
  add_private_page(
      router, parts, Method::get, "/panel/praktyki/nowa",
      [](Page& page, const SignedIn& signed_in) {
        return show_new(
            page, signed_in,
            stored_state(
                {{"practice_title", ""}, {"practice_institutions", ""}, {"practice_type", ""}}, 0));
      });
  add_private_page(router, parts, Method::post, "/panel/praktyki/nowa", begin_new, form);
  add_panel_practice_editor(router, parts);
  add_panel_practice_steps(router, parts);
  add_panel_practice_history(router, parts);
}

}  // namespace narada::http::pages
