#include "service/http/pages/panel/material_upload.h"

#include <array>

#include "service/http/multipart.h"
#include "service/http/pages/panel/material_views.h"

namespace narada::http::pages {
namespace {

constexpr std::uint64_t kFieldOctets = 256 << 10;  // of all fields of a form beside its file

constexpr std::array kOwnerKinds = {"meeting", "cycle", "practice"};

}  // namespace

void fill_upload(Page& page, const MaterialRoom& room, UploadMode mode, std::size_t rows) {
  auto& view = page.view();
  const auto& limits = page.environment().materials;
  const auto limit = size_text(page, static_cast<std::int64_t>(limits.file));
  const auto form_limit = size_text(page, static_cast<std::int64_t>(limits.form));
  const bool single = mode == UploadMode::version;
  view["single"] = single;
  view["upload_mode"] = single ? "version" : "files";
  view["owner_kind"] = kOwnerKinds.at(room.owner.index());
  view["owner_id"] = std::to_string(std::visit([](auto id) { return id.value; }, room.owner));
  view["most"] = std::to_string(limits.file);
  view["row_count"] = std::to_string(rows);
  view["accept"] = kAcceptedEndings;
  view["picker_label"] = page.text(single ? "upload.picker_one" : "upload.picker");
  view["picker_hint"] =
      page.text(single ? "upload.picker_one_hint" : "upload.picker_hint", {{"limit", limit}});
  view["plain_text"] = page.text("panel_materials.plain_text", {{"limit", form_limit}});
  view["file_hint"] = page.text("panel_materials.file_hint", {{"limit", form_limit}});
  // The script puts its own values where these names stand.
  const web::MessageArguments names = {{"name", "{name}"},
                                       {"percent", "{percent}"},
                                       {"sent", "{sent}"},
                                       {"total", "{total}"},
                                       {"limit", "{limit}"}};
  for (const char* text : {"sending", "announce", "unfinished", "cancelled", "arrived", "twice",
                           "other_file", "too_large"})
    view[std::string("text_") + text] = page.text(std::string("upload.") + text, names);
}

RouteOptions file_form_options(const Parts& parts) {
  RouteOptions options;
  options.body_limit = parts.environment->materials.form + kFieldOctets;
  return options;
}

PostedFile read_posted_file(const Page& page) {
  const auto& request = page.request();
  const auto type = request.header("content-type");
  if (!type.starts_with("multipart/form-data")) throw Error(415);
  auto parts = parse_multipart_form(type, request.body);
  if (!parts) throw Error(400, "a malformed multipart body");
  FormFields fields;
  PostedFile posted;
  for (auto& part : *parts) {
    if (!part.file_name) {
      fields.fields.emplace_back(part.name, part.content);
    } else if (part.name == "file" && !part.file_name->empty()) {
      posted.file_name = *part.file_name;
      posted.file = usecases::FormFile::begin(page.environment());
      if (posted.file) posted.file->write(part.content);
    }
  }
  posted.fields = check_own_form(page, std::move(fields));
  return posted;
}

std::string take_posted_upload(const Page& page, const usecases::SignedIn& signed_in,
                               const MaterialRoom& room, PostedFile& posted,
                               domain::FieldErrors& errors) {
  if (posted.file_name.empty()) return posted.fields.value("upload");
  auto call = person_call(page, posted.fields, signed_in);
  call.idempotency_key.reset();  // it belongs to the material
  // The same form with another file is another form.
  const auto size = posted.file ? posted.file->size() : 0;
  posted.fields.fields.emplace_back("file", posted.file_name + ' ' + std::to_string(size));
  const auto brought = upload_bytes(
      page.environment(), call, {room.owner, posted.file_name, size, ""}, std::move(posted.file));
  if (brought) return brought->key;
  for (auto error : errors_of(brought.failure(), "change_sent_before")) {
    if (error.field.empty()) error.field = "file";
    errors.push_back(std::move(error));
  }
  return {};
}

}  // namespace narada::http::pages
