#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/time.h"

namespace narada::domain {

// What a meeting or cycle produced (rezultat).
enum class OutcomeKind {
  problem,  // diagnosed
  prototype,
  handbook,
  resolution_draft,
  tool,
  other,
};
// How far it came, in this order; steps may be missing, and nothing goes back.
enum class OutcomeStage { problem, prototype, pilot, adopted_act, published_practice };

std::string_view to_string(OutcomeKind kind);
std::string_view to_string(OutcomeStage stage);
std::optional<OutcomeKind> find_outcome_kind(std::string_view name);
std::optional<OutcomeStage> find_outcome_stage(std::string_view name);

using OutcomeOwner = std::variant<MeetingId, CycleId>;

// A stage that was reached: when, and the document that shows it.
struct ReachedStage {
  OutcomeStage stage = OutcomeStage::problem;
  std::optional<int> year;        // unknown: no data
  std::optional<unsigned> month;  // 1..12, with a year
  std::optional<unsigned> day;    // with a month
  std::optional<MaterialId> material;
  std::string document_url;  // https://…, of a document elsewhere
  std::string note;
};

struct WorkOutcome {
  OutcomeId id;
  OutcomeOwner owner;
  OutcomeKind kind = OutcomeKind::other;
  std::string title;
  std::string description;           // Markdown
  std::vector<ReachedStage> stages;  // in the order of the stages, each once
  std::optional<InstitutionRef> responsible;
  std::string next_step;
  std::optional<Date> next_step_by;
  std::optional<PracticeId> practice;  // that it became
  std::optional<OutcomeId> grew_from;  // the problem that this prototype answers
  std::string source_url;
  int position = 0;  // within its owner, ascending
  std::int64_t version = 1;
};

// The furthest of its stages; absent: none is reached yet.
std::optional<OutcomeStage> furthest_stage(const WorkOutcome& outcome);

// "2027", "2027-05" and "2027-05-12" into year, month and day; empty: no date. False, and nothing
// set, for any other text.
bool read_stage_date(std::string_view text, ReachedStage& stage);
std::string stage_date_text(const ReachedStage& stage);
// True when the whole of `one` lies before the whole of `other`, as far as they are known: 2027 is
// not before 2027-05, 2027-04 is.
bool is_dated_before(const ReachedStage& one, const ReachedStage& other);
// The first day that it can have been; absent without a year.
std::optional<Date> earliest_day(const ReachedStage& stage);

// What was written down of a meeting or cycle as a whole; Markdown.
struct WorkReport {
  OutcomeOwner owner;
  std::string minutes;
  std::string conclusions;
  bool is_public = false;
  std::int64_t version = 1;
};

}  // namespace narada::domain
