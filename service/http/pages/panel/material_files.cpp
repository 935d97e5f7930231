// New files: several that a script has sent, or one with a plain form.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/panel/material_fields.h"
#include "service/http/pages/panel/material_room.h"
#include "service/http/pages/panel/material_upload.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"

namespace narada::http::pages {
namespace {

using domain::FieldErrors;
using usecases::FieldTexts;
using usecases::SignedIn;

constexpr int kMostRows = 50;
constexpr std::array kRowFields = {"upload", "name",     "title",      "kind",
                                   "access", "alt_text", "has_consent"};

// What one file becomes: the texts of its row.
struct FileRow {
  int number = 0;  // in the names of its inputs
  FieldTexts texts;
  FieldErrors errors;
};

struct FilesPage {
  FieldTexts texts;           // of the plain form
  std::string upload;         // key of the file that came with it
  std::string upload_name;    // of that file
  std::vector<FileRow> rows;  // of the form that saves what has arrived
  bool tell = true;           // those
  FieldErrors errors;
};

std::string row_field(std::string_view name, int number) {
  return fmt::format("{}_{}", name, number);
}

// Also the template's, with number 0 and nothing in it.
web::View row_view(const Page& page, const FileRow& row) {
  const auto text = [&](const char* name) {
    const auto found = row.texts.find(name);
    return found == row.texts.end() ? std::string() : found->second;
  };
  web::View view = {{"n", std::to_string(row.number)},
                    {"file_name", text("name")},
                    {"upload", text("upload")},
                    {"title", text("title")},
                    {"kinds", kind_options(page, text("kind"))},
                    {"accesses", access_options(page, text("access"))},
                    {"alt_text", text("alt_text")},
                    {"has_consent", text("has_consent") == "yes"},
                    {"error", ""},
                    {"error_title", ""},
                    {"error_alt_text", ""},
                    {"error_has_consent", ""}};
  for (const auto& error : row.errors) {
    const auto known = view.contains("error_" + error.field);
    view[known ? "error_" + error.field : std::string("error")] = page.text(error);
  }
  return view;
}

void fill_rows(Page& page, const FilesPage& shown) {
  auto& view = page.view();
  view["sent"] = web::View::array();
  for (const auto& row : shown.rows) view["sent"].push_back(row_view(page, row));
  FileRow blank;
  blank.texts["access"] = "everybody";
  view["blank_row"] = row_view(page, blank);
}

// Each error under the name of its input.
FieldErrors all_errors(const FilesPage& shown) {
  auto errors = shown.errors;
  for (const auto& row : shown.rows)
    for (const auto& error : row.errors) {
      const bool own =
          error.field == "title" || error.field == "alt_text" || error.field == "has_consent";
      auto named = error;
      named.field = row_field(own ? error.field : "upload", row.number);
      errors.push_back(std::move(named));
    }
  return errors;
}

// In the summary each error of a row says whose it is.
void label_errors(Page& page, const FilesPage& shown) {
  for (auto& error : page.view()["errors"])
    for (const auto& row : shown.rows) {
      const auto ending = fmt::format("_{}", row.number);
      if (error["field"].get<std::string>().ends_with(ending))
        error["label"] = row.texts.at("name");
    }
}

Response show_files(Page& page, const SignedIn& signed_in, const MaterialPlace& place,
                    const MaterialRoom& room, const FilesPage& shown) {
  const auto heading = page.text("panel_materials.files_heading", {{"title", room.title}});
  const auto errors = all_errors(shown);
  page.title(heading);
  if (!errors.empty()) {
    show_errors(page, errors);
    label_errors(page, shown);
  }
  open_material_page(page, signed_in, place, room, heading);
  const auto& limits = page.environment().materials;
  auto& view = page.view();
  view["lead"] = page.text("panel_materials.files_lead",
                           {{"limit", size_text(page, static_cast<std::int64_t>(limits.file))}});
  fill_material_fields(page, room, shown.texts, load_room(page, signed_in, room));
  fill_upload(page, room, UploadMode::files, shown.rows.size());
  fill_rows(page, shown);
  view["tell"] = shown.tell;
  view["asks_tell"] = has_participants(room);
  view["upload"] = shown.upload;
  view["brought_text"] = page.text("panel_materials.brought", {{"name", shown.upload_name}});
  view["upload_name"] = shown.upload_name;
  view["action"] = page.link(material_path(room, "/nowe"));
  view["rows_action"] = page.link(material_path(room, "/przyslane"));
  const FormGuard guard(page);
  return with_upload_pass(
      page, guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_material_files")));
}

Response open_files(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = find_open_room(page, signed_in, place);
  FilesPage shown;
  shown.texts = new_material_texts(page, room);
  return show_files(page, signed_in, place, room, shown);
}

// ---- One file with a plain form.

Response take_file(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = find_open_room(page, signed_in, place);
  auto posted = read_posted_file(page);
  FilesPage shown;
  shown.texts = read_material_texts(posted.fields);
  if (!room.organizes) shown.texts["expert"] = room.expert_slug;
  shown.errors = posted.fields.errors;
  auto form = material_form_of(shown.texts, shown.errors);
  form.link.clear();
  // A file that came with a wrong form is kept: only the words are typed again.
  const auto name = posted.file_name;
  if (posted.fields.errors.empty())
    shown.upload = take_posted_upload(page, signed_in, room, posted, shown.errors);
  shown.upload_name = name.empty() ? posted.fields.value("upload_name") : name;
  form.upload = shown.upload;
  if (shown.errors.empty()) {
    const auto added = add_material(page.environment(), person_call(page, posted.fields, signed_in),
                                    room.owner, form);
    if (added) return redirect_done(page, room.path, "material_added");
    shown.errors = name_material_errors(errors_of(added.failure(), "change_sent_before"));
    const bool gone = std::any_of(shown.errors.begin(), shown.errors.end(),
                                  [](const auto& error) { return error.field == "file"; });
    if (gone) shown.upload.clear();
  }
  shown.tell = shown.texts["tell"] == "yes";
  return show_files(page, signed_in, place, room, shown);
}

// ---- Those that have arrived piece by piece.

std::vector<FileRow> read_rows(const FormFields& fields) {
  std::vector<FileRow> rows;
  for (int number = 1; number <= kMostRows; ++number) {
    if (fields.value(row_field("upload", number)).empty()) continue;
    FileRow row;
    row.number = number;
    for (const char* name : kRowFields) row.texts[name] = fields.value(row_field(name, number));
    rows.push_back(std::move(row));
  }
  return rows;
}

// One write for each, so that one wrong row holds up no other.
FieldErrors save_row(const Page& page, const SignedIn& signed_in, const MaterialRoom& room,
                     const FormFields& fields, const FileRow& row) {
  FieldErrors errors;
  auto texts = new_material_texts(page, room);
  for (const auto& [name, text] : row.texts) texts[name] = text;
  texts["tell"] = fields.value("tell");
  auto form = material_form_of(texts, errors);
  form.upload = row.texts.at("upload");
  auto call = person_call(page, fields, signed_in);
  if (call.idempotency_key) *call.idempotency_key += ' ' + usecases::hash_token(form.upload);
  const auto added = add_material(page.environment(), call, room.owner, form);
  if (added) return {};
  return name_material_errors(errors_of(added.failure(), "change_sent_before"));
}

Response take_rows(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = find_open_room(page, signed_in, place);
  const auto fields = read_own_form(page);
  FilesPage shown;
  shown.texts = new_material_texts(page, room);
  shown.rows = read_rows(fields);
  shown.tell = fields.value("tell") == "yes";
  shown.errors = fields.errors;
  const auto dropped = fields.value("drop");
  std::erase_if(shown.rows,
                [&](const FileRow& row) { return std::to_string(row.number) == dropped; });
  if (!dropped.empty() || !shown.errors.empty())
    return show_files(page, signed_in, place, room, shown);
  const auto count = shown.rows.size();
  if (count == 0) shown.errors.push_back({"", "upload_needed"});
  std::erase_if(shown.rows, [&](FileRow& row) {
    row.errors = save_row(page, signed_in, room, fields, row);
    return row.errors.empty();
  });
  if (count > 0 && shown.rows.empty())
    return redirect_done(page, room.path, count == 1 ? "material_added" : "materials_added");
  return show_files(page, signed_in, place, room, shown);
}

}  // namespace

void add_material_file_pages(Router& router, const Parts& parts, const SharedPlace& place) {
  const auto add = [&](Method method, const char* part, const RouteOptions& options, auto handler) {
    add_private_page(
        router, parts, method, place->path + part,
        [place, handler](Page& page, const SignedIn& signed_in) {
          return handler(page, signed_in, *place);
        },
        options);
  };
  RouteOptions form;
  form.body_limit = 256 << 10;
  add(Method::get, "/nowe", {}, open_files);
  add(Method::post, "/nowe", file_form_options(parts), take_file);
  add(Method::post, "/przyslane", form, take_rows);
}

}  // namespace narada::http::pages
