#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/practice.h"
#include "service/domain/work_outcome.h"
#include "sql/connection.h"

namespace narada::storage {

// In their order, with stages and the name of who answers for the next step; two statements.
std::vector<domain::WorkOutcome> list_outcomes(Connection& connection,
                                               const domain::OutcomeOwner& owner);
// Of a cycle itself and of its meetings that are published, those of the cycle first; two
// statements.
std::vector<domain::WorkOutcome> list_outcomes_within(Connection& connection,
                                                      domain::CycleId cycle);
// Those that became this practice, of owners that are published.
std::vector<domain::WorkOutcome> list_outcomes_of(Connection& connection,
                                                  domain::PracticeId practice);
std::optional<domain::WorkOutcome> find_outcome(Connection& connection, domain::OutcomeId id);

// Locks the owner's row, which keeps the order of its outcomes; false: no such owner.
bool lock_outcome_owner(Connection& connection, const domain::OutcomeOwner& owner);
// Last of its owner.
domain::OutcomeId insert_outcome(Connection& connection, const domain::WorkOutcome& outcome,
                                 domain::Instant now);
// All that a form can change; raises the version.
void update_outcome(Connection& connection, const domain::WorkOutcome& outcome,
                    domain::Instant now);
void delete_outcome(Connection& connection, domain::OutcomeId id);
void swap_outcomes(Connection& connection, const domain::WorkOutcome& one,
                   const domain::WorkOutcome& other);

// With version 0 where there is none yet.
domain::WorkReport load_work_report(Connection& connection, const domain::OutcomeOwner& owner);
void save_work_report(Connection& connection, const domain::WorkReport& report,
                      domain::Instant now);

// Practices by id with whether they are published, drafts too.
struct NamedPractice {
  domain::PracticeRef practice;
  bool published = false;
};
std::map<domain::PracticeId, NamedPractice> name_practices(
    Connection& connection, const std::vector<domain::PracticeId>& ids);
// The meetings and the cycle whose materials may document an outcome: a cycle with its meetings, or
// a meeting with its cycle.
std::vector<domain::OutcomeOwner> list_outcome_relatives(Connection& connection,
                                                         const domain::OutcomeOwner& owner);

}  // namespace narada::storage
