#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "sql/connection.h"

namespace narada::storage {

// Whether what lies in the bin is found: hidden, or nothing else.
enum class Removed { hidden, only };

// In reading order, each with its versions; two statements.
std::vector<domain::Material> list_materials(Connection& connection,
                                             const domain::MaterialOwner& owner,
                                             Removed removed = Removed::hidden);
// With its versions; `removed` as above.
std::optional<domain::Material> find_material(Connection& connection, domain::MaterialId id,
                                              Removed removed = Removed::hidden);
// The row alone, locked until the transaction ends.
bool lock_material(Connection& connection, domain::MaterialId id);
std::optional<domain::MaterialOwner> find_material_owner(Connection& connection,
                                                         domain::MaterialId id,
                                                         Removed removed = Removed::hidden);

// Last of its owner. Of `material` all but id, position, versions, rule, told and version.
domain::MaterialId insert_material(Connection& connection, const domain::Material& material,
                                   domain::Instant now);
// All that a form can change; raises the version.
void update_material(Connection& connection, const domain::Material& material, domain::Instant now);
// Only the newest version's number counts up; raises the material's version too.
struct NewMaterialVersion {
  domain::MaterialId material;
  std::optional<domain::UploadId> upload;
  domain::ContentDigest digest;  // empty: not known yet
  std::string file_name;
  std::int64_t size = 0;  // octets
  std::string note;
};
domain::MaterialVersionId insert_material_version(Connection& connection,
                                                  const NewMaterialVersion& version,
                                                  domain::Instant now);
void save_exemption(Connection& connection, domain::MaterialId id, const std::string& reason,
                    domain::Instant now);
void remove_material(Connection& connection, domain::MaterialId id, domain::Instant now);
void restore_material(Connection& connection, domain::MaterialId id, domain::Instant now);
// The editions of `from` become editions of `into`.
void join_editions(Connection& connection, domain::MaterialId from, domain::MaterialId into);

// Those not in the bin, locked until the transaction ends.
std::vector<domain::MaterialSeat> lock_seats(Connection& connection,
                                             const domain::MaterialOwner& owner);
void save_seats(Connection& connection, const std::vector<domain::MaterialSeat>& seats);

// What a person is to the thing, by their registrations and by the expert records about them.
struct OwnerRelation {
  bool takes_part = false;  // confirmed or attended, at any meeting of a cycle
  bool leads = false;
};
// `registration`: what the holder of its link is, who reads of that meeting and its cycle alone.
OwnerRelation find_owner_relation(Connection& connection, const domain::MaterialOwner& owner,
                                  domain::RegistrationId registration);
OwnerRelation find_owner_relation(Connection& connection, const domain::MaterialOwner& owner,
                                  domain::PersonId person);
std::optional<domain::PersonId> find_registered_person(Connection& connection,
                                                       domain::RegistrationId id);
// The records of experts that are about the person.
std::vector<domain::ExpertId> list_expert_records_of(Connection& connection,
                                                     domain::PersonId person);

struct OwnerTimes {
  std::string tzid = domain::kDefaultZone;
  // From then on who leads it changes nothing; absent: never.
  std::optional<domain::Instant> closes_at;
};
OwnerTimes load_owner_times(Connection& connection, const domain::MaterialOwner& owner);

// Of the installation without a meeting; absent: the meeting has no rule of its own.
std::optional<domain::AccessibilityRule> find_accessibility_rule(
    Connection& connection, const std::optional<domain::MeetingId>& meeting);
// Absent rule: the meeting has none of its own from now on.
void save_accessibility_rule(Connection& connection,
                             const std::optional<domain::MeetingId>& meeting,
                             const std::optional<domain::AccessibilityRule>& rule);

// Once per version and person; the first time counts.
void note_material_taken(Connection& connection, domain::MaterialVersionId version,
                         domain::PersonId person, domain::Instant now);

// For good, with versions and who took them; contents go when nothing names them any more.
void delete_material(Connection& connection, domain::MaterialId id);
void delete_materials_of(Connection& connection, const domain::MaterialOwner& owner);
// Those in the bin since before then, the first ones first.
std::vector<domain::MaterialId> list_stale_materials(Connection& connection,
                                                     domain::Instant before);

}  // namespace narada::storage
