#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/domain/work_outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// What a meeting or cycle came to: its report, and outcomes with the stages that they reached.

// A stage as people fill it in. Reached when any of its fields says something or `reached` is set.
struct ReachedStageForm {
  domain::OutcomeStage stage = domain::OutcomeStage::problem;
  std::string date;          // "2027", "2027-05" or "2027-05-12"; empty: not known
  std::string material;      // id of a material of the owner, its cycle or its meetings
  std::string document_url;  // https://…
  std::string note;
  friend bool operator==(const ReachedStageForm&, const ReachedStageForm&) = default;
};
struct OutcomeForm {
  domain::OutcomeKind kind = domain::OutcomeKind::other;
  std::string title;
  std::string description;               // Markdown
  std::vector<ReachedStageForm> stages;  // those reached, each once
  std::string responsible;               // TERYT, slug or id
  std::string next_step;
  std::optional<domain::Date> next_step_by;
  std::string practice;   // slug or id
  std::string grew_from;  // id of another outcome of the same cycle or meeting
  std::string source_url;
  friend bool operator==(const OutcomeForm&, const OutcomeForm&) = default;
};

// A document of a stage: a material, named for who may open it.
struct OutcomeMaterial {
  domain::MaterialId id;
  std::string title;
};
struct OutcomeEntry {
  domain::WorkOutcome outcome;
  std::optional<domain::PracticeRef> practice;  // absent also while it is not for this reader
  std::vector<OutcomeMaterial> materials;       // those of its stages that this reader may open
};
struct WorkResults {
  domain::OutcomeOwner owner;
  domain::WorkReport report;  // without words that are not public, unless the reader organizes
  std::vector<OutcomeEntry> outcomes;  // of the owner itself, in order
  bool may_change = false;
  bool empty() const {
    return report.minutes.empty() && report.conclusions.empty() && outcomes.empty();
  }
};

// As that reader finds it. NotFound when the meeting or cycle is not there for them.
domain::Outcome<WorkResults> load_results(const Environment&, const Actor&,
                                          const domain::OutcomeOwner&);
struct FoundOutcome {
  OutcomeEntry entry;
  OutcomeForm form;
};
// For organizers of its owner; else NotFound or Forbidden.
domain::Outcome<FoundOutcome> find_outcome(const Environment&, const Actor&, domain::OutcomeId);

// What a form may name: materials of the owner, its cycle or its meetings, and the problems that
// were found there.
struct OutcomeChoices {
  std::vector<OutcomeMaterial> materials;
  struct Problem {
    domain::OutcomeId id;
    std::string title;
  };
  std::vector<Problem> problems;
};
domain::Outcome<OutcomeChoices> load_outcome_choices(const Environment&, const Actor&,
                                                     const domain::OutcomeOwner&);

// The rest is for organizers of the owner. FieldErrors by the fields of the form
// ("stages[1].date"): invalid_stage_date, future_date, unknown_material, invalid_url, not_https,
// unknown_institution, unknown_practice, unknown_outcome; stages: stages_out_of_order (a later one
// dated before an earlier one), twice.
domain::Outcome<domain::OutcomeId> add_outcome(const Environment&, const Call&,
                                               const domain::OutcomeOwner&, const OutcomeForm&);
// Stale when `version` is no longer current. A form that changes nothing keeps the version.
domain::Outcome<domain::OutcomeId> change_outcome(const Environment&, const Call&,
                                                  domain::OutcomeId, std::int64_t version,
                                                  const OutcomeForm&);
domain::Outcome<domain::OutcomeId> remove_outcome(const Environment&, const Call&,
                                                  domain::OutcomeId,
                                                  std::optional<std::int64_t> version = {});
enum class OutcomeMove { up, down };
domain::Outcome<domain::OutcomeId> move_outcome(const Environment&, const Call&, domain::OutcomeId,
                                                OutcomeMove);

// Titles of problems (or other outcomes), one a line, after those that are there. "4: x" in no way
// special; a line that is there already is left out. How many were added.
domain::Outcome<int> add_outcome_lines(const Environment&, const Call&, const domain::OutcomeOwner&,
                                       domain::OutcomeKind, const std::string& lines);

struct ReportForm {
  std::string minutes;
  std::string conclusions;
  bool is_public = false;
  friend bool operator==(const ReportForm&, const ReportForm&) = default;
};
// Stale when `version` is no longer current; 0: there is none yet.
domain::Outcome<std::int64_t> save_report(const Environment&, const Call&,
                                          const domain::OutcomeOwner&, std::int64_t version,
                                          const ReportForm&);

// "59 problems, 4 prototyped": of the owner, and of a cycle with its meetings.
struct ProblemCount {
  int problems = 0;
  int prototyped = 0;  // problems that a prototype grew from
};
ProblemCount count_problems(const std::vector<domain::WorkOutcome>& outcomes);

}  // namespace narada::usecases
