#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/practice_catalogue.h"
#include "service/domain/public_document.h"
#include "sql/connection.h"

namespace narada::storage {

// Of materials that everybody may open at `now`; each field narrows it down.
struct DocumentSelection {
  domain::Instant now{};
  std::optional<domain::MaterialKind> kind;
  std::optional<domain::TopicId> topic;              // of its meeting, cycle or practice
  std::optional<domain::InstitutionId> institution;  // of the same
  std::optional<int> year;
};
// The latest first; one statement.
std::vector<domain::PublicDocument> list_documents(Connection& connection,
                                                   const DocumentSelection& selection, int offset,
                                                   int limit);
std::int64_t count_documents(Connection& connection, const DocumentSelection& selection);
// By kind; by year, the latest first.
std::vector<domain::FacetCount> count_document_kinds(Connection& connection,
                                                     const DocumentSelection& selection);
std::vector<domain::FacetCount> count_document_years(Connection& connection,
                                                     const DocumentSelection& selection);

// Every topic by name in Polish order, with what everybody finds of it.
std::vector<domain::TopicCount> list_topic_counts(Connection& connection, domain::Instant now);

}  // namespace narada::storage
