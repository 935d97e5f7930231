#include <algorithm>
#include <set>
#include <sstream>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/operations.h"
#include "service/usecases/outcomes/outcome_form.h"
#include "service/usecases/outcomes/outcome_reading.h"
#include "service/usecases/outcomes/outcomes.h"
#include "sql/outcome_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Outcome;
using domain::OutcomeId;
using domain::OutcomeOwner;
using domain::WorkOutcome;

constexpr std::size_t kMostOutcomes = 500;  // of one owner
constexpr std::size_t kLongestTitle = 300;
constexpr std::size_t kLongestMinutes = 200'000;
constexpr std::size_t kLongestConclusions = 20'000;

void note(storage::Connection& connection, const Environment& environment, const Call& call,
          std::string_view verb, const OutcomeOwner& owner, const std::string& details = "{}") {
  const auto meeting = meeting_of_outcome(owner);
  const auto id = meeting ? meeting->value : std::get<domain::CycleId>(owner).value;
  const std::string kind = meeting ? "meeting" : "cycle";
  record_activity(connection, environment, call, kind + "." + std::string(verb), kind, id, meeting,
                  details);
}

std::string detail_of(OutcomeId id) { return R"({"outcome":)" + std::to_string(id.value) + "}"; }

template <class T>
Outcome<T> with_news(const Environment& environment, Outcome<T> outcome) {
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

// The owner locked, once the actor may organize it.
Outcome<Thing> lock_owner(storage::Connection& connection, const Actor& actor,
                          const OutcomeOwner& owner) {
  if (!storage::lock_outcome_owner(connection, owner)) return domain::NotFound{};
  return check_outcome_owner(connection, actor, Action::organize, owner);
}

// An outcome whose owner is locked.
Outcome<WorkOutcome> lock_outcome(storage::Connection& connection, const Actor& actor,
                                  OutcomeId id) {
  const auto before = storage::find_outcome(connection, id);
  if (!before) return domain::NotFound{};
  const auto allowed = lock_owner(connection, actor, before->owner);
  if (!allowed) return allowed.failure();
  auto outcome = storage::find_outcome(connection, id);
  if (!outcome) return domain::NotFound{};
  return std::move(*outcome);
}

std::set<std::string> titles_of(const std::vector<WorkOutcome>& outcomes,
                                domain::OutcomeKind kind) {
  std::set<std::string> titles;
  for (const auto& outcome : outcomes)
    if (outcome.kind == kind) titles.insert(outcome.title);
  return titles;
}

// The lines that say something, each once; what breaks a rule is noted under its number.
std::vector<std::string> read_lines(const std::string& typed, FieldErrors& errors) {
  std::vector<std::string> lines;
  std::istringstream all(typed);
  int number = 0;
  for (std::string line; std::getline(all, line);) {
    ++number;
    FieldErrors broken;
    FieldChecks checks(broken);
    checks.check_text("lines", line, {.max = kLongestTitle});
    for (auto& error : broken) {
      error.details["line"] = std::to_string(number);
      errors.push_back({"lines", "line_" + error.code, error.details});
    }
    if (!line.empty() && std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(line);
  }
  if (lines.empty() && errors.empty()) errors.push_back({"lines", "required"});
  return lines;
}

}  // namespace

Outcome<OutcomeId> add_outcome(const Environment& environment, const Call& call,
                               const OutcomeOwner& owner, const OutcomeForm& form) {
  return with_news(
      environment,
      run_once_for_id<OutcomeId>(
          environment, call, "add_outcome",
          [&](storage::Connection& connection) -> Outcome<OutcomeId> {
            const auto allowed = lock_owner(connection, call.actor, owner);
            if (!allowed) return allowed.failure();
            FieldErrors errors;
            FieldChecks checks(errors);
            WorkOutcome kept;
            kept.owner = owner;
            const auto outcome =
                read_outcome_form(connection, environment, call.actor, form, checks, kept);
            const auto count = storage::list_outcomes(connection, owner).size();
            if (count >= kMostOutcomes)
              checks.add("", "too_many_outcomes", {{"max", std::to_string(kMostOutcomes)}});
            if (!errors.empty()) return errors;
            const auto id = storage::insert_outcome(connection, outcome, environment.clock->now());
            note(connection, environment, call, "outcome_added", owner, detail_of(id));
            return id;
          }));
}

Outcome<OutcomeId> change_outcome(const Environment& environment, const Call& call, OutcomeId id,
                                  std::int64_t version, const OutcomeForm& form) {
  return with_news(
      environment,
      run_once_for_id<OutcomeId>(
          environment, call, "change_outcome",
          [&](storage::Connection& connection) -> Outcome<OutcomeId> {
            const auto kept = lock_outcome(connection, call.actor, id);
            if (!kept) return kept.failure();
            if (kept->version != version) return domain::Stale{};
            FieldErrors errors;
            FieldChecks checks(errors);
            const auto outcome =
                read_outcome_form(connection, environment, call.actor, form, checks, *kept);
            if (!errors.empty()) return errors;
            if (to_outcome_form(outcome) == to_outcome_form(*kept)) return id;
            storage::update_outcome(connection, outcome, environment.clock->now());
            note(connection, environment, call, "outcome_changed", kept->owner, detail_of(id));
            return id;
          }));
}

Outcome<OutcomeId> remove_outcome(const Environment& environment, const Call& call, OutcomeId id,
                                  std::optional<std::int64_t> version) {
  return with_news(environment, run_once_for_id<OutcomeId>(
                                    environment, call, "remove_outcome",
                                    [&](storage::Connection& connection) -> Outcome<OutcomeId> {
                                      const auto kept = lock_outcome(connection, call.actor, id);
                                      if (!kept) return kept.failure();
                                      if (version && kept->version != *version)
                                        return domain::Stale{};
                                      storage::delete_outcome(connection, id);
                                      note(connection, environment, call, "outcome_removed",
                                           kept->owner, detail_of(id));
                                      return id;
                                    }));
}

Outcome<OutcomeId> move_outcome(const Environment& environment, const Call& call, OutcomeId id,
                                OutcomeMove move) {
  return with_news(
      environment,
      run_once_for_id<OutcomeId>(
          environment, call, "move_outcome",
          [&](storage::Connection& connection) -> Outcome<OutcomeId> {
            const auto kept = lock_outcome(connection, call.actor, id);
            if (!kept) return kept.failure();
            const auto all = storage::list_outcomes(connection, kept->owner);
            const auto at = std::find_if(all.begin(), all.end(),
                                         [&](const WorkOutcome& one) { return one.id == id; });
            const bool at_edge = move == OutcomeMove::up ? at == all.begin() : at + 1 == all.end();
            if (at_edge) return id;
            storage::swap_outcomes(connection, *at,
                                   move == OutcomeMove::up ? *(at - 1) : *(at + 1));
            note(connection, environment, call, "outcome_changed", kept->owner, detail_of(id));
            return id;
          }));
}

Outcome<int> add_outcome_lines(const Environment& environment, const Call& call,
                               const OutcomeOwner& owner, domain::OutcomeKind kind,
                               const std::string& typed) {
  return with_news(
      environment,
      run_once<int>(
          environment, call, "add_outcome_lines",
          [&](storage::Connection& connection) -> Outcome<int> {
            const auto allowed = lock_owner(connection, call.actor, owner);
            if (!allowed) return allowed.failure();
            FieldErrors errors;
            const auto lines = read_lines(typed, errors);
            const auto stored = storage::list_outcomes(connection, owner);
            if (stored.size() + lines.size() > kMostOutcomes)
              errors.push_back(
                  {"lines", "too_many_outcomes", {{"max", std::to_string(kMostOutcomes)}}});
            if (!errors.empty()) return errors;
            const auto known = titles_of(stored, kind);
            int added = 0;
            for (const auto& line : lines) {
              if (known.contains(line)) continue;
              WorkOutcome outcome;
              outcome.owner = owner;
              outcome.kind = kind;
              outcome.title = line;
              storage::insert_outcome(connection, outcome, environment.clock->now());
              ++added;
            }
            if (added > 0)
              note(connection, environment, call, "outcome_added", owner,
                   R"({"count":)" + std::to_string(added) + "}");
            return added;
          },
          [](int added) { return std::to_string(added); },
          [](const std::string& text) { return std::stoi(text); }));
}

Outcome<std::int64_t> save_report(const Environment& environment, const Call& call,
                                  const OutcomeOwner& owner, std::int64_t version,
                                  const ReportForm& form) {
  return with_news(
      environment,
      run_once<std::int64_t>(
          environment, call, "save_report",
          [&](storage::Connection& connection) -> Outcome<std::int64_t> {
            const auto allowed = lock_owner(connection, call.actor, owner);
            if (!allowed) return allowed.failure();
            auto report = storage::load_work_report(connection, owner);
            if (report.version != version) return domain::Stale{};
            FieldErrors errors;
            FieldChecks checks(errors);
            ReportForm after = form;
            checks.check_text("minutes", after.minutes,
                              {.max = kLongestMinutes, .lines = Lines::many});
            checks.check_text("conclusions", after.conclusions,
                              {.max = kLongestConclusions, .lines = Lines::many});
            if (!errors.empty()) return errors;
            if (after == ReportForm{report.minutes, report.conclusions, report.is_public})
              return version;
            report.minutes = after.minutes;
            report.conclusions = after.conclusions;
            report.is_public = after.is_public;
            storage::save_work_report(connection, report, environment.clock->now());
            note(connection, environment, call, "report_changed", owner);
            return version + 1;
          },
          [](std::int64_t saved) { return std::to_string(saved); },
          [](const std::string& text) { return std::int64_t{std::stoll(text)}; }));
}

}  // namespace narada::usecases
