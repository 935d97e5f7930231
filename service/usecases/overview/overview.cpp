#include "service/usecases/overview/overview.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "calendar/zone.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/people.h"
#include "sql/overview_store.h"
#include "sql/people_store.h"

namespace narada::usecases {
namespace {

constexpr int kMeetingsOnStart = 20;
constexpr int kMeetingsLookedAt = 500;

// Midnight in Warsaw.
domain::Instant day_of(domain::Instant now) {
  const auto wall = calendar::to_wall_time(now, domain::kDefaultZone);
  return calendar::to_instant(std::chrono::floor<std::chrono::days>(wall), domain::kDefaultZone)
      .instant;
}

std::vector<NeedyMeetings> sort_by_need(const std::vector<domain::OverviewMeeting>& meetings,
                                        domain::Instant now) {
  std::vector<NeedyMeetings> sorted;
  for (const auto need : domain::kMeetingNeeds) sorted.push_back({need, {}});
  for (const auto& meeting : meetings)
    for (const auto need : domain::needs_of(meeting, now))
      sorted[static_cast<std::size_t>(need)].meetings.push_back(meeting);
  std::erase_if(sorted, [](const NeedyMeetings& one) { return one.meetings.empty(); });
  return sorted;
}

// One look at the database for one actor.
class OverviewReading {
 public:
  OverviewReading(storage::Connection& connection, const Actor& actor, domain::Instant now)
      : connection_(connection), actor_(actor), now_(now) {}

  Overview read() {
    read_counts();
    read_meetings();
    read_mails();
    read_practices();
    return std::move(overview_);
  }

 private:
  void read_counts() {
    const auto counts = storage::count_panel(connection_, day_of(now_));
    if (domain::can(actor_, Action::manage_people, {})) {
      overview_.counts.people = counts.people;
      overview_.counts.role_holders = counts.role_holders;
    }
    if (domain::can(actor_, Action::edit_catalogue, {})) {
      overview_.counts.institutions = counts.institutions;
      overview_.counts.inactive_institutions = counts.inactive_institutions;
    }
    if (domain::can(actor_, Action::see_activity, {}))
      overview_.counts.activities_today = counts.activities_today;
  }
  void read_meetings() {
    const auto reach = domain::reach_of(actor_, Action::organize);
    if (reach.nothing()) return;
    overview_.meetings = storage::list_panel_meetings(connection_, reach, now_, kMeetingsOnStart);
    overview_.needs = sort_by_need(
        storage::list_overview_meetings(connection_, reach, now_ - domain::kAttendanceAsked, now_,
                                        kMeetingsLookedAt),
        now_);
    for (auto& row : storage::list_failed_publications(connection_, reach))
      overview_.unpublished.push_back(
          {row.of_cycle, row.id, std::move(row.title), std::move(row.problem)});
    for (auto& row : storage::list_held_changes(connection_, reach, now_))
      overview_.undoable.push_back(
          {row.id, row.meeting, std::move(row.title), std::move(row.kind), row.held_until});
  }
  void read_mails() {
    const auto reach = domain::reach_of(actor_, Action::see_mails);
    if (reach.nothing()) return;
    const auto found = storage::count_mail_trouble(connection_, reach,
                                                   domain::can(actor_, Action::manage_people, {}),
                                                   now_ - std::chrono::days(kMailTroubleDays));
    overview_.mails = {found.failed, found.awaiting};
  }
  void read_practices() {
    const auto reach = domain::reach_of(actor_, Action::edit_practice);
    if (reach.nothing()) return;
    for (auto& row : storage::list_draft_practices(connection_, reach, kMostPractices))
      overview_.practices.push_back(
          {row.id, std::move(row.slug), std::move(row.title), row.updated_at});
  }

  storage::Connection& connection_;
  const Actor& actor_;
  domain::Instant now_;
  Overview overview_;
};

}  // namespace

domain::Outcome<Overview> load_overview(const Environment& environment, const Actor& actor) {
  if (!has_panel(actor)) return domain::Forbidden{};
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) {
    return OverviewReading(connection, actor, now).read();
  });
}

}  // namespace narada::usecases
