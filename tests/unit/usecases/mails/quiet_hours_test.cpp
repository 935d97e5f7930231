#include "service/usecases/mails/quiet_hours.h"

#include <doctest/doctest.h>

#include "calendar/zone.h"

using namespace narada;
using namespace std::chrono_literals;

namespace {

domain::Instant at(const char* text) {
  const auto instant = calendar::parse_rfc3339(text);
  REQUIRE(instant.has_value());
  return *instant;
}

std::string warsaw(domain::Instant instant) {
  return calendar::format_rfc3339(instant, domain::kDefaultZone);
}

}  // namespace

TEST_CASE("mail that can wait leaves in the morning, by the clock on the wall") {
  constexpr domain::QuietHours kNight{21h, 7h};
  constexpr domain::QuietHours kSmallHours{1h, 2h + 30min};
  constexpr domain::QuietHours kAfternoon{13h, 15h};
  struct Row {
    const char* what;
    domain::QuietHours quiet;
    const char* ready;
    const char* leaves;
    const char* useful_until = nullptr;
  };
  const Row rows[] = {
      {"by day", kNight, "2027-01-19T10:00:00+01:00", "2027-01-19T10:00:00+01:00"},
      {"a second before", kNight, "2027-01-19T20:59:59+01:00", "2027-01-19T20:59:59+01:00"},
      {"they begin", kNight, "2027-01-19T21:00:00+01:00", "2027-01-20T07:00:00+01:00"},
      {"after midnight", kNight, "2027-01-20T03:00:00+01:00", "2027-01-20T07:00:00+01:00"},
      {"they end", kNight, "2027-01-20T07:00:00+01:00", "2027-01-20T07:00:00+01:00"},
      {"summer time begins in between", kNight, "2027-03-27T22:00:00+01:00",
       "2027-03-28T07:00:00+02:00"},
      {"summer time has begun", kNight, "2027-03-28T03:00:00+02:00", "2027-03-28T07:00:00+02:00"},
      {"summer time ends in between", kNight, "2027-10-30T22:00:00+02:00",
       "2027-10-31T07:00:00+01:00"},
      {"the first of the hour that comes twice", kNight, "2027-10-31T02:30:00+02:00",
       "2027-10-31T07:00:00+01:00"},
      {"the second of it", kNight, "2027-10-31T02:30:00+01:00", "2027-10-31T07:00:00+01:00"},
      {"they end at a time that is skipped", kSmallHours, "2027-03-28T01:15:00+01:00",
       "2027-03-28T03:00:00+02:00"},
      {"they end at a time that comes twice: the first", kSmallHours, "2027-10-31T01:15:00+02:00",
       "2027-10-31T02:30:00+02:00"},
      {"that time is over", kSmallHours, "2027-10-31T02:10:00+01:00", "2027-10-31T02:10:00+01:00"},
      {"not over midnight", kAfternoon, "2027-01-19T14:00:00+01:00", "2027-01-19T15:00:00+01:00"},
      {"not over midnight, at night", kAfternoon, "2027-01-19T23:00:00+01:00",
       "2027-01-19T23:00:00+01:00"},
      {"off", {}, "2027-01-19T23:00:00+01:00", "2027-01-19T23:00:00+01:00"},
      {"in time for what it says", kNight, "2027-01-20T05:30:00+01:00", "2027-01-20T07:00:00+01:00",
       "2027-01-20T07:00:00+01:00"},
      {"too late for what it says", kNight, "2027-01-20T05:30:00+01:00",
       "2027-01-20T05:30:00+01:00", "2027-01-20T06:59:59+01:00"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    std::optional<domain::Instant> useful_until;
    if (row.useful_until != nullptr) useful_until = at(row.useful_until);
    CHECK(warsaw(usecases::after_quiet_hours(row.quiet, at(row.ready), useful_until)) ==
          row.leaves);
  }
}

TEST_CASE("quiet hours are for mail that goes to many or at a fixed time") {
  usecases::Environment environment;
  environment.quiet_hours = {21h, 7h};
  const auto night = at("2027-01-19T23:00:00+01:00");
  const auto morning = at("2027-01-20T07:00:00+01:00");
  using notifications::MailKind;
  for (const auto kind :
       {MailKind::reminder, MailKind::meeting_announced, MailKind::digest, MailKind::survey_asked,
        MailKind::organizer_message, MailKind::meeting_invitation, MailKind::materials_published,
        MailKind::material_replaced, MailKind::expert_tasks}) {
    CAPTURE(to_string(kind));
    CHECK(usecases::may_leave_at(environment, kind, night) == morning);
  }
  for (const auto kind : {MailKind::registration_confirmed, MailKind::meeting_moved,
                          MailKind::meeting_cancelled, MailKind::sign_in_link}) {
    CAPTURE(to_string(kind));
    CHECK(usecases::may_leave_at(environment, kind, night) == night);
  }
}
