// Files of materials. A file is sent by the edge from its descriptor: while it goes out no handler
// and no database connection waits.

#include "service/http/pages/materials_downloads.h"

#include "calendar/zone.h"
#include "service/domain/file_types.h"
#include "service/http/byte_range.h"
#include "service/http/conditional.h"
#include "service/http/downloads.h"
#include "service/http/response_headers.h"
#include "service/usecases/materials/material_archive.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {
namespace {

using domain::MaterialVersion;
using usecases::ContentForm;
using usecases::MaterialContent;
using usecases::OpenContents;
using usecases::ReadableMaterial;
using Contents = std::shared_ptr<OpenContents>;

constexpr std::string_view kPublicFor = "public, max-age=300";

int version_number(const std::string& text) {
  const auto number = material_number(text);
  if (text != std::to_string(number) || number > 1'000'000) throw Error(404);
  return static_cast<int>(number);
}

domain::MaterialId material_of(const Page& page) {
  const auto& text = page.request().params.at("id");
  const domain::MaterialId id{material_number(text)};
  if (text != std::to_string(id.value)) throw Error(404);
  return id;
}

// What a visitor gets is the same for all; everything else is somebody's.
void set_cache_headers(const ReadingPlace& place, Response& response) {
  const bool is_public = !place.by_link() && !place.signed_in;
  response.set("Cache-Control", place.by_link() ? "no-store"
                                : is_public     ? std::string(kPublicFor)
                                                : "private, no-cache");
  add_vary(response, "Cookie");
}

// A download begins; what goes on with a broken one has begun before.
bool begins(const Request& request) {
  const auto range = request.header("range");
  return request.method == Method::get && (range.empty() || range.starts_with("bytes=0-"));
}

void note(const Page& page, const ReadingPlace& place,
          const std::vector<domain::MaterialVersionId>& versions) {
  if (!begins(page.request())) return;
  const auto person = find_reading_person(page.environment(), place.actor);
  if (!person) return;
  for (const auto version : versions) note_taken(page.environment(), *person, version);
}

bool is_unchanged(const Request& request, const std::string& last_modified) {
  return !request.find_header("if-none-match") &&
         request.header("if-modified-since") == last_modified;
}

// That the reader has it already; the middleware answers so.
bool is_known(const Request& request, const Response& response) {
  const auto known = request.find_header("if-none-match");
  return known && matches_any(*known, find_header(response, "ETag"));
}

// From a store elsewhere no more is fetched than the answer sends.
void fetch_body(const Page& page, OpenContents& contents, const domain::ContentDigest& digest,
                Response& response) {
  const auto& request = page.request();
  const auto absent = [&] { return Error(503, "the store does not hold " + digest.hex); };
  const auto size = find_content_size(page.environment(), digest);
  if (!size) throw absent();
  const auto wanted = find_wanted_range(request, response, *size);
  response.body = FileBody{nullptr, 0, *size};
  if (request.method == Method::head || is_known(request, response) ||
      std::holds_alternative<RangeNotSatisfiable>(wanted))
    return;
  const auto* part = std::get_if<ByteRange>(&wanted);
  if (part == nullptr || part->length == *size) {
    auto content = contents.open(page.environment(), digest);
    if (!content) throw absent();
    response.body = FileBody{std::move(content->descriptor), 0, content->size};
    return;
  }
  auto content = contents.open_part(page.environment(), digest, part->offset, part->length);
  if (!content) throw absent();
  response.set("Accept-Ranges", "bytes");
  say_part(response, *part, *size);
  response.body = FileBody{std::move(content->descriptor), content->begin, part->length};
}

Response content_response(const Page& page, const ReadingPlace& place, OpenContents& contents,
                          const MaterialContent& found, const std::string& disposition) {
  Response response;
  set_file_headers(response, found.media_type, disposition);
  set_cache_headers(place, response);
  response.set("ETag", "\"" + found.digest.hex + "\"");
  const auto last_modified = http_date(found.version.created_at);
  response.set("Last-Modified", last_modified);
  const auto* current = domain::current_version(found.material);
  if (current && current->number != found.version.number && !place.by_link())
    response.add("Link", "<" + page.absolute(file_address(place, found.material.id, *current)) +
                             ">; rel=\"canonical\"");
  if (is_unchanged(page.request(), last_modified)) {
    response.status = 304;
    return response;
  }
  if (is_store_distant(page.environment())) {
    fetch_body(page, contents, found.digest, response);
    return response;
  }
  auto content = contents.open(page.environment(), found.digest);
  if (!content) throw Error(503, "the store does not hold " + found.digest.hex);
  response.body = FileBody{std::move(content->descriptor), 0, content->size};
  return response;
}

Response send_content(const Page& page, OpenContents& contents, ContentForm form) {
  const auto place = place_of(page);
  const int number = version_number(page.request().params.at("number"));
  const auto found = value_or_throw(
      find_material_content(page.environment(), place.actor, material_of(page), number, form));
  const bool is_whole = form == ContentForm::whole;
  if (is_whole) note(page, place, {found.version.id});
  const auto disposition =
      is_whole ? content_disposition(
                     disposition_of(found.media_type),
                     domain::name_for_download(found.version.file_name, found.media_type))
               : std::string("inline");
  if (const auto url =
          find_download_url(page.environment(), found.digest, found.media_type, disposition)) {
    auto response = redirect(302, *url);
    response.set("Cache-Control", "no-store");
    response.set("Referrer-Policy", "no-referrer");
    return response;
  }
  return content_response(page, place, contents, found, disposition);
}

// The newest version, wherever it is now.
Response send_to_newest(const Page& page) {
  const auto place = place_of(page);
  const auto readable =
      value_or_throw(find_readable_material(page.environment(), place.actor, material_of(page)));
  const auto* version = domain::current_version(readable.material);
  if (readable.reading != domain::MaterialReading::open || version == nullptr) throw Error(404);
  auto response = redirect(302, file_address(place, readable.material.id, *version));
  response.set("Cache-Control", "no-store");
  return response;
}

// ---- All files of a meeting or a cycle.

struct ArchivedMaterial {
  const ReadableMaterial* readable = nullptr;
  const MaterialVersion* version = nullptr;  // null: a link
  std::string folder;                        // empty: none
};

void add_archived(const std::vector<ReadableMaterial>& readables, const std::string& folder,
                  std::vector<ArchivedMaterial>& list) {
  for (const auto& readable : readables) {
    if (readable.reading != domain::MaterialReading::open) continue;
    const auto* version = domain::current_version(readable.material);
    if (version || !readable.material.link.empty())
      list.push_back({&readable, version, folder.empty() ? readable.material.section : folder});
  }
}

std::vector<usecases::ArchivedFile> files_of(const Page& page,
                                             const std::vector<ArchivedMaterial>& materials,
                                             const std::string& note_name) {
  std::vector<usecases::ArchivedFile> files;
  for (const auto& [readable, version, folder] : materials)
    if (version)
      files.push_back({folder, version->file_name,
                       find_served_content(page.environment(), version->digest),
                       calendar::to_wall_time(version->created_at, domain::kDefaultZone)});
  name_archived_files(files, note_name);
  return files;
}

// What everything is, for who finds the archive on a disk years later.
std::string note_text(const Page& page, const MaterialHome& home,
                      const std::vector<ArchivedMaterial>& materials,
                      const std::vector<usecases::ArchivedFile>& files) {
  std::string text = page.text("materials.heading", {{"title", home.title}}) + "\r\n" +
                     page.absolute(page.link(home.path + "/materialy")) + "\r\n";
  std::size_t file = 0;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) text += page.text(key) + ": " + value + "\r\n";
  };
  for (const auto& [readable, version, folder] : materials) {
    const auto& material = readable->material;
    text += "\r\n" + material.title + "\r\n";
    if (version) add("materials.note_file", files[file++].name);
    add("materials.note_link", material.link);
    add("materials.authors", material.authors);
    add("materials.note_alt", material.alt_text);
    std::string licence = licence_text(page, material.licence);
    if (const auto url = licence_url(material.licence); !url.empty())
      licence += " (" + std::string(url) + ")";
    add("materials.licence", licence);
    add("materials.note_address", page.absolute("/materialy/" + std::to_string(material.id.value)));
  }
  return text;
}

