#include "service/usecases/outcomes/chain.h"

#include <algorithm>

#include "service/usecases/operations.h"
#include "service/usecases/outcomes/outcome_reading.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"
#include "sql/adoption_store.h"
#include "sql/chain_store.h"
#include "sql/outcome_store.h"

namespace narada::usecases {
namespace {

using domain::CycleId;
using domain::Outcome;
using domain::WorkOutcome;

// Builds one chain link by link.
class ChainBuilder {
 public:
  ChainBuilder(storage::Connection& connection, const Environment& environment)
      : connection_(connection), environment_(environment) {}

  void add_cycle(CycleId id) {
    auto found = storage::find_origin_cycle(connection_, id);
    if (!found) return;
    chain_.cycle = ChainCycle{id, std::move(found->slug), std::move(found->title),
                              std::move(found->challenge), std::move(found->owners)};
  }

  void add_practices(std::vector<storage::ChainedPractice> practices) {
    for (auto& practice : practices) {
      ids_.push_back(practice.id);
      chain_.practices.push_back({practice.id, std::move(practice.slug), std::move(practice.title),
                                  std::move(practice.institutions), practice.published_at,
                                  list_adopting(practice.id)});
    }
  }

  void add_sessions() {
    std::optional<CycleId> cycle;
    if (chain_.cycle) cycle = chain_.cycle->id;
    for (auto& meeting : storage::list_chain_meetings(connection_, cycle, ids_))
      chain_.sessions.push_back({meeting.id, std::move(meeting.slug), std::move(meeting.title),
                                 meeting.starts, meeting.month_only, meeting.session_number,
                                 meeting.presented});
  }

  // What became a practice, and what else came of the same work.
  void add_outcomes(const std::optional<domain::MeetingId>& meeting) {
    std::vector<WorkOutcome> all;
    if (chain_.cycle)
      all = storage::list_outcomes_within(connection_, chain_.cycle->id);
    else if (meeting)
      all = storage::list_outcomes(connection_, *meeting);
    for (const auto id : ids_)
      for (auto& outcome : storage::list_outcomes_of(connection_, id)) add_missing(all, outcome);
    chain_.problems = count_problems(all);
    std::erase_if(all, [](const WorkOutcome& outcome) {
      return outcome.kind == domain::OutcomeKind::problem;
    });
    chain_.outcomes = name_outcomes(connection_, environment_, visitor_, std::move(all), false);
  }

  Chain take() { return std::move(chain_); }

 private:
  static void add_missing(std::vector<WorkOutcome>& all, WorkOutcome& outcome) {
    const bool known = std::any_of(
        all.begin(), all.end(), [&](const WorkOutcome& other) { return other.id == outcome.id; });
    if (!known) all.push_back(std::move(outcome));
  }

  // As everybody sees it: a chain is one picture for all.
  std::vector<AdoptionEntry> list_adopting(domain::PracticeId practice) {
    std::vector<AdoptionEntry> entries;
    for (auto& stored : storage::list_adoptions_of(connection_, practice)) {
      if (stored.adoption.status == domain::AdoptionStatus::given_up) continue;
      AdoptionEntry entry;
      if (stored.learnt_at)
        entry.learnt_at = LearntAt{stored.learnt_at->id, stored.learnt_at->slug,
                                   stored.learnt_at->title, stored.learnt_at->starts};
      else
        stored.adoption.learnt_at.reset();
      entry.adoption = std::move(stored.adoption);
      entries.push_back(std::move(entry));
    }
    return entries;
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Actor visitor_{};
  std::vector<domain::PracticeId> ids_;
  Chain chain_;
};

}  // namespace

Outcome<Chain> load_practice_chain(const Environment& environment, const Actor&,
                                   std::string_view practice) {
  if (!could_be_key(practice)) return domain::NotFound{};
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Chain> {
    const auto origin = storage::find_practice_origin(connection, practice);
    if (!origin) return domain::NotFound{};
    ChainBuilder builder(connection, environment);
    if (origin->cycle) builder.add_cycle(*origin->cycle);
    auto found = storage::find_chained_practice(connection, origin->id);
    if (!found) return domain::NotFound{};
    builder.add_practices({std::move(*found)});
    builder.add_sessions();
    builder.add_outcomes(origin->meeting);
    return builder.take();
  });
}

Outcome<Chain> load_cycle_chain(const Environment& environment, const Actor& viewer,
                                CycleId cycle) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Chain> {
    const auto seen = check_cycle(connection, viewer, Action::see, cycle);
    if (!seen) return domain::NotFound{};
    ChainBuilder builder(connection, environment);
    if (!seen->published) return builder.take();
    builder.add_cycle(cycle);
    builder.add_practices(storage::list_practices_from(connection, cycle));
    builder.add_sessions();
    builder.add_outcomes({});
    return builder.take();
  });
}

}  // namespace narada::usecases
