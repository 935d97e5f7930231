#include "service/usecases/materials/material_form.h"

#include <charconv>

#include "calendar/zone.h"
#include "service/usecases/meetings/references.h"
#include "sql/material_store.h"

namespace narada::usecases {
namespace {

using domain::Material;
using domain::MaterialId;
using domain::MaterialKind;

void read_texts(MaterialForm& form, FieldChecks& checks, Material& material) {
  const auto read = [&](std::string_view field, std::string& from, std::string& to,
                        const TextRule& rule) {
    checks.check_text(field, from, rule);
    to = from;
  };
  read("title", form.title, material.title, {.max = 200, .presence = Presence::required});
  read("description", form.description, material.description, {.max = 4000, .lines = Lines::many});
  read("authors", form.authors, material.authors, {.max = 300});
  read("section", form.section, material.section, {.max = 120});
  const bool is_photo = form.kind == MaterialKind::photo;
  read("alt_text", form.alt_text, material.alt_text,
       {.max = 500, .presence = is_photo ? Presence::required : Presence::optional});
}

void read_link(MaterialForm& form, FormOf of, FieldChecks& checks, Material& material) {
  checks.check_text("link", form.link, {.max = 500});
  const bool has_file =
      of == FormOf::new_material ? !form.upload.empty() : !material.versions.empty();
  if (form.link.empty() && !has_file) {
    checks.add(of == FormOf::new_material ? "upload" : "link", "required");
  } else if (!form.link.empty() && has_file) {
    checks.add(of == FormOf::new_material ? "upload" : "link", "file_or_link");
  } else if (!form.link.empty()) {
    checks.check_url("link", form.link);
    if (form.link.starts_with("http://")) checks.add("link", "not_https");
  }
  material.link = form.link;
}

void read_choices(const MaterialForm& form, FieldChecks& checks, Material& material) {
  material.kind = form.kind;
  material.audience = form.audience;
  material.language = form.language;
  material.licence = form.licence;
  material.access = form.access;
  material.has_consent = form.has_consent;
  material.tells = form.tell_participants;
  const bool shows_people =
      form.kind == MaterialKind::photo || form.kind == MaterialKind::recording;
  if (shows_people && form.access == domain::MaterialAccess::everybody && !form.has_consent)
    checks.add("has_consent", "consent_needed");
}

void read_time(const MaterialForm& form, FieldChecks& checks, Material& material,
               const std::string& tzid) {
  material.available_from.reset();
  if (!form.available_from) return;
  const domain::Date day{std::chrono::floor<std::chrono::days>(*form.available_from)};
  if (day.year() < std::chrono::year{2000} || day.year() > std::chrono::year{2200}) {
    checks.add("available_from", "out_of_range", {{"min", "2000-01-01"}, {"max", "2200-12-31"}});
    return;
  }
  const auto resolved = calendar::to_instant(*form.available_from, tzid);
  if (!resolved.exists) checks.add("available_from", "nonexistent_time", {{"tzid", tzid}});
  material.available_from = resolved.instant;
}

std::optional<MaterialId> find_id(const std::string& text) {
  MaterialId id;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, id.value);
  return error == std::errc{} && rest == end && id ? std::optional(id) : std::nullopt;
}

// The first one of the editions that the form names one of.
void read_edition(storage::Connection& connection, const MaterialForm& form, FieldChecks& checks,
                  Material& material) {
  const auto named = material.edition_of;
  material.edition_of.reset();
  if (form.edition_of.empty()) return;
  const auto id = find_id(form.edition_of);
  const auto other = id ? storage::find_material(connection, *id) : std::nullopt;
  if (id && named == id) {
    material.edition_of = id;  // as it was, even if that one lies in the bin
  } else if (!other || other->owner != material.owner) {
    checks.add("edition_of", "unknown_material");
  } else if (other->id == material.id) {
    checks.add("edition_of", "own_edition");
  } else if (other->edition_of != std::optional(material.id)) {
    material.edition_of = other->edition_of.value_or(other->id);
  }
}

}  // namespace

Material read_material_form(storage::Connection& connection, MaterialForm form, FormOf of,
                            FieldChecks& checks, Material material, const std::string& tzid) {
  read_texts(form, checks, material);
  read_link(form, of, checks, material);
  read_choices(form, checks, material);
  read_time(form, checks, material, tzid);
  References references(connection);
  const auto expert = references.find_expert(checks, "expert", form.expert);
  material.expert = expert ? std::optional(expert->id) : std::nullopt;
  read_edition(connection, form, checks, material);
  return material;
}

MaterialForm to_material_form(const Material& material, const std::string& tzid) {
  MaterialForm form;
  form.title = material.title;
  form.kind = material.kind;
  form.description = material.description;
  form.audience = material.audience;
  form.language = material.language;
  form.licence = material.licence;
  form.authors = material.authors;
  form.access = material.access;
  if (material.available_from)
    form.available_from = calendar::to_wall_time(*material.available_from, tzid);
  form.section = material.section;
  form.link = material.link;
  form.alt_text = material.alt_text;
  form.has_consent = material.has_consent;
  if (material.expert) form.expert = std::to_string(material.expert->value);
  if (material.edition_of) form.edition_of = std::to_string(material.edition_of->value);
  form.tell_participants = material.tells;
  return form;
}

}  // namespace narada::usecases
