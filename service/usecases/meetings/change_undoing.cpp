#include "service/usecases/meetings/change_undoing.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/change_preview.h"
#include "service/usecases/meetings/change_record.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/stored_things.h"
#include "sql/bin_store.h"
#include "sql/cycle_store.h"
#include "sql/registration_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr int kMostListed = 200;

using StandingsById = std::map<domain::RegistrationId, storage::Standing>;

StandingsById by_id(const std::vector<storage::Standing>& standings) {
  StandingsById map;
  for (const auto& standing : standings) map.emplace(standing.id, standing);
  return map;
}

// Whether its person has left everything alone that a change of the meeting can touch.
bool is_untouched(const storage::Standing& now, storage::Standing after) {
  after.version = now.version;
  // Whose names these are has no part in it, nor is it in the record.
  after.person = now.person;
  after.institution = now.institution;
  return now == after;
}

// One undoing inside its transaction.
class Undoing {
 public:
  Undoing(const Change& change, domain::MeetingId meeting, domain::HeldChangeId id)
      : change_(change), connection_(change.connection), meeting_(meeting), id_(id) {}

  domain::Outcome<Undone> run() {
    const auto seated = storage::find_seated_meeting(connection_, meeting_);
    if (!seated) return domain::NotFound{};
    if (seated->meeting.cycle) storage::lock_cycle(connection_, seated->meeting.cycle->id);
    return run_in_locked_cycle();
  }

  domain::Outcome<Undone> run_in_locked_cycle() {
    const auto state = storage::lock_meeting(connection_, meeting_);
    if (!state) return domain::NotFound{};
    const auto allowed = check_stored_meeting(connection_, change_.call.actor, meeting_);
    if (!allowed) return allowed.failure();
    if (const auto refusal = load(*state)) return *refusal;
    const int over = count_over(*state);
    put_back(storage::find_seated_meeting(connection_, meeting_)->meeting.sequence);
    if (storage::is_cycle_binned(connection_, meeting_)) return domain::Conflict{"cycle_in_bin"};
    if (count_over(*storage::lock_meeting(connection_, meeting_)) > over) {
      return domain::Conflict{"places_taken"};
    }
    tell_and_promote();
    storage::follow_version(connection_, meeting_, record_.version, state->version + 1);
    storage::save_undone(connection_, id_, change_.now);
    return undone_;
  }

 private:
  std::optional<domain::Failure> load(const storage::SeatState& state) {
    const auto held = storage::find_held_change(connection_, id_);
    if (!held || held->meeting != meeting_) return domain::NotFound{};
    if (held->undone_at) return domain::Conflict{"undone_before"};
    if (held->held_until <= change_.now) return domain::Conflict{"hold_over"};
    if (held->version_after != state.version) return domain::Conflict{"changed_since"};
    kind_ = held->kind;
    mails_ = split_mail_ids(held->mails);
    if (!storage::lock_unsent_mails(connection_, mails_)) return domain::Conflict{"mail_left"};
    record_ = read_record(held->before_change);
    if (kind_ == to_string(ChangeKind::published) && has_newcomers()) {
      return domain::Conflict{"somebody_registered"};
    }
    undone_.meeting = meeting_;
    return std::nullopt;
  }

  // How many are confirmed and promised a place above the capacities.
  int count_over(storage::SeatState state) const {
    const auto seated = storage::find_seated_meeting(connection_, meeting_);
    const bool has_begun = change_.now >= begins_at(seated->meeting.times);
    if (state.has_place_rules) hold_promised_alone(connection_, meeting_, has_begun, state);
    const auto over = [](const domain::Seats& seats) {
      return seats.capacity ? std::max(0, seats.confirmed + seats.held - *seats.capacity) : 0;
    };
    return over(state.onsite) + over(state.online);
  }

  bool has_newcomers() const {
    const std::set<domain::RegistrationId> known(record_.known.begin(), record_.known.end());
    const auto now = storage::list_standings(connection_, meeting_);
    return std::any_of(now.begin(), now.end(), [&](const storage::Standing& standing) {
      return !known.contains(standing.id);
    });
  }

