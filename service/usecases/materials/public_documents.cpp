#include "service/usecases/materials/public_documents.h"

#include <algorithm>

#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "sql/public_document_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

constexpr int kMostPages = 10'000;

// Absent when no document can fit.
std::optional<storage::DocumentSelection> find_selection(storage::Connection& connection,
                                                         const Environment& environment,
                                                         const DocumentFilter& filter) {
  storage::DocumentSelection selection;
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  if (const auto topic = references.find_topic(checks, "topic", filter.topic))
    selection.topic = topic->id;
  if (const auto found = references.find_institution(checks, "institution", filter.institution))
    selection.institution = found->id;
  if (!errors.empty()) return std::nullopt;
  selection.now = environment.clock->now();
  selection.kind = filter.kind;
  selection.year = filter.year;
  return selection;
}

}  // namespace

DocumentPage load_document_page(const Environment& environment, const DocumentFilter& filter,
                                int number, int page_size) {
  const int skipped = std::clamp(number - 1, 0, kMostPages) * page_size;
  return read_database(environment, [&](storage::Connection& connection) {
    DocumentPage page;
    const auto selection = find_selection(connection, environment, filter);
    if (!selection) return page;
    page.documents = storage::list_documents(connection, *selection, skipped, page_size);
    page.total = storage::count_documents(connection, *selection);
    auto open = *selection;
    open.kind.reset();
    page.kinds = storage::count_document_kinds(connection, open);
    open = *selection;
    open.year.reset();
    page.years = storage::count_document_years(connection, open);
    return page;
  });
}

std::vector<domain::PublicDocument> list_public_documents(const Environment& environment,
                                                          const DocumentFilter& filter, int limit) {
  return read_database(environment, [&](storage::Connection& connection) {
    const auto selection = find_selection(connection, environment, filter);
    if (!selection) return std::vector<domain::PublicDocument>{};
    return storage::list_documents(connection, *selection, 0, limit);
  });
}

std::vector<domain::TopicCount> list_topic_counts(const Environment& environment) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_topic_counts(connection, environment.clock->now());
  });
}

domain::Outcome<domain::TopicRef> find_topic(const Environment& environment,
                                             std::string_view slug_or_id) {
  if (!could_be_key(slug_or_id)) return domain::NotFound{};
  auto topic = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_topic(connection, slug_or_id);
  });
  if (!topic) return domain::NotFound{};
  return std::move(*topic);
}

}  // namespace narada::usecases
