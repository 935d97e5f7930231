#include "service/domain/reminder.h"

#include <doctest/doctest.h>

#include "service/domain/quiet_hours.h"

using namespace narada::domain;
using namespace std::chrono_literals;

TEST_CASE("lists of reminders are read in any order, and what is none is refused") {
  struct Row {
    const char* text;
    const char* read;  // as it is written again; empty: refused
  };
  constexpr Row kRows[] = {
      {"7d,1d,2h", "7d,1d,2h"},
      {"2h, 1d ,7d", "7d,1d,2h"},
      {"off", "off"},
      {"", "off"},
      {"  ", "off"},
      {"48h", "48h"},
      {"60d", "60d"},
      {"1d,2d,3d,4d,5d,6d", "6d,5d,4d,3d,2d,1d"},
      {"1d,2d,3d,4d,5d,6d,7d", ""},
      {"61d", ""},
      {"49h", ""},
      {"0d", ""},
      {"-1d", ""},
      {"+1d", ""},
      {"07d", ""},
      {"1", ""},
      {"d", ""},
      {"1w", ""},
      {"1 d", ""},
      {"1d,", ""},
      {",1d", ""},
      {"1d,1d", ""},
      {"1d,24h", ""},
      {"99999999999d", ""},
      {"off,1d", ""},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.text);
    const auto offsets = parse_reminders(row.text);
    CHECK((offsets ? to_string(*offsets) : "") == row.read);
  }
}

TEST_CASE("a meeting's own reminder counts as the nearest that people can choose") {
  const auto offered = *parse_reminders("7d,1d,2h");
  const auto nearest = [&](const char* text) {
    return to_string(*nearest_reminder(offered, *find_reminder_offset(text)));
  };
  CHECK(nearest("7d") == "7d");
  CHECK(nearest("30d") == "7d");
  CHECK(nearest("4d") == "7d");  // as near to one as to the other: the longer
  CHECK(nearest("3d") == "1d");
  CHECK(nearest("13h") == "1d");
  CHECK(nearest("12h") == "2h");
  CHECK_FALSE(nearest_reminder({}, *find_reminder_offset("1d")).has_value());
}

TEST_CASE("quiet hours are two times of the clock, or off") {
  const auto read = [](const char* text) { return parse_quiet_hours(text); };
  CHECK(read("21:00-07:00") == QuietHours{21h, 7h});
  CHECK(read("00:30-06:15") == QuietHours{30min, 6h + 15min});
  CHECK(read("off") == QuietHours{});
  for (const char* text : {"", "21-7", "21:00", "21:00-", "-07:00", "24:00-07:00", "21:60-07:00",
                           "21:00-21:00", "21:00-07:00 ", "2a:00-07:00", "21:00–07:00"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text).has_value());
  }
}
