#include "service/usecases/meetings/session_warnings.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/expert_calendar_store.h"
#include "sql/planner_store.h"
#include "sql/recess_store.h"

namespace narada::usecases {
namespace {

using domain::WallTime;
using std::chrono::days;
using Kind = SessionWarning::Kind;
using Warnings = std::vector<SessionWarning>;

WallTime day_of(WallTime time) { return std::chrono::floor<days>(time); }

// Also false for a year that no meeting can be in, which the rules of its form refuse.
bool is_given(const SessionDraft& session) {
  const int year = static_cast<int>(domain::Date{std::chrono::floor<days>(session.starts)}.year());
  return session.starts != WallTime{} && year >= 1990 && year <= 2200;
}

// The first day and the one after the last that a session takes.
std::pair<WallTime, WallTime> days_of(const SessionDraft& session) {
  const WallTime first = day_of(session.starts);
  return {first, std::max(first + days{1}, WallTime{std::chrono::ceil<days>(session.ends)})};
}

void warn_about_day(const SessionDraft& session, WallTime now,
                    const domain::HolidayName& holiday_name, Warnings& warnings) {
  const domain::Date date{std::chrono::floor<days>(session.starts)};
  if (session.starts < now) warnings.push_back({Kind::past});
  if (const auto name = holiday_name(date); !name.empty())
    warnings.push_back({Kind::holiday, std::string(name)});
  const std::chrono::weekday weekday{std::chrono::local_days{date}};
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday)
    warnings.push_back({Kind::weekend});
}

void warn_about_engaged(const SessionDraft& session, const std::vector<Engaged>& engaged, Kind kind,
                        Warnings& warnings) {
  const auto [from, to] = days_of(session);
  std::int64_t meeting = 0;
  for (const Engaged& one : engaged) {
    const bool counts = one.of_expert == (kind == Kind::busy_experts);
    if (!counts || one.starts >= to || one.ends <= from) continue;
    if (one.meeting != meeting) warnings.push_back({kind, one.title, {}});
    meeting = one.meeting;
    warnings.back().names.push_back(one.name);
  }
}

void warn_about_recesses(const SessionDraft& session, const std::vector<domain::Recess>& recesses,
                         Warnings& warnings) {
  const auto [from, to] = days_of(session);
  const auto before = warnings.size();
  for (const domain::Recess& one : recesses) {
    const WallTime first{std::chrono::local_days{one.first}};
    const WallTime end = WallTime{std::chrono::local_days{one.last}} + days{1};
    if (first >= to || end <= from) continue;
    // Offices that are away under one name are named together.
    const auto same =
        std::find_if(warnings.begin() + static_cast<std::ptrdiff_t>(before), warnings.end(),
                     [&](const SessionWarning& known) {
                       return known.title == one.title && known.names.empty() == !one.institution;
                     });
    auto& warning = same == warnings.end()
                        ? warnings.emplace_back(SessionWarning{Kind::recess, one.title, {}})
                        : *same;
    if (one.institution) warning.names.push_back(one.institution_name);
  }
}

std::string hours_text(WallTime starts, WallTime ends, WallTime day) {
  const auto clock = [&](WallTime time) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
    return fmt::format("{}:{:02}", minutes / 60, minutes % 60);
  };
  return clock(std::max(starts, day)) + "–" + clock(std::min(ends, day + days{1}));
}

void warn_about_calendars(const SessionDraft& session, const std::vector<ExpertBusy>& busy,
                          Warnings& warnings) {
  const WallTime day = day_of(session.starts);
  for (const ExpertBusy& one : busy) {
    if (one.starts >= session.ends || one.ends <= session.starts) continue;
    warnings.push_back({Kind::expert_calendar, hours_text(one.starts, one.ends, day), {one.name}});
  }
}

template <class Ids, class Find>
void collect(const std::vector<std::string>& keys, Ids& ids, Find find) {
  for (const std::string& key : keys)
    if (const auto found = find(key)) ids.push_back(found->id);
}

// From the first to the day after the last of the rows.
void set_window(const std::vector<SessionDraft>& sessions, storage::EngagementListing& listing) {
  for (const SessionDraft& session : sessions) {
    if (!is_given(session)) continue;
    const auto [from, to] = days_of(session);
    const bool first = listing.to == WallTime{};
    listing.from = first ? from : std::min(listing.from, from);
    listing.to = first ? to : std::max(listing.to, to);
  }
}

