#include "service/usecases/meetings/held_changes.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "service/domain/enum_names.h"
#include "service/domain/half_fixed.h"
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

constexpr domain::EnumNames<ChangeKind, 4> kKinds{{"changed", "cancelled", "published", "binned"}};
static_assert(is_complete(kKinds, ChangeKind::binned));

constexpr int kMostListed = 200;

using StandingsById = std::map<domain::RegistrationId, storage::Standing>;

StandingsById by_id(const std::vector<storage::Standing>& standings) {
  StandingsById map;
  for (const auto& standing : standings) map.emplace(standing.id, standing);
  return map;
}

bool is_open(const domain::MeetingSummary& meeting, domain::Instant now) {
  const auto state = domain::decide_registration_state(meeting, now);
  return state == domain::RegistrationState::open ||
         state == domain::RegistrationState::waiting_list ||
         state == domain::RegistrationState::full ||
         state == domain::RegistrationState::not_yet_open;
}

// Somebody's registration is closed to others: by its window or by being cancelled; a meeting that
// was cancelled says so to everybody who is in it already.
bool closes(const domain::MeetingSummary& before, const domain::MeetingSummary& after,
            domain::Instant now) {
  return after.status == domain::MeetingStatus::published && is_open(before, now) &&
         !is_open(after, now);
}

class PreviewWriter {
 public:
  PreviewWriter(const Change& change, const std::vector<storage::Standing>& before,
                const std::vector<storage::Standing>& after)
      : change_(change), before_(by_id(before)), after_(after) {}

  ChangePreview write(const WrittenMails& written) {
    for (const auto& mail : storage::list_written_mails(change_.connection, written.mails)) {
      add_mail(mail);
    }
    for (const auto& standing : after_) add_place(standing);
    return std::move(preview_);
  }

 private:
  void add_mail(const storage::WrittenMail& mail) {
    PreviewedMail previewed;
    previewed.facts = notifications::parse_mail_facts(mail.facts);
    if (!mail.method.empty()) previewed.sequence = mail.sequence;
    previewed.person = mail.person;
    previewed.registration = mail.registration;
    if (mail.person) preview_.people.insert(*mail.person);
    if (mail.institution) preview_.institutions.insert(*mail.institution);
    if (mail.registration) {
      names_[*mail.registration] = {previewed.facts.to_name, mail.institution_name};
    }
    preview_.mails.push_back(std::move(previewed));
  }

  void add_place(const storage::Standing& now) {
    const auto found = before_.find(now.id);
    PlaceChange place;
    if (found != before_.end()) {
      if (found->second.status == now.status) return;
      place.before = found->second.status;
    }
    place.registration = now.id;
    place.after = now.status;
    if (const auto name = names_.find(now.id); name != names_.end()) {
      place.full_name = name->second.first;
      place.institution = name->second.second;
    }
    preview_.people.insert(now.person);
    if (now.institution) preview_.institutions.insert(*now.institution);
    preview_.places.push_back(std::move(place));
  }

  const Change& change_;
  StandingsById before_;
  const std::vector<storage::Standing>& after_;
  std::map<domain::RegistrationId, std::pair<std::string, std::string>> names_;
  ChangePreview preview_;
};

ChangeRecord record_of(const std::vector<storage::Standing>& before,
                       const std::vector<storage::Standing>& after) {
  ChangeRecord record;
  const auto known = by_id(before);
  for (const auto& now : after) {
    record.known.push_back(now.id);
    const auto found = known.find(now.id);
    if (found == known.end()) {
      record.created.push_back({now.id, now.version});
    } else if (!(found->second == now)) {
      record.touched.push_back({found->second, now});
    }
  }
  return record;
}

}  // namespace

std::string_view to_string(ChangeKind kind) { return kKinds.name_of(kind); }
std::optional<ChangeKind> find_change_kind(std::string_view name) { return kKinds.find(name); }

bool is_held(const Environment& environment, const Call& call) {
  return environment.hold_seconds > 0 && call.actor.kind != Actor::Kind::system;
}

ChangeWatch::ChangeWatch(const Change& change, const domain::Meeting& before, ChangeKind kind)
    : change_(change),
      before_(before),
      version_(before.version),
      kind_(kind),
      held_(is_held(change.environment, change.call)) {
  if (!held_ && change.call.rehearsal == nullptr) return;
  standings_ = storage::list_standings(change.connection, before.id);
  if (!held_) return;
  snapshot_ = storage::take_snapshot(change.connection, before.id);
  last_invitation_ = storage::find_last_invitation(change.connection, before.id);
}

void ChangeWatch::finish(const WrittenMails& written) {
  if (!held_ && change_.call.rehearsal == nullptr) return;
  const auto after = storage::list_standings(change_.connection, before_.id);
  if (change_.call.rehearsal != nullptr) tell_rehearsal(written, after);
  if (held_) store(written, after);
}

void ChangeWatch::tell_rehearsal(const WrittenMails& written,
                                 const std::vector<storage::Standing>& after) {
  auto preview = PreviewWriter(change_, standings_, after).write(written);
  const auto now = storage::find_seated_meeting(change_.connection, before_.id);
  if (now && closes(before_, now->meeting, change_.now)) {
    preview.closes_registration = true;
    preview.waiting = now->meeting.onsite.waiting + now->meeting.online.waiting;
    preview.invited =
        static_cast<int>(storage::count_open_invitees(change_.connection, before_.id));
  }
  change_.call.rehearsal->add(preview);
}

