#include "service/domain/plan.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "calendar/holidays.h"
#include "calendar/zone.h"

using namespace narada;
using namespace narada::domain;
using namespace std::chrono_literals;

namespace {

using std::chrono::Friday;
using std::chrono::Monday;
using std::chrono::Saturday;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::Tuesday;
using std::chrono::Wednesday;

std::string describe(WallTime wall) {
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  const Date date{day};
  const std::chrono::hh_mm_ss clock{wall - day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()));
  return text;
}

// "2027-01-19 10:00" and the warnings: " holiday(Boże Ciało) weekend".
std::string describe(const PlannedSession& session) {
  std::string text = describe(session.starts);
  for (const PlanWarning& warning : session.warnings) {
    text += " " + warning.code;
    if (!warning.detail.empty()) text += "(" + warning.detail + ")";
  }
  return text;
}

std::vector<std::string> describe(const std::vector<PlannedSession>& sessions) {
  std::vector<std::string> texts;
  for (const PlannedSession& session : sessions) texts.push_back(describe(session));
  return texts;
}

bool exists_on_the_clock(WallTime wall, std::string_view tzid) {
  return calendar::to_instant(wall, tzid).exists;
}

std::vector<std::string> plan_dates(const Plan& plan) {
  return describe(plan_sessions(plan, calendar::polish_holiday_name, exists_on_the_clock));
}

Plan monthly(Date first, int count, std::chrono::weekday weekday, int nth, int every = 1) {
  Plan plan;
  plan.first = first;
  plan.count = count;
  plan.weekday = weekday;
  plan.nth = nth;
  plan.every_months = every;
  return plan;
}

Plan weekly(Date first, int count, std::chrono::weekday weekday, int every = 1) {
  Plan plan = monthly(first, count, weekday, 1, 0);
  plan.every_weeks = every;
  return plan;
}

Plan with_holidays(Plan plan) {
  plan.avoid_holidays = false;
  return plan;
}

Plan at(Plan plan, int starts_minute, int duration_minutes = 240) {
  plan.starts_minute = starts_minute;
  plan.duration_minutes = duration_minutes;
  return plan;
}

Plan in(Plan plan, const char* tzid) {
  plan.tzid = tzid;
  return plan;
}

struct PlanCase {
  const char* name;
  Plan plan;
  std::vector<std::string> dates;
};

void check(const std::vector<PlanCase>& cases) {
  for (const PlanCase& row : cases) {
    CAPTURE(row.name);
    CHECK(find_plan_errors(row.plan).empty());
    CHECK(plan_dates(row.plan) == row.dates);
  }
}

}  // namespace

TEST_CASE("a plan of months finds the same weekday of each") {
  check({
      {"six third Tuesdays at ten from January 2027",
       monthly(2027y / 1 / 1, 6, Tuesday, 3),
       {"2027-01-19 10:00", "2027-02-16 10:00", "2027-03-16 10:00", "2027-04-20 10:00",
        "2027-05-18 10:00", "2027-06-15 10:00"}},
      {"the first day itself counts", monthly(2027y / 1 / 19, 1, Tuesday, 3), {"2027-01-19 10:00"}},
      {"after this month's day the next month begins",
       monthly(2027y / 1 / 20, 2, Tuesday, 3),
       {"2027-02-16 10:00", "2027-03-16 10:00"}},
      {"the last Friday is the fourth or the fifth",
       monthly(2027y / 1 / 1, 5, Friday, -1),
       {"2027-01-29 10:00", "2027-02-26 10:00", "2027-03-26 10:00", "2027-04-30 10:00",
        "2027-05-28 10:00"}},
      {"across the turn of the year",
       monthly(2026y / 11 / 1, 4, Thursday, 1),
       {"2026-11-05 10:00", "2026-12-03 10:00", "2027-01-07 10:00", "2027-02-04 10:00"}},
      {"every third month",
       monthly(2026y / 10 / 1, 3, Wednesday, 2, 3),
       {"2026-10-14 10:00", "2027-01-13 10:00", "2027-04-14 10:00"}},
      {"once a year",
       monthly(2027y / 2 / 1, 2, Monday, 4, 12),
       {"2027-02-22 10:00", "2028-02-28 10:00"}},
      {"the last Tuesday of a leap February",
       monthly(2028y / 2 / 29, 1, Tuesday, -1),
       {"2028-02-29 10:00"}},
  });
}

