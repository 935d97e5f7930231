#include "service/usecases/outcomes/outcome_reading.h"

#include <algorithm>
#include <map>
#include <set>

#include "service/usecases/materials/material_access.h"
#include "service/usecases/operations.h"
#include "service/usecases/outcomes/outcome_form.h"
#include "sql/material_store.h"
#include "sql/outcome_store.h"

namespace narada::usecases {
namespace {

using domain::MaterialId;
using domain::Outcome;
using domain::OutcomeOwner;
using domain::WorkOutcome;

// Titles of the materials that the reader may open, by id; asked once for each of their owners.
std::map<MaterialId, std::string> open_materials(storage::Connection& connection,
                                                 const Environment& environment, const Actor& actor,
                                                 const std::vector<WorkOutcome>& outcomes) {
  std::set<MaterialId> wanted;
  for (const auto& outcome : outcomes)
    for (const auto& stage : outcome.stages)
      if (stage.material) wanted.insert(*stage.material);
  std::set<domain::MaterialOwner> owners;
  for (const auto id : wanted)
    if (const auto owner = storage::find_material_owner(connection, id)) owners.insert(*owner);
  std::map<MaterialId, std::string> titles;
  for (const auto& owner : owners) {
    const auto readables = read_materials(connection, environment, actor, owner);
    if (!readables) continue;
    for (const auto& readable : *readables)
      if (readable.reading == domain::MaterialReading::open &&
          wanted.contains(readable.material.id))
        titles[readable.material.id] = readable.material.title;
  }
  return titles;
}

}  // namespace

Outcome<Thing> check_outcome_owner(storage::Connection& connection, const Actor& actor,
                                   Action action, const OutcomeOwner& owner) {
  if (const auto* meeting = std::get_if<domain::MeetingId>(&owner))
    return check_meeting(connection, actor, action, *meeting);
  return check_cycle(connection, actor, action, std::get<domain::CycleId>(owner));
}

std::optional<domain::MeetingId> meeting_of_outcome(const OutcomeOwner& owner) {
  const auto* meeting = std::get_if<domain::MeetingId>(&owner);
  return meeting ? std::optional(*meeting) : std::nullopt;
}

std::vector<OutcomeEntry> name_outcomes(storage::Connection& connection,
                                        const Environment& environment, const Actor& actor,
                                        std::vector<WorkOutcome> outcomes, bool organizes) {
  const auto titles = open_materials(connection, environment, actor, outcomes);
  std::vector<domain::PracticeId> practices;
  for (const auto& outcome : outcomes)
    if (outcome.practice) practices.push_back(*outcome.practice);
  const auto named = storage::name_practices(connection, practices);
  std::vector<OutcomeEntry> entries;
  for (auto& outcome : outcomes) {
    OutcomeEntry entry;
    if (outcome.practice) {
      const auto found = named.find(*outcome.practice);
      if (found != named.end() && (organizes || found->second.published))
        entry.practice = found->second.practice;
    }
    for (const auto& stage : outcome.stages) {
      const auto found = stage.material ? titles.find(*stage.material) : titles.end();
      if (found != titles.end()) entry.materials.push_back({found->first, found->second});
    }
    if (!organizes && !entry.practice) outcome.practice.reset();
    entry.outcome = std::move(outcome);
    entries.push_back(std::move(entry));
  }
  return entries;
}

Outcome<WorkResults> load_results(const Environment& environment, const Actor& actor,
                                  const OutcomeOwner& owner) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<WorkResults> {
    const auto seen = check_outcome_owner(connection, actor, Action::see, owner);
    if (!seen) return domain::NotFound{};
    WorkResults results;
    results.owner = owner;
    results.may_change = can(actor, Action::organize, *seen);
    // A draft's words are for who organizes it, whoever else sees that it is there.
    if (!seen->published && !results.may_change) return results;
    results.report = storage::load_work_report(connection, owner);
    if (!results.report.is_public && !results.may_change) {
      results.report.minutes.clear();
      results.report.conclusions.clear();
    }
    results.outcomes = name_outcomes(connection, environment, actor,
                                     storage::list_outcomes(connection, owner), results.may_change);
    return results;
  });
}

Outcome<FoundOutcome> find_outcome(const Environment& environment, const Actor& actor,
                                   domain::OutcomeId id) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<FoundOutcome> {
    auto outcome = storage::find_outcome(connection, id);
    if (!outcome) return domain::NotFound{};
    const auto allowed = check_outcome_owner(connection, actor, Action::organize, outcome->owner);
    if (!allowed) return allowed.failure();
    FoundOutcome found;
    found.form = to_outcome_form(*outcome);
    found.entry =
        std::move(name_outcomes(connection, environment, actor, {std::move(*outcome)}, true)[0]);
    return found;
  });
}

Outcome<OutcomeChoices> load_outcome_choices(const Environment& environment, const Actor& actor,
                                             const OutcomeOwner& owner) {
  using Result = Outcome<OutcomeChoices>;
  return read_database(environment, [&](storage::Connection& connection) -> Result {
    const auto allowed = check_outcome_owner(connection, actor, Action::organize, owner);
    if (!allowed) return allowed.failure();
    OutcomeChoices choices;
    for (const auto& relative : storage::list_outcome_relatives(connection, owner)) {
      const auto readables = std::visit(
          [&](auto id) { return read_materials(connection, environment, actor, id); }, relative);
      if (!readables) continue;  // of a draft that is not the actor's
      for (const auto& readable : *readables)
        choices.materials.push_back({readable.material.id, readable.material.title});
      for (const auto& outcome : storage::list_outcomes(connection, relative))
        if (outcome.kind == domain::OutcomeKind::problem)
          choices.problems.push_back({outcome.id, outcome.title});
    }
    return choices;
  });
}

ProblemCount count_problems(const std::vector<WorkOutcome>& outcomes) {
  ProblemCount count;
  for (const auto& outcome : outcomes) {
    if (outcome.kind != domain::OutcomeKind::problem) continue;
    ++count.problems;
    const bool grew = std::any_of(outcomes.begin(), outcomes.end(), [&](const WorkOutcome& other) {
      return other.kind != domain::OutcomeKind::problem && other.grew_from == outcome.id;
    });
    const bool came_further = domain::furthest_stage(outcome).value_or(
                                  domain::OutcomeStage::problem) > domain::OutcomeStage::problem;
    if (grew || came_further) ++count.prototyped;
  }
  return count;
}

}  // namespace narada::usecases
