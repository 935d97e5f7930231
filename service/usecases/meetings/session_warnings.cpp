#include "service/usecases/meetings/session_warnings.h"

#include <algorithm>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/planner_store.h"

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

template <class Ids, class Find>
void collect(const std::vector<std::string>& keys, Ids& ids, Find find) {
  for (const std::string& key : keys)
    if (const auto found = find(key)) ids.push_back(found->id);
}

// Who takes part elsewhere between the first and the last day of the rows.
std::vector<Engaged> load_engaged(storage::Connection& connection, const Actor& actor,
                                  const SessionsToCheck& check) {
  storage::EngagementListing listing;
  for (const SessionDraft& session : check.sessions) {
    if (!is_given(session)) continue;
    const auto [from, to] = days_of(session);
    const bool first = listing.to == WallTime{};
    listing.from = first ? from : std::min(listing.from, from);
    listing.to = first ? to : std::max(listing.to, to);
  }
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  collect(check.institutions, listing.institutions,
          [&](const std::string& key) { return references.find_institution(checks, "", key); });
  collect(check.experts, listing.experts,
          [&](const std::string& key) { return references.find_expert(checks, "", key); });
  if (listing.institutions.empty() && listing.experts.empty()) return {};
  listing.drafts = reach_of(actor, Action::see);
  listing.but_cycle = check.cycle;
  listing.but_meeting = check.meeting;
  std::vector<Engaged> engaged;
  for (auto& one : storage::list_engagements(connection, listing)) {
    engaged.push_back({one.meeting.value, std::move(one.title), one.starts, one.ends, one.of_expert,
                       std::move(one.name)});
  }
  return engaged;
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
      break;
  }
  return "busy_experts";
}

std::vector<Warnings> warn_about_sessions(const std::vector<SessionDraft>& sessions,
                                          const std::vector<Engaged>& engaged, WallTime now,
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
    warn_about_engaged(session, engaged, Kind::busy_institutions, warnings);
    warn_about_engaged(session, engaged, Kind::busy_experts, warnings);
  }
  return all;
}

domain::Outcome<std::vector<Warnings>> find_session_warnings(const Environment& environment,
                                                             const Actor& actor,
                                                             const SessionsToCheck& check) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  const auto engaged = read_database(environment, [&](storage::Connection& connection) {
    return load_engaged(connection, actor, check);
  });
  const auto exists = [](WallTime time, std::string_view tzid) {
    return !calendar::is_known_zone(tzid) || calendar::to_instant(time, tzid).exists;
  };
  const auto now = calendar::to_wall_time(environment.clock->now(), domain::kDefaultZone);
  return warn_about_sessions(check.sessions, engaged, now, calendar::polish_holiday_name, exists);
}

}  // namespace narada::usecases
