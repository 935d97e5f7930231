#include "service/usecases/materials/readable_materials.h"

#include <algorithm>

#include "service/usecases/materials/material_access.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/operations.h"
#include "sql/live_person.h"
#include "sql/material_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::Material;
using domain::MaterialId;
using domain::MaterialReading;
using domain::Outcome;
using Readables = std::vector<ReadableMaterial>;

MaterialId first_edition(const Material& material) {
  return material.edition_of.value_or(material.id);
}

// What is read by nobody yet tells its title and when, and nothing that opens it.
void keep_what_is_shown(ReadableMaterial& readable) {
  auto& material = readable.material;
  if (readable.reading == MaterialReading::open) {
    material.versions = readable_versions(material, readable.reader);
    return;
  }
  material.versions.clear();
  material.link.clear();
  material.description.clear();
  material.alt_text.clear();
}

void add_editions(Readables& readables) {
  for (ReadableMaterial& readable : readables) {
    for (const ReadableMaterial& other : readables) {
      const auto& material = other.material;
      if (material.id == readable.material.id ||
          first_edition(material) != first_edition(readable.material))
        continue;
      readable.editions.push_back(
          {material.id, material.title, material.audience, material.language});
    }
  }
}

}  // namespace

Outcome<Readables> read_materials(storage::Connection& connection, const Environment& environment,
                                  const Actor& actor, const domain::MaterialOwner& owner) {
  const auto desk = MaterialDesk::open(connection, environment, actor, owner);
  if (!desk) return desk.failure();
  Readables readables;
  for (Material& material : storage::list_materials(connection, owner)) {
    ReadableMaterial readable;
    readable.reader = desk->reader_of(material);
    readable.reading = decide_reading(material, readable.reader, environment.clock->now());
    readable.may_change = desk->may_change(material);
    if (readable.reading == MaterialReading::hidden) continue;
    readable.material = std::move(material);
    keep_what_is_shown(readable);
    readables.push_back(std::move(readable));
  }
  add_editions(readables);
  return readables;
}

Outcome<Readables> load_readable_materials(const Environment& environment, const Actor& actor,
                                           const domain::MaterialOwner& owner) {
  return read_database(environment, [&](storage::Connection& connection) {
    return read_materials(connection, environment, actor, owner);
  });
}

Outcome<Readables> preview_materials(const Environment& environment, const Actor& actor,
                                     const domain::MaterialOwner& owner,
                                     const domain::MaterialReader& reader) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Readables> {
    const auto desk = MaterialDesk::open(connection, environment, actor, owner);
    if (!desk) return desk.failure();
    if (!desk->may_add()) return domain::Forbidden{};
    const auto now = environment.clock->now();
    Readables readables;
    for (Material& material : storage::list_materials(connection, owner)) {
      // Nobody learns by a preview of what is hidden from themselves.
      if (decide_reading(material, desk->reader_of(material), now) == MaterialReading::hidden)
        continue;
      ReadableMaterial readable;
      readable.reader = reader;
      readable.reading = decide_reading(material, reader, now);
      if (readable.reading == MaterialReading::hidden) continue;
      readable.material = std::move(material);
      keep_what_is_shown(readable);
      readables.push_back(std::move(readable));
    }
    add_editions(readables);
    return readables;
  });
}

Outcome<ReadableMaterial> read_material(storage::Connection& connection,
                                        const Environment& environment, const Actor& actor,
                                        MaterialId id) {
  const auto owner = storage::find_material_owner(connection, id);
  if (!owner) return domain::NotFound{};
  auto readables = read_materials(connection, environment, actor, *owner);
  if (!readables) return domain::NotFound{};
  const auto found =
      std::find_if(readables->begin(), readables->end(),
                   [&](const ReadableMaterial& readable) { return readable.material.id == id; });
  if (found == readables->end()) return domain::NotFound{};
  return std::move(*found);
}

Outcome<ReadableMaterial> find_readable_material(const Environment& environment, const Actor& actor,
                                                 MaterialId id) {
  return read_database(environment, [&](storage::Connection& connection) {
    return read_material(connection, environment, actor, id);
  });
}

std::optional<domain::PersonId> find_reading_person(const Environment& environment,
                                                    const Actor& actor) {
  if (actor.kind != Actor::Kind::manage) return actor.person;
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_registered_person(connection, domain::RegistrationId{actor.id});
  });
}

void note_taken(const Environment& environment, domain::PersonId person,
                domain::MaterialVersionId version) {
  environment.pool->transact([&](storage::Connection& connection) {
    if (!storage::hold_live_person(connection, person)) return;
    storage::note_material_taken(connection, version, person, environment.clock->now());
  });
}

}  // namespace narada::usecases
