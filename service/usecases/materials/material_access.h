#pragma once

#include <vector>

#include "service/domain/material.h"
#include "service/usecases/materials/readable_materials.h"
#include "service/usecases/stored_things.h"
#include "sql/connection.h"
#include "sql/material_store.h"

namespace narada::usecases {

// Who somebody is to the materials of one owner, read once for all of them.
class MaterialDesk {
 public:
  // NotFound when the owner is not there for the actor.
  static domain::Outcome<MaterialDesk> open(storage::Connection&, const Environment&, const Actor&,
                                            const domain::MaterialOwner&);

  bool organizes() const { return organizes_; }
  bool may_add() const { return may_add_; }
  // Who leads it can do nothing any more.
  bool is_closed() const { return is_closed_; }
  const storage::OwnerTimes& times() const { return times_; }
  domain::MaterialReader reader_of(const domain::Material&) const;
  bool may_change(const domain::Material&) const;

 private:
  bool organizes_ = false;
  bool may_add_ = false;
  bool reads_as_organizer_ = false;
  bool reads_as_expert_ = false;
  bool is_closed_ = false;
  storage::OwnerTimes times_;
  storage::OwnerRelation relation_;
  std::optional<domain::PersonId> person_;
  std::vector<domain::ExpertId> experts_;
};

// The material as it stands, locked, with its owner's desk, once the actor may change it.
struct LockedMaterial {
  domain::Material material;
  MaterialDesk desk;
};
domain::Outcome<LockedMaterial> lock_changed_material(
    storage::Connection&, const Environment&, const Call&, domain::MaterialId,
    storage::Removed removed = storage::Removed::hidden);

// Pages that were kept are dropped after a write.
domain::Outcome<domain::MaterialId> with_news(const Environment&,
                                              domain::Outcome<domain::MaterialId>);

// As in readable_materials.h, inside a transaction.
domain::Outcome<std::vector<ReadableMaterial>> read_materials(storage::Connection&,
                                                              const Environment&, const Actor&,
                                                              const domain::MaterialOwner&);
domain::Outcome<ReadableMaterial> read_material(storage::Connection&, const Environment&,
                                                const Actor&, domain::MaterialId);

// The meeting that an activity of the owner's materials is about.
std::optional<domain::MeetingId> meeting_of(const domain::MaterialOwner&);

}  // namespace narada::usecases
