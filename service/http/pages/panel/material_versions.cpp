// A newer file of a material, with a note of what has changed.

#include "service/http/pages/panel/material_fields.h"
#include "service/http/pages/panel/material_room.h"
#include "service/http/pages/panel/material_upload.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"

namespace narada::http::pages {
namespace {

using domain::FieldErrors;
using usecases::SignedIn;

struct VersionPage {
  std::string upload;  // key of a file that is here
  std::string name;    // of that file
  std::string note;
  FieldErrors errors;
};

Response show_version(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                      const MaterialRoom& room, const domain::Material& material,
                      const VersionPage& shown) {
  const auto heading = page.text("panel_materials.version_heading", {{"title", material.title}});
  page.title(heading);
  if (!shown.errors.empty()) show_errors(page, shown.errors);
  open_material_page(page, signed_in, place, room, heading);
  fill_upload(page, room, UploadMode::version);
  auto& view = page.view();
  view["upload"] = shown.upload;
  view["upload_name"] = shown.name;
  view["brought_text"] = page.text("panel_materials.brought", {{"name", shown.name}});
  view["f_note"] = shown.note;
  // The plain form beside it has the other.
  view["note_id"] = shown.upload.empty() ? "note_sent" : "note";
  view["action"] = page.link(material_path(room, material.id, "/wersja"));
  view["rows_action"] = page.link(material_path(room, material.id, "/wersja/przyslana"));
  const FormGuard guard(page);
  return with_upload_pass(page, guard.apply(page.render(shown.errors.empty() ? 200 : 422,
                                                        "pages/panel_material_version")));
}

// Of a material that has files; throws Error 404 for a link.
domain::Material find_with_file(const Page& page, const SignedIn& signed_in,
                                const MaterialRoom& room) {
  auto edited = find_edited(page, signed_in, room);
  if (!edited.material.link.empty()) throw Error(404);
  return std::move(edited.material);
}

Response open_version(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  return show_version(page, signed_in, place, room, find_with_file(page, signed_in, room), {});
}

Response save(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
              const MaterialRoom& room, const FormFields& fields, VersionPage shown) {
  const auto material = find_with_file(page, signed_in, room);
  shown.note = fields.value("note");
  if (shown.errors.empty()) {
    const auto added = add_version(page.environment(), person_call(page, fields, signed_in),
                                   material.id, shown.upload, shown.note);
    if (added) return redirect_done(page, room.path, "material_version");
    shown.errors = name_material_errors(errors_of(added.failure(), "change_sent_before"));
    for (const auto& error : shown.errors)
      if (error.field == "file") shown.upload.clear();
  }
  return show_version(page, signed_in, place, room, material, shown);
}

// With a plain form.
Response take_version(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  (void)find_with_file(page, signed_in, room);  // before anything is said of what was sent
  auto posted = read_posted_file(page);
  VersionPage shown;
  shown.errors = posted.fields.errors;
  shown.name = posted.file_name.empty() ? posted.fields.value("upload_name") : posted.file_name;
  if (shown.errors.empty())
    shown.upload = take_posted_upload(page, signed_in, room, posted, shown.errors);
  return save(page, signed_in, place, room, posted.fields, shown);
}

// That a script has sent.
Response take_sent_version(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto fields = read_own_form(page);
  VersionPage shown;
  shown.upload = fields.value("upload");
  shown.name = fields.value("upload_name");
  shown.errors = fields.errors;
  return save(page, signed_in, place, room, fields, shown);
}

}  // namespace

void add_material_version_pages(Router& router, const Parts& parts, const SharedPlace& place) {
  const auto add = [&](Method method, const char* part, const RouteOptions& options, auto handler) {
    add_private_page(
        router, parts, method, place->path + part,
        [place, handler](Page& page, const SignedIn& signed_in) {
          return handler(page, signed_in, *place);
        },
        options);
  };
  RouteOptions form;
  form.body_limit = 64 << 10;
  add(Method::get, "/{material}/wersja", {}, open_version);
  add(Method::post, "/{material}/wersja", file_form_options(parts), take_version);
  add(Method::post, "/{material}/wersja/przyslana", form, take_sent_version);
}

}  // namespace narada::http::pages