domain::WallTime newest_of(const std::vector<usecases::ArchivedFile>& files) {
  domain::WallTime newest{};
  for (const auto& file : files) newest = std::max(newest, file.modified);
  return newest;
}

std::uint64_t length_of(const usecases::Archive& archive) {
  std::uint64_t length = 0;
  for (const auto& [text, content] : archive.pieces)
    length += text.size() + (content ? content->size : 0);
  return length;
}

// What the answer will send of a body of that length; none of it where it has no body.
ByteRange sent_part(const Request& request, const Response& response, std::uint64_t length) {
  if (request.method == Method::head || is_known(request, response)) return {};
  const auto wanted = find_wanted_range(request, response, length);
  if (std::holds_alternative<RangeNotSatisfiable>(wanted)) return {};
  const auto* part = std::get_if<ByteRange>(&wanted);
  return part ? *part : ByteRange{0, length};
}

// The files that lie in what is sent; the edge cuts the others off, which stay closed.
void open_archive(const Page& page, OpenContents& contents, usecases::Archive& archive,
                  Response& response) {
  const auto part = sent_part(page.request(), response, length_of(archive));
  SegmentedBody body;
  std::uint64_t at = 0;
  for (auto& [text, content] : archive.pieces) {
    at += text.size();
    body.segments.emplace_back(std::move(text));
    if (!content) continue;
    FileBody file{nullptr, 0, content->size};
    if (at < part.offset + part.length && part.offset < at + content->size) {
      auto opened = contents.open(page.environment(), content->digest);
      // The note lists it: an archive without it would not be whole.
      if (!opened || opened->size != content->size)
        throw Error(503, "the store does not hold " + content->digest.hex);
      file.descriptor = std::move(opened->descriptor);
    }
    at += content->size;
    body.segments.emplace_back(std::move(file));
  }
  response.body = std::move(body);
}

