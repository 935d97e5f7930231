#include "service/usecases/meetings/date_finder.h"

#include <set>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/expert_calendar_store.h"
#include "sql/planner_store.h"
#include "sql/recess_store.h"

namespace narada::usecases {
namespace {

using domain::Attendee;
using domain::Hindrance;
using domain::WallTime;
using std::chrono::days;
using std::chrono::local_days;
using Part = storage::Attendance::Part;

// What a search is about, as stored.
struct Wanted {
  std::vector<Attendee> attendees;
  std::vector<domain::InstitutionId> institutions;
  std::vector<domain::ExpertId> experts;
};

Wanted load_wanted(storage::Connection& connection, const DateSearch& search) {
  Wanted wanted;
  for (const auto& [id, name] : storage::list_named_institutions(connection, search.institutions)) {
    wanted.attendees.push_back({id.value, name, false});
    wanted.institutions.push_back(id);
  }
  for (const auto& [id, name] : storage::list_named_experts(connection, search.experts)) {
    wanted.attendees.push_back({id.value, name, true});
    wanted.experts.push_back(id);
  }
  return wanted;
}

// A part in a meeting takes its days; a registration its hours.
Hindrance hindrance_of(const storage::Attendance& one) {
  Hindrance hindrance{one.id, one.part == Part::expert, one.starts, one.ends, one.title};
  if (one.part == Part::registered) return hindrance;
  hindrance.starts = std::chrono::floor<days>(one.starts);
  hindrance.ends = std::chrono::ceil<days>(one.ends);
  return hindrance;
}

std::vector<Hindrance> load_hindrances(storage::Connection& connection, const Actor& actor,
                                       const DateSearch& search, const Wanted& wanted) {
  storage::EngagementListing listing;
  listing.institutions = wanted.institutions;
  listing.experts = wanted.experts;
  listing.from = WallTime{local_days{search.wish.first}};
  listing.to = WallTime{local_days{search.wish.last}} + days{2};
  listing.drafts = reach_of(actor, Action::see);
  listing.but_cycle = search.cycle;
  std::vector<Hindrance> hindrances;
  for (const auto& one : storage::list_attendances(connection, listing))
    hindrances.push_back(hindrance_of(one));
  const auto instant = [](WallTime time) {
    return calendar::to_instant(time, domain::kDefaultZone).instant;
  };
  for (const auto& span :
       storage::list_busy(connection, wanted.experts, instant(listing.from), instant(listing.to)))
    hindrances.push_back({span.expert.value,
                          true,
                          calendar::to_wall_time(span.starts, domain::kDefaultZone),
                          calendar::to_wall_time(span.ends, domain::kDefaultZone),
                          {}});
  return hindrances;
}

}  // namespace

domain::Outcome<FoundDates> find_dates(const Environment& environment, const Actor& actor,
                                       const DateSearch& search) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  if (auto errors = find_wish_errors(search.wish); !errors.empty()) return errors;
  return read_database(environment, [&](storage::Connection& connection) {
    const auto wanted = load_wanted(connection, search);
    const auto hindrances = load_hindrances(connection, actor, search, wanted);
    const auto recesses = storage::list_recesses_of(
        connection, search.wish.first, domain::Date{local_days{search.wish.last} + days{1}},
        wanted.institutions);
    FoundDates found;
    found.institutions = static_cast<int>(wanted.institutions.size());
    found.experts = static_cast<int>(wanted.experts.size());
    found.proposals = domain::find_dates(search.wish, wanted.attendees, hindrances, recesses,
                                         calendar::polish_holiday_name);
    return found;
  });
}

}  // namespace narada::usecases
