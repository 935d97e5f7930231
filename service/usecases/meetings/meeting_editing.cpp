#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/meeting_changes.h"
#include "service/usecases/meetings/meeting_creation.h"
#include "service/usecases/meetings/meeting_form.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
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

// Nobody who has a place or waits for one loses it by an edit.
void check_seats(FieldChecks& checks, std::string_view field, const domain::Seats& wanted,
                 const domain::Seats& locked) {
  const int taken = locked.confirmed + locked.held;
  const bool too_few = wanted.capacity && *wanted.capacity < taken;
  const bool withdrawn = !wanted.offered && taken + locked.waiting > 0;
  if (too_few || withdrawn) {
    checks.add(field, "below_confirmed", {{"confirmed", std::to_string(taken)}});
  }
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

// Those whose calendars show a way in online that is another now, or none, or that had none.
std::vector<AttendanceMode> find_rejoining(const Meeting& before, const Meeting& after) {
  std::vector<AttendanceMode> modes;
  const bool same = before.online_url == after.online_url &&
                    before.onsite.offered == after.onsite.offered &&
                    before.online.offered == after.online.offered;
  if (same) return modes;
  for (const AttendanceMode mode : {AttendanceMode::onsite, AttendanceMode::online}) {
    if (may_join_online(before, mode) || may_join_online(after, mode)) modes.push_back(mode);
  }
  return modes;
}

MeetingChange compare(const Meeting& before, const Meeting& after, domain::Instant now) {
  MeetingChange change;
  if (before.status != MeetingStatus::published) return change;
  const domain::MeetingTimes& from = before.times;
  const domain::MeetingTimes& to = after.times;
  change.moved = from.starts != to.starts || from.ends != to.ends || from.tzid != to.tzid ||
                 from.precision != to.precision || !same_places(before.places, after.places);
  if (from.starts != to.starts) change.previous_starts = from.starts;
  change.rejoining = find_rejoining(before, after);
  change.over = std::max(from.ends_at, to.ends_at) <= now;
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
  MeetingEdit(storage::Connection& connection, const Environment& environment, const Call& call)
      : connection_(connection), environment_(environment), call_(call) {}

  Outcome<MeetingId> run(MeetingId id, std::int64_t version, const MeetingForm& form) {
    const auto locked = storage::lock_meeting(connection_, id);
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
    check_seats(checks, "capacity.onsite", after.onsite, locked->onsite);
    check_seats(checks, "capacity.online", after.online, locked->online);
    if (!errors.empty()) return errors;
    after.id = id;
    const auto cycle = before->cycle ? std::optional(before->cycle->id) : std::nullopt;
    const auto theirs = check_meeting_change(connection_, call_.actor, cycle, after);
    if (!theirs) return theirs.failure();
    save(*before, after);
    return id;
  }

 private:
  void save(const Meeting& before, const Meeting& after) {
    const auto fields = changed_fields(form_of(before), form_of(after));
    if (fields.empty()) return;
    storage::update_meeting(connection_, after, environment_.clock->now());
    record_activity(connection_, environment_, call_, "meeting.changed", "meeting", after.id.value,
                    after.id, details_of(fields, before, after));
    follow_meeting_change(connection_, environment_, call_, after.id,
                          compare(before, after, environment_.clock->now()));
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Call& call_;
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

Outcome<Meeting> change_meeting(const Environment& environment, const Call& call, MeetingId id,
                                std::int64_t version, const MeetingForm& form) {
  const auto work = [&](storage::Connection& connection) {
    return MeetingEdit(connection, environment, call).run(id, version, form);
  };
  return load_changed(environment, call,
                      run_once_for_id<MeetingId>(environment, call, "change_meeting", work));
}

}  // namespace narada::usecases
