#include "service/usecases/materials/material_access.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"

namespace narada::usecases {
namespace {

using domain::MaterialOwner;

domain::Outcome<Thing> check_owner(storage::Connection& connection, const Actor& actor,
                                   const MaterialOwner& owner) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&owner))
    return check_meeting(connection, actor, Action::see, *meeting);
  if (const auto* cycle = std::get_if<domain::CycleId>(&owner))
    return check_cycle(connection, actor, Action::see, *cycle);
  return check_practice(connection, actor, Action::see,
                        std::to_string(std::get<domain::PracticeId>(owner).value));
}

}  // namespace

domain::Outcome<MaterialDesk> MaterialDesk::open(storage::Connection& connection,
                                                 const Environment& environment, const Actor& actor,
                                                 const MaterialOwner& owner) {
  const auto thing = check_owner(connection, actor, owner);
  if (!thing) return thing.failure();
  MaterialDesk desk;
  const bool is_practice = std::holds_alternative<domain::PracticeId>(owner);
  const auto organizing = is_practice ? Action::edit_practice : Action::organize;
  desk.organizes_ = can(actor, organizing, *thing);
  desk.may_add_ = can(actor, Action::add_material, *thing);
  // A token that only reads shows what its person sees.
  Actor reader = actor;
  reader.read_only = false;
  desk.reads_as_organizer_ = can(reader, organizing, *thing);
  desk.reads_as_expert_ = can(reader, Action::add_material, *thing);
  desk.times_ = storage::load_owner_times(connection, owner);
  desk.is_closed_ = desk.times_.closes_at && environment.clock->now() >= *desk.times_.closes_at;
  if (actor.kind == Actor::Kind::manage) {
    desk.relation_ =
        storage::find_owner_relation(connection, owner, domain::RegistrationId{actor.id});
  } else if (actor.person) {
    desk.person_ = actor.person;
    desk.relation_ = storage::find_owner_relation(connection, owner, *actor.person);
    desk.experts_ = storage::list_expert_records_of(connection, *actor.person);
  }
  // An expert of it by their role, whether or not a record of the catalogue is about them.
  desk.relation_.leads = desk.relation_.leads || desk.reads_as_expert_;
  return desk;
}

domain::MaterialReader MaterialDesk::reader_of(const domain::Material& material) const {
  domain::MaterialReader reader;
  reader.organizes = reads_as_organizer_;
  reader.leads = relation_.leads;
  reader.takes_part = relation_.takes_part;
  // Only where they have a role: who is added to a record elsewhere reads nothing by that.
  const bool is_expert =
      reads_as_expert_ && material.expert &&
      std::find(experts_.begin(), experts_.end(), *material.expert) != experts_.end();
  reader.added = is_expert || (person_ && material.added_by == person_);
  return reader;
}

bool MaterialDesk::may_change(const domain::Material& material) const {
  if (organizes_) return may_add_;
  return may_add_ && !is_closed_ && reader_of(material).added;
}

domain::Outcome<LockedMaterial> lock_changed_material(storage::Connection& connection,
                                                      const Environment& environment,
                                                      const Call& call, domain::MaterialId id,
                                                      storage::Removed removed) {
  if (!storage::lock_material(connection, id)) return domain::NotFound{};
  auto found = storage::find_material(connection, id, removed);
  if (!found) return domain::NotFound{};
  const auto desk = MaterialDesk::open(connection, environment, call.actor, found->owner);
  if (!desk) return domain::NotFound{};
  const auto reader = desk->reader_of(*found);
  if (decide_reading(*found, reader, environment.clock->now()) == domain::MaterialReading::hidden)
    return domain::NotFound{};
  if (removed == storage::Removed::only && !reader.organizes && !reader.added)
    return domain::NotFound{};
  if (!desk->may_change(*found)) return domain::Forbidden{};
  return LockedMaterial{std::move(*found), *desk};
}

domain::Outcome<domain::MaterialId> with_news(const Environment& environment,
                                              domain::Outcome<domain::MaterialId> outcome) {
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

std::optional<domain::MeetingId> meeting_of(const MaterialOwner& owner) {
  const auto* meeting = std::get_if<domain::MeetingId>(&owner);
  return meeting ? std::optional(*meeting) : std::nullopt;
}

}  // namespace narada::usecases
