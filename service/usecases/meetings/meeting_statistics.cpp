#include "service/usecases/meetings/meeting_statistics.h"

#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/seat_store.h"
#include "sql/statistics_store.h"

namespace narada::usecases {

domain::Outcome<MeetingStatistics> load_meeting_statistics(const Environment& environment,
                                                           const Actor& actor,
                                                           std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingStatistics> {
        const auto thing = check_meeting(connection, actor, Action::see_numbers, key);
        if (!thing) return domain::NotFound{};
        const auto seated = storage::find_seated_meeting(connection, *thing->meeting);
        if (!seated) return domain::NotFound{};
        return MeetingStatistics{seated->meeting,
                                 storage::count_offices(connection, *thing->meeting),
                                 storage::count_association_shares(connection, *thing->meeting),
                                 can(actor, Action::see_participants, *thing)};
      });
}

}  // namespace narada::usecases
