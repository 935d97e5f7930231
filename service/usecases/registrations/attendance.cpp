#include "service/usecases/registrations/attendance.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_refusals.h"
#include "service/usecases/stored_things.h"
#include "sql/activity_store.h"
#include "sql/attendance_store.h"
#include "sql/person_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::RegistrationStatus;
using storage::AttendanceRow;

bool is_mark(RegistrationStatus status) {
  return status == RegistrationStatus::attended || status == RegistrationStatus::absent ||
         status == RegistrationStatus::confirmed;
}

bool holds_place(RegistrationStatus status) { return is_mark(status); }

std::vector<OfficeAttendance> count_offices(const std::vector<AttendanceRow>& rows) {
  std::vector<OfficeAttendance> offices;
  for (const auto& row : rows) {
    auto found = std::find_if(offices.begin(), offices.end(), [&](const OfficeAttendance& office) {
      return office.name == row.institution_name;
    });
    if (found == offices.end()) {
      offices.push_back({row.institution_name});
      found = std::prev(offices.end());
    }
    ++found->expected;
    found->attended += row.status == RegistrationStatus::attended ? 1 : 0;
    found->absent += row.status == RegistrationStatus::absent ? 1 : 0;
  }
  return offices;
}

// Whether the row is there because its person came without a place.
bool was_added(const AttendanceRow& row) {
  if (row.status != RegistrationStatus::attended && row.status != RegistrationStatus::absent)
    return false;
  return !row.before || *row.before != RegistrationStatus::confirmed;
}

AttendanceList list_of(storage::SeatedMeeting seated, const std::vector<AttendanceRow>& rows) {
  AttendanceList list;
  list.meeting = std::move(seated.meeting);
  list.offices = count_offices(rows);
  for (const auto& row : rows) {
    list.people.push_back({row.id, row.full_name, row.position, row.institution_name, row.status,
                           row.mode, was_added(row)});
    list.attended += row.status == RegistrationStatus::attended ? 1 : 0;
    list.absent += row.status == RegistrationStatus::absent ? 1 : 0;
  }
  return list;
}

bool has_begun(const domain::MeetingSummary& meeting, domain::Instant now) {
  return meeting.status == domain::MeetingStatus::published &&
         domain::begins_at(meeting.times) <= now;
}

// A meeting whose row this transaction has locked, while it is said who came.
class DoorList {
 public:
  // Fails for who may not, and before the meeting has begun.
  static Outcome<DoorList> open(storage::Connection& connection, const Environment& environment,
                                const Call& call, std::string_view key) {
    const auto found = storage::find_seated_meeting(connection, key);
    if (!found) return domain::NotFound{};
    auto state = storage::lock_meeting(connection, found->meeting.id);
    auto seated = storage::find_seated_meeting(connection, found->meeting.id);
    if (!state || !seated) return domain::NotFound{};
    const auto allowed =
        check_meeting(connection, call.actor, Action::decide_registration, seated->meeting.id);
    if (!allowed) return allowed.failure();
    const auto now = environment.clock->now();
    if (!has_begun(seated->meeting, now)) return domain::Conflict{"attendance_not_begun"};
    return DoorList(connection, call, now, *std::move(seated), *state);
  }

  const domain::Meeting& meeting() const { return seated_.meeting; }
  domain::Instant now() const { return now_; }

  // True when that changes anything. Precondition: the row holds a place.
  bool mark(const AttendanceRow& row, RegistrationStatus mark) {
    if (row.status == mark) return false;
    if (mark == RegistrationStatus::confirmed) {
      take_back(row);
      return true;
    }
    const bool marked = row.status != RegistrationStatus::confirmed;
    save(row.id, row.mode, row.status, mark, marked ? row.before : row.status);
    record(row.id, mark == RegistrationStatus::attended ? "attended" : "absent", mark, row.mode);
    return true;
  }
  // Whatever the row was.
  void let_in(const AttendanceRow& row) {
    const bool marked = row.status == RegistrationStatus::absent;
    save(row.id, row.mode, row.status, RegistrationStatus::attended,
         marked ? row.before : row.status);
    record(row.id, "attended", RegistrationStatus::attended, row.mode);
  }
  // Of somebody who has no registration here; sets the id.
  void add(storage::StoredRegistration& stored) {
    stored.registration.meeting = meeting().id;
    stored.registration.status = RegistrationStatus::attended;
    stored.registration.created_at = stored.registration.updated_at = now_;
    stored.queue_number = ++state_.queue_counter;
    storage::insert_registration(connection_, stored);
    storage::save_clause_acceptance(connection_, stored.registration, now_);
    ++seats(stored.registration.mode).confirmed;
    record(stored.registration.id, "walked_in", RegistrationStatus::attended,
           stored.registration.mode);
  }
  bool is_full(domain::AttendanceMode mode) {
    const auto& capacity = seats(mode).capacity;
    return capacity && storage::count_in_room(connection_, meeting().id, mode) >= *capacity;
  }
  void finish() {
    storage::save_activities(connection_, activities_);
    storage::save_seats(connection_, meeting().id, state_);
  }

