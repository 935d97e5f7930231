#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/municipality_size.h"
#include "service/domain/practice_catalogue.h"
#include "service/usecases/environment.h"

// What readers find of the practices: everything here is of published ones alone.
namespace narada::usecases {

struct CatalogueFilter {
  std::optional<domain::PracticeType> type = {};
  std::optional<domain::PracticeArea> area = {};
  std::string topic = {};        // slug or id
  std::string institution = {};  // TERYT, slug or id
  std::string association = {};  // code
  std::string voivodeship = {};
  std::optional<int> year = {};
  std::optional<domain::MunicipalitySize> size = {};
  bool featured_only = false;
  std::string q = {};
  domain::PracticeOrder order = domain::PracticeOrder::newest;
};

struct PracticeFacets {
  std::vector<domain::FacetCount> types, areas, topics, years, sizes, associations;
};
struct CataloguePage {
  std::vector<domain::CataloguedPractice> practices;
  std::int64_t total = 0;
  PracticeFacets facets;
};
// The `number`-th page (1, 2, …). Each facet is counted without its own filter, so that readers see
// what another choice would give. A filter that names what does not exist finds nothing.
CataloguePage load_catalogue_page(const Environment&, const CatalogueFilter&, int number,
                                  int page_size);
// The first ones, without counting.
std::vector<domain::CataloguedPractice> list_catalogue(const Environment&, const CatalogueFilter&,
                                                       int limit);
struct PracticePlaces {
  std::vector<domain::CountedInstitution> institutions;  // with a position
  std::int64_t practices = 0;                            // of the filter, those without a place too
};
PracticePlaces load_practice_places(const Environment&, const CatalogueFilter&);

// Other practices that its reader may want; see domain::closest_practices().
std::vector<domain::PracticeSummary> related_practices(const Environment&,
                                                       const domain::PracticeSummary&);

}  // namespace narada::usecases