Response send_archive(const Page& page, OpenContents& contents, const ReadingPlace& place,
                      const MaterialHome& home) {
  // Those of a cycle's meetings each in a folder of its own: "2. Warsztat".
  const auto readables =
      value_or_throw(load_readable_materials(page.environment(), place.actor, home.owner));
  const auto sessions = find_session_materials(page, place, home.owner);
  std::vector<ArchivedMaterial> materials;
  add_archived(readables, {}, materials);
  for (const auto& session : sessions) add_archived(session.readables, session.folder, materials);
  const auto note_name = page.text("materials.note_name");
  const auto files = files_of(page, materials, note_name);
  if (files.empty()) throw Error(404);
  auto archive = lay_out_archive(page.environment(), contents, files, note_name,
                                 note_text(page, home, materials, files), newest_of(files));
  std::vector<domain::MaterialVersionId> taken;
  for (const auto& one : materials)
    if (one.version) taken.push_back(one.version->id);
  note(page, place, taken);
  Response response;
  const auto name = home.path.substr(home.path.rfind('/') + 1) + "-materialy.zip";
  set_file_headers(response, "application/zip", content_disposition(Disposition::attachment, name));
  response.set("Cache-Control", place.by_link() ? "no-store" : "private, no-cache");
  add_vary(response, "Cookie");
  response.set("ETag", archive.tag);
  open_archive(page, contents, archive, response);
  return response;
}

using Send = std::function<Response(const Page&, OpenContents&)>;

void add_download(Router& router, const Parts& parts, const Contents& contents,
                  const std::string& path, const Send& send) {
  router.add(Method::get, path, [&parts, contents, send](const Request& request) {
    const Page page(parts, request);
    return send(page, *contents);
  });
}

}  // namespace

MaterialHome home_by_link(const Page& page, const ReadingPlace& place) {
  const auto found = value_or_throw(
      find_registration_by_token(page.environment(), page.request().params.at("token")));
  return home_of_meeting(page, place, std::to_string(found.meeting.id.value));
}

void add_material_downloads(Router& router, const Parts& parts) {
  const auto contents = std::make_shared<OpenContents>();
  for (const std::string base : {"", "/z/{token}"}) {
    const auto material = base + "/materialy/{id}/";
    add_download(router, parts, contents, material + "plik",
                 [](const Page& page, OpenContents&) { return send_to_newest(page); });
    const auto add_form = [&](const std::string& name, ContentForm form) {
      add_download(
          router, parts, contents, material + "{number}/" + name,
          [form](const Page& page, OpenContents& open) { return send_content(page, open, form); });
    };
    add_form("{name}", ContentForm::whole);
    add_form("miniatura", ContentForm::thumbnail);
    add_form("zdjecie", ContentForm::picture);
  }
  add_download(router, parts, contents, "/spotkania/{slug}/materialy.zip",
               [](const Page& page, OpenContents& open) {
                 const auto place = place_of(page);
                 return send_archive(
                     page, open, place,
                     home_of_meeting(page, place, page.request().params.at("slug")));
               });
  add_download(router, parts, contents, "/cykle/{slug}/materialy.zip",
               [](const Page& page, OpenContents& open) {
                 const auto place = place_of(page);
                 return send_archive(page, open, place,
                                     home_of_cycle(page, place, page.request().params.at("slug")));
               });
  add_download(router, parts, contents, "/z/{token}/materialy.zip",
               [](const Page& page, OpenContents& open) {
                 const auto place = place_of(page);
                 return send_archive(page, open, place, home_by_link(page, place));
               });
}

}  // namespace narada::http::pages
