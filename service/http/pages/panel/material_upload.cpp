#include "service/http/pages/panel/material_upload.h"

#include <array>

#include "service/http/edge/url_encoding.h"
#include "service/http/multipart_sink.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/upload_sender.h"

namespace narada::http::pages {
namespace {

constexpr std::uint64_t kFieldOctets = 256 << 10;  // of all fields of a form beside its file

// A file that is too large is read so many times the limit, so that the form can say it; more is
// 413.
constexpr std::uint64_t kReadBeyond = 4;

constexpr std::array kOwnerKinds = {"meeting", "cycle", "practice"};

bool is_multipart(std::string_view type) { return type.starts_with("multipart/form-data"); }

bool is_text(const std::string& content) {
  return edge::is_utf8(content) &&
         !edge::has_control_characters(content, edge::LineBreaks::allowed);
}

void add_text(FormFields& fields, const FormPart& field) {
  if (is_text(field.name) && is_text(field.content))
    fields.fields.emplace_back(field.name, field.content);
  else
    fields.invalid.push_back(is_text(field.name) ? field.name : std::string());
}

}  // namespace

void fill_upload(Page& page, const MaterialRoom& room, UploadMode mode, std::size_t rows) {
  auto& view = page.view();
  const auto& limits = page.environment().materials;
  const auto limit = size_text(page, static_cast<std::int64_t>(limits.file));
  const auto form_limit = size_text(page, static_cast<std::int64_t>(limits.form));
  const bool single = mode == UploadMode::version;
  view["single"] = single;
  view["upload_mode"] = single ? "version" : "files";
  const auto material = page.request().params.find("material");
  view["upload_scope"] = material == page.request().params.end() ? std::string("files")
                                                                 : "version-" + material->second;
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

Response with_upload_pass(const Page& page, Response response) {
  give_upload_pass(page.environment(), page.request(), response);
  return response;
}

RouteOptions file_form_options(const Parts& parts) {
  RouteOptions options;
  const auto* environment = parts.environment;
  options.body_limit = kReadBeyond * environment->materials.form + kFieldOctets;
  options.sink = [environment](const Request& request) -> std::unique_ptr<BodySink> {
    const auto type = request.header("content-type");
    // Nothing of a stranger's is kept, not even until the handler says so.
    const bool is_known = is_upload_sender(*environment, request);
    if (!is_known) refuse_long_body(request);
    if (!is_multipart(type)) return nullptr;
    const auto begin_file = [environment, is_known]() -> std::unique_ptr<usecases::FormFile> {
      return is_known ? usecases::FormFile::begin(*environment) : nullptr;
    };
    return std::make_unique<MultipartSink>(type, begin_file, kFieldOctets);
  };
  return options;
}

PostedFile read_posted_file(const Page& page) {
  const auto& request = page.request();
  if (!is_multipart(request.header("content-type"))) throw Error(415);
  auto* form = received_form(request);
  if (!form) throw Error(400, "a malformed multipart body");
  FormFields fields;
  for (const auto& field : form->fields()) add_text(fields, field);
  PostedFile posted;
  for (auto& file : form->files()) {
    if (file.name != "file" || file.file_name.empty() || !posted.file_name.empty()) continue;
    posted.file_name = is_text(file.file_name) ? file.file_name : "?";
    posted.file = std::move(file.file);
    posted.size = file.size;
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
  posted.fields.fields.emplace_back("file", posted.file_name + ' ' + std::to_string(posted.size));
  const auto brought =
      upload_bytes(page.environment(), call, {room.owner, posted.file_name, posted.size, ""},
                   std::move(posted.file));
  if (brought) return brought->key;
  for (auto error : errors_of(brought.failure(), "change_sent_before")) {
    if (error.field.empty()) error.field = "file";
    errors.push_back(std::move(error));
  }
  return {};
}

}  // namespace narada::http::pages
