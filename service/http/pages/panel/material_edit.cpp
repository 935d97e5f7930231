// A material's facts, of a stored one and of a new link.

#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/material_fields.h"
#include "service/http/pages/panel/material_room.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"

namespace narada::http::pages {
namespace {

using usecases::EditedMaterial;
using usecases::FieldTexts;
using usecases::ReadableMaterial;
using usecases::SignedIn;

web::View merge_view(const Page& page, const EditorState& state) {
  const auto entries = [&](const std::vector<std::string>& names) {
    web::View views = web::View::array();
    for (const auto& name : names)
      views.push_back({{"id", name},
                       {"label", page.text("panel_materials." + name)},
                       {"stored", state.stored.at(name)}});
    return views;
  };
  const bool undecided = !state.merge->conflicts.empty();
  return {{"heading", page.text("planner.merge_heading")},
          {"text", page.text(undecided ? "planner.merge_decide" : "planner.merge_ready")},
          {"taken", entries(state.merge->taken_over)},
          {"conflicts", entries(state.merge->conflicts)}};
}

// ---- A stored one.

std::vector<ReadableMaterial> others_of(const Page& page, const SignedIn& signed_in,
                                        const MaterialRoom& room, domain::MaterialId material) {
  auto all = load_room(page, signed_in, room);
  std::erase_if(all, [&](const ReadableMaterial& one) { return one.material.id == material; });
  return all;
}

void fill_file(Page& page, const MaterialRoom& room, const domain::Material& material) {
  auto& view = page.view();
  view["is_link"] = material.versions.empty();
  view["of_file"] = "";
  view["version_url"] = "";
  if (material.versions.empty()) return;
  const auto& newest = material.versions.front();
  view["of_file"] = page.text("panel_materials.of_file", {{"name", newest.file_name},
                                                          {"size", size_text(page, newest.size)},
                                                          {"number", std::int64_t{newest.number}}});
  view["version_url"] = page.link(material_path(room, material.id, "/wersja"));
}

// The exception for a file that is held back, for organizers.
void fill_exemption(Page& page, const MaterialRoom& room, const domain::Material& material) {
  auto& view = page.view();
  const bool withheld =
      !material.versions.empty() && domain::is_withheld(material, material.versions.front());
  const bool asked = room.organizes && (withheld || !material.exemption.empty());
  view["exempt_action"] =
      asked ? page.link(material_path(room, material.id, "/wyjatek")) : std::string();
  view["exempt_operation"] = usecases::make_token();
  if (!view.contains("exemption")) view["exemption"] = material.exemption;
}

Response show_editor_of(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                        const MaterialRoom& room, const EditedMaterial& edited,
                        const EditorState& state) {
  const auto& material = edited.material;
  const auto heading = page.text("panel_materials.edit_heading", {{"title", material.title}});
  page.title(heading);
  if (!state.errors.empty()) show_errors(page, state.errors);
  open_material_page(page, signed_in, place, room, heading);
  auto& view = page.view();
  fill_material_fields(page, room, state.texts, others_of(page, signed_in, room, material.id));
  fill_file(page, room, material);
  fill_exemption(page, room, material);
  if (state.merge) view["merge"] = merge_view(page, state);
  view["version"] = std::to_string(state.version);
  view["seen"] = state.seen;
  view["asks_tell"] = has_participants(room) && !material.told.has_value();
  view["submit"] = page.text("panel_materials.edit_save");
  view["action"] = page.link(material_path(room, material.id));
  const int status = !state.errors.empty() ? 422 : state.merge ? 409 : 200;
  const FormGuard guard(page);
  return guard.apply(page.render(status, "pages/panel_material_edit"));
}

Response edit(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto edited = find_edited(page, signed_in, room);
  return show_editor_of(page, signed_in, place, room, edited,
                        stored_state(stored_material_texts(edited.form), edited.material.version));
}

// What the page did not ask stays as it was.
FieldTexts read_edited(const FormFields& fields, const MaterialRoom& room,
                       const EditedMaterial& edited) {
  auto typed = read_material_texts(fields);
  const auto stored = stored_material_texts(edited.form);
  if (edited.material.told || !has_participants(room)) typed["tell"] = stored.at("tell");
  if (!edited.material.versions.empty()) typed["link"] = "";
  if (!room.organizes || !fields.has("expert")) typed["expert"] = stored.at("expert");
  if (!fields.has("edition_of")) typed["edition_of"] = stored.at("edition_of");
  return typed;
}

Response save(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto edited = find_edited(page, signed_in, room);
  const auto fields = read_own_form(page);
  const auto typed = read_edited(fields, room, edited);
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  const auto form = material_form_of(typed, state.errors);
  if (state.errors.empty()) {
    const auto saved = change_material(page.environment(), person_call(page, fields, signed_in),
                                       edited.material.id, state.version, form);
    if (saved) return redirect_done(page, room.path, "material_changed");
    if (std::holds_alternative<domain::Stale>(saved.failure())) {
      auto merged =
          merged_state(fields, typed, stored_material_texts(edited.form), edited.material.version);
      if (!merged) return redirect_done(page, room.path, "material_changed");
      return show_editor_of(page, signed_in, place, room, edited, *merged);
    }
    state.errors = name_material_errors(errors_of(saved.failure(), "change_sent_before"));
  }
  return show_editor_of(page, signed_in, place, room, edited, state);
}

Response exempt(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto edited = find_edited(page, signed_in, room);
  if (!room.organizes) throw Error(404);
  const auto fields = read_own_form(page);
  auto errors = fields.errors;
  if (errors.empty()) {
    const auto saved = exempt_material(page.environment(), person_call(page, fields, signed_in),
                                       edited.material.id, fields.value("reason"));
    if (saved) return redirect_done(page, room.path, "material_exempted");
    errors = errors_of(saved.failure(), "change_sent_before");
  }
  page.view()["exemption"] = fields.value("reason");
  auto state = stored_state(stored_material_texts(edited.form), edited.material.version);
  state.errors = errors;
  return show_editor_of(page, signed_in, place, room, edited, state);
}

// ---- A new link.

Response show_link(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                   const MaterialRoom& room, const FieldTexts& texts,
                   const domain::FieldErrors& errors = {}) {
  const auto heading = page.text("panel_materials.link_heading", {{"title", room.title}});
  page.title(heading);
  if (!errors.empty()) show_errors(page, errors);
  open_material_page(page, signed_in, place, room, heading);
  fill_material_fields(page, room, texts, load_room(page, signed_in, room));
  auto& view = page.view();
  view["is_link"] = true;
  view["asks_tell"] = has_participants(room);
  view["submit"] = page.text("panel_materials.link_save");
  view["action"] = page.link(material_path(room, "/link"));
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_material_edit"));
}

Response open_link(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = find_open_room(page, signed_in, place);
  auto texts = new_material_texts(page, room);
  if (page.request().query_value("rodzaj").empty()) texts["kind"] = "recording";
  return show_link(page, signed_in, place, room, texts);
}

Response add_link(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = find_open_room(page, signed_in, place);
  const auto fields = read_own_form(page);
  auto texts = read_material_texts(fields);
  if (!room.organizes) texts["expert"] = room.expert_slug;
  auto errors = fields.errors;
  const auto form = material_form_of(texts, errors);
  if (errors.empty() && form.link.empty()) errors.push_back({"link", "required"});
  if (errors.empty()) {
    const auto added =
        add_material(page.environment(), person_call(page, fields, signed_in), room.owner, form);
    if (added) return redirect_done(page, room.path, "material_added");
    errors = name_material_errors(errors_of(added.failure(), "change_sent_before"));
  }
  return show_link(page, signed_in, place, room, texts, errors);
}

}  // namespace

void add_material_edit_pages(Router& router, const Parts& parts, const SharedPlace& place) {
  const auto add = [&](Method method, const char* part, auto handler) {
    RouteOptions options;
    options.body_limit = 64 << 10;
    add_private_page(
        router, parts, method, place->path + part,
        [place, handler](Page& page, const SignedIn& signed_in) {
          return handler(page, signed_in, *place);
        },
        options);
  };
  add(Method::get, "/link", open_link);
  add(Method::post, "/link", add_link);
  add(Method::get, "/{material}", edit);
  add(Method::post, "/{material}", save);
  add(Method::post, "/{material}/wyjatek", exempt);
}

}  // namespace narada::http::pages
