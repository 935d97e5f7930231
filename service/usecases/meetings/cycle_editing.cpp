#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/cycle_creation.h"
#include "service/usecases/meetings/cycle_form.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/draft_changes.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/meetings/meeting_creation.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/pool.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::Cycle;
using domain::CycleId;
using domain::CycleStatus;
using domain::Meeting;
using domain::Outcome;

constexpr std::size_t kMostMeetings = 60;

std::vector<Meeting> read_sessions(const CycleForm& form, FieldChecks& checks,
                                   References& references) {
  std::vector<Meeting> sessions;
  if (!checks.check_count("meetings", form.meetings.size(), kMostMeetings)) return sessions;
  for (std::size_t index = 0; index < form.meetings.size(); ++index) {
    FieldChecks of_session = checks.within("meetings[" + std::to_string(index) + "].");
    const int number = static_cast<int>(index) + 1;
    sessions.push_back(read_meeting_form(session_form(form, number), of_session, references));
  }
  return sessions;
}

// The cycle as it would become.
Thing thing_of(const Cycle& cycle) {
  Thing thing;
  if (cycle.id) thing.cycle = cycle.id;
  thing.published = cycle.status != CycleStatus::draft;
  for (const auto& [institution, role] : cycle.institutions) {
    if (role == domain::CycleRole::challenge_owner || role == domain::CycleRole::host) {
      thing.responsible.push_back(institution.id);
    }
  }
  return thing;
}

std::string details_of(const Cycle& before, const Cycle& after) {
  ChangeNote note;
  note.add("topic", before.topic ? std::to_string(before.topic->id.value) : "",
           after.topic ? std::to_string(after.topic->id.value) : "");
  const auto name = [&](std::string_view field, bool same) {
    if (!same) note.add_name(field);
  };
  name("title", before.title == after.title);
  name("summary", before.summary == after.summary);
  name("challenge", before.challenge == after.challenge);
  name("goal", before.goal == after.goal);
  name("effects", before.effects == after.effects);
  return note.details();
}

Outcome<CycleId> change(storage::Connection& connection, const Environment& environment,
                        const Call& call, CycleId id, std::int64_t version, const CycleForm& form) {
  const auto locked = storage::lock_cycle(connection, id);
  if (!locked) return domain::NotFound{};
  const auto allowed = check_cycle(connection, call.actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  if (locked->version != version) return domain::Stale{};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  Cycle cycle = read_cycle_form(form, checks, references);
  if (!errors.empty()) return errors;
  cycle.id = id;
  if (!can(call.actor, Action::organize, thing_of(cycle))) return domain::Forbidden{};
  const auto before = storage::find_cycle(connection, std::to_string(id.value),
                                          domain::everything(), environment.clock->now());
  storage::update_cycle(connection, cycle, environment.clock->now());
  record_activity(connection, environment, call, "cycle.changed", "cycle", id.value, {},
                  before ? details_of(*before, cycle) : "{}");
  return id;
}

Outcome<Cycle> load_changed(const Environment& environment, const Call& call,
                            const Outcome<CycleId>& id) {
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_cycle(environment, call.actor, std::to_string(id->value));
}

}  // namespace

Outcome<CycleId> add_cycle_draft(storage::Connection& connection, const Environment& environment,
                                 const Call& call, const CycleForm& form) {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  Cycle cycle = read_cycle_form(form, checks, references);
  std::vector<Meeting> sessions = read_sessions(form, checks, references);
  if (!errors.empty()) return errors;
  // Its sessions are covered by whatever covers it.
  if (!can(call.actor, Action::organize, thing_of(cycle))) return domain::Forbidden{};
  const std::string stem = make_slug(cycle.title, "cykl");
  cycle.slug = free_slug(stem, storage::list_cycle_slugs(connection, stem));
  cycle.uid = make_uid(environment);
  cycle.id = storage::insert_cycle(connection, cycle, environment.clock->now());
  record_activity(connection, environment, call, "cycle.created", "cycle", cycle.id.value);
  for (Meeting& session : sessions) {
    session.cycle = domain::CycleRef{cycle.id, cycle.slug, cycle.title};
    add_meeting_draft(connection, environment, call, std::move(session));
  }
  return cycle.id;
}

// Meetings are locked before anything else of theirs, in the order of their ids, as everywhere.
Outcome<CycleId> publish_cycle_draft(storage::Connection& connection,
                                     const Environment& environment, const Call& call, CycleId id) {
  const auto locked = storage::lock_cycle(connection, id);
  if (!locked) return domain::NotFound{};
  const auto allowed = check_cycle(connection, call.actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  if (locked->status == CycleStatus::cancelled) return domain::Conflict{"cycle_cancelled"};
  if (locked->status == CycleStatus::draft) {
    storage::publish_cycle(connection, id, environment.clock->now());
    record_activity(connection, environment, call, "cycle.published", "cycle", id.value);
  }
  bool announced = false;
  for (const auto meeting : storage::list_draft_meetings(connection, id)) {
    if (!storage::lock_meeting(connection, meeting)) continue;
    const auto announcement = announced ? Announcement::omit : Announcement::send;
    announced =
        publish_locked_meeting(connection, environment, call, meeting, announcement) || announced;
  }
  return id;
}

Outcome<Cycle> create_cycle(const Environment& environment, const Call& call,
                            const CycleForm& form) {
  if (const auto reach = check_reach(call.actor, Action::organize); !reach) return reach.failure();
  const auto work = [&](storage::Connection& connection) {
    return add_cycle_draft(connection, environment, call, form);
  };
  return load_changed(environment, call, retry_taken_slug([&] {
                        return run_once_for_id<CycleId>(environment, call, "create_cycle", work);
                      }));
}

Outcome<CycleId> change_cycle_in(storage::Connection& connection, const Environment& environment,
                                 const Call& call, CycleId id, std::int64_t version,
                                 const CycleForm& form) {
  return change(connection, environment, call, id, version, form);
}

Outcome<Cycle> change_cycle(const Environment& environment, const Call& call, CycleId id,
                            std::int64_t version, const CycleForm& form) {
  const auto work = [&](storage::Connection& connection) {
    return change(connection, environment, call, id, version, form);
  };
  return load_changed(environment, call,
                      run_once_for_id<CycleId>(environment, call, "change_cycle", work));
}

Outcome<Cycle> publish_cycle(const Environment& environment, const Call& call, CycleId id) {
  const auto work = [&](storage::Connection& connection) {
    return publish_cycle_draft(connection, environment, call, id);
  };
  return load_changed(environment, call,
                      run_once_for_id<CycleId>(environment, call, "publish_cycle", work));
}

}  // namespace narada::usecases
