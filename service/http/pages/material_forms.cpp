// Lists of materials as those see them who work on them: order, removal, and who sees what.

#include "service/http/pages/material_forms.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "service/http/pages/panel/material_room.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using domain::MaterialId;
using usecases::ReadableMaterial;
using usecases::SignedIn;

std::string lead_of(const Page& page, const MaterialRoom& room) {
  constexpr std::array kLeads = {"panel_materials.lead_meeting", "panel_materials.lead_cycle",
                                 "panel_materials.lead_practice"};
  return page.text(kLeads.at(room.owner.index()));
}

void fill_removed(Page& page, const SignedIn& signed_in, const MaterialRoom& room) {
  auto& view = page.view();
  view["removed"] = web::View::array();
  if (!room.organizes) return;
  const auto removed = list_removed_materials(page.environment(), signed_in.actor, room.owner);
  if (!removed) return;
  for (const auto& one : *removed)
    view["removed"].push_back({{"id", std::to_string(one.material.id.value)},
                               {"title", one.material.title},
                               {"when", page.text("panel_materials.kept_until",
                                                  {{"when", moment_text(page, one.purged_at)}})},
                               {"restore_name", page.text("panel_materials.restore_of",
                                                          {{"title", one.material.title}})}});
}

// What is asked of the documents of this meeting, for its organizers.
void fill_rules(Page& page, const SignedIn& signed_in, const MaterialRoom& room) {
  auto& view = page.view();
  view["rules"] = web::View::array();
  const auto* meeting = std::get_if<domain::MeetingId>(&room.owner);
  if (!room.organizes || !meeting) return;
  const auto rules = load_accessibility_rules(page.environment(), signed_in.actor, *meeting);
  if (!rules) return;
  const auto word = [&](domain::AccessibilityRule rule) {
    return page.text("panel_materials.rule_" + std::string(to_string(rule)));
  };
  std::vector<std::pair<std::string, std::string>> options = {
      {"",
       page.text("panel_materials.rule_as_installation", {{"rule", word(rules->installation)}})}};
  for (const auto rule : {domain::AccessibilityRule::none, domain::AccessibilityRule::advice,
                          domain::AccessibilityRule::required})
    options.emplace_back(to_string(rule), word(rule));
  view["rules"] = options_view(options, rules->own ? to_string(*rules->own) : "");
  view["rule_operation"] = usecases::make_token();
}

Response show_list(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                   const domain::FieldErrors& errors = {}) {
  const auto room = place.find(page, signed_in);
  auto& view = page.view();
  page.title(page.text("panel_materials.heading", {{"title", room.title}}));
  if (!errors.empty()) show_errors(page, errors);
  open_material_page(page, signed_in, place, room,
                     page.text("panel_materials.heading", {{"title", room.title}}));
  view["lead"] = lead_of(page, room);
  view["action"] = page.link(room.path);
  view["public_url"] = room.public_path.empty() ? std::string() : page.link(room.public_path);
  fill_materials(page, signed_in, room);
  fill_removed(page, signed_in, room);
  fill_rules(page, signed_in, room);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_materials"));
}

std::optional<MaterialId> material_in(const std::string& text) {
  MaterialId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (error != std::errc() || end != text.data() + text.size() || id.value < 1) return std::nullopt;
  return id;
}

Response save_rule(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                   const MaterialRoom& room, const FormFields& fields) {
  const auto* meeting = std::get_if<domain::MeetingId>(&room.owner);
  if (!room.organizes || !meeting) throw Error(400);
  const auto saved =
      save_accessibility_rule(page.environment(), person_call(page, fields, signed_in), *meeting,
                              domain::find_accessibility_rule(fields.value("rule")));
  if (saved) return redirect_done(page, room.path, "material_rule_saved");
  return show_list(page, signed_in, place, errors_of(saved.failure(), "change_sent_before"));
}

// The step that a button of the list asks for.
Response step(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_list(page, signed_in, place, fields.errors);
  if (fields.value("do") == "rule") return save_rule(page, signed_in, place, room, fields);
  const auto material = material_in(fields.value("material"));
  if (!material) throw Error(400);
  const auto call = person_call(page, fields, signed_in);
  const auto wanted = fields.value("do");
  if (wanted == "restore") {
    const auto done = restore_material(page.environment(), call, *material);
    if (done) return redirect_done(page, room.path, "material_restored");
    return show_list(page, signed_in, place, errors_of(done.failure(), "change_sent_before"));
  }
  if (wanted != "up" && wanted != "down") throw Error(400);
  const auto move = wanted == "up" ? domain::MaterialMove::up : domain::MaterialMove::down;
  const auto done = move_material(page.environment(), call, *material, move);
  if (done) return redirect_done(page, room.path, "material_moved");
  return show_list(page, signed_in, place, errors_of(done.failure(), "change_sent_before"));
}