TEST_CASE("a plan of months may name the day, the last one where a month is shorter") {
  const auto on_day = [](Date first, int count, int day) {
    Plan plan = monthly(first, count, Tuesday, 3);
    plan.month_day = day;
    return plan;
  };
  CHECK(plan_dates(on_day(2027y / 1 / 15, 3, 15)) ==
        std::vector<std::string>{"2027-01-15 10:00", "2027-02-15 10:00", "2027-03-15 10:00"});
  CHECK(plan_dates(on_day(2027y / 1 / 16, 1, 15)) == std::vector<std::string>{"2027-02-15 10:00"});
  CHECK(plan_dates(on_day(2028y / 1 / 1, 4, 31)) ==
        std::vector<std::string>{"2028-01-31 10:00", "2028-02-29 10:00", "2028-03-31 10:00",
                                 "2028-04-30 10:00 weekend"});
  CHECK(plan_dates(on_day(2027y / 11 / 1, 1, 11)) ==
        std::vector<std::string>{
            "2027-11-18 10:00 moved_from_holiday(Narodowe Święto Niepodległości)"});
  const auto wrong = find_plan_errors(on_day(2027y / 1 / 1, 1, 32));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong.front().field == "month_day");
}

TEST_CASE("a plan of weeks starts on the first such weekday") {
  check({
      {"every week",
       weekly(2027y / 1 / 13, 3, Tuesday),
       {"2027-01-19 10:00", "2027-01-26 10:00", "2027-02-02 10:00"}},
      {"every other week across the year's end",
       weekly(2026y / 12 / 15, 3, Tuesday, 2),
       {"2026-12-15 10:00", "2026-12-29 10:00", "2027-01-12 10:00"}},
      {"a year apart",
       weekly(2027y / 1 / 4, 2, Monday, 52),
       {"2027-01-04 10:00", "2028-01-03 10:00"}},
  });
}

TEST_CASE("a session leaves the holiday that its day is") {
  check({
      {"a week later within the month",
       monthly(2026y / 11 / 1, 2, Wednesday, 2),
       {"2026-11-18 10:00 moved_from_holiday(Narodowe Święto Niepodległości)", "2026-12-09 10:00"}},
      {"a week earlier when later is another month",
       monthly(2027y / 5 / 1, 2, Thursday, 4),
       {"2027-05-20 10:00 moved_from_holiday(Boże Ciało)", "2027-06-24 10:00"}},
      {"earlier across no other session, later is next year",
       monthly(2026y / 12 / 1, 1, Friday, -1),
       {"2026-12-18 10:00 moved_from_holiday(Boże Narodzenie – pierwszy dzień)"}},
      {"Easter Monday",
       monthly(2026y / 4 / 1, 1, Monday, 1),
       {"2026-04-13 10:00 moved_from_holiday(Wielkanoc – drugi dzień)"}},
      {"never before the first day: the last Friday of 2026 keeps Christmas",
       monthly(2026y / 12 / 20, 1, Friday, -1),
       {"2026-12-25 10:00 holiday(Boże Narodzenie – pierwszy dzień)"}},
      {"a week earlier when later is next year, in a plan of two weeks",
       weekly(2026y / 12 / 11, 3, Friday, 2),
       {"2026-12-11 10:00", "2026-12-18 10:00 moved_from_holiday(Boże Narodzenie – pierwszy dzień)",
        "2027-01-08 10:00"}},
      {"weeks without a free neighbour are left out",
       weekly(2026y / 12 / 18, 3, Friday),
       {"2026-12-18 10:00",
        "2027-01-08 10:00 moved_from_holiday(Boże Narodzenie – pierwszy dzień) "
        "moved_from_holiday(Nowy Rok)",
        "2027-01-15 10:00"}},
  });
}

TEST_CASE("a session may stay on a holiday and says so") {
  check({
      {"a holiday on a working day",
       with_holidays(monthly(2026y / 11 / 1, 1, Wednesday, 2)),
       {"2026-11-11 10:00 holiday(Narodowe Święto Niepodległości)"}},
      {"a holiday at the weekend",
       with_holidays(weekly(2026y / 8 / 15, 1, Saturday)),
       {"2026-08-15 10:00 holiday(Wniebowzięcie NMP) weekend"}},
      {"a plain Sunday", weekly(2026y / 8 / 16, 1, Sunday), {"2026-08-16 10:00 weekend"}},
  });
}

TEST_CASE("a time that the clocks skip is warned about") {
  check({
      {"summer time begins in Poland",
       at(weekly(2026y / 3 / 22, 3, Sunday), 2 * 60 + 30, 60),
       {"2026-03-22 02:30 weekend", "2026-03-29 02:30 weekend nonexistent_time",
        "2026-04-12 02:30 moved_from_holiday(Wielkanoc – pierwszy dzień) weekend"}},
      {"the end is skipped",
       at(weekly(2026y / 3 / 29, 1, Sunday), 30, 120),
       {"2026-03-29 00:30 weekend nonexistent_time"}},
      {"the same morning elsewhere",
       in(at(weekly(2026y / 3 / 29, 1, Sunday), 2 * 60 + 30, 60), "Asia/Tokyo"),
       {"2026-03-29 02:30 weekend"}},
      {"a repeated time exists",
       at(weekly(2026y / 10 / 25, 1, Sunday), 2 * 60 + 30, 60),
       {"2026-10-25 02:30 weekend"}},
  });
}

