#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

struct InstitutionFilter {
  std::string association;  // code
  std::string q;            // in name, alias, county
  bool municipalities_only = false;
};
PageOf<domain::Institution> list_institutions(const Environment&, const InstitutionFilter&,
                                              const PageRequest&);
// All, by name in Polish order, for pickers and maps; cached for a few seconds.
std::vector<domain::InstitutionRef> all_institutions(const Environment&);
// TERYT (seven digits), id or slug.
domain::Outcome<domain::Institution> find_institution(const Environment&, std::string_view key);

struct InstitutionForm {
  std::string name;
  std::optional<std::string> teryt;
  domain::InstitutionKind kind = domain::InstitutionKind::other;
  std::string county;
  std::string voivodeship;
  std::optional<domain::GeoPoint> position;
  std::optional<std::int64_t> population;
  std::string website;
  std::vector<std::string> aliases;
  std::vector<std::string> associations;  // codes
};
domain::Outcome<domain::Institution> create_institution(const Environment&, const Call&,
                                                        const InstitutionForm&);

std::vector<domain::Association> list_associations(const Environment&);
std::vector<domain::TopicRef> list_topics(const Environment&);
domain::Outcome<domain::TopicRef> create_topic(const Environment&, const Call&,
                                               const std::string& name, const std::string& name_en);
PageOf<domain::ExpertRef> list_experts(const Environment&, const std::string& q,
                                       const PageRequest&);
domain::Outcome<domain::ExpertRef> find_expert(const Environment&, std::string_view id_or_slug);
struct ExpertForm {
  std::string name;
  domain::ExpertKind kind = domain::ExpertKind::organization;
  std::string description;
  std::string institution;
};
domain::Outcome<domain::ExpertRef> create_expert(const Environment&, const Call&,
                                                 const ExpertForm&);

// CSV of municipalities (columns as `narada import municipalities` documents): every bad row is
// named by its line; nothing is written unless all are good. Idempotent by TERYT. An association
// that is not known yet joins the catalogue by its code.
struct ImportReport {
  int added = 0;
  int changed = 0;
  int unchanged = 0;
  std::vector<std::string> new_associations;  // codes that the file names and nobody knew
};
domain::Outcome<ImportReport> import_municipalities(const Environment&, const Call&,
                                                    std::string_view csv);

}  // namespace narada::usecases
