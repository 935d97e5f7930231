#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/institutions/institution_changes.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::usecases {

// An import of institutions that is looked at before it happens. Action::edit_catalogue; Forbidden
// for others.
inline constexpr std::size_t kMostImportOctets = 1U << 20;

struct PreviewRow {
  int line = 0;
  std::string teryt;
  std::string name;
  std::vector<FieldChange> changes;  // of a changed one
  domain::FieldErrors errors;        // of a wrong one
};
struct ImportPreview {
  std::vector<PreviewRow> added, changed, wrong;
  int unchanged = 0;
  std::vector<std::string> new_associations;  // codes
  std::string text;                           // of the file in UTF-8, for the way back
  std::string digest;                         // of the file and of all that it would do

  bool can_apply() const { return wrong.empty() && !(added.empty() && changed.empty()); }
};
// Nothing is stored. `file`: CSV in UTF-8 or Windows-1250, as import_municipalities takes it.
// FieldErrors under "file" for what is no such table: required, file_too_large, not_utf8 (neither
// encoding), csv_<code>{line} as CsvError has it, missing_column{column}.
domain::Outcome<ImportPreview> preview_import(const Environment&, const Actor&,
                                              std::string_view file);

// Does what the preview with this digest showed. Conflict preview_changed when it would do anything
// else by now: look again.
domain::Outcome<ImportReport> apply_import(const Environment&, const Call&, std::string_view file,
                                           std::string_view digest);

}  // namespace narada::usecases
