#include "sql/activity_store.h"

#include "sql/row_batches.h"

namespace narada::storage {

void save_activities(Connection& connection, const std::vector<Activity>& activities) {
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(activities.size());
  for (const auto& activity : activities) {
    rows.push_back({activity.occurred_at, activity.actor, activity.verb, activity.subject,
                    activity.meeting, activity.details, activity.request_id,
                    activity.address_class});
  }
  insert_rows(connection,
              "INSERT INTO activity (occurred_at, actor, verb, subject, meeting_id, details, "
              "request_id, address_class) VALUES ",
              "(?, ?, ?, ?, ?, ?, ?, ?)", rows);
}

}  // namespace narada::storage