 private:
  DoorList(storage::Connection& connection, const Call& call, domain::Instant now,
           storage::SeatedMeeting seated, storage::SeatState state)
      : connection_(connection),
        call_(call),
        now_(now),
        seated_(std::move(seated)),
        state_(std::move(state)) {}

  domain::Seats& seats(domain::AttendanceMode mode) {
    return mode == domain::AttendanceMode::online ? state_.online : state_.onsite;
  }
  void take_back(const AttendanceRow& row) {
    const auto before = row.before.value_or(RegistrationStatus::cancelled);
    save(row.id, row.mode, row.status, before, std::nullopt);
    record(row.id, "attendance_undone", before, row.mode);
  }
  int& counter(RegistrationStatus status, domain::AttendanceMode mode) {
    if (holds_place(status)) return seats(mode).confirmed;
    return status == RegistrationStatus::waitlisted ? seats(mode).waiting : state_.pending;
  }
  void count(RegistrationStatus status, domain::AttendanceMode mode, int by) {
    if (status == RegistrationStatus::cancelled || status == RegistrationStatus::declined) return;
    counter(status, mode) += by;
  }
  void save(domain::RegistrationId id, domain::AttendanceMode mode, RegistrationStatus from,
            RegistrationStatus to, std::optional<RegistrationStatus> before) {
    count(from, mode, -1);
    count(to, mode, 1);
    storage::save_attendance(connection_, id, to, before, now_);
  }
  void record(domain::RegistrationId id, std::string_view verb, RegistrationStatus status,
              domain::AttendanceMode mode) {
    activities_.push_back({now_, call_.actor.text(), fmt::format("registration.{}", verb),
                           fmt::format("registration:{}", id.value), meeting().id,
                           fmt::format(R"({{"status":"{}","mode":"{}"}})",
                                       domain::to_string(status), domain::to_string(mode)),
                           call_.request_id, call_.address_class});
  }

  storage::Connection& connection_;
  const Call& call_;
  domain::Instant now_;
  storage::SeatedMeeting seated_;
  storage::SeatState state_;
  std::vector<storage::Activity> activities_;
};

Outcome<Marked> mark_in(storage::Connection& connection, const Environment& environment,
                        const Call& call, std::string_view key,
                        const std::vector<domain::RegistrationId>& ids, RegistrationStatus mark) {
  if (!is_mark(mark)) return domain::FieldErrors{{"status", "unknown_value"}};
  auto opened = DoorList::open(connection, environment, call, key);
  if (!opened) return opened.failure();
  DoorList& door = opened.value();
  Marked marked;
  for (const auto& row : storage::find_attendance(connection, door.meeting().id, ids))
    if (holds_place(row.status) && door.mark(row, mark)) ++marked.count;
  door.finish();
  return marked;
}

Outcome<domain::RegistrationId> mark_one(storage::Connection& connection,
                                         const Environment& environment, const Call& call,
                                         domain::RegistrationId id, RegistrationStatus mark) {
  const auto stored = storage::find_registration(connection, id);
  if (!stored) return domain::NotFound{};
  const auto allowed =
      check_registration(connection, call.actor, Action::decide_registration, stored->registration);
  if (!allowed) return allowed.failure();
  if (!is_mark(mark)) return domain::FieldErrors{{"status", "unknown_value"}};
  auto opened = DoorList::open(connection, environment, call,
                               std::to_string(stored->registration.meeting.value));
  if (!opened) return opened.failure();
  DoorList& door = opened.value();
  const auto rows = storage::find_attendance(connection, door.meeting().id, {id});
  if (rows.empty() || !holds_place(rows.front().status))
    return domain::Conflict{"attendance_no_place"};
  door.mark(rows.front(), mark);
  door.finish();
  return id;
}

// What was typed at the door, checked; absent with what is wrong in `errors`.
struct CheckedWalkIn {
  RegistrationInput input;
  std::optional<domain::InstitutionRef> institution;
  std::optional<domain::AttendanceMode> mode;
};

