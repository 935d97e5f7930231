#include "calendar/zone.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace narada;
using namespace narada::calendar;
using namespace std::chrono_literals;

namespace {

constexpr const char* kWarsaw = "Europe/Warsaw";

domain::WallTime wall(const char* text) {
  const auto parsed = parse_wall_time(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

domain::Instant instant(const char* text) {
  const auto parsed = parse_rfc3339(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

std::string describe(const ResolvedTime& time) {
  return format_rfc3339(time.instant, "UTC").substr(0, 19) + "Z" + (time.exists ? "" : " skipped") +
         (time.ambiguous ? " twice" : "");
}

}  // namespace

TEST_CASE("a wall clock is resolved by the rules of its zone") {
  struct Row {
    const char* wall;
    const char* tzid;
    const char* resolved;
  };
  const std::vector<Row> rows{
      {"2027-01-21T09:30", kWarsaw, "2027-01-21T08:30:00Z"},
      {"2027-07-21T09:30", kWarsaw, "2027-07-21T07:30:00Z"},
      {"2026-03-29T01:59:59", kWarsaw, "2026-03-29T00:59:59Z"},
      {"2026-03-29T02:00", kWarsaw, "2026-03-29T01:00:00Z skipped"},
      {"2026-03-29T02:30", kWarsaw, "2026-03-29T01:00:00Z skipped"},
      {"2026-03-29T02:59:59", kWarsaw, "2026-03-29T01:00:00Z skipped"},
      {"2026-03-29T03:00", kWarsaw, "2026-03-29T01:00:00Z"},
      {"2026-03-29T10:00", kWarsaw, "2026-03-29T08:00:00Z"},
      {"2026-10-25T01:59:59", kWarsaw, "2026-10-24T23:59:59Z"},
      {"2026-10-25T02:00", kWarsaw, "2026-10-25T00:00:00Z twice"},
      {"2026-10-25T02:30", kWarsaw, "2026-10-25T00:30:00Z twice"},
      {"2026-10-25T02:59:59", kWarsaw, "2026-10-25T00:59:59Z twice"},
      {"2026-10-25T03:00", kWarsaw, "2026-10-25T02:00:00Z"},
      {"2026-10-25T10:00", kWarsaw, "2026-10-25T09:00:00Z"},
      {"1995-09-24T02:30", kWarsaw, "1995-09-24T00:30:00Z twice"},
      {"1985-07-01T12:00", kWarsaw, "1985-07-01T10:00:00Z"},
      {"2050-07-01T12:00", kWarsaw, "2050-07-01T10:00:00Z"},
      {"2150-01-01T12:00", kWarsaw, "2150-01-01T11:00:00Z"},
      {"2026-07-21T09:30", "Asia/Tokyo", "2026-07-21T00:30:00Z"},
      {"2026-07-21T09:30", "UTC", "2026-07-21T09:30:00Z"},
      {"2026-07-21T09:30", "Asia/Kolkata", "2026-07-21T04:00:00Z"},
      {"2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z twice"},
      {"2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00Z skipped"},
      {"2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00Z skipped"},  // a whole day
      {"2011-12-29T12:00", "Pacific/Apia", "2011-12-29T22:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.wall);
    CAPTURE(row.tzid);
    CHECK(describe(to_instant(wall(row.wall), row.tzid)) == row.resolved);
  }
}

TEST_CASE("every half hour around both changes of 2026 returns to its wall clock") {
  for (const char* day : {"2026-03-28T12:00", "2026-10-24T12:00"}) {
    for (auto time = wall(day); time < wall(day) + 26h; time += 30min) {
      const ResolvedTime resolved = to_instant(time, kWarsaw);
      if (resolved.exists) CHECK(to_wall_time(resolved.instant, kWarsaw) == time);
      if (!resolved.exists)
        CHECK(to_wall_time(resolved.instant, kWarsaw) == wall("2026-03-29T03:00"));
    }
  }
}

TEST_CASE("the second time of a repeated hour is told apart by its offset") {
  CHECK(format_rfc3339(instant("2026-10-25T00:30:00Z"), kWarsaw) == "2026-10-25T02:30:00+02:00");
  CHECK(format_rfc3339(instant("2026-10-25T01:30:00Z"), kWarsaw) == "2026-10-25T02:30:00+01:00");
  CHECK(to_wall_time(instant("2026-10-25T00:30:00Z"), kWarsaw) ==
        to_wall_time(instant("2026-10-25T01:30:00Z"), kWarsaw));
}

TEST_CASE("RFC 3339 carries the zone's offset at that moment") {
  struct Row {
    const char* utc;
    const char* tzid;
    const char* text;
  };
  const std::vector<Row> rows{
      {"2027-01-21T08:30:00Z", kWarsaw, "2027-01-21T09:30:00+01:00"},
      {"2027-07-21T07:30:00Z", kWarsaw, "2027-07-21T09:30:00+02:00"},
      {"2027-01-21T08:30:00Z", "UTC", "2027-01-21T08:30:00+00:00"},
      {"2027-01-21T00:00:01Z", "America/St_Johns", "2027-01-20T20:30:01-03:30"},
      {"2027-01-21T00:00:00Z", "Asia/Kolkata", "2027-01-21T05:30:00+05:30"},
      {"1969-12-31T23:59:59Z", "UTC", "1969-12-31T23:59:59+00:00"},
      {"1890-01-01T00:00:00Z", "Europe/Paris", "1890-01-01T00:09:00+00:09"},  // +00:09:21 then
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(format_rfc3339(instant(row.utc), row.tzid) == row.text);
    CHECK(parse_rfc3339(row.text) == instant(row.utc));
  }
}

TEST_CASE("RFC 3339 reads offsets, fractions and small letters") {
  const auto expected = instant("2027-01-21T08:30:00Z");
  for (const char* text :
       {"2027-01-21T09:30:00+01:00", "2027-01-21t08:30:00z", "2027-01-21T08:30:00.999999999Z",
        "2027-01-21T08:30:00.1-00:00", "2027-01-20T18:30:00-14:00"}) {
    CAPTURE(text);
    CHECK(parse_rfc3339(text) == expected);
  }
  CHECK(expected.time_since_epoch().count() == 1'800'520'200);
}

TEST_CASE("what is no RFC 3339 time is refused") {
  for (const char* text : {"",
                           "x",
                           "2027",
                           "2027-01-21",
                           "2027-01-21T09:30:00",
                           "2027-01-21T09:30+01:00",
                           "2027-01-21 09:30:00Z",
                           "2027-1-21T09:30:00Z",
                           "27-01-21T09:30:00Z",
                           "2027-02-29T09:30:00Z",
                           "2027-13-01T09:30:00Z",
                           "2027-00-01T09:30:00Z",
                           "2027-01-00T09:30:00Z",
                           "2027-01-21T24:00:00Z",
                           "2027-01-21T09:60:00Z",
                           "2027-01-21T09:30:60Z",
                           "2027-01-21T09:30:00.Z",
                           "2027-01-21T09:30:00.1234567890Z",
                           "2027-01-21T09:30:00+1:00",
                           "2027-01-21T09:30:00+01",
                           "2027-01-21T09:30:00+0100",
                           "2027-01-21T09:30:00+24:00",
                           "2027-01-21T09:30:00+01:60",
                           "2027-01-21T09:30:00Z ",
                           " 2027-01-21T09:30:00Z",
                           "2027-01-21T09:30:00ZZ",
                           "-2027-01-21T09:30:00Z",
                           "2027-01-21T09:30:0xZ",
                           "2027-01-21T0\xC5\x82:30:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
  CHECK_FALSE(parse_rfc3339(std::string_view("2027-01-21T09:30:00Z\0", 21)).has_value());
}

TEST_CASE("a wall clock has no offset") {
  CHECK(parse_wall_time("2027-01-21T09:30") == parse_wall_time("2027-01-21T09:30:00"));
  CHECK(parse_wall_time("2027-01-21T09:30:01") ==
        domain::WallTime{std::chrono::local_days{2027y / 1 / 21}} + 9h + 30min + 1s);
  for (const char* text : {"", "2027-01-21", "2027-01-21T09", "2027-01-21T9:30", "2027-01-21 09:30",
                           "2027-01-21T09:30Z", "2027-01-21T09:30:00Z", "2027-01-21T09:30:",
                           "2027-01-21T09:30:00.5", "2027-02-30T09:30", "2027-01-21T25:00",
                           "2027-01-21T09:61", "2027-01-21T09:30:61", "2027-01-21T09:30+01:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_wall_time(text).has_value());
  }
}

TEST_CASE("a zone is an Olson name") {
  for (const char* tzid :
       {"Europe/Warsaw", "Europe/Kiev", "Asia/Tokyo", "UTC", "Etc/UTC", "Poland"}) {
    CAPTURE(tzid);
    CHECK(is_known_zone(tzid));
  }
  for (const char* tzid : {"", "Europe/Atlantis", "GMT+3", "GMT+03:00", "Etc/Unknown", "+01:00",
                           "../../etc/passwd", "Europe/Warsaw\r\nX:y", "\xFF\xFE"}) {
    CAPTURE(tzid);
    CHECK_FALSE(is_known_zone(tzid));
  }
  CHECK_FALSE(is_known_zone(std::string(100'000, 'A')));
  CHECK_FALSE(is_known_zone(std::string_view("Europe/Warsaw\0", 14)));
  CHECK_THROWS(to_instant(wall("2027-01-21T09:30"), "Europe/Atlantis"));
}

TEST_CASE("many years in one zone stay right when the oldest are forgotten") {
  for (int year = 1700; year < 2300; ++year) {
    const domain::WallTime noon{std::chrono::local_days{std::chrono::year{year} / 1 / 15} + 12h};
    if (to_wall_time(to_instant(noon, kWarsaw).instant, kWarsaw) != noon) FAIL_CHECK(year);
  }
  CHECK(describe(to_instant(wall("2027-07-21T09:30"), kWarsaw)) == "2027-07-21T07:30:00Z");
}

TEST_CASE("threads that start together find the same moment") {
  std::vector<std::string> found(8);
  std::vector<std::thread> threads;
  const auto time = wall("2026-10-25T02:30");
  for (auto& text : found) {
    threads.emplace_back([&text, time] { text = describe(to_instant(time, "Europe/Vilnius")); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(found == std::vector<std::string>(8, "2026-10-24T23:30:00Z"));
}
