// What organizers do to those who are in: fewer places than people, and the change that is taken
// back.

#include <algorithm>
#include <utility>

#include "service/usecases/registrations/locked_meeting.h"
#include "sql/registration_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using domain::RegistrationStatus;
using notifications::MailKind;
using storage::StoredRegistration;
using Registrations = std::vector<StoredRegistration>;

bool came_later(const StoredRegistration& one, const StoredRegistration& other) {
  const auto key = [](const StoredRegistration& stored) {
    return std::pair(stored.registration.confirmed_at.value_or(stored.registration.created_at),
                     stored.queue_number);
  };
  return key(one) > key(other);
}

bool by_number(const StoredRegistration& one, const StoredRegistration& other) {
  return one.queue_number < other.queue_number;
}

// The numbers of all of them, handed out again: `first` stand before `then`, each in their order.
void put_before(Registrations& first, Registrations& then) {
  std::vector<std::int64_t> numbers;
  for (const auto* group : {&first, &then}) {
    for (const auto& stored : *group) numbers.push_back(stored.queue_number);
  }
  std::sort(numbers.begin(), numbers.end());
  auto next = numbers.begin();
  for (auto* group : {&first, &then}) {
    for (auto& stored : *group) stored.queue_number = *next++;
  }
}

}  // namespace

int LockedMeeting::shrink() {
  settle();
  return shrink(AttendanceMode::onsite) + shrink(AttendanceMode::online);
}

int LockedMeeting::shrink(AttendanceMode mode) {
  const domain::Seats& now = domain::seats_of(meeting(), mode);
  if (!now.capacity) return 0;
  // Seats::held ends at the capacity; what is promised does not.
  const domain::PlaceBook* book = find_book(mode);
  int over = now.confirmed + (book ? domain::promised_places(*book) : 0) - *now.capacity;
  if (over <= 0) return 0;
  Registrations confirmed;
  Registrations waiting;
  for (auto& stored : storage::find_active_registrations(change_.connection, meeting().id)) {
    if (stored.registration.mode != mode) continue;
    if (stored.registration.status == RegistrationStatus::confirmed) {
      confirmed.push_back(std::move(stored));
    } else if (stored.registration.status == RegistrationStatus::waitlisted) {
      waiting.push_back(std::move(stored));
    }
  }
  over -= withdraw_offers(waiting, over);
  std::sort(confirmed.begin(), confirmed.end(), came_later);
  confirmed.resize(std::min(confirmed.size(), static_cast<std::size_t>(over)));
  std::sort(confirmed.begin(), confirmed.end(), by_number);
  const Registrations before = waiting;
  put_before(confirmed, waiting);
  for (std::size_t index = 0; index < waiting.size(); ++index) {
    if (waiting[index].queue_number != before[index].queue_number) save(waiting[index]);
  }
  int position = 0;
  for (auto& stored : confirmed) drop_to_waiting(stored, ++position);
  books_stale_ = true;  // the numbers of the line have changed
  return position;
}

// The last in line first: nobody with a place loses it for an offer. They stay where they are in
// the line, and it does not count as an offer that they have missed.
int LockedMeeting::withdraw_offers(Registrations& waiting, int most) {
  int withdrawn = 0;
  for (auto stored = waiting.rbegin(); stored != waiting.rend() && withdrawn < most; ++stored) {
    if (!stored->registration.offer_until) continue;
    strike_from_book(*stored);
    stored->registration.offer_until.reset();
    stored->registration.updated_at = change_.now;
    write_in_book(*stored);
    storage::save_registration(change_.connection, *stored);
    record_of(*stored, "registration.dropped");
    const bool is_known = !stored->registration.person.email.empty();
    if (is_known) write_to(*stored, {MailKind::place_lost});
    ++withdrawn;
  }
  return withdrawn;
}

int LockedMeeting::correct_calendars() {
  Registrations dropped;
  Registrations kept;
  for (auto& stored : storage::find_concerned_registrations(change_.connection, meeting().id)) {
    const bool belongs = domain::belongs_in_calendar(calendar_state(seated_, stored.registration));
    (belongs ? kept : dropped).push_back(std::move(stored));
  }
  return notify(std::move(kept), {MailKind::meeting_moved}, Recipients::told) +
         notify(std::move(dropped), {MailKind::calendar_repaired}, Recipients::told);
}

}  // namespace narada::usecases