  // Claims go back to what they were; those that their people have changed meanwhile stay.
  void restore_standings() {
    const auto now = by_id(storage::list_standings(connection_, meeting_));
    for (const auto& [before, after] : record_.touched) {
      const auto found = now.find(before.id);
      if (found != now.end() && is_untouched(found->second, after)) {
        storage::restore_standing(connection_, before, found->second.version, change_.now);
      } else {
        ++undone_.kept;
      }
    }
  }

  void put_back(int sequence_now) {
    restore_standings();
    storage::delete_held_mails(connection_, mails_, record_.token_hashes);
    storage::recall_told(connection_, meeting_);
    storage::restore_snapshot(connection_, meeting_, id_, change_.now);
    for (const auto& [id, version] : record_.created) {
      if (!storage::delete_registration(connection_, id, version)) ++undone_.kept;
    }
    // Whoever fetches the meeting has had the change by now, and SEQUENCE never falls.
    storage::save_sequence(connection_, meeting_, sequence_now + 1);
    storage::recount_seats(connection_, meeting_);
  }

  void tell_and_promote() {
    auto locked = LockedMeeting::lock(change_, meeting_);
    locked->record("meeting.change_undone", "meeting:" + std::to_string(meeting_.value),
                   R"({"change":")" + kind_ + R"("})");
    undone_.told = locked->correct_calendars();
    if (locked->meeting().status == domain::MeetingStatus::published) locked->promote();
    locked->finish();
  }

  const Change& change_;
  storage::Connection& connection_;
  domain::MeetingId meeting_;
  domain::HeldChangeId id_;
  std::string kind_;
  std::vector<domain::OutgoingMailId> mails_;
  ChangeRecord record_;
  Undone undone_;
};

// The cycle and the meetings that went into the bin with it, inside one transaction.
class CycleUndoing {
 public:
  CycleUndoing(const Change& change, domain::CycleId cycle)
      : change_(change), connection_(change.connection), cycle_(cycle) {}

  domain::Outcome<CycleUndone> run() {
    if (!storage::lock_cycle(connection_, cycle_)) return domain::NotFound{};
    const auto allowed = check_stored_cycle(connection_, change_.call.actor, cycle_);
    if (!allowed) return allowed.failure();
    const auto meetings = storage::list_binned_with(connection_, cycle_);
    if (!storage::restore_cycle(connection_, cycle_, change_.now)) {
      return domain::Conflict{"not_in_bin"};
    }
    if (meetings.empty()) return domain::Conflict{"hold_over"};
    for (const auto meeting : meetings) {
      if (const auto refusal = undo(meeting)) return *refusal;
    }
    record_activity(connection_, change_.environment, change_.call, "cycle.deletion_undone",
                    "cycle", cycle_.value);
    undone_.cycle = cycle_;
    return undone_;
  }

 private:
  std::optional<domain::Failure> undo(domain::MeetingId meeting) {
    const auto held = storage::list_held_changes(connection_, meeting, 1);
    if (held.empty() || held.front().kind != to_string(ChangeKind::binned)) {
      return domain::Conflict{"hold_over"};
    }
    const auto undone = Undoing(change_, meeting, held.front().id).run_in_locked_cycle();
    if (!undone) return undone.failure();
    undone_.kept += undone->kept;
    undone_.told += undone->told;
    return std::nullopt;
  }

  const Change& change_;
  storage::Connection& connection_;
  domain::CycleId cycle_;
  CycleUndone undone_;
};

HeldChange view_of(const storage::HeldChange& stored, domain::Instant now) {
  HeldChange change;
  change.id = stored.id;
  change.meeting = stored.meeting;
  change.kind = storage::stored_enum("held_change.kind", stored.kind, find_change_kind);
  change.made_by = stored.made_by;
  change.made_at = stored.made_at;
  change.held_until = stored.held_until;
  change.mails = static_cast<int>(split_mail_ids(stored.mails).size());
  change.undone_at = stored.undone_at;
  if (change.undone_at) {
    change.obstacle = "undone_before";
  } else if (change.held_until <= now) {
    change.obstacle = "hold_over";
  }
  return change;
}

// Why the undoing would be refused now, by trying it; empty: it would not.
template <class Undo>
std::string find_obstacle(const Actor& actor, const Undo& undo) {
  Rehearsal rehearsal;
  Call call;
  call.actor = actor;
  call.request_id = "rehearsal";
  call.rehearsal = &rehearsal;
  const auto undone = undo(call);
  if (undone) return {};
  const auto* conflict = std::get_if<domain::Conflict>(&undone.failure());
  return conflict ? conflict->code : "not_found";
}

