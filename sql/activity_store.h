#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Who did what to what, when: written in the transaction of the change.
struct Activity {
  domain::Instant occurred_at{};
  std::string actor;    // "person:12", "anonymous"
  std::string verb;     // "registration.cancelled"
  std::string subject;  // "registration:45"
  std::optional<domain::MeetingId> meeting;
  std::string details = "{}";  // JSON; nothing that was typed about a person
  std::string request_id;
  std::string address_class;  // "loopback", "private", "public"; empty: no request
  struct Personal {
    domain::PersonId person;
    std::string details;  // JSON {"before": {…}, "after": {…}}
  };
  std::vector<Personal> personal = {};  // erasable, unlike the rest
};

void save_activities(Connection& connection, const std::vector<Activity>& activities);

}  // namespace narada::storage
