#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "sql/connection.h"

namespace narada::testing {

// One row of the activity log about a registration, in the order in which they were committed: the
// rows of one meeting are written under its lock.
struct LoggedChange {
  std::string verb;  // "registration.created"
  std::int64_t registration = 0;
  bool confirmed = false;  // its state after the change
  bool waitlisted = false;
};
std::vector<LoggedChange> load_changes(storage::Connection& connection, domain::MeetingId meeting);

// The same changes made one after the other by one clerk with a list: what the log says must be
// what the clerk would have done. Knows meetings with one mode and a fixed capacity.
class SerialModel {
 public:
  explicit SerialModel(std::size_t capacity) : capacity_(capacity) {}

  void apply(const LoggedChange& change);
  // Call after the last change.
  void end();

  const std::vector<std::string>& mismatches() const { return mismatches_; }
  const std::set<std::int64_t>& confirmed() const { return confirmed_; }
  const std::deque<std::int64_t>& waiting() const { return waiting_; }
  std::size_t most_confirmed() const { return most_confirmed_; }
  int promotions() const { return promotions_; }

 private:
  void enter(const LoggedChange& change);
  void cancel(std::int64_t registration);
  void promote(std::int64_t registration);
  void expect(bool as_expected, const std::string& otherwise);

  std::size_t capacity_;
  std::set<std::int64_t> confirmed_;
  std::deque<std::int64_t> waiting_;
  std::int64_t owed_ = 0;  // who has to be promoted next; 0: nobody
  std::size_t most_confirmed_ = 0;
  int promotions_ = 0;
  std::vector<std::string> mismatches_;
};

}  // namespace narada::testing