struct StoredChanges {
  std::vector<storage::HeldChange> changes;
  std::int64_t version = 0;
};

domain::Outcome<StoredChanges> load_changes(const Environment& environment, const Actor& actor,
                                            domain::MeetingId meeting) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<StoredChanges> {
        const auto allowed = check_stored_meeting(connection, actor, meeting);
        if (!allowed) return allowed.failure();
        const auto seated = storage::find_seated_meeting(connection, meeting);
        if (!seated) return domain::NotFound{};
        return StoredChanges{storage::list_held_changes(connection, meeting, kMostListed),
                             seated->meeting.version};
      });
}

}  // namespace

domain::Outcome<std::vector<HeldChange>> list_held_changes(const Environment& environment,
                                                           const Actor& actor,
                                                           domain::MeetingId meeting) {
  const auto stored = load_changes(environment, actor, meeting);
  if (!stored) return stored.failure();
  std::vector<HeldChange> changes;
  for (const auto& one : stored->changes) {
    HeldChange change = view_of(one, environment.clock->now());
    if (change.obstacle.empty() && one.version_after != stored->version) {
      change.obstacle = "changed_since";
    } else if (change.obstacle.empty()) {
      change.obstacle = find_obstacle(actor, [&](const Call& call) {
        return undo_change(environment, call, meeting, change.id);
      });
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

domain::Outcome<std::optional<HeldDeletion>> find_held_deletion(const Environment& environment,
                                                                const Actor& actor,
                                                                domain::CycleId cycle) {
  using Found = std::optional<HeldDeletion>;
  const auto now = environment.clock->now();
  auto found = read_database(environment, [&](storage::Connection& connection) {
    const auto allowed = check_stored_cycle(connection, actor, cycle);
    if (!allowed) return domain::Outcome<Found>(allowed.failure());
    Found deletion;
    for (const auto meeting : storage::list_binned_with(connection, cycle)) {
      for (const auto& held : storage::list_held_changes(connection, meeting, 1)) {
        if (held.undone_at || held.held_until <= now) continue;
        if (!deletion) deletion.emplace().held_until = held.held_until;
        deletion->mails += static_cast<int>(split_mail_ids(held.mails).size());
      }
    }
    return domain::Outcome<Found>(deletion);
  });
  if (!found || !*found) return found;
  auto deletion = **found;
  deletion.obstacle = find_obstacle(
      actor, [&](const Call& call) { return undo_cycle_deletion(environment, call, cycle); });
  return Found(std::move(deletion));
}

domain::Outcome<Undone> undo_change(const Environment& environment, const Call& call,
                                    domain::MeetingId meeting, domain::HeldChangeId id) {
  return run_once<Undone>(
      environment, call, "undo_change",
      [&](storage::Connection& connection) {
        const Change change{connection, environment, call, environment.clock->now()};
        return Undoing(change, meeting, id).run();
      },
      [](const Undone& undone) {
        return nlohmann::json{undone.meeting.value, undone.kept, undone.told}.dump();
      },
      [](const std::string& text) {
        const auto json = nlohmann::json::parse(text);
        return Undone{domain::MeetingId{json.at(0).get<std::int64_t>()}, json.at(1).get<int>(),
                      json.at(2).get<int>()};
      });
}

domain::Outcome<CycleUndone> undo_cycle_deletion(const Environment& environment, const Call& call,
                                                 domain::CycleId cycle) {
  return run_once<CycleUndone>(
      environment, call, "undo_cycle_deletion",
      [&](storage::Connection& connection) {
        const Change change{connection, environment, call, environment.clock->now()};
        return CycleUndoing(change, cycle).run();
      },
      [](const CycleUndone& undone) {
        return nlohmann::json{undone.cycle.value, undone.kept, undone.told}.dump();
      },
      [](const std::string& text) {
        const auto json = nlohmann::json::parse(text);
        return CycleUndone{domain::CycleId{json.at(0).get<std::int64_t>()}, json.at(1).get<int>(),
                           json.at(2).get<int>()};
      });
}

}  // namespace narada::usecases
