#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/practice_catalogue.h"
#include "service/domain/public_document.h"
#include "service/usecases/environment.h"

// Publications: what everybody may open, of whatever meeting, cycle or practice.
namespace narada::usecases {

struct DocumentFilter {
  std::optional<domain::MaterialKind> kind;
  std::string topic;        // slug or id
  std::string institution;  // TERYT, slug or id
  std::optional<int> year;
};
struct DocumentPage {
  std::vector<domain::PublicDocument> documents;
  std::int64_t total = 0;
  std::vector<domain::FacetCount> kinds, years;  // each counted without its own filter
};
// The `number`-th page (1, 2, …), the latest first. A filter that names what does not exist finds
// nothing.
DocumentPage load_document_page(const Environment&, const DocumentFilter&, int number,
                                int page_size);
// The first ones, without counting.
std::vector<domain::PublicDocument> list_public_documents(const Environment&, const DocumentFilter&,
                                                          int limit);

std::vector<domain::TopicCount> list_topic_counts(const Environment&);
domain::Outcome<domain::TopicRef> find_topic(const Environment&, std::string_view slug_or_id);

}  // namespace narada::usecases