// ---- Removal.

Response show_removal(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                      const domain::FieldErrors& errors = {}) {
  const auto room = place.find(page, signed_in);
  const auto edited = find_edited(page, signed_in, room);
  const auto numbers = take(load_material_numbers(page.environment(), signed_in.actor, room.owner));
  const auto& material = edited.material;
  const auto heading = page.text("panel_materials.remove_heading", {{"title", material.title}});
  page.title(heading);
  if (!errors.empty()) show_errors(page, errors);
  open_material_page(page, signed_in, place, room, heading);
  auto& view = page.view();
  view["text"] = page.text(room.organizes ? "panel_materials.remove_text"
                                          : "panel_materials.remove_text_expert");
  const auto taken = numbers.taken.find(material.id);
  view["taken"] =
      taken == numbers.taken.end()
          ? std::string()
          : page.text("panel_materials.remove_taken", {{"count", std::int64_t{taken->second}}});
  view["action"] = page.link(material_path(room, material.id, "/usun"));
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_material_remove"));
}

Response remove(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto edited = find_edited(page, signed_in, room);
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) return show_removal(page, signed_in, place, fields.errors);
  const auto done =
      remove_material(page.environment(), person_call(page, fields, signed_in), edited.material.id);
  if (done) return redirect_done(page, room.path, "material_removed");
  return show_removal(page, signed_in, place, errors_of(done.failure(), "change_sent_before"));
}

}  // namespace

void open_material_page(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                        const MaterialRoom& room, const std::string& heading) {
  const bool has_errors = page.view().contains("errors");
  page.view()["crumbs"] = web::View::array();
  place.open(page, signed_in, room,
             has_errors ? page.text("form.error_title", {{"title", heading}}) : heading);
  page.view()["heading"] = heading;
  page.view()["list_url"] = page.link(room.path);
}

bool has_participants(const MaterialRoom& room) {
  return !std::holds_alternative<domain::PracticeId>(room.owner);
}

MaterialRoom find_open_room(const Page& page, const SignedIn& signed_in,
                            const MaterialPlace& place) {
  auto room = place.find(page, signed_in);
  if (!room.closed_since.empty()) throw Error(404);
  return room;
}

std::vector<ReadableMaterial> load_room(const Page& page, const SignedIn& signed_in,
                                        const MaterialRoom& room) {
  return take(list_materials(page.environment(), signed_in.actor, room.owner));
}

usecases::EditedMaterial find_edited(const Page& page, const SignedIn& signed_in,
                                     const MaterialRoom& room) {
  auto edited = take(find_edited_material(page.environment(), signed_in.actor,
                                          MaterialId{id_of(page.request(), "material")}));
  if (edited.material.owner != room.owner) throw Error(404);
  return edited;
}

void fill_materials(Page& page, const SignedIn& signed_in, const MaterialRoom& room) {
  const auto numbers = take(load_material_numbers(page.environment(), signed_in.actor, room.owner));
  fill_material_sections(page, room, load_room(page, signed_in, room), numbers);
  auto& view = page.view();
  view["closed_since"] = room.closed_since;
  view["files_url"] = page.link(material_path(room, "/nowe"));
  view["link_url"] = page.link(material_path(room, "/link"));
  view["preview_url"] = page.link(material_path(room, "/podglad"));
  view["material_action"] = page.link(room.path);
  view["step_operation"] = usecases::make_token();
  view["usage"] = usage_view(page, room, numbers);
}

void add_material_pages(Router& router, const Parts& parts, MaterialPlace place) {
  const auto shared = std::make_shared<const MaterialPlace>(std::move(place));
  const auto add = [&](Method method, const char* part, auto handler) {
    RouteOptions options;
    options.body_limit = 64 << 10;
    add_private_page(
        router, parts, method, shared->path + part,
        [shared, handler](Page& page, const SignedIn& signed_in) {
          return handler(page, signed_in, *shared);
        },
        options);
  };
  add(Method::get, "", [](Page& page, const SignedIn& signed_in, const MaterialPlace& where) {
    return show_list(page, signed_in, where);
  });
  add(Method::post, "", step);
  add(Method::get, "/{material}/usun",
      [](Page& page, const SignedIn& signed_in, const MaterialPlace& where) {
        return show_removal(page, signed_in, where);
      });
  add(Method::post, "/{material}/usun", remove);
  add_material_preview_pages(router, parts, shared);
  add_material_file_pages(router, parts, shared);
  add_material_version_pages(router, parts, shared);
  add_material_edit_pages(router, parts, shared);
}

}  // namespace narada::http::pages
