// /panel/instytucje/import: a file of institutions, looked at before anything is stored.

#include <algorithm>

#include "service/http/edge/url_encoding.h"
#include "service/http/multipart.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institution_preview.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::ImportPreview;
using usecases::SignedIn;

constexpr const char* kInstitutions = "/panel/instytucje";
constexpr const char* kImport = "/panel/instytucje/import";
// A file, or its text, with room for the other fields.
constexpr std::uint64_t kMostOctets = 2 * usecases::kMostImportOctets + (64 << 10);

struct Upload {
  OwnForm form;      // the short fields
  std::string file;  // the uploaded file, else the pasted text
};

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

Upload read_upload(const Page& page) {
  const auto& request = page.request();
  const auto type = request.header("content-type");
  Upload upload;
  if (!type.starts_with("multipart/form-data")) {
    upload.form = read_own_form(page);
    upload.file = upload.form.value("csv");
    return upload;
  }
  auto parts = parse_multipart_form(type, request.body);
  if (!parts) throw Error(400, "a malformed multipart body");
  FormFields fields;
  std::string pasted;
  for (auto& part : *parts) {
    if (part.file_name) {
      if (part.name == "file" && !part.content.empty()) upload.file = std::move(part.content);
    } else if (part.name == "csv") {
      pasted = std::move(part.content);
    } else if (is_plain(part.content)) {
      fields.fields.emplace_back(std::move(part.name), std::move(part.content));
    } else {
      fields.invalid.push_back(std::move(part.name));
    }
  }
  upload.form = check_own_form(page, std::move(fields));
  if (upload.file.empty()) upload.file = std::move(pasted);
  return upload;
}

void open(Page& page, const SignedIn& signed_in) {
  open_panel(page, signed_in, PanelRoom::institutions, page.text("panel.import_title"));
  page.crumb(page.text("panel.institutions"), kInstitutions);
  page.view()["preview_action"] = page.link(kImport);
  page.view()["apply_action"] = page.link(std::string(kImport) + "/zapis");
}

Response show_form(Page& page, const SignedIn& signed_in, const std::string& text = {},
                   const domain::FieldErrors& errors = {}) {
  require(signed_in, Action::edit_catalogue);
  open(page, signed_in);
  page.view()["csv"] = text;
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 422, "pages/panel_import");
}

std::string change_value(const Page& page, const std::string& field, const std::string& value) {
  if (value.empty()) return page.text("panel.empty_value");
  return field == "kind" ? word(page, "institution_kind", value) : value;
}

web::View row_view(const Page& page, const usecases::PreviewRow& row) {
  web::View view = {{"line", std::to_string(row.line)}, {"teryt", row.teryt}, {"name", row.name}};
  view["changes"] = web::View::array();
  for (const auto& change : row.changes)
    view["changes"].push_back({{"field", word(page, "panel_field", change.field)},
                               {"before", change_value(page, change.field, change.before)},
                               {"after", change_value(page, change.field, change.after)}});
  view["errors_of_row"] = web::View::array();
  for (const auto& error : row.errors) {
    const auto column = error.field.substr(0, error.field.find('['));
    view["errors_of_row"].push_back(
        {{"field", word(page, "panel_field", column)}, {"rule", page.text(error)}});
  }
  return view;
}

web::View row_views(const Page& page, const std::vector<usecases::PreviewRow>& rows) {
  web::View views = web::View::array();
  for (const auto& row : rows) views.push_back(row_view(page, row));
  return views;
}

std::int64_t count_of(const std::vector<usecases::PreviewRow>& rows) {
  return static_cast<std::int64_t>(rows.size());
}

Response show_preview(Page& page, const SignedIn& signed_in, const ImportPreview& preview,
                      const domain::FieldErrors& errors = {}) {
  open(page, signed_in);
  auto& view = page.view();
  view["preview"] = {
      {"summary", page.text("panel.import_summary", {{"added", count_of(preview.added)},
                                                     {"changed", count_of(preview.changed)},
                                                     {"unchanged", std::int64_t{preview.unchanged}},
                                                     {"wrong", count_of(preview.wrong)}})},
      {"new_associations", preview.new_associations},
      {"added", row_views(page, preview.added)},
      {"changed", row_views(page, preview.changed)},
      {"wrong", row_views(page, preview.wrong)},
      {"can_apply", preview.can_apply()},
      {"nothing_new", preview.wrong.empty() && !preview.can_apply()},
      {"digest", preview.digest}};
  view["csv"] = preview.text;
  if (!errors.empty()) show_errors(page, errors);
  return page.render(errors.empty() ? 200 : 409, "pages/panel_import");
}

// A text shown again must be one: a file in another encoding is chosen again.
std::string shown_again(const Upload& upload, const domain::FieldErrors& errors) {
  const bool unreadable = std::any_of(errors.begin(), errors.end(), [](const auto& error) {
    return error.code == "not_utf8" || error.code == "file_too_large";
  });
  const bool shown = !unreadable && edge::is_utf8(upload.file) &&
                     !edge::has_control_characters(upload.file, edge::LineBreaks::allowed);
  return shown ? upload.file : std::string();
}

Response preview(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto upload = read_upload(page);
  if (!upload.form.errors.empty())
    return show_form(page, signed_in, shown_again(upload, {}), upload.form.errors);
  const auto found = preview_import(page.environment(), signed_in.actor, upload.file);
  if (!found) {
    const auto errors = errors_of(found.failure(), "change_sent_before");
    return show_form(page, signed_in, shown_again(upload, errors), errors);
  }
  return show_preview(page, signed_in, *found);
}

Response apply(Page& page, const SignedIn& signed_in) {
  require(signed_in, Action::edit_catalogue);
  const auto upload = read_upload(page);
  if (!upload.form.errors.empty())
    return show_form(page, signed_in, shown_again(upload, {}), upload.form.errors);
  auto call = person_call(page, upload.form, signed_in);
  call.request_digest = usecases::hash_token(call.request_digest + upload.file);
  const auto applied =
      apply_import(page.environment(), call, upload.file, upload.form.value("digest"));
  if (applied) return redirect_done(page, kInstitutions, "imported");
  const auto errors = errors_of(applied.failure(), "import_sent_before");
  const auto again = preview_import(page.environment(), signed_in.actor, upload.file);
  if (again) return show_preview(page, signed_in, *again, errors);
  return show_form(page, signed_in, shown_again(upload, errors), errors);
}

}  // namespace

void add_panel_import_pages(Router& router, const Parts& parts) {
  RouteOptions large;
  large.body_limit = kMostOctets;
  const auto show = [](Page& page, const SignedIn& signed_in) {
    return show_form(page, signed_in);
  };
  add_private_page(router, parts, Method::get, kImport, show);
  add_private_page(router, parts, Method::post, kImport, preview, large);
  add_private_page(router, parts, Method::post, std::string(kImport) + "/zapis", apply, large);
}

}  // namespace narada::http::pages
