#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/draft_changes.h"
#include "service/usecases/meetings/held_changes.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/meetings/meeting_creation.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/place_rules.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/meeting_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using domain::FieldErrors;
using domain::Meeting;
using domain::MeetingId;
using domain::MeetingStatus;
using domain::Outcome;

bool becomes_less(const domain::Seats& wanted, const domain::Seats& locked) {
  return wanted.capacity && (!locked.capacity || *wanted.capacity < *locked.capacity);
}

// Nobody who has a place or waits for one loses it by an edit, unless it says so. Places that are
// held are nobody's to wait again. Whoever came above the places loses nothing as long as they do
// not become fewer.
void check_seats(FieldChecks& checks, std::string_view field, const domain::Seats& wanted,
                 const domain::Seats& locked, bool may_drop) {
  const int taken = locked.confirmed + locked.held;
  const int kept = may_drop ? locked.held : taken;
  const bool too_few = becomes_less(wanted, locked) && *wanted.capacity < kept;
  const bool withdrawn = !wanted.offered && taken + locked.waiting > 0;
  if (too_few || withdrawn) {
    const int least = withdrawn ? taken : kept;
    checks.add(field, "below_confirmed", {{"confirmed", std::to_string(least)}});
  }
}

bool is_beyond(const domain::Seats& wanted, const domain::Seats& locked) {
  return becomes_less(wanted, locked) && *wanted.capacity < locked.confirmed + locked.held;
}

// Whether people have to go somewhere else. Where exactly a pin on the map is does not move it.
bool same_places(const std::vector<domain::Place>& before,
                 const std::vector<domain::Place>& after) {
  const auto same = [](const domain::Place& one, const domain::Place& other) {
    const auto host = [](const domain::Place& place) {
      return place.institution ? place.institution->id : domain::InstitutionId{};
    };
    return one.name == other.name && one.address == other.address && one.room == other.room &&
           host(one) == host(other);
  };
  return std::equal(before.begin(), before.end(), after.begin(), after.end(), same);
}

// Whether the calendars of those who come in some way show another way in online than before.
bool is_rejoined(const Meeting& before, const Meeting& after) {
  const auto way_in = [](const Meeting& meeting, AttendanceMode mode) {
    return may_join_online(meeting, mode) ? meeting.online_url : std::string();
  };
  const auto differs = [&](AttendanceMode mode) {
    return way_in(before, mode) != way_in(after, mode);
  };
  return differs(AttendanceMode::onsite) || differs(AttendanceMode::online);
}

MeetingChange compare(const Meeting& before, const Meeting& after, domain::Instant now) {
  MeetingChange change;
  if (before.status != MeetingStatus::published) return change;
  const domain::MeetingTimes& from = before.times;
  const domain::MeetingTimes& to = after.times;
  change.moved = from.starts != to.starts || from.ends != to.ends || from.tzid != to.tzid ||
                 from.precision != to.precision || !same_places(before.places, after.places);
  const bool was_half_fixed = is_half_fixed(from), becomes_half_fixed = is_half_fixed(to);
  if (from.starts != to.starts || was_half_fixed != becomes_half_fixed) change.previous = from;
  change.rejoining = is_rejoined(before, after);
  change.over = std::max(from.ends_at, to.ends_at) <= now;
  change.joins_cycle =
      after.cycle && to.ends_at > now && (!before.cycle || before.cycle->id != after.cycle->id);
  return change;
}

std::string capacity_text(const domain::Seats& seats) {
  if (!seats.offered) return "";
  return seats.capacity ? std::to_string(*seats.capacity) : "∞";
}

std::string wall_text(domain::WallTime wall) {
  return fmt::format("{:%F %H:%M}", fmt::gmtime(std::chrono::sys_seconds(wall.time_since_epoch())));
}

std::string details_of(const std::vector<std::string>& fields, const Meeting& before,
                       const Meeting& after) {
  ChangeNote note;
  for (const std::string& field : fields) note.add_name(field);
  note.add("starts", wall_text(before.times.starts), wall_text(after.times.starts));
  note.add("ends", wall_text(before.times.ends), wall_text(after.times.ends));
  note.add("form", std::string(to_string(before.form)), std::string(to_string(after.form)));
  note.add("onsite_capacity", capacity_text(before.onsite), capacity_text(after.onsite));
  note.add("online_capacity", capacity_text(before.online), capacity_text(after.online));
  note.add("topic", before.topic ? std::to_string(before.topic->id.value) : "",
           after.topic ? std::to_string(after.topic->id.value) : "");
  return note.details();
}

// The whole of change_meeting inside its transaction.
class MeetingEdit {
 public:
  MeetingEdit(storage::Connection& connection, const Environment& environment, const Call& call,
              Shrinking shrinking)
      : connection_(connection), environment_(environment), call_(call), shrinking_(shrinking) {}

