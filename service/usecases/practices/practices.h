#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

struct PracticeFilter {
  std::optional<domain::PracticeType> type;
  std::optional<domain::PracticeArea> area;
  std::string topic;        // slug or id
  std::string institution;  // TERYT, slug or id
  std::string q;
};
// Published ones, newest first.
PageOf<domain::PracticeSummary> list_practices(const Environment&, const Actor& viewer,
                                               const PracticeFilter&, const PageRequest&);
domain::Outcome<domain::Practice> find_practice(const Environment&, const Actor& viewer,
                                                std::string_view id_or_slug);

struct PracticeForm {
  std::string title, lead;
  std::optional<domain::PracticeType> type;
  bool type_from_source = false;
  std::optional<domain::PracticeArea> area;
  std::string topic;
  std::optional<domain::PracticeOrigin> origin;
  std::optional<domain::PracticeState> state;
  std::optional<int> implementation_year;
  std::optional<unsigned> implementation_month;
  std::optional<std::string> budget_pln;
  std::vector<std::string> institutions;  // lead first
  std::string institution_text;
  std::string situation_before, aim, description, results, lessons, contact, found_by, financing;
  std::string legacy_url, source_url, caveat;
};
domain::Outcome<domain::Practice> create_practice(const Environment&, const Call&,
                                                  const PracticeForm&);
domain::Outcome<domain::Practice> publish_practice(const Environment&, const Call&,
                                                   domain::PracticeId);

}  // namespace narada::usecases