CheckedWalkIn check_walk_in(storage::Connection& connection, const Call& call, const WalkIn& typed,
                            const domain::MeetingSummary& meeting, domain::FieldErrors& errors) {
  RegistrationForm form;
  form.full_name = typed.full_name;
  form.email = typed.email;
  form.institution = typed.institution;
  form.position = typed.position;
  form.consent = typed.consent;
  form.language = call.language;
  CheckedWalkIn checked;
  checked.input = check_registration_form(form, errors);
  if (!checked.input.institution.empty())
    checked.institution = resolve_institution(connection, checked.input.institution, errors);
  checked.mode = resolve_mode(typed.mode, meeting, errors);
  if (checked.institution) checked.input.person.institution = checked.institution->id;
  sort_by_field(errors);
  return checked;
}

storage::StoredRegistration newcomer_of(const CheckedWalkIn& checked, domain::PersonId person) {
  storage::StoredRegistration stored;
  auto& registration = stored.registration;
  registration.person.id = person;
  registration.person.full_name = checked.input.person.full_name;
  registration.person.email = checked.input.person.email;
  registration.person.position = checked.input.person.position;
  registration.person.institution = checked.institution;
  registration.person.language = checked.input.person.language;
  registration.mode = *checked.mode;
  return stored;
}

Outcome<domain::RegistrationId> walk_in(storage::Connection& connection,
                                        const Environment& environment, const Call& call,
                                        std::string_view key, const WalkIn& typed) {
  auto opened = DoorList::open(connection, environment, call, key);
  if (!opened) return opened.failure();
  DoorList& door = opened.value();
  domain::FieldErrors errors;
  const auto checked = check_walk_in(connection, call, typed, door.meeting(), errors);
  if (!errors.empty()) return errors;
  const auto& person = checked.input.person;
  const auto claim = storage::find_person_claim(connection, person, door.meeting().id);
  std::vector<AttendanceRow> known;
  if (claim && claim->registration)
    known = storage::find_attendance(connection, door.meeting().id, {*claim->registration});
  const bool has_place = !known.empty() && (known[0].status == RegistrationStatus::confirmed ||
                                            known[0].status == RegistrationStatus::attended);
  const auto mode = known.empty() ? *checked.mode : known[0].mode;
  if (!has_place && !typed.over_capacity && door.is_full(mode))
    return domain::FieldErrors{{"over_capacity", "full_at_door"}};
  storage::StoredRegistration stored;
  if (!known.empty()) {
    stored.registration.id = known[0].id;
    if (known[0].status != RegistrationStatus::attended) door.let_in(known[0]);
  } else {
    stored = newcomer_of(
        checked, claim ? claim->person : storage::save_person(connection, person, door.now()));
    door.add(stored);
  }
  door.finish();
  return stored.registration.id;
}

}  // namespace

Outcome<AttendanceList> list_attendance(const Environment& environment, const Actor& actor,
                                        std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<AttendanceList> {
        auto seated = storage::find_seated_meeting(connection, key);
        if (!seated) return domain::NotFound{};
        const auto id = seated->meeting.id;
        if (!check_meeting(connection, actor, Action::see_participants, id))
          return domain::NotFound{};
        auto list = list_of(*std::move(seated), storage::list_attendance(connection, id));
        list.may_mark = has_begun(list.meeting, environment.clock->now()) &&
                        check_meeting(connection, actor, Action::decide_registration, id).ok();
        return list;
      });
}

Outcome<Marked> mark_attendance(const Environment& environment, const Call& call,
                                std::string_view key,
                                const std::vector<domain::RegistrationId>& ids,
                                RegistrationStatus mark) {
  return run_once<Marked>(
      environment, call, "mark_attendance",
      [&](storage::Connection& connection) {
        return mark_in(connection, environment, call, key, ids, mark);
      },
      [](const Marked& marked) { return std::to_string(marked.count); },
      [](const std::string& text) { return Marked{std::stoi(text)}; });
}

Outcome<domain::RegistrationId> mark_attendance(const Environment& environment, const Call& call,
                                                domain::RegistrationId id,
                                                RegistrationStatus mark) {
  return run_once_for_id<domain::RegistrationId>(
      environment, call, "mark_attendance", [&](storage::Connection& connection) {
        return mark_one(connection, environment, call, id, mark);
      });
}

Outcome<domain::RegistrationId> add_walk_in(const Environment& environment, const Call& call,
                                            std::string_view key, const WalkIn& typed) {
  return run_once_for_id<domain::RegistrationId>(
      environment, call, "add_walk_in", [&](storage::Connection& connection) {
        return walk_in(connection, environment, call, key, typed);
      });
}

}  // namespace narada::usecases
