#include "service/usecases/experts/preparation.h"

#include <algorithm>

#include "calendar/zone.h"
#include "service/usecases/experts/stored_preparation.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/awaited_task_store.h"
#include "sql/expert_member_store.h"
#include "sql/expert_profile_store.h"
#include "sql/expert_task_store.h"
#include "sql/role_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingId;
using domain::Outcome;

constexpr int kMostMeetings = 100;

// The meeting's own plan, that of its cycle, or what is usual for such meetings.
void read_plan(storage::Connection& connection, Preparation& preparation) {
  const auto& meeting = preparation.meeting;
  preparation.plan = domain::default_task_plan(meeting.form);
  if (auto own = storage::find_task_plan(connection, meeting.id)) {
    preparation.plan = std::move(own->plan);
    preparation.plan_version = own->version;
  } else if (meeting.cycle) {
    auto shared = storage::find_task_plan(connection, meeting.cycle->id);
    preparation.is_plan_of_cycle = shared.has_value();
    if (shared) preparation.plan = std::move(shared->plan);
  }
  preparation.closes_at = meeting.times.ends_at + std::chrono::days(preparation.plan.closes_days);
}

bool may_enter(storage::Connection& connection, domain::PersonId person, const Thing& thing) {
  Actor actor;
  actor.kind = Actor::Kind::person;
  actor.id = person.value;
  actor.person = person;
  actor.grants = storage::list_grants(connection, person);
  return can(actor, Action::add_material, thing);
}

std::vector<PreparingPerson> read_people(storage::Connection& connection, domain::ExpertId expert,
                                         const Thing& thing) {
  std::vector<PreparingPerson> people;
  for (auto& member : storage::list_expert_members(connection, expert)) {
    const bool enters = may_enter(connection, member.person, thing);
    people.push_back({member.person, std::move(member.full_name), std::move(member.email),
                      member.is_shown, member.shares_contact, enters, member.wants_reminders,
                      member.invited_at});
  }
  return people;
}

Outcome<Preparation> load_in(storage::Connection& connection, const Environment& environment,
                             MeetingId id) {
  const auto seated = storage::find_seated_meeting(connection, id);
  if (!seated) return domain::NotFound{};
  return read_preparation(connection, environment, seated->meeting);
}

bool acts_for(const PreparingExpert& expert, domain::PersonId person) {
  return std::any_of(expert.people.begin(), expert.people.end(),
                     [&](const PreparingPerson& one) { return one.person == person; });
}

}  // namespace

int PreparingExpert::missing() const {
  return static_cast<int>(std::count_if(tasks.begin(), tasks.end(), domain::is_awaited));
}

bool PreparingExpert::is_late() const {
  return std::any_of(tasks.begin(), tasks.end(), [](const domain::TaskStatus& task) {
    return task.state == domain::TaskState::late;
  });
}

domain::Date date_of(domain::Instant instant, const domain::MeetingSummary& meeting) {
  const auto wall = calendar::to_wall_time(instant, meeting.times.tzid);
  return domain::Date{std::chrono::floor<std::chrono::days>(wall)};
}

Preparation read_preparation(storage::Connection& connection, const Environment& environment,
                             const domain::Meeting& meeting) {
  Preparation preparation;
  preparation.meeting = meeting;
  read_plan(connection, preparation);
  std::optional<domain::CycleId> cycle;
  if (meeting.cycle) cycle = meeting.cycle->id;
  const auto things = storage::find_meeting_things(connection, meeting.id);
  const auto today = date_of(environment.clock->now(), meeting);
  for (auto& named : storage::list_preparing_experts(connection, meeting.id, cycle)) {
    PreparingExpert expert;
    expert.tasks =
        decide_tasks(preparation.plan, named.evidence, named.answers, meeting.times, today);
    if (things) expert.people = read_people(connection, named.expert.id, things->meeting);
    expert.last_asked =
        storage::find_last_task_mail(connection, meeting.id, named.expert.id, std::nullopt);
    expert.organization = std::move(named.organization);
    expert.expert = std::move(named.expert);
    preparation.experts.push_back(std::move(expert));
  }
  return preparation;
}

Outcome<Preparation> load_preparation(const Environment& environment, const Actor& actor,
                                      MeetingId id) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Preparation> {
    const auto allowed = check_meeting(connection, actor, Action::organize, id);
    if (!allowed) return allowed.failure();
    return load_in(connection, environment, id);
  });
}

