#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/practice.h"
#include "sql/connection.h"

namespace narada::storage {

struct PracticePosition {
  domain::Instant published_at{};
  domain::PracticeId id;
};
struct PracticeListing {
  std::optional<domain::PracticeType> type;
  std::optional<domain::PracticeArea> area;
  std::optional<domain::TopicId> topic;
  std::optional<domain::InstitutionId> institution;
  std::string q;                          // anywhere in title, lead or institution_text
  std::optional<PracticePosition> after;  // exclusive
  int limit = 50;
};
// Published ones, newest first; two statements.
std::vector<domain::PracticeSummary> list_practices(Connection& connection,
                                                    const PracticeListing& listing);
// By slug, or by id where the key is a number; drafts too. Three statements, and
// one more where programmes paid.
std::optional<domain::Practice> find_practice(Connection& connection, std::string_view key);
// The same of a published one.
std::optional<domain::PracticeRef> find_practice_ref(Connection& connection, std::string_view key);
// id, slug and title from `first` on.
domain::PracticeRef read_practice_ref(const Rows::Row& row, std::size_t first);

// The row, as a draft, and its institutions. Throws Duplicate when the slug is taken.
domain::PracticeId insert_practice(Connection& connection, const domain::Practice& practice,
                                   domain::Instant now);
// Every field, as long as it has that version; false otherwise. Not the status, nor the slug.
bool update_practice(Connection& connection, const domain::Practice& practice, std::int64_t version,
                     domain::Instant now);
enum class PublishedPractice { now, before, unknown };
PublishedPractice publish_practice(Connection& connection, domain::PracticeId id,
                                   domain::Instant now);
// Those of the slugs `stem`, `stem-2`… that practices have.
std::vector<std::string> list_practice_slugs(Connection& connection, const std::string& stem);

}  // namespace narada::storage
