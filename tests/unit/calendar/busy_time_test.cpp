#include "calendar/busy_time.h"

#include <doctest/doctest.h>

#include <string>

#include "calendar/calendar_client.h"
#include "calendar/zone.h"

using namespace narada;
using namespace std::chrono_literals;

namespace {

domain::Instant at(const char* text) { return *calendar::parse_rfc3339(text); }

std::string event(const std::string& lines) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nBEGIN:VEVENT\r\nUID:1\r\n"
         "DTSTAMP:20260101T000000Z\r\n" +
         lines + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

// "18T09:00-10:00" in UTC, day and hours, of January 2027.
std::string busy(const std::string& text) {
  const auto found =
      calendar::read_busy_time(text, at("2027-01-01T00:00:00Z"), at("2027-02-01T00:00:00Z"));
  if (!found) return "none";
  std::string shown;
  for (const auto& one : *found) {
    const auto from = calendar::format_rfc3339(one.starts, "Etc/UTC");
    const auto to = calendar::format_rfc3339(one.ends, "Etc/UTC");
    shown += (shown.empty() ? "" : " ") + from.substr(8, 8) + "-" + to.substr(8, 8);
  }
  return shown;
}

}  // namespace

TEST_CASE("busy times are those of the events that take time, in the zone that they are meant in") {
  struct Case {
    const char* name;
    std::string text;
    const char* expected;
  };
  const std::string at_ten = "DTSTART;TZID=Europe/Warsaw:20270118T100000\r\n";
  const std::string until_noon = "DTEND;TZID=Europe/Warsaw:20270118T120000\r\n";
  const std::vector<Case> cases = {
      {"a zone by its name", event(at_ten + until_noon), "18T09:00-18T11:00"},
      {"UTC", event("DTSTART:20270118T100000Z\r\nDURATION:PT90M\r\n"), "18T10:00-18T11:30"},
      {"a zone of Windows",
       event("DTSTART;TZID=Pacific Standard Time:20270118T100000\r\nDURATION:PT1H\r\n"),
       "18T18:00-18T19:00"},
      {"a zone at the end of a path",
       event("DTSTART;TZID=/freeassociation.sourceforge.net/America/New_York:20270118T100000\r\n"
             "DURATION:PT1H\r\n"),
       "18T15:00-18T16:00"},
      {"a zone that nobody knows is that of meetings",
       event("DTSTART;TZID=Customized Time Zone:20270118T100000\r\nDURATION:PT1H\r\n"),
       "18T09:00-18T10:00"},
      {"no zone", event("DTSTART:20270118T100000\r\nDURATION:PT1H\r\n"), "18T09:00-18T10:00"},
      {"a whole day", event("DTSTART;VALUE=DATE:20270118\r\n"), "17T23:00-18T23:00"},
      {"whole days", event("DTSTART;VALUE=DATE:20270118\r\nDTEND;VALUE=DATE:20270120\r\n"),
       "17T23:00-19T23:00"},
      {"transparent", event(at_ten + until_noon + "TRANSP:TRANSPARENT\r\n"), ""},
      {"cancelled", event(at_ten + until_noon + "STATUS:CANCELLED\r\n"), ""},
      {"marked as free by Outlook",
       event(at_ten + until_noon + "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"), ""},
      {"no length", event(at_ten), ""},
      {"ends before it starts", event(at_ten + "DTEND:20270117T100000Z\r\n"), ""},
      {"outside the window", event("DTSTART:20260118T100000Z\r\nDURATION:PT1H\r\n"), ""},
      {"over the edge of the window", event("DTSTART:20261231T230000Z\r\nDURATION:PT3H\r\n"),
       "01T00:00-01T02:00"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    CHECK(busy(one.text) == one.expected);
  }
}

TEST_CASE("repetitions count, without those that are taken out or moved") {
  const std::string weekly =
      "DTSTART;TZID=Europe/Warsaw:20260106T100000\r\nDTEND;TZID=Europe/Warsaw:20260106T110000\r\n"
      "RRULE:FREQ=WEEKLY";
  CHECK(busy(event(weekly + "\r\n")) ==
        "05T09:00-05T10:00 12T09:00-12T10:00 19T09:00-19T10:00 26T09:00-26T10:00");
  CHECK(busy(event(weekly + ";UNTIL=20270112T090000Z\r\n")) ==
        "05T09:00-05T10:00 12T09:00-12T10:00");
  CHECK(busy(event(weekly + "\r\nEXDATE;TZID=Europe/Warsaw:20270112T100000\r\n"
                            "EXDATE;VALUE=DATE:20270119\r\n")) ==
        "05T09:00-05T10:00 26T09:00-26T10:00");
  const std::string moved =
      "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=Europe/Warsaw:20270112T100000\r\n"
      "DTSTART;TZID=Europe/Warsaw:20270113T120000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
      "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=Europe/Warsaw:20270119T100000\r\n"
      "DTSTART;TZID=Europe/Warsaw:20270119T100000\r\nDURATION:PT1H\r\nSTATUS:CANCELLED\r\n"
      "END:VEVENT\r\n";
  auto text = event(weekly + "\r\n");
  text.insert(text.find("END:VCALENDAR"), moved);
  CHECK(busy(text) == "05T09:00-05T10:00 13T11:00-13T12:00 26T09:00-26T10:00");
}

TEST_CASE("a rule repeats by the clock on the wall when the clocks change") {
  const auto found = calendar::read_busy_time(
      event("DTSTART;TZID=Europe/Warsaw:20270322T100000\r\nDURATION:PT1H\r\n"
            "RRULE:FREQ=WEEKLY;COUNT=2\r\n"),
      at("2027-03-01T00:00:00Z"), at("2027-05-01T00:00:00Z"));
  REQUIRE(found);
  CHECK(*found ==
        std::vector<calendar::BusyTime>{{at("2027-03-22T09:00:00Z"), at("2027-03-22T10:00:00Z")},
                                        {at("2027-03-29T08:00:00Z"), at("2027-03-29T09:00:00Z")}});
}

TEST_CASE("free and busy times are read, and overlaps become one") {
  CHECK(busy("BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
             "FREEBUSY;FBTYPE=BUSY:20270118T100000Z/PT2H,20270118T110000Z/20270118T130000Z\r\n"
             "FREEBUSY;FBTYPE=FREE:20270119T100000Z/PT2H\r\n"
             "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270120T100000Z/PT1H\r\n"
             "END:VFREEBUSY\r\nEND:VCALENDAR\r\n") == "18T10:00-18T13:00 20T10:00-20T11:00");
}

TEST_CASE("what is no calendar, or means harm, is refused or bounded") {
  CHECK(busy("") == "none");
  CHECK(busy("<html>Sign in</html>") == "none");
  CHECK(busy(std::string("BEGIN:VCALENDAR\r\n\0END:VCALENDAR\r\n", 33)) == "none");
  CHECK(busy(std::string(calendar::kMostCalendarOctets + 1, 'x')) == "none");
  std::string deep = "BEGIN:VCALENDAR\r\n";
  for (int depth = 0; depth < 400'000; ++depth) deep += "Begin:A\n";
  CHECK(busy(deep) == "none");
  // Rules that hit never, or each second.
  const std::string never = "DTSTART:20270118T100000Z\r\nDURATION:PT1H\r\n";
  CHECK(busy(event(never + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n")) == "18T10:00-18T11:00");
  CHECK(busy(event(never + "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n")) ==
        "18T10:00-18T11:00");
}

TEST_CASE("only addresses of the public internet are public") {
  for (const char* inside : {"127.0.0.1",
                             "10.1.2.3",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "0.0.0.0",
                             "100.64.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "192.0.2.1",
                             "198.18.0.1",
                             "::1",
                             "::",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:10.0.0.1",
                             "::ffff:8.8.8.8",
                             "64:ff9b::a00:1",
                             "2002:a00:1::",
                             "2001::1",
                             "2001:db8::1",
                             "localhost",
                             "",
                             "1.2.3"}) {
    CAPTURE(inside);
    CHECK_FALSE(calendar::is_public_address(inside));
  }
  for (const char* outside :
       {"8.8.8.8", "172.32.0.1", "100.128.0.1", "193.0.0.1", "2001:4860:4860::8888", "2a00::1"}) {
    CAPTURE(outside);
    CHECK(calendar::is_public_address(outside));
  }
}
