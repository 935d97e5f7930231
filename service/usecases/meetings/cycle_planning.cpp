#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/meeting_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::MeetingStatus;
using domain::PlannedSession;
using std::chrono::days;

// Named on one day, at most; a busy day needs no longer list.
constexpr int kMostCollisions = 3;

// Meetings that take part of the day of a session in the zone of the plan; of drafts those that
// whoever plans may see.
void add_collisions(storage::Connection& connection, const std::string& tzid,
                    const domain::Reach& drafts, PlannedSession& session) {
  const domain::WallTime day = std::chrono::floor<days>(session.starts);
  storage::MeetingListing listing;
  listing.statuses = {MeetingStatus::published, MeetingStatus::draft};
  listing.drafts = drafts;
  listing.ends_after = calendar::to_instant(day, tzid).instant;
  listing.starts_before = calendar::to_instant(day + days{1}, tzid).instant;
  listing.limit = kMostCollisions;
  for (const auto& meeting : storage::list_meetings(connection, listing)) {
    session.warnings.push_back({"collision", meeting.title});
  }
}

bool wall_time_exists(domain::WallTime time, std::string_view tzid) {
  return calendar::to_instant(time, tzid).exists;
}

}  // namespace

domain::Outcome<std::vector<PlannedSession>> plan_cycle(const Environment& environment,
                                                        const Actor& actor,
                                                        const domain::Plan& plan) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  domain::FieldErrors errors = find_plan_errors(plan);
  if (!plan.tzid.empty() && !calendar::is_known_zone(plan.tzid)) {
    errors.push_back({"tzid", "unknown_zone"});
  }
  if (!errors.empty()) return errors;
  const auto planned = plan_sessions(plan, calendar::polish_holiday_name, wall_time_exists);
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<PlannedSession> sessions = planned;
    const auto drafts = reach_of(actor, Action::see);
    for (PlannedSession& session : sessions) {
      add_collisions(connection, plan.tzid, drafts, session);
    }
    return sessions;
  });
}

}  // namespace narada::usecases
