#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/language.h"
#include "service/domain/practice.h"
#include "sql/connection.h"

namespace narada::storage {

// Every state of a practice, and its description after each change.

struct PracticeStepRow {
  std::string from_status, to_status;
  std::string comment;
  std::string actor;       // "person:3"
  std::string actor_name;  // of a person who is there still; else empty
  domain::Instant made_at{};
};
void insert_practice_step(Connection& connection, domain::PracticeId id,
                          const PracticeStepRow& step);
// The earliest first.
std::vector<PracticeStepRow> list_practice_steps(Connection& connection, domain::PracticeId id);

struct PracticeRevisionRow {
  int number = 0;
  std::string content;  // JSON
  std::string note;
  std::string actor;
  std::string actor_name;
  domain::Instant made_at{};
};
// The next number.
int insert_practice_revision(Connection& connection, domain::PracticeId id,
                             const PracticeRevisionRow& revision);
// Without their content, the latest first.
std::vector<PracticeRevisionRow> list_practice_revisions(Connection& connection,
                                                         domain::PracticeId id);
std::optional<PracticeRevisionRow> find_practice_revision(Connection& connection,
                                                          domain::PracticeId id, int number);

// The row stays locked until the transaction ends; absent where there is none.
std::optional<domain::PracticeStatus> lock_practice(Connection& connection, domain::PracticeId id);
// Also published_at, when it is published for the first time, and archived_at.
void set_practice_status(Connection& connection, domain::PracticeId id,
                         domain::PracticeStatus status, domain::Instant now);
void set_practice_verified(Connection& connection, domain::PracticeId id, domain::Date on,
                           std::string_view by);
// False where nothing changed.
bool set_practice_featured(Connection& connection, domain::PracticeId id,
                           std::optional<domain::Instant> since);

// Whom steps are told: the author's account, while it is there.
struct PracticeAuthor {
  domain::PersonId person;
  std::string name, email;
  domain::Language language = domain::Language::pl;
};
std::optional<PracticeAuthor> find_practice_author(Connection& connection, domain::PracticeId id);

struct PracticeSelectionOfPanel {
  bool all = false;  // else those of `institutions`, and of `author`
  std::vector<domain::InstitutionId> institutions;
  std::optional<domain::PersonId> author;
  std::optional<domain::PracticeStatus> status;
  std::string q;
};
struct PracticeOfPanel {
  domain::PracticeSummary practice;
  domain::Instant updated_at{};
  bool featured = false;
};
// What changed last comes first; at most `limit`.
std::vector<PracticeOfPanel> list_practices_of_panel(Connection& connection,
                                                     const PracticeSelectionOfPanel& selection,
                                                     int limit);

}  // namespace narada::storage