void ChangeWatch::store(const WrittenMails& written, const std::vector<storage::Standing>& after) {
  ChangeRecord record = record_of(standings_, after);
  const bool concerns_nobody =
      written.mails.empty() && record.created.empty() && record.touched.empty();
  if (kind_ == ChangeKind::changed && concerns_nobody) return;
  const auto now = storage::lock_meeting(change_.connection, before_.id);
  record.token_hashes = written.token_hashes;
  record.version = version_;
  record.last_invitation = last_invitation_;
  storage::NewHeldChange held;
  held.meeting = before_.id;
  held.kind = to_string(kind_);
  held.made_by = change_.call.actor.text();
  held.made_at = change_.now;
  held.held_until = change_.now + std::chrono::seconds(change_.environment.hold_seconds);
  held.version_after = now->version;
  held.before_change = write_record(record, snapshot_);
  held.mails = join_mail_ids(written.mails);
  storage::insert_held_change(change_.connection, held);
}

namespace {

bool may_undo(const storage::HeldChange& change, std::int64_t version, domain::Instant now) {
  return !change.undone_at && change.held_until > now && change.version_after == version;
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

  // Claims go back to what they were; those that their people have changed meanwhile stay, with
  // the meeting in their calendars as long as they have the place they had.
  // Somebody who was to lose the meeting from the calendar and has given up the place meanwhile
  // must lose it all the same, and no other mail says so: those are returned.
  std::vector<domain::RegistrationId> restore_standings() {
    const auto now = by_id(storage::list_standings(connection_, meeting_));
    std::vector<domain::RegistrationId> withdrawn;
    for (const auto& [before, after] : record_.touched) {
      const auto found = now.find(before.id);
      if (found != now.end() && is_untouched(found->second, after)) {
        storage::restore_standing(connection_, before, found->second.version, change_.now);
        continue;
      }
      ++undone_.kept;
      if (found == now.end() || !before.invited || found->second.invited) continue;
      if (found->second.status == before.status) {
        storage::restore_calendar(connection_, before, change_.now);
      } else {
        withdrawn.push_back(before.id);
      }
    }
    return withdrawn;
  }

  void delete_mails(const std::vector<domain::RegistrationId>& withdrawn) {
    for (const auto id : storage::list_withdrawals(connection_, mails_, withdrawn)) {
      std::erase(mails_, id);
    }
    storage::delete_held_mails(connection_, mails_, record_.token_hashes, withdrawn);
  }

  void put_back(int sequence_now) {
    delete_mails(restore_standings());
    storage::restore_snapshot(connection_, meeting_, id_, change_.now);
    for (const auto& [id, version] : record_.created) {
      if (!storage::delete_registration(connection_, id, version)) ++undone_.kept;
    }
    told_ = storage::list_told_since(connection_, meeting_, record_.last_invitation);
    // Whoever fetches the meeting has had the change by now, and SEQUENCE never falls.
    storage::save_sequence(connection_, meeting_, sequence_now + 1);
    storage::recount_seats(connection_, meeting_);
  }

  void tell_and_promote() {
    auto locked = LockedMeeting::lock(change_, meeting_);
    locked->record("meeting.change_undone", "meeting:" + std::to_string(meeting_.value),
                   R"({"change":")" + kind_ + R"("})");
    if (locked->meeting().status == domain::MeetingStatus::published) {
      undone_.told = locked->correct(told_);
      locked->promote();
    }
    locked->finish();
  }

  const Change& change_;
  storage::Connection& connection_;
  domain::MeetingId meeting_;
  domain::HeldChangeId id_;
  std::string kind_;
  std::vector<domain::OutgoingMailId> mails_;
  ChangeRecord record_;
  std::vector<domain::RegistrationId> told_;
  Undone undone_;
};

HeldChange view_of(const storage::HeldChange& stored, std::int64_t version, domain::Instant now) {
  HeldChange change;
  change.id = stored.id;
  change.meeting = stored.meeting;
  change.kind = storage::stored_enum("held_change.kind", stored.kind, find_change_kind);
  change.made_by = stored.made_by;
  change.made_at = stored.made_at;
  change.held_until = stored.held_until;
  change.mails = static_cast<int>(split_mail_ids(stored.mails).size());
  change.undone_at = stored.undone_at;
  change.may_undo = may_undo(stored, version, now);
  return change;
}

}  // namespace

domain::Outcome<std::vector<HeldChange>> list_held_changes(const Environment& environment,
                                                           const Actor& actor,
                                                           domain::MeetingId meeting) {
  const auto now = environment.clock->now();
  return read_database(
      environment,
      [&](storage::Connection& connection) -> domain::Outcome<std::vector<HeldChange>> {
        const auto allowed = check_stored_meeting(connection, actor, meeting);
        if (!allowed) return allowed.failure();
        const auto seated = storage::find_seated_meeting(connection, meeting);
        if (!seated) return domain::NotFound{};
        std::vector<HeldChange> changes;
        const bool stays_binned = storage::is_cycle_binned(connection, meeting);
        for (const auto& stored : storage::list_held_changes(connection, meeting, kMostListed)) {
          changes.push_back(view_of(stored, seated->meeting.version, now));
          if (stays_binned) changes.back().may_undo = false;
        }
        return changes;
      });
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

}  // namespace narada::usecases
