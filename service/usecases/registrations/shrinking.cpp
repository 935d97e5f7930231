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
  return shrink(AttendanceMode::onsite) + shrink(AttendanceMode::online);
}

int LockedMeeting::shrink(AttendanceMode mode) {
  const domain::Seats& now = domain::seats_of(meeting(), mode);
  const int over = now.capacity ? now.confirmed + now.held - *now.capacity : 0;
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
  return position;
}

int LockedMeeting::correct(const std::vector<domain::RegistrationId>& told) {
  auto concerned = storage::find_active_registrations(change_.connection, meeting().id);
  std::erase_if(concerned, [&](const StoredRegistration& stored) {
    return !stored.invited ||
           std::find(told.begin(), told.end(), stored.registration.id) == told.end();
  });
  MailCause cause;
  cause.kind = notifications::MailKind::meeting_moved;
  notify(concerned, calendar::ItipMethod::request, cause);
  return static_cast<int>(concerned.size());
}

}  // namespace narada::usecases
