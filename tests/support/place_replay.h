#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/domain/fair_places.h"
#include "sql/connection.h"

namespace narada::testing {

// One row of the activity log that says something of the places on site.
struct LoggedPlace {
  domain::Instant at{};
  std::string verb;
  domain::RegistrationId registration;
  std::string details;
};
// In the order in which they were committed: those of one meeting are written under its lock.
std::vector<LoggedPlace> load_places_log(storage::Connection& connection,
                                         domain::MeetingId meeting);

// What the log says is decided again, entry by entry, by the pure rules alone. What they would
// have done otherwise is a mismatch. Knows one mode, rules laid down before anybody came, and
// people who stay at their institution.
class PlaceReplay {
 public:
  void apply(const LoggedPlace& entry);
  // Call after the last entry.
  void end(domain::Instant now);

  const std::vector<std::string>& mismatches() const { return mismatches_; }
  const domain::PlaceBook& book() const { return book_; }
  // Rules that were not those in force, to show that it would be seen.
  void overrule(const domain::PlacePolicy& policy) { overruled_ = policy; }

 private:
  void lay_down(const std::string& details);
  void enter(const LoggedPlace& entry);
  void step(const LoggedPlace& entry);
  void leave(const LoggedPlace& entry);
  void expect(const std::string& decided, const std::string& logged, const LoggedPlace& entry);

  domain::PlaceBook book_;
  std::optional<domain::PlacePolicy> overruled_;
  std::map<domain::RegistrationId, domain::InstitutionId> institutions_;
  std::vector<std::string> mismatches_;
};

}  // namespace narada::testing
