#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/domain/content_digest.h"
#include "service/domain/file_facts.h"
#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/meeting.h"
#include "service/domain/time.h"

namespace narada::domain {

enum class MaterialKind {
  handbook,
  presentation,
  exercise,
  resolution_draft,
  report,
  recording,
  photo,
  other,
};
// Whom an edition is written for.
enum class MaterialAudience { everybody, officials, residents };
enum class MaterialAccess { everybody, participants, organizers };
// What organizers ask of documents that somebody may be unable to read. advice: faults are shown
// to who brought it. required: a version with faults stays with them and the organizers.
enum class AccessibilityRule { none, advice, required };
enum class Licence { all_rights_reserved, cc_by, cc_by_sa, cc_by_nc, cc0, public_document };

std::string_view to_string(MaterialKind kind);
std::string_view to_string(MaterialAudience audience);
std::string_view to_string(MaterialAccess access);
std::string_view to_string(AccessibilityRule rule);
std::string_view to_string(Licence licence);
std::optional<MaterialKind> find_material_kind(std::string_view name);
std::optional<MaterialAudience> find_material_audience(std::string_view name);
std::optional<MaterialAccess> find_material_access(std::string_view name);
std::optional<AccessibilityRule> find_accessibility_rule(std::string_view name);
std::optional<Licence> find_licence(std::string_view name);

// What a material belongs to.
using MaterialOwner = std::variant<MeetingId, CycleId, PracticeId>;

// One file of a material, the newest with the highest number. Its name is only ever shown.
struct MaterialVersion {
  MaterialVersionId id;
  int number = 1;  // 1, 2, …
  std::string file_name;
  std::int64_t size = 0;  // octets
  ContentDigest digest;   // empty: still being brought to the store
  FileState state = FileState::waiting;
  std::optional<FileRefusal> refusal;
  FileFacts facts;          // of a ready one
  ContentDigest thumbnail;  // of its first page or of the picture; empty: none
  std::string note;         // what has changed; empty for the first
  Instant created_at{};
};

struct Material {
  MaterialId id;
  MaterialOwner owner;
  MaterialKind kind = MaterialKind::other;
  std::string title;
  std::string description;  // plain text
  MaterialAudience audience = MaterialAudience::everybody;
  Language language = Language::pl;  // that it is written in
  Licence licence = Licence::all_rights_reserved;
  std::string authors;
  MaterialAccess access = MaterialAccess::everybody;
  std::optional<Instant> available_from;  // before it only organizers and who brought it read it
  std::string section;                    // heading on the page; empty: without one
  int position = 0;                       // within its owner, ascending
  std::string link;                       // https://…, of a recording elsewhere; then no versions
  std::string alt_text;                   // of a photo
  bool has_consent = false;               // of those whom the photo or recording shows
  std::optional<ExpertId> expert;         // whose it is
  std::optional<PersonId> added_by;
  // The same thing for others or in another language: editions of one thing name the same first
  // one.
  std::optional<MaterialId> edition_of;
  AccessibilityRule rule = AccessibilityRule::advice;  // of its meeting or of the installation
  std::string exemption;                  // why it is public in spite of faults; empty: it is not
  bool tells = true;                      // participants get a mail that it is there
  std::optional<Instant> told;            // when they got it
  std::vector<MaterialVersion> versions;  // the newest first
  std::int64_t version = 1;               // of the record, for If-Match
  Instant updated_at{};
};

// What a reader is to the thing that a material belongs to. The owner itself is seen by its own
// rules first: of a draft meeting nobody but its organizers and experts finds anything.
struct MaterialReader {
  bool organizes = false;
  bool leads = false;       // an expert of it
  bool takes_part = false;  // confirmed, attended; also by the link of their registration
  bool added = false;       // brought it
};

enum class MaterialReading {
  open,
  not_yet,            // available_from lies ahead; its title and the date are shown
  participants_only,  // its title is shown, and how to become one
  hidden,             // as if it were not there; also while no version is for this reader
};
MaterialReading decide_reading(const Material& material, const MaterialReader& reader, Instant now);

// Whether the version is kept from readers until it is mended: it has faults, the rule is
// `required`, and organizers have not made an exemption.
bool is_withheld(const Material& material, const MaterialVersion& version);
// The versions that this reader may open, the newest first: those that are ready and not withheld;
// all for who organizes or brought it.
std::vector<MaterialVersion> readable_versions(const Material& material,
                                               const MaterialReader& reader);
// The newest that is ready, withheld or not; null: none yet. Of a material with readable_versions()
// alone it is what the reader gets.
const MaterialVersion* current_version(const Material& material);

// How long after its end those who lead a meeting may still change what is theirs.
inline constexpr std::chrono::days kExpertsChangeFor{30};

// Where one stands in the list of its owner.
struct MaterialSeat {
  MaterialId id;
  std::string section;
  int position = 0;
};
enum class MaterialMove { up, down };
// The list as it is read: the sections in the order of their first one, what has no section before
// all others, and by position within. Pure.
std::vector<MaterialSeat> in_reading_order(std::vector<MaterialSeat> seats);
// One place up or down within its section; at the edge the section itself changes places with its
// neighbour, unless it is the one without a heading. Positions are 1, 2, … in reading order.
std::vector<MaterialSeat> moved(std::vector<MaterialSeat> seats, MaterialId id, MaterialMove move);

}  // namespace narada::domain