std::vector<ExpertBusy> load_busy(storage::Connection& connection,
                                  const storage::EngagementListing& listing) {
  const auto instant = [](WallTime time) {
    return calendar::to_instant(time, domain::kDefaultZone).instant;
  };
  std::vector<ExpertBusy> busy;
  for (auto& span :
       storage::list_busy(connection, listing.experts, instant(listing.from), instant(listing.to)))
    busy.push_back({std::move(span.expert_name),
                    calendar::to_wall_time(span.starts, domain::kDefaultZone),
                    calendar::to_wall_time(span.ends, domain::kDefaultZone)});
  return busy;
}

// Who is away or takes part elsewhere between the first and the last day of the rows.
Obstacles load_obstacles(storage::Connection& connection, const Actor& actor,
                         const SessionsToCheck& check) {
  storage::EngagementListing listing;
  set_window(check.sessions, listing);
  if (listing.to == WallTime{}) return {};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  collect(check.institutions, listing.institutions,
          [&](const std::string& key) { return references.find_institution(checks, "", key); });
  collect(check.experts, listing.experts,
          [&](const std::string& key) { return references.find_expert(checks, "", key); });
  const auto date = [](WallTime time) { return domain::Date{std::chrono::floor<days>(time)}; };
  Obstacles obstacles;
  obstacles.recesses = storage::list_recesses_of(connection, date(listing.from),
                                                 date(listing.to - days{1}), listing.institutions);
  if (listing.institutions.empty() && listing.experts.empty()) return obstacles;
  listing.drafts = reach_of(actor, Action::see);
  listing.but_cycle = check.cycle;
  listing.but_meeting = check.meeting;
  for (auto& one : storage::list_engagements(connection, listing)) {
    obstacles.engaged.push_back({one.meeting.value, std::move(one.title), one.starts, one.ends,
                                 one.of_expert, std::move(one.name)});
  }
  if (!listing.experts.empty()) obstacles.busy = load_busy(connection, listing);
  return obstacles;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::past:
      return "past";
    case Kind::holiday:
      return "holiday";
    case Kind::weekend:
      return "weekend";
    case Kind::nonexistent_time:
      return "nonexistent_time";
    case Kind::same_day:
      return "same_day";
    case Kind::busy_institutions:
      return "busy_institutions";
    case Kind::busy_experts:
      return "busy_experts";
    case Kind::recess:
      return "recess";
    case Kind::expert_calendar:
      break;
  }
  return "expert_calendar";
}

std::vector<Warnings> warn_about_sessions(const std::vector<SessionDraft>& sessions,
                                          const Obstacles& obstacles, WallTime now,
                                          const domain::HolidayName& holiday_name,
                                          const domain::WallTimeExists& wall_time_exists) {
  std::vector<Warnings> all;
  for (const SessionDraft& session : sessions) {
    Warnings& warnings = all.emplace_back();
    if (!is_given(session)) continue;
    warn_about_day(session, now, holiday_name, warnings);
    if (!wall_time_exists(session.starts, session.tzid) ||
        !wall_time_exists(session.ends, session.tzid)) {
      warnings.push_back({Kind::nonexistent_time});
    }
    const auto on_that_day =
        std::count_if(sessions.begin(), sessions.end(), [&](const SessionDraft& other) {
          return is_given(other) && day_of(other.starts) == day_of(session.starts);
        });
    if (on_that_day > 1) warnings.push_back({Kind::same_day});
    warn_about_engaged(session, obstacles.engaged, Kind::busy_institutions, warnings);
    warn_about_engaged(session, obstacles.engaged, Kind::busy_experts, warnings);
    warn_about_recesses(session, obstacles.recesses, warnings);
    warn_about_calendars(session, obstacles.busy, warnings);
  }
  return all;
}

domain::Outcome<std::vector<Warnings>> find_session_warnings(const Environment& environment,
                                                             const Actor& actor,
                                                             const SessionsToCheck& check) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  const auto obstacles = read_database(environment, [&](storage::Connection& connection) {
    return load_obstacles(connection, actor, check);
  });
  const auto exists = [](WallTime time, std::string_view tzid) {
    return !calendar::is_known_zone(tzid) || calendar::to_instant(time, tzid).exists;
  };
  const auto now = calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone);
  return warn_about_sessions(check.sessions, obstacles, now, calendar::polish_holiday_name, exists);
}

}  // namespace narada::usecases