Outcome<std::vector<Preparation>> load_cycle_preparation(const Environment& environment,
                                                         const Actor& actor,
                                                         domain::CycleId cycle) {
  using Result = Outcome<std::vector<Preparation>>;
  return read_database(environment, [&](storage::Connection& connection) -> Result {
    const auto allowed = check_cycle(connection, actor, Action::organize, cycle);
    if (!allowed) return allowed.failure();
    std::vector<Preparation> found;
    for (const auto id : storage::list_meetings_of_cycle(connection, cycle)) {
      if (!check_meeting(connection, actor, Action::organize, id)) continue;
      auto one = load_in(connection, environment, id);
      if (one && !one->experts.empty()) found.push_back(std::move(one).value());
    }
    return found;
  });
}

std::vector<Preparation> load_upcoming_preparation(const Environment& environment,
                                                   const Actor& actor) {
  const auto reach = reach_of(actor, Action::organize);
  if (reach.nothing()) return {};
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) {
    auto meetings = storage::list_meetings_within(connection, reach, kMostMeetings);
    std::erase_if(meetings, [&](const domain::MeetingSummary& meeting) {
      return meeting.times.ends_at <= now || meeting.status == domain::MeetingStatus::cancelled;
    });
    std::reverse(meetings.begin(), meetings.end());
    std::vector<Preparation> found;
    for (const auto& meeting : meetings) {
      auto one = load_in(connection, environment, meeting.id);
      if (one && !one->experts.empty()) found.push_back(std::move(one).value());
    }
    return found;
  });
}

Outcome<OwnPreparation> load_own_preparation(const Environment& environment, const Actor& actor,
                                             MeetingId id) {
  using Result = Outcome<OwnPreparation>;
  return read_database(environment, [&](storage::Connection& connection) -> Result {
    if (!check_meeting(connection, actor, Action::see_numbers, id)) return domain::NotFound{};
    auto loaded = load_in(connection, environment, id);
    if (!loaded) return loaded.failure();
    OwnPreparation own{std::move(loaded).value(), {}};
    auto all = std::exchange(own.preparation.experts, {});
    for (auto& expert : all) {
      const bool is_own = actor.person && acts_for(expert, *actor.person);
      if (!is_own) {
        std::erase_if(expert.people, [](const auto& one) { return !one.shares_contact; });
        expert.tasks.clear();
      }
      (is_own ? own.preparation.experts : own.others).push_back(std::move(expert));
    }
    return own;
  });
}

std::map<MeetingId, AwaitedWork> count_awaited(
    const Environment& environment, const Actor& actor,
    const std::vector<domain::MeetingSummary>& meetings) {
  std::map<MeetingId, AwaitedWork> work;
  if (!actor.person) return work;
  std::vector<MeetingId> ids;
  for (const auto& meeting : meetings) ids.push_back(meeting.id);
  const auto awaited = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_awaited_tasks(connection, *actor.person, ids);
  });
  for (const auto& meeting : meetings) {
    const auto found = awaited.find(meeting.id);
    if (found == awaited.end()) continue;
    const auto plan = found->second.plan.value_or(domain::default_task_plan(meeting.form));
    const auto today = date_of(environment.clock->now(), meeting);
    PreparingExpert all;
    for (const auto& named : found->second.experts)
      for (auto& task : decide_tasks(plan, named.evidence, named.answers, meeting.times, today))
        all.tasks.push_back(std::move(task));
    if (all.missing() > 0) work[meeting.id] = {all.missing(), all.is_late()};
  }
  return work;
}

Outcome<Preparation> lock_own_preparation(storage::Connection& connection,
                                          const Environment& environment, const Actor& actor,
                                          MeetingId id, domain::ExpertId expert) {
  if (!actor.person || actor.read_only) return domain::NotFound{};
  if (!storage::lock_meeting(connection, id)) return domain::NotFound{};
  if (!check_meeting(connection, actor, Action::add_material, id)) return domain::NotFound{};
  auto preparation = load_in(connection, environment, id);
  if (!preparation) return preparation.failure();
  const auto& experts = preparation->experts;
  const bool is_own = std::any_of(experts.begin(), experts.end(), [&](const PreparingExpert& one) {
    return one.expert.id == expert && acts_for(one, *actor.person);
  });
  if (!is_own) return domain::NotFound{};
  if (environment.clock->now() >= preparation->closes_at)
    return domain::Conflict{"preparation_closed"};
  return preparation;
}

}  // namespace narada::usecases
