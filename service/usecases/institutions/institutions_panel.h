#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/institution_record.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// Institutions as those see and change them who keep the catalogue (Action::edit_catalogue);
// Forbidden for others.
struct RecordFilter {
  std::string association;  // code
  std::string q;            // in name, alias, county, TERYT
  std::optional<domain::InstitutionKind> kind;
  std::optional<domain::InstitutionState> state;
};
// By name in Polish order, with those out of use.
domain::Outcome<PageOf<domain::InstitutionRecord>> list_institution_records(const Environment&,
                                                                            const Actor&,
                                                                            const RecordFilter&,
                                                                            const PageRequest&);
domain::Outcome<domain::InstitutionRecord> find_institution_record(const Environment&, const Actor&,
                                                                   domain::InstitutionId);

// All that is known of an institution.
struct InstitutionEdit : InstitutionForm {
  std::optional<std::int64_t> population_year;
  std::optional<double> area_km2;
};
// Field errors as create_institution, and taken for the TERYT of another one.
domain::Outcome<domain::InstitutionId> add_institution_record(const Environment&, const Call&,
                                                              const InstitutionEdit&);
// Stale unless `version` is the current one; Conflict institution_merged when another one stands
// for it. Aliases and associations become just those of the form.
domain::Outcome<domain::InstitutionId> change_institution(const Environment&, const Call&,
                                                          domain::InstitutionId,
                                                          std::int64_t version,
                                                          const InstitutionEdit&);
// In use or not; nothing that refers to it changes. Stale and Conflict as above.
enum class InstitutionUse { in_use, out_of_use };
domain::Outcome<domain::InstitutionId> set_institution_use(const Environment&, const Call&,
                                                           domain::InstitutionId,
                                                           std::int64_t version, InstitutionUse);

// Public: the institution that stands for a merged one; absent when the key names none that was
// merged.
std::optional<domain::InstitutionRef> find_successor(const Environment&, std::string_view key);

}  // namespace narada::usecases
