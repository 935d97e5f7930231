#include "service/usecases/materials/materials.h"

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/materials/material_form.h"
#include "service/usecases/operations.h"
#include "sql/material_store.h"
#include "sql/upload_store.h"

namespace narada::usecases {
namespace {

using domain::Material;
using domain::MaterialId;
using domain::MaterialOwner;
using domain::Outcome;

std::optional<storage::TakenUpload> take(storage::Connection& connection,
                                         const Environment& environment, const Call& call,
                                         const MaterialOwner& owner, const std::string& key,
                                         FieldChecks& checks) {
  auto taken =
      storage::take_upload(connection, key, call.actor.text(), owner, environment.clock->now());
  if (!taken) checks.add("upload", "unknown_upload");
  return taken;
}

storage::NewMaterialVersion version_of(MaterialId material, const storage::TakenUpload& taken,
                                       const std::string& note) {
  return {material, taken.id, taken.digest, taken.file_name, taken.size, note};
}

Outcome<MaterialId> add(storage::Connection& connection, const Environment& environment,
                        const Call& call, const MaterialOwner& owner, const MaterialForm& form) {
  const auto desk = MaterialDesk::open(connection, environment, call.actor, owner);
  if (!desk) return desk.failure();
  if (!desk->may_add()) return domain::Forbidden{};
  if (!desk->organizes() && desk->is_closed()) return domain::Conflict{"materials_closed"};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  Material material;
  material.owner = owner;
  material.added_by = call.actor.person;
  material = read_material_form(connection, form, FormOf::new_material, checks, material,
                                desk->times().tzid);
  if (!errors.empty()) return errors;
  std::optional<storage::TakenUpload> taken;
  if (!form.upload.empty()) taken = take(connection, environment, call, owner, form.upload, checks);
  if (!errors.empty()) return errors;
  const domain::Instant now = environment.clock->now();
  material.id = storage::insert_material(connection, material, now);
  if (taken) storage::insert_material_version(connection, version_of(material.id, *taken, ""), now);
  record_activity(connection, environment, call, "material.added", "material", material.id.value,
                  meeting_of(owner));
  return material.id;
}

// Of what somebody typed only that it changed.
std::string details_of(const Material& before, const Material& after) {
  ChangeNote note;
  const auto value = [&](std::string_view field, std::string_view old, std::string_view now) {
    note.add(field, std::string(old), std::string(now));
  };
  value("kind", to_string(before.kind), to_string(after.kind));
  value("audience", to_string(before.audience), to_string(after.audience));
  value("language", to_string(before.language), to_string(after.language));
  value("licence", to_string(before.licence), to_string(after.licence));
  value("access", to_string(before.access), to_string(after.access));
  const auto name = [&](std::string_view field, bool same) {
    if (!same) note.add_name(field);
  };
  name("title", before.title == after.title);
  name("description", before.description == after.description);
  name("authors", before.authors == after.authors);
  name("available_from", before.available_from == after.available_from);
  name("section", before.section == after.section);
  name("link", before.link == after.link);
  name("alt_text", before.alt_text == after.alt_text);
  name("has_consent", before.has_consent == after.has_consent);
  name("expert", before.expert == after.expert);
  name("edition_of", before.edition_of == after.edition_of);
  name("tell_participants", before.tells == after.tells);
  return note.details();
}

Outcome<MaterialId> change(storage::Connection& connection, const Environment& environment,
                           const Call& call, MaterialId id, std::int64_t version,
                           const MaterialForm& form) {
  const auto locked = lock_changed_material(connection, environment, call, id);
  if (!locked) return locked.failure();
  const Material& before = locked->material;
  if (before.version != version) return domain::Stale{};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  const std::string& tzid = locked->desk.times().tzid;
  const Material after =
      read_material_form(connection, form, FormOf::stored_material, checks, before, tzid);
  if (!errors.empty()) return errors;
  if (to_material_form(before, tzid) == to_material_form(after, tzid)) return id;
  storage::update_material(connection, after, environment.clock->now());
  if (after.edition_of) storage::join_editions(connection, id, *after.edition_of);
  record_activity(connection, environment, call, "material.changed", "material", id.value,
                  meeting_of(before.owner), details_of(before, after));
  return id;
}

Outcome<MaterialId> add_file(storage::Connection& connection, const Environment& environment,
                             const Call& call, MaterialId id, const std::string& upload,
                             std::string note) {
  const auto locked = lock_changed_material(connection, environment, call, id);
  if (!locked) return locked.failure();
  if (!locked->material.link.empty()) return domain::Conflict{"link_has_no_versions"};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  checks.check_text("note", note,
                    {.max = 1000, .presence = Presence::required, .lines = Lines::many});
  if (upload.empty()) checks.add("upload", "required");
  if (!errors.empty()) return errors;
  const auto taken = take(connection, environment, call, locked->material.owner, upload, checks);
  if (!taken) return errors;
  storage::insert_material_version(connection, version_of(id, *taken, note),
                                   environment.clock->now());
  record_activity(connection, environment, call, "material.version_added", "material", id.value,
                  meeting_of(locked->material.owner));
  return id;
}

}  // namespace

Outcome<MaterialId> add_material(const Environment& environment, const Call& call,
                                 const MaterialOwner& owner, const MaterialForm& form) {
  return with_news(environment, run_once_for_id<MaterialId>(environment, call, "add_material",
                                                            [&](storage::Connection& connection) {
                                                              return add(connection, environment,
                                                                         call, owner, form);
                                                            }));
}

Outcome<MaterialId> change_material(const Environment& environment, const Call& call, MaterialId id,
                                    std::int64_t version, const MaterialForm& form) {
  return with_news(environment,
                   run_once_for_id<MaterialId>(
                       environment, call, "change_material", [&](storage::Connection& connection) {
                         return change(connection, environment, call, id, version, form);
                       }));
}

Outcome<MaterialId> add_version(const Environment& environment, const Call& call, MaterialId id,
                                const std::string& upload, const std::string& note) {
  return with_news(environment,
                   run_once_for_id<MaterialId>(environment, call, "add_material_version",
                                               [&](storage::Connection& connection) {
                                                 return add_file(connection, environment, call, id,
                                                                 upload, note);
                                               }));
}

Outcome<EditedMaterial> find_edited_material(const Environment& environment, const Actor& actor,
                                             MaterialId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<EditedMaterial> {
        auto found = read_material(connection, environment, actor, id);
        if (!found) return found.failure();
        if (!found->may_change) return domain::Forbidden{};
        const auto times = storage::load_owner_times(connection, found->material.owner);
        MaterialForm form = to_material_form(found->material, times.tzid);
        return EditedMaterial{std::move(found->material), std::move(form), times.tzid};
      });
}

Outcome<std::string> find_material_zone(const Environment& environment, const Actor& actor,
                                        const MaterialOwner& owner) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<std::string> {
    const auto desk = MaterialDesk::open(connection, environment, actor, owner);
    if (!desk) return desk.failure();
    return desk->times().tzid;
  });
}

}  // namespace narada::usecases
