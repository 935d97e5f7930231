#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/domain/practice_rules.h"
#include "service/usecases/field_merge.h"
#include "service/usecases/practices/practices.h"
#include "sql/connection.h"

// What happens to a description of a practice: its states, and what it said after each change.
namespace narada::usecases {

struct PracticeMove {
  domain::PracticeStep step = domain::PracticeStep::submit;
  std::string comment;      // to the author; sending back wants one
  std::string verified_by;  // of publishing: who answers for that it is true, shown to readers
};
// For editors (submit) or who verifies (everything else). FieldErrors: what a submission lacks,
// each field "required"; comment. Conflict practice_step for a step that its state does not allow.
// The author is told by mail.
domain::Outcome<domain::Practice> move_practice(const Environment&, const Call&, domain::PracticeId,
                                                const PracticeMove&);
// The same within a transaction, without asking who: for what has decided that already.
domain::Outcome<domain::PracticeId> move_practice_in(storage::Connection&, const Environment&,
                                                     const Call&, domain::PracticeId,
                                                     const PracticeMove&);
// A published one on the first page. Twice is once.
domain::Outcome<domain::PracticeId> feature_practice(const Environment&, const Call&,
                                                     domain::PracticeId, bool featured);

struct PracticeHappening {
  std::string who;  // a name; empty: the service, or somebody who is forgotten
  domain::PracticeStatus from = domain::PracticeStatus::draft, to = domain::PracticeStatus::draft;
  std::string comment;
  domain::Instant at{};
};
struct PracticeRevision {
  int number = 0;
  std::string who;
  domain::Instant at{};
};
struct PracticeHistory {
  domain::Practice practice;
  std::vector<PracticeHappening> steps;     // the earliest first
  std::vector<PracticeRevision> revisions;  // the latest first
};
// For editors.
domain::Outcome<PracticeHistory> load_practice_history(const Environment&, const Actor&,
                                                       domain::PracticeId);
struct RevisionComparison {
  domain::Practice practice;  // as it is now
  PracticeRevision revision;
  FieldTexts before, after;  // of the revision before it, and its own
};
domain::Outcome<RevisionComparison> compare_revision(const Environment&, const Actor&,
                                                     domain::PracticeId, int number);
// Makes what it said then what it says now, as a new revision; the contact stays.
domain::Outcome<domain::Practice> restore_revision(const Environment&, const Call&,
                                                   domain::PracticeId, int number);

struct PracticeOfRoom {
  domain::PracticeId id;
  std::string title;
  domain::PracticeStatus status = domain::PracticeStatus::draft;
  domain::Instant updated_at{};
  bool featured = false;
  bool waits_for_reader = false;  // whether the next step is the reader's
};
struct PracticeRoomFilter {
  std::optional<domain::PracticeStatus> status;
  std::string q;
};
// What this person edits or verifies, the latest change first; at most 200.
domain::Outcome<std::vector<PracticeOfRoom>> list_practice_room(const Environment&, const Actor&,
                                                                const PracticeRoomFilter&);

// The address of one that is archived; whoever asks learns its title and nothing more.
std::optional<domain::PracticeRef> find_archived_practice(const Environment&,
                                                          std::string_view id_or_slug);

}  // namespace narada::usecases
