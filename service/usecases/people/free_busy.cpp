#include "service/usecases/people/free_busy.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "calendar/free_busy.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/feed_text.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/my_meetings_store.h"
#include "sql/profile_store.h"
#include "sql/registration_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::RegistrationStatus;

constexpr std::chrono::days kAhead{365};

// Absent: they do not go there.
std::optional<calendar::FreeBusyPeriod> period_of(const storage::MyCalendarEntry& entry) {
  const auto& meeting = entry.seated.meeting;
  if (meeting.status != domain::MeetingStatus::published || is_half_fixed(meeting.times)) {
    return std::nullopt;
  }
  calendar::FreeBusyPeriod period;
  period.starts = meeting.times.starts_at;
  period.ends = meeting.times.ends_at;
  switch (entry.stored.registration.status) {
    case RegistrationStatus::confirmed:
    case RegistrationStatus::attended:
      return period;
    case RegistrationStatus::pending:
    case RegistrationStatus::waitlisted:
      period.tentative = true;
      return period;
    default:
      return std::nullopt;
  }
}

// Of somebody without a registration from today on nothing is known: they are free.
struct Owner {
  domain::PersonId person;
  calendar::CalendarUser user;
  std::vector<storage::MyCalendarEntry> entries;
};

CalendarFeed write(const Environment& environment, Owner owner, domain::Instant today) {
  calendar::FreeBusy free_busy;
  const auto host = environment.base_url.substr(environment.base_url.find("//") + 2);
  free_busy.uid = fmt::format("free-busy-{}@{}", owner.person.value, host);
  free_busy.from = today;
  free_busy.to = today + kAhead;
  free_busy.dtstamp = today;
  free_busy.who = std::move(owner.user);
  for (const auto& entry : owner.entries) {
    free_busy.dtstamp = std::max(
        {free_busy.dtstamp, entry.seated.meeting.updated_at, entry.stored.registration.updated_at});
    if (const auto period = period_of(entry)) free_busy.periods.push_back(*period);
  }
  return with_content_tag(calendar::write_free_busy(free_busy));
}

domain::Instant today_of(const Environment& environment) {
  return std::chrono::floor<std::chrono::days>(environment.clock->now());
}

}  // namespace

Outcome<CalendarFeed> personal_free_busy(const Environment& environment, std::string_view key) {
  const auto today = today_of(environment);
  auto owner =
      read_database(environment, [&](storage::Connection& connection) -> std::optional<Owner> {
        const auto person = find_feed_owner(connection, environment, key);
        if (!person) return std::nullopt;
        const auto profile = storage::find_profile(connection, *person);
        if (!profile) return std::nullopt;
        return Owner{*person,
                     {profile->person.full_name, profile->person.email},
                     storage::list_my_calendar(connection, *person, today)};
      });
  if (!owner) return domain::NotFound{};
  return write(environment, *std::move(owner), today);
}

Outcome<CalendarFeed> registrant_free_busy(const Environment& environment, const Actor& actor,
                                           domain::RegistrationId registration) {
  const auto today = today_of(environment);
  auto owner =
      read_database(environment, [&](storage::Connection& connection) -> std::optional<Owner> {
        const auto stored = storage::find_registration(connection, registration);
        if (!stored || stored->registration.person.email.empty()) return std::nullopt;
        if (!check_registration(connection, actor, Action::see_participants, stored->registration)
                 .ok()) {
          return std::nullopt;
        }
        const auto& person = stored->registration.person;
        return Owner{person.id,
                     {person.full_name, person.email},
                     storage::list_my_calendar(connection, person.id, today)};
      });
  if (!owner) return domain::NotFound{};
  return write(environment, *std::move(owner), today);
}

}  // namespace narada::usecases
