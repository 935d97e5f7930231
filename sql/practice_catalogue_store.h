#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/domain/municipality_size.h"
#include "service/domain/practice.h"
#include "service/domain/practice_catalogue.h"
#include "sql/connection.h"

namespace narada::storage {

// Of published practices; each field narrows it down.
struct PracticeSelection {
  std::optional<domain::PracticeType> type;
  std::optional<domain::PracticeArea> area;
  std::optional<domain::TopicId> topic;
  std::optional<domain::InstitutionId> institution;
  std::string association;                       // code, of some institution
  std::string voivodeship;                       // of some institution
  std::optional<int> year;                       // of the implementation
  std::optional<domain::MunicipalitySize> size;  // of some municipality of it
  bool featured_only = false;
  std::string q;  // anywhere in title, lead, or the name of an institution
};

// Three statements.
std::vector<domain::CataloguedPractice> list_catalogue(Connection& connection,
                                                       const PracticeSelection& selection,
                                                       domain::PracticeOrder order, int offset,
                                                       int limit, domain::Date read_since);
std::int64_t count_catalogue(Connection& connection, const PracticeSelection& selection);

// How many of the selection have each value; the field itself is expected to be left open in it.
enum class PracticeFacet { type, area, topic, year, size, association };
// By the value; one statement.
std::vector<domain::FacetCount> count_facet(Connection& connection,
                                            const PracticeSelection& selection,
                                            PracticeFacet facet);

// By institution, those with a position alone; by name.
std::vector<domain::CountedInstitution> count_practices_by_institution(
    Connection& connection, const PracticeSelection& selection);
// Those that share topic, area, type or an institution with it, the newest first; two statements.
std::vector<domain::PracticeSummary> list_kin(Connection& connection,
                                              const domain::PracticeSummary& practice, int limit);

}  // namespace narada::storage
