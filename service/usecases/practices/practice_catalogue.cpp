#include "service/usecases/practices/practice_catalogue.h"

#include <algorithm>
#include <chrono>

#include "service/domain/related_practices.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "sql/practice_catalogue_store.h"

namespace narada::usecases {
namespace {

using storage::PracticeFacet;
using storage::PracticeSelection;

constexpr int kReadRecently = 90;  // days, for the order by reads
constexpr int kLooked = 60;        // candidates for related ones
constexpr std::size_t kRelated = 4;
constexpr int kMostPages = 10'000;

// Absent when no practice can fit.
std::optional<PracticeSelection> find_selection(storage::Connection& connection,
                                                const CatalogueFilter& filter) {
  PracticeSelection selection;
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  if (const auto topic = references.find_topic(checks, "topic", filter.topic))
    selection.topic = topic->id;
  if (const auto found = references.find_institution(checks, "institution", filter.institution))
    selection.institution = found->id;
  selection.type = filter.type;
  selection.area = filter.area;
  selection.year = filter.year;
  selection.size = filter.size;
  selection.featured_only = filter.featured_only;
  selection.association = filter.association;
  selection.voivodeship = filter.voivodeship;
  selection.q = filter.q;
  checks.check_text("association", selection.association, {.max = 32});
  checks.check_text("voivodeship", selection.voivodeship, {.max = 60});
  checks.check_text("q", selection.q, {.max = 300});
  if (!checks.all_good()) return std::nullopt;
  return selection;
}

domain::Date read_since(const Environment& environment) {
  return domain::Date(std::chrono::floor<std::chrono::days>(environment.clock->now()) -
                      std::chrono::days(kReadRecently));
}

PracticeFacets count_facets(storage::Connection& connection, const PracticeSelection& selection) {
  const auto without = [&](auto field) {
    auto open = selection;
    open.*field = {};
    return open;
  };
  const auto count = [&](const PracticeSelection& open, PracticeFacet facet) {
    return storage::count_facet(connection, open, facet);
  };
  PracticeFacets facets;
  facets.types = count(without(&PracticeSelection::type), PracticeFacet::type);
  facets.areas = count(without(&PracticeSelection::area), PracticeFacet::area);
  facets.topics = count(without(&PracticeSelection::topic), PracticeFacet::topic);
  facets.years = count(without(&PracticeSelection::year), PracticeFacet::year);
  facets.sizes = count(without(&PracticeSelection::size), PracticeFacet::size);
  facets.associations = count(without(&PracticeSelection::association), PracticeFacet::association);
  std::reverse(facets.years.begin(), facets.years.end());
  return facets;
}

}  // namespace

CataloguePage load_catalogue_page(const Environment& environment, const CatalogueFilter& filter,
                                  int number, int page_size) {
  const int skipped = std::clamp(number - 1, 0, kMostPages) * page_size;
  return read_database(environment, [&](storage::Connection& connection) {
    CataloguePage page;
    const auto selection = find_selection(connection, filter);
    if (!selection) return page;
    page.practices = storage::list_catalogue(connection, *selection, filter.order, skipped,
                                             page_size, read_since(environment));
    page.total = storage::count_catalogue(connection, *selection);
    page.facets = count_facets(connection, *selection);
    return page;
  });
}

std::vector<domain::CataloguedPractice> list_catalogue(const Environment& environment,
                                                       const CatalogueFilter& filter, int limit) {
  return read_database(environment, [&](storage::Connection& connection) {
    const auto selection = find_selection(connection, filter);
    if (!selection) return std::vector<domain::CataloguedPractice>{};
    return storage::list_catalogue(connection, *selection, filter.order, 0, limit,
                                   read_since(environment));
  });
}

PracticePlaces load_practice_places(const Environment& environment, const CatalogueFilter& filter) {
  return read_database(environment, [&](storage::Connection& connection) {
    PracticePlaces places;
    const auto selection = find_selection(connection, filter);
    if (!selection) return places;
    places.institutions = storage::count_practices_by_institution(connection, *selection);
    places.practices = storage::count_catalogue(connection, *selection);
    return places;
  });
}

std::vector<domain::PracticeSummary> related_practices(const Environment& environment,
                                                       const domain::PracticeSummary& practice) {
  auto kin = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_kin(connection, practice, kLooked);
  });
  return domain::closest_practices(practice, std::move(kin), kRelated);
}

}  // namespace narada::usecases
