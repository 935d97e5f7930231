#include "tests/concurrency/serial_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace narada::testing {

std::vector<LoggedChange> load_changes(storage::Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT verb, SUBSTRING_INDEX(subject, ':', -1), JSON_VALUE(details, '$.status') "
      "FROM activity WHERE meeting_id = ? AND verb LIKE 'registration.%' ORDER BY id";
  std::vector<LoggedChange> changes;
  const auto rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) {
    changes.push_back({row.text(0), std::stoll(row.text(1)), row.text(2) == "confirmed",
                       row.text(2) == "waitlisted"});
  }
  return changes;
}

void SerialModel::apply(const LoggedChange& change) {
  expect(owed_ == 0 || (change.verb == "registration.promoted" && change.registration == owed_),
         fmt::format("{} was to be promoted before {} of {}", owed_, change.verb,
                     change.registration));
  if (change.verb == "registration.created" || change.verb == "registration.returned") {
    enter(change);
  } else if (change.verb == "registration.cancelled") {
    cancel(change.registration);
  } else if (change.verb == "registration.promoted") {
    promote(change.registration);
  } else {
    expect(false, "unknown " + change.verb);
  }
  most_confirmed_ = std::max(most_confirmed_, confirmed_.size());
}

void SerialModel::end() { expect(owed_ == 0, fmt::format("{} was never promoted", owed_)); }

void SerialModel::enter(const LoggedChange& change) {
  const auto id = change.registration;
  expect(!confirmed_.count(id) && std::find(waiting_.begin(), waiting_.end(), id) == waiting_.end(),
         fmt::format("{} entered twice", id));
  const bool place = confirmed_.size() < capacity_ && waiting_.empty();
  expect(change.confirmed == place && change.waitlisted == !place,
         fmt::format("{} got what was not there to give", id));
  if (place) {
    confirmed_.insert(id);
  } else {
    waiting_.push_back(id);
  }
}

void SerialModel::cancel(std::int64_t registration) {
  if (confirmed_.erase(registration) > 0) {
    if (!waiting_.empty()) owed_ = waiting_.front();
    return;
  }
  const auto found = std::find(waiting_.begin(), waiting_.end(), registration);
  expect(found != waiting_.end(), fmt::format("{} cancelled without being in", registration));
  if (found != waiting_.end()) waiting_.erase(found);
}

void SerialModel::promote(std::int64_t registration) {
  expect(owed_ == registration, fmt::format("{} was promoted out of turn", registration));
  owed_ = 0;
  ++promotions_;
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), registration), waiting_.end());
  confirmed_.insert(registration);
}

void SerialModel::expect(bool as_expected, const std::string& otherwise) {
  if (!as_expected) mismatches_.push_back(otherwise);
}

}  // namespace narada::testing
