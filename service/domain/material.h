#pragma once

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
enum class Licence { all_rights_reserved, cc_by, cc_by_sa, cc_by_nc, cc0, public_document };

std::string_view to_string(MaterialKind kind);
std::string_view to_string(MaterialAudience audience);
std::string_view to_string(MaterialAccess access);
std::string_view to_string(Licence licence);
std::optional<MaterialKind> find_material_kind(std::string_view name);
std::optional<MaterialAudience> find_material_audience(std::string_view name);
std::optional<MaterialAccess> find_material_access(std::string_view name);
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
  std::optional<Instant> available_from;  // before it only organizers and who brought it see it
  std::string section;                    // heading on the page; empty: without one
  int position = 0;                       // within its owner, ascending
  std::string link;                       // https://…, of a recording elsewhere; then no versions
  std::string alt_text;                   // of a photo
  bool has_consent = false;               // of those whom the photo or recording shows
  std::optional<ExpertId> expert;         // whose it is
  std::optional<PersonId> added_by;
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
  hidden,             // as if it were not there
};
MaterialReading decide_reading(const Material& material, const MaterialReader& reader, Instant now);

// The version that readers get: the newest that is ready; null: none yet.
const MaterialVersion* current_version(const Material& material);

}  // namespace narada::domain
