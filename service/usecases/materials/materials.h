#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/materials/readable_materials.h"

namespace narada::usecases {

// What people fill in for a material.
struct MaterialForm {
  std::string title;
  domain::MaterialKind kind = domain::MaterialKind::other;
  std::string description;
  domain::MaterialAudience audience = domain::MaterialAudience::everybody;
  domain::Language language = domain::Language::pl;
  domain::Licence licence = domain::Licence::all_rights_reserved;
  std::string authors;
  domain::MaterialAccess access = domain::MaterialAccess::everybody;
  // By the clock of the meeting's place; of what has none, by the default zone's.
  std::optional<domain::WallTime> available_from;
  std::string section;
  std::string link;      // https://…, of what lies elsewhere
  std::string alt_text;  // of a photo
  bool has_consent = false;
  std::string expert;      // slug or id; empty: nobody's
  std::string edition_of;  // id of a material of the same owner; empty: of none
  bool tell_participants = true;
  std::string upload;  // key of a complete upload of the actor's for this owner; only for adding
  friend bool operator==(const MaterialForm&, const MaterialForm&) = default;
};

// For who may add_material to the owner, which must be there for them (else NotFound), while it is
// open for them (Conflict materials_closed: for who leads it, kExpertsChangeFor after its end).
// FieldErrors by the fields of the form; upload: required (neither file nor link),
// file_or_link (both), unknown_upload; link: invalid_url, not_https; alt_text: required;
// has_consent: consent_needed (of a photo or recording for everybody); available_from:
// nonexistent_time; expert: unknown_expert; edition_of: unknown_material, own_edition.
domain::Outcome<domain::MaterialId> add_material(const Environment&, const Call&,
                                                 const domain::MaterialOwner&, const MaterialForm&);

// The rest is for organizers of the owner, and for who leads it of what is theirs: what they added,
// or of the expert who they are. NotFound for who may not see the material, else Forbidden.

// What the material says now, as a form.
struct EditedMaterial {
  domain::Material material;
  MaterialForm form;
  std::string tzid;  // of form.available_from
};
domain::Outcome<EditedMaterial> find_edited_material(const Environment&, const Actor&,
                                                     domain::MaterialId);
// All but `upload`. Stale when `version` is no longer current. A form that changes nothing keeps
// the version.
domain::Outcome<domain::MaterialId> change_material(const Environment&, const Call&,
                                                    domain::MaterialId, std::int64_t version,
                                                    const MaterialForm&);
// A newer file; the old ones stay. FieldErrors note: required; upload: required, unknown_upload.
// Conflict link_has_no_versions.
domain::Outcome<domain::MaterialId> add_version(const Environment&, const Call&, domain::MaterialId,
                                                const std::string& upload, const std::string& note);
// For organizers alone.
domain::Outcome<domain::MaterialId> move_material(const Environment&, const Call&,
                                                  domain::MaterialId, domain::MaterialMove);
// Into the bin, from where it comes back as it was for kKeptInBin. Stale when a version is given
// that is no longer current.
domain::Outcome<domain::MaterialId> remove_material(const Environment&, const Call&,
                                                    domain::MaterialId,
                                                    std::optional<std::int64_t> version = {});
domain::Outcome<domain::MaterialId> restore_material(const Environment&, const Call&,
                                                     domain::MaterialId);
// Public in spite of its faults, for organizers: people are told the reason and that they get
// another form on request. An empty reason takes it back. FieldErrors reason: too_long.
domain::Outcome<domain::MaterialId> exempt_material(const Environment&, const Call&,
                                                    domain::MaterialId, const std::string& reason);

// By whose clock available_from of the owner's materials is said.
domain::Outcome<std::string> find_material_zone(const Environment&, const Actor&,
                                                const domain::MaterialOwner&);

// As who works on them sees them: for who may add_material, of the owner's those that they may
// read. NotFound, Forbidden.
domain::Outcome<std::vector<ReadableMaterial>> list_materials(const Environment&, const Actor&,
                                                              const domain::MaterialOwner&);
// The same materials as somebody else would find them: those alone that `reader` sees, with what
// they see of them.
domain::Outcome<std::vector<ReadableMaterial>> preview_materials(const Environment&, const Actor&,
                                                                 const domain::MaterialOwner&,
                                                                 const domain::MaterialReader&);
// In the bin, of what the actor may change.
struct RemovedMaterial {
  domain::Material material;
  domain::Instant purged_at{};
};
domain::Outcome<std::vector<RemovedMaterial>> list_removed_materials(const Environment&,
                                                                     const Actor&,
                                                                     const domain::MaterialOwner&);

// What has lain in the bin for kKeptInBin goes for good; how many.
int purge_materials(const Environment&);

// What documents must be like to be public: of a meeting, or of all that have no rule of their own
// (meeting absent; for who organizes everywhere). `own` absent: the meeting has none.
struct AccessibilityRules {
  domain::AccessibilityRule installation = domain::AccessibilityRule::advice;
  std::optional<domain::AccessibilityRule> own;
};
domain::Outcome<AccessibilityRules> load_accessibility_rules(
    const Environment&, const Actor&, const std::optional<domain::MeetingId>&);
domain::Outcome<AccessibilityRules> save_accessibility_rule(
    const Environment&, const Call&, const std::optional<domain::MeetingId>&,
    const std::optional<domain::AccessibilityRule>&);

}  // namespace narada::usecases