TEST_CASE("a session lasts its minutes on the clock, past midnight too") {
  const auto sessions =
      plan_sessions(at(weekly(2026y / 12 / 28, 1, std::chrono::Monday), 22 * 60, 24 * 60),
                    calendar::polish_holiday_name);
  REQUIRE(sessions.size() == 1);
  CHECK(describe(sessions[0].starts) == "2026-12-28 22:00");
  CHECK(describe(sessions[0].ends) == "2026-12-29 22:00");
}

TEST_CASE("the largest plans end, in order and without a doubled day") {
  for (const int every_months : {0, 1, 12}) {
    CAPTURE(every_months);
    Plan plan = monthly(2200y / 12 / 31, 60, Thursday, -1, every_months);
    plan.every_weeks = 1;
    const auto sessions = plan_sessions(plan, calendar::polish_holiday_name);
    REQUIRE(sessions.size() == 60);
    for (std::size_t index = 1; index < sessions.size(); ++index) {
      CHECK(sessions[index - 1].starts < sessions[index].starts);
    }
  }
}

TEST_CASE("a calendar that is all holidays still gives a plan") {
  const auto always = [](Date) { return std::string_view("święto"); };
  for (const int every_months : {0, 1}) {
    CAPTURE(every_months);
    Plan plan = monthly(2027y / 1 / 1, 2, Tuesday, 3, every_months);
    plan.every_weeks = 1;
    const auto sessions = plan_sessions(plan, always);
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[1].warnings.back() == PlanWarning{"holiday", "święto"});
  }
}

TEST_CASE("every field of a plan that breaks its bounds is named at once") {
  const auto out_of_range = [](const char* field, const char* min, const char* max) {
    return FieldError{field, "out_of_range", {{"min", min}, {"max", max}}};
  };
  Plan plan;
  plan.first = 2027y / 2 / 30;
  plan.count = 0;
  plan.every_months = 13;
  plan.weekday = std::chrono::weekday{9};
  plan.nth = 5;
  plan.starts_minute = 24 * 60;
  plan.duration_minutes = 14;
  plan.tzid = "";
  CHECK(find_plan_errors(plan) == FieldErrors{{"first", "invalid_date"},
                                              out_of_range("count", "1", "60"),
                                              out_of_range("every_months", "0", "12"),
                                              {"weekday", "invalid_weekday"},
                                              out_of_range("nth", "1", "4"),
                                              out_of_range("starts_minute", "0", "1439"),
                                              out_of_range("duration_minutes", "15", "1440"),
                                              {"tzid", "required"}});
}

TEST_CASE("bounds are inclusive") {
  struct Row {
    const char* field;  // empty: valid
    std::function<void(Plan&)> change;
  };
  const std::vector<Row> rows{
      {"", [](Plan& p) { p.count = 1; }},
      {"", [](Plan& p) { p.count = 60; }},
      {"count", [](Plan& p) { p.count = 61; }},
      {"count", [](Plan& p) { p.count = -1; }},
      {"", [](Plan& p) { p.every_months = 12; }},
      {"every_months", [](Plan& p) { p.every_months = -1; }},
      {"every_weeks", [](Plan& p) { p.every_months = 0; }},
      {"", [](Plan& p) { p.every_months = 0, p.every_weeks = 52; }},
      {"every_weeks", [](Plan& p) { p.every_months = 0, p.every_weeks = 53; }},
      {"", [](Plan& p) { p.every_weeks = 53; }},
      {"", [](Plan& p) { p.nth = -1; }},
      {"", [](Plan& p) { p.nth = 4; }},
      {"nth", [](Plan& p) { p.nth = 0; }},
      {"nth", [](Plan& p) { p.nth = -2; }},
      {"", [](Plan& p) { p.every_months = 0, p.every_weeks = 1, p.nth = 99; }},
      {"", [](Plan& p) { p.starts_minute = 0; }},
      {"", [](Plan& p) { p.starts_minute = 1439; }},
      {"starts_minute", [](Plan& p) { p.starts_minute = -1; }},
      {"", [](Plan& p) { p.duration_minutes = 15; }},
      {"", [](Plan& p) { p.duration_minutes = 1440; }},
      {"duration_minutes", [](Plan& p) { p.duration_minutes = 1441; }},
      {"first", [](Plan& p) { p.first = 1989y / 12 / 31; }},
      {"first", [](Plan& p) { p.first = 2201y / 1 / 1; }},
      {"first", [](Plan& p) { p.first = Date{}; }},
  };
  for (std::size_t index = 0; index < rows.size(); ++index) {
    CAPTURE(index);
    Plan plan;
    plan.first = 2027y / 1 / 1;
    rows[index].change(plan);
    const FieldErrors errors = find_plan_errors(plan);
    CHECK((errors.empty() ? std::string() : errors.front().field) == rows[index].field);
  }
}
