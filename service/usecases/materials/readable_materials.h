#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Another edition of the same thing that the reader finds too.
struct MaterialEdition {
  domain::MaterialId id;
  std::string title;
  domain::MaterialAudience audience = domain::MaterialAudience::everybody;
  domain::Language language = domain::Language::pl;
};

// A material as one reader finds it. `material.versions` are those that they may open; where the
// reading is not open there are none, and no link, description or words of a photo.
struct ReadableMaterial {
  domain::Material material;
  domain::MaterialReading reading = domain::MaterialReading::open;
  domain::MaterialReader reader;
  bool may_change = false;
  std::vector<MaterialEdition> editions;
};

// In reading order, without the hidden ones. NotFound when the meeting, cycle or practice is not
// there for the actor.
domain::Outcome<std::vector<ReadableMaterial>> load_readable_materials(
    const Environment&, const Actor&, const domain::MaterialOwner&);
// NotFound also when it is hidden from them.
domain::Outcome<ReadableMaterial> find_readable_material(const Environment&, const Actor&,
                                                         domain::MaterialId);

// Who reads: the person signed in, behind a token, or of the registration whose link is held;
// absent: nobody known.
std::optional<domain::PersonId> find_reading_person(const Environment&, const Actor&);
// They have taken that version, and will be told of a newer one.
void note_taken(const Environment&, domain::PersonId, domain::MaterialVersionId);

}  // namespace narada::usecases
