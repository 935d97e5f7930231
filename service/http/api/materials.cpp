#include "service/usecases/materials/materials.h"

#include <nlohmann/json.hpp>

#include "calendar/zone.h"
#include "service/http/api/endpoint.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

using domain::MaterialReading;
using usecases::ReadableMaterial;
using web::View;

template <class T>
View null_or(const std::optional<T>& value) {
  return value ? View(*value) : View();
}
View text_or_null(const std::string& text) { return text.empty() ? View() : View(text); }

std::string_view name_of(MaterialReading reading) {
  switch (reading) {
    case MaterialReading::open:
      return "open";
    case MaterialReading::not_yet:
      return "not_yet";
    case MaterialReading::participants_only:
      return "participants_only";
    case MaterialReading::hidden:
      break;
  }
  return "hidden";
}

View owner_view(const domain::MaterialOwner& owner) {
  constexpr std::array kKinds{"meeting", "cycle", "practice"};
  return {{"kind", kKinds.at(owner.index())},
          {"id", std::visit([](auto id) { return id.value; }, owner)}};
}

View version_view(const domain::MaterialVersion& version) {
  View faults = View::array();
  for (const auto fault : version.facts.faults) faults.push_back(to_string(fault));
  return {{"number", version.number},
          {"file_name", version.file_name},
          {"size", version.size},
          {"sha256", text_or_null(version.digest.hex)},
          {"state", to_string(version.state)},
          {"refusal", version.refusal ? View(to_string(*version.refusal)) : View()},
          {"media_type", text_or_null(version.facts.media_type)},
          {"pages", null_or(version.facts.pages)},
          {"width", null_or(version.facts.width)},
          {"height", null_or(version.facts.height)},
          {"accessibility_faults", std::move(faults)},
          {"note", version.note},
          {"created_at", instant_view(version.created_at)}};
}

View editions_view(const ReadableMaterial& readable) {
  View editions = View::array();
  for (const auto& edition : readable.editions)
    editions.push_back({{"id", edition.id.value},
                        {"title", edition.title},
                        {"audience", to_string(edition.audience)},
                        {"language", to_string(edition.language)}});
  return editions;
}

View material_view(const ReadableMaterial& readable) {
  const auto& material = readable.material;
  View versions = View::array();
  for (const auto& version : material.versions) versions.push_back(version_view(version));
  return {
      {"id", material.id.value},
      {"owner", owner_view(material.owner)},
      {"kind", to_string(material.kind)},
      {"title", material.title},
      {"description", material.description},
      {"audience", to_string(material.audience)},
      {"language", to_string(material.language)},
      {"licence", to_string(material.licence)},
      {"authors", material.authors},
      {"access", to_string(material.access)},
      {"available_from", material.available_from ? instant_view(*material.available_from) : View()},
      {"reading", name_of(readable.reading)},
      {"section", material.section},
      {"link", text_or_null(material.link)},
      {"alt_text", material.alt_text},
      {"has_consent", material.has_consent},
      {"expert", material.expert ? View(material.expert->value) : View()},
      {"editions", editions_view(readable)},
      {"accessibility_note", text_or_null(material.exemption)},
      {"versions", std::move(versions)},
      {"updated_at", instant_view(material.updated_at)}};
}

// A wall clock of the owner's place, or RFC 3339, which names a moment anywhere.
void read_available_from(ObjectReader& reader, const std::string& tzid,
                         usecases::MaterialForm& form) {
  if (!reader.has("available_from")) return;
  if (reader.is_null("available_from")) {
    form.available_from.reset();
    return;
  }
  const auto text = reader.find_text("available_from");
  if (!text) return;
  if (const auto instant = calendar::parse_rfc3339(*text)) {
    form.available_from = calendar::to_wall_time(*instant, tzid);
  } else if (const auto wall = calendar::parse_wall_time(*text)) {
    form.available_from = *wall;
  } else {
    reader.refuse("available_from", "invalid_time");
  }
}

std::optional<domain::Language> find_language(std::string_view name) {
  if (name == "pl") return domain::Language::pl;
  if (name == "en") return domain::Language::en;
  return std::nullopt;
}