  Outcome<MeetingId> run(MeetingId id, std::int64_t version, const MeetingForm& form) {
    lock_new_cycle(id, form.cycle);
    auto locked = storage::lock_meeting(connection_, id);
    if (!locked) return domain::NotFound{};
    const auto allowed = check_meeting(connection_, call_.actor, Action::organize, id);
    if (!allowed) return allowed.failure();
    if (locked->version != version) return domain::Stale{};
    const auto before = storage::find_meeting(connection_, id);
    if (before->status == MeetingStatus::cancelled) return domain::Conflict{"meeting_cancelled"};
    FieldErrors errors;
    FieldChecks checks(errors);
    References references(connection_);
    Meeting after = read_meeting_form(form, checks, references);
    if (locked->has_place_rules) {
      const bool has_begun = begins_at(after.times) <= environment_.clock->now();
      hold_promised_alone(connection_, id, has_begun, *locked);
    }
    // Without a waiting list there is nowhere to drop to, and what is over has no one waiting.
    const bool may_drop = shrinking_ == Shrinking::to_waiting_list && after.waitlist &&
                          after.times.ends_at > environment_.clock->now();
    check_seats(checks, "capacity.onsite", after.onsite, locked->onsite, may_drop);
    check_seats(checks, "capacity.online", after.online, locked->online, may_drop);
    if (!errors.empty()) return errors;
    after.id = id;
    const auto cycle = before->cycle ? std::optional(before->cycle->id) : std::nullopt;
    const auto theirs = check_meeting_change(connection_, call_.actor, cycle, after);
    if (!theirs) return theirs.failure();
    const bool shrinks =
        is_beyond(after.onsite, locked->onsite) || is_beyond(after.online, locked->online);
    save(*before, after, shrinks);
    return id;
  }

 private:
  // The cycle that the meeting comes to, before the meeting, as everywhere: nobody enrols in it
  // between the look at who is enrolled and COMMIT.
  void lock_new_cycle(MeetingId id, const std::string& key) {
    if (key.empty()) return;
    const auto seated = storage::find_seated_meeting(connection_, id);
    const auto cycle = storage::find_cycle_ref(connection_, key);
    if (!seated || !cycle) return;
    const auto& now = seated->meeting.cycle;
    if (!now || now->id != cycle->id) storage::lock_cycle(connection_, cycle->id);
  }

  void save(const Meeting& before, const Meeting& after, bool shrinks) {
    const auto fields = changed_fields(form_of(before), form_of(after));
    if (fields.empty()) return;
    const Change held{connection_, environment_, call_, environment_.clock->now()};
    ChangeWatch watch(held, before, ChangeKind::changed);
    storage::update_meeting(connection_, after, held.now);
    record_activity(connection_, environment_, call_, "meeting.changed", "meeting", after.id.value,
                    after.id, details_of(fields, before, after));
    MeetingChange change = compare(before, after, held.now);
    change.shrinks = shrinks;
    watch.finish(follow_meeting_change(connection_, environment_, call_, after.id, change));
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Call& call_;
  Shrinking shrinking_;
};

Outcome<Meeting> load_changed(const Environment& environment, const Call& call,
                              const Outcome<MeetingId>& id) {
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_meeting(environment, call.actor, std::to_string(id->value));
}

}  // namespace

MeetingId add_meeting_draft(storage::Connection& connection, const Environment& environment,
                            const Call& call, Meeting meeting) {
  const std::string stem = make_slug(meeting.title, "spotkanie");
  meeting.slug = free_slug(stem, storage::list_meeting_slugs(connection, stem));
  meeting.uid = make_uid(environment);
  meeting.status = MeetingStatus::draft;
  meeting.id = storage::insert_meeting(connection, meeting, environment.clock->now());
  record_activity(connection, environment, call, "meeting.created", "meeting", meeting.id.value,
                  meeting.id);
  return meeting.id;
}

Outcome<Meeting> create_meeting(const Environment& environment, const Call& call,
                                const MeetingForm& form) {
  if (const auto reach = check_reach(call.actor, Action::organize); !reach) return reach.failure();
  const auto work = [&](storage::Connection& connection) -> Outcome<MeetingId> {
    FieldErrors errors;
    FieldChecks checks(errors);
    References references(connection);
    const Meeting meeting = read_meeting_form(form, checks, references);
    if (!errors.empty()) return errors;
    const auto theirs = check_meeting_change(connection, call.actor, std::nullopt, meeting);
    if (!theirs) return theirs.failure();
    return add_meeting_draft(connection, environment, call, meeting);
  };
  return load_changed(environment, call, retry_taken_slug([&] {
                        return run_once_for_id<MeetingId>(environment, call, "create_meeting",
                                                          work);
                      }));
}

Outcome<MeetingId> change_meeting_in(storage::Connection& connection,
                                     const Environment& environment, const Call& call, MeetingId id,
                                     std::int64_t version, const MeetingForm& form,
                                     Shrinking shrinking) {
  return MeetingEdit(connection, environment, call, shrinking).run(id, version, form);
}

Outcome<Meeting> change_meeting(const Environment& environment, const Call& call, MeetingId id,
                                std::int64_t version, const MeetingForm& form,
                                Shrinking shrinking) {
  const auto work = [&](storage::Connection& connection) {
    return change_meeting_in(connection, environment, call, id, version, form, shrinking);
  };
  return load_changed(environment, call,
                      run_once_for_id<MeetingId>(environment, call, "change_meeting", work));
}

}  // namespace narada::usecases
