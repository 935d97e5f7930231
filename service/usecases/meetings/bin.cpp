#include "service/usecases/meetings/bin.h"

#include <exception>
#include <set>
#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/meeting_step.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/stored_things.h"
#include "sql/activity_store.h"
#include "sql/bin_store.h"
#include "sql/cycle_store.h"
#include "sql/held_change_store.h"
#include "sql/mail_pause_store.h"

namespace narada::usecases {
namespace {

using domain::CycleId;
using domain::CycleStatus;
using domain::MeetingId;
using domain::MeetingStatus;

constexpr int kMostListed = 500;

// Of a meeting that is locked and is no draft to be forgotten.
domain::Outcome<Step> bin(const Change& change, LockedMeeting& locked, const std::string& reason) {
  const domain::Meeting& meeting = locked.meeting();
  if (meeting.status == MeetingStatus::binned) return Step::nothing_to_do;
  if (meeting.status == MeetingStatus::published && change.now < meeting.times.ends_at) {
    const auto cancelled = cancel_locked(change, locked, reason);
    if (!cancelled) return cancelled;
  }
  storage::bin_meeting(change.connection, meeting.id, change.now);
  // What takes the meeting out of calendars must leave, and nobody can resume what is in the bin.
  storage::delete_mail_pause(change.connection, storage::pause_key_of(meeting.id), meeting.id);
  locked.record("meeting.binned", "meeting:" + std::to_string(meeting.id.value));
  return Step::changed;
}

bool is_forgettable(const Change& change, const domain::Meeting& meeting) {
  return meeting.status == MeetingStatus::draft &&
         !storage::has_registrations(change.connection, meeting.id);
}

bool is_forgettable(const Change& change, CycleId id, CycleStatus status) {
  if (status != CycleStatus::draft || storage::has_enrolments(change.connection, id)) return false;
  if (!storage::list_meetings_of(change.connection, id, "binned").empty()) return false;
  for (const auto meeting : storage::list_meetings_of(change.connection, id, "")) {
    const auto seated = storage::find_seated_meeting(change.connection, meeting);
    if (seated && !is_forgettable(change, seated->meeting)) return false;
  }
  return true;
}

void forget(const Change& change, MeetingId id) {
  storage::delete_meeting(change.connection, id, change.now);
  record_activity(change.connection, change.environment, change.call, "meeting.deleted", "meeting",
                  id.value, id);
}

domain::Outcome<Step> bin_locked(const Change& change, MeetingId id, const std::string& reason) {
  return take_locked_step(change, id, ChangeKind::binned,
                          [&](const Change& inner, LockedMeeting& locked, WrittenMails&) {
                            return bin(inner, locked, reason);
                          });
}

// With the cycle locked, where there is one.
domain::Outcome<Deleted> delete_locked(const Change& change, MeetingId id,
                                       const std::string& reason) {
  if (!storage::lock_meeting(change.connection, id)) return domain::NotFound{};
  const auto seated = storage::find_seated_meeting(change.connection, id);
  if (is_forgettable(change, seated->meeting)) {
    forget(change, id);
    return Deleted::for_good;
  }
  const auto step = bin_locked(change, id, reason);
  if (!step) return step.failure();
  return Deleted::into_bin;
}

domain::Outcome<Deleted> delete_locked_cycle(const Change& change, CycleId id,
                                             const std::string& reason) {
  const auto cycle = storage::lock_cycle(change.connection, id);
  if (!cycle || cycle->status == CycleStatus::binned) return domain::NotFound{};
  const bool for_good = is_forgettable(change, id, cycle->status);
  for (const auto meeting : storage::list_meetings_of(change.connection, id, "")) {
    if (!storage::lock_meeting(change.connection, meeting)) continue;
    if (for_good) {
      forget(change, meeting);
    } else if (const auto step = bin_locked(change, meeting, reason); !step) {
      return step.failure();
    }
  }
  if (for_good) {
    storage::delete_cycle(change.connection, id, change.now);
  } else {
    storage::bin_cycle(change.connection, id, change.now);
  }
  record_activity(change.connection, change.environment, change.call,
                  for_good ? "cycle.deleted" : "cycle.binned", "cycle", id.value);
  return for_good ? Deleted::for_good : Deleted::into_bin;
}

domain::Outcome<std::string> check_reason(const std::string& reason) {
  domain::FieldErrors errors;
  std::string kept = check_text(reason, "reason", kReasonBounds, errors);
  if (!errors.empty()) return errors;
  return kept;
}

template <class Work>
domain::Outcome<Deleted> delete_once(const Environment& environment, const Call& call,
                                     std::string_view operation, Work work) {
  auto outcome = run_once<Deleted>(
      environment, call, operation, std::move(work),
      [](Deleted deleted) { return std::string(deleted == Deleted::for_good ? "1" : "0"); },
      [](const std::string& text) { return text == "1" ? Deleted::for_good : Deleted::into_bin; });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

domain::Outcome<MeetingId> bring_back(const Change& change, MeetingId id) {
  if (!storage::restore_meeting(change.connection, id, change.now)) {
    return domain::Conflict{"not_in_bin"};
  }
  record_activity(change.connection, change.environment, change.call, "meeting.restored", "meeting",
                  id.value, id);
  return id;
}

// `remove` locks and removes one of them; false: it is not to go any more.
template <class List, class Remove>
void purge_each(const Environment& environment, const std::stop_token& stopping,
                const std::string& kind, List list, domain::Instant before, Purge& purge,
                Remove remove) {
  const auto ids = read_database(
      environment, [&](storage::Connection& connection) { return list(connection, before); });
  for (const auto id : ids) {
    if (stopping.stop_requested()) return;
    try {
      const bool removed = environment.pool->transact(
          [&](storage::Connection& connection) { return remove(connection, id); });
      if (removed) ++purge.removed;
    } catch (const std::exception& error) {
      purge.failures.push_back(kind + " " + std::to_string(id.value) + ": " + error.what());
    }
  }
}

}  // namespace

domain::Outcome<Deleted> delete_meeting(const Environment& environment, const Call& call,
                                        MeetingId id, const std::string& reason) {
  const auto kept = check_reason(reason);
  return delete_once(environment, call, "delete_meeting",
                     [&](storage::Connection& connection) -> domain::Outcome<Deleted> {
                       const Change change{connection, environment, call, environment.clock->now()};
                       const auto allowed =
                           check_meeting(connection, call.actor, Action::organize, id);
                       if (!allowed) return allowed.failure();
                       if (!kept) return kept.failure();
                       const auto seated = storage::find_seated_meeting(connection, id);
                       if (seated && seated->meeting.cycle) {
                         storage::lock_cycle(connection, seated->meeting.cycle->id);
                       }
                       return delete_locked(change, id, *kept);
                     });
}

domain::Outcome<Deleted> delete_cycle(const Environment& environment, const Call& call, CycleId id,
                                      const std::string& reason) {
  const auto kept = check_reason(reason);
  return delete_once(environment, call, "delete_cycle",
                     [&](storage::Connection& connection) -> domain::Outcome<Deleted> {
                       const Change change{connection, environment, call, environment.clock->now()};
                       const auto allowed =
                           check_cycle(connection, call.actor, Action::organize, id);
                       if (!allowed) return allowed.failure();
                       if (!kept) return kept.failure();
                       return delete_locked_cycle(change, id, *kept);
                     });
}

domain::Outcome<MeetingId> restore_meeting(const Environment& environment, const Call& call,
                                           MeetingId id) {
  auto outcome = run_once_for_id<MeetingId>(
      environment, call, "restore_meeting",
      [&](storage::Connection& connection) -> domain::Outcome<MeetingId> {
        const Change change{connection, environment, call, environment.clock->now()};
        if (!storage::lock_meeting(connection, id)) return domain::NotFound{};
        const auto allowed = check_stored_meeting(connection, call.actor, id);
        if (!allowed) return allowed.failure();
        if (storage::is_cycle_binned(connection, id)) return domain::Conflict{"cycle_in_bin"};
        return bring_back(change, id);
      });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

domain::Outcome<CycleId> restore_cycle(const Environment& environment, const Call& call,
                                       CycleId id) {
  auto outcome = run_once_for_id<CycleId>(
      environment, call, "restore_cycle",
      [&](storage::Connection& connection) -> domain::Outcome<CycleId> {
        const Change change{connection, environment, call, environment.clock->now()};
        if (!storage::lock_cycle(connection, id)) return domain::NotFound{};
        const auto allowed = check_stored_cycle(connection, call.actor, id);
        if (!allowed) return allowed.failure();
        for (const auto meeting : storage::list_binned_with(connection, id)) {
          storage::lock_meeting(connection, meeting);
          const auto restored = bring_back(change, meeting);
          if (!restored) return restored.failure();
        }
        if (!storage::restore_cycle(connection, id, change.now)) {
          return domain::Conflict{"not_in_bin"};
        }
        record_activity(connection, environment, call, "cycle.restored", "cycle", id.value);
        return id;
      });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

domain::Outcome<std::vector<BinEntry>> list_bin(const Environment& environment,
                                                const Actor& actor) {
  const auto reach = check_reach(actor, Action::organize);
  if (!reach) return reach.failure();
  return read_database(environment, [&](storage::Connection& connection) {
    const auto binned = storage::list_binned(connection, *reach, kMostListed);
    std::set<std::string> actors;
    for (const auto& thing : binned) actors.insert(thing.binned_by);
    const auto names = storage::find_names(connection, actors);
    std::vector<BinEntry> entries;
    for (const auto& thing : binned) {
      const auto name = names.find(thing.binned_by);
      entries.push_back({thing.id, thing.is_cycle, thing.title, thing.cycle_title,
                         thing.cycle_is_binned, thing.status_before, thing.binned_at,
                         thing.binned_at + kKeptInBin, thing.binned_by,
                         name == names.end() ? "" : name->second, thing.meetings});
    }
    return entries;
  });
}

Purge purge_bin(const Environment& environment, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  const auto before = now - kKeptInBin;
  Purge purge;
  environment.pool->transact(
      [&](storage::Connection& connection) { storage::forget_snapshots(connection, now); });
  purge_each(environment, stopping, "meeting", storage::list_stale_meetings, before, purge,
             [&](storage::Connection& connection, MeetingId id) {
               if (!storage::lock_stale_meeting(connection, id, before)) return false;
               storage::delete_meeting(connection, id, now);
               return true;
             });
  purge_each(environment, stopping, "cycle", storage::list_stale_cycles, before, purge,
             [&](storage::Connection& connection, CycleId id) {
               if (!storage::lock_stale_cycle(connection, id, before)) return false;
               storage::delete_cycle(connection, id, now);
               return true;
             });
  return purge;
}

}  // namespace narada::usecases