void read_material(ObjectReader& reader, const std::string& tzid, usecases::MaterialForm& form) {
  reader.read("title", form.title);
  reader.read_name("kind", form.kind, domain::find_material_kind);
  reader.read("description", form.description);
  reader.read_name("audience", form.audience, domain::find_material_audience);
  reader.read_name("language", form.language, find_language);
  reader.read_name("licence", form.licence, domain::find_licence);
  reader.read("authors", form.authors);
  reader.read_name("access", form.access, domain::find_material_access);
  read_available_from(reader, tzid, form);
  reader.read("section", form.section);
  reader.read("link", form.link);
  reader.read("alt_text", form.alt_text);
  reader.read("has_consent", form.has_consent);
  reader.read_key("expert", form.expert);
  reader.read_key("edition_of", form.edition_of);
  reader.read("tell_participants", form.tell_participants);
}

Response material_answer(const Context& context, domain::MaterialId id) {
  const auto found =
      context.take(usecases::find_readable_material(context.environment(), context.actor(), id));
  return answer(200, material_view(found), found.material.version);
}

Response created_answer(const Context& context, domain::MaterialId id) {
  const auto found =
      context.take(usecases::find_readable_material(context.environment(), context.actor(), id));
  return created(material_view(found), "/api/v1/materials/" + std::to_string(id.value),
                 found.material.version);
}

template <class IdType>
Response material_list(const Context& context) {
  const auto found = context.take(usecases::load_readable_materials(
      context.environment(), context.actor(), IdType{context.id()}));
  View items = View::array();
  for (const auto& readable : found) items.push_back(material_view(readable));
  return answer(200, {{"items", std::move(items)}, {"next", nullptr}});
}

template <class IdType>
Response material_add(const Context& context) {
  context.require_reach(domain::Action::add_material);
  const domain::MaterialOwner owner = IdType{context.id()};
  const std::string tzid =
      context.take(usecases::find_material_zone(context.environment(), context.actor(), owner));
  usecases::MaterialForm form;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    read_material(reader, tzid, form);
    reader.read("upload", form.upload);
    reader.refuse_unknown();
  });
  return created_answer(context, context.take(usecases::add_material(context.environment(),
                                                                     context.call(), owner, form)));
}

Response material_read(const Context& context) {
  return material_answer(context, domain::MaterialId{context.id()});
}

Response material_change(const Context& context) {
  const domain::MaterialId id{context.id()};
  auto edited =
      context.take(usecases::find_edited_material(context.environment(), context.actor(), id));
  const std::int64_t version = context.required_version();
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    read_material(reader, edited.tzid, edited.form);
    reader.refuse_unknown();
  });
  context.take(
      usecases::change_material(context.environment(), context.call(), id, version, edited.form));
  return material_answer(context, id);
}

Response material_add_version(const Context& context) {
  const domain::MaterialId id{context.id()};
  context.take(usecases::find_edited_material(context.environment(), context.actor(), id));
  std::string upload;
  std::string note;
  read_checked(read_json_object(context.request()), [&](ObjectReader& reader) {
    reader.read("upload", upload);
    reader.read("note", note);
    reader.refuse_unknown();
  });
  return created_answer(context, context.take(usecases::add_version(
                                     context.environment(), context.call(), id, upload, note)));
}

Response material_remove(const Context& context) {
  const domain::MaterialId id{context.id()};
  context.take(usecases::find_edited_material(context.environment(), context.actor(), id));
  const std::int64_t version = context.required_version();
  context.take(usecases::remove_material(context.environment(), context.call(), id, version));
  Response response;
  response.status = 204;
  return response;
}

}  // namespace

void add_material_routes(Router& router, const usecases::Environment& environment) {
  const auto add = [&](Method method, const char* pattern, Endpoint endpoint) {
    add_endpoint(router, environment, method, pattern, endpoint);
  };
  const auto add_owner = [&](const std::string& owner, Endpoint list, Endpoint post) {
    const std::string pattern = "/api/v1/" + owner + "/{id}/materials";
    add_public_read(router, environment, pattern, list);
    add(Method::post, pattern.c_str(), post);
  };
  add_owner("meetings", material_list<domain::MeetingId>, material_add<domain::MeetingId>);
  add_owner("cycles", material_list<domain::CycleId>, material_add<domain::CycleId>);
  add_owner("practices", material_list<domain::PracticeId>, material_add<domain::PracticeId>);
  add_public_read(router, environment, "/api/v1/materials/{id}", material_read);
  add(Method::patch, "/api/v1/materials/{id}", material_change);
  add(Method::del, "/api/v1/materials/{id}", material_remove);
  add(Method::post, "/api/v1/materials/{id}/versions", material_add_version);
}

}  // namespace narada::http::api
