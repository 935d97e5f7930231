#include "calendar/free_busy.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace narada;
using namespace narada::calendar;
using namespace std::chrono_literals;

namespace {

constexpr domain::Instant kMonday = std::chrono::sys_days{2027y / 1 / 18};

FreeBusyPeriod period(std::chrono::hours starts, std::chrono::hours ends, bool tentative = false) {
  return {{kMonday + starts, kMonday + ends}, tentative};
}

FreeBusy sample(std::vector<FreeBusyPeriod> periods) {
  FreeBusy free_busy;
  free_busy.uid = "free-busy-7@narada.example";
  free_busy.dtstamp = kMonday - 48h;
  free_busy.from = kMonday;
  free_busy.to = kMonday + 72h;
  free_busy.who = {"Żaneta \"Ż\" Ćwikła", "zaneta@gliwice.example"};
  free_busy.periods = std::move(periods);
  return free_busy;
}

// The FREEBUSY lines, in their order.
std::vector<std::string> busy_lines(const FreeBusy& free_busy) {
  const std::string text = write_free_busy(free_busy);
  std::vector<std::string> lines;
  for (std::size_t at = text.find("FREEBUSY;"); at != std::string::npos;
       at = text.find("FREEBUSY;", at + 1)) {
    lines.push_back(text.substr(at + 9, text.find("\r\n", at) - at - 9));
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("free and busy time is told by instants in UTC and nothing else") {
  const std::string text = write_free_busy(sample({period(9h, 13h)}));
  CHECK(text ==
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Narada//Narada//PL\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VFREEBUSY\r\nUID:free-busy-7@narada.example\r\nDTSTAMP:20270116T000000Z\r\n"
        "DTSTART:20270118T000000Z\r\nDTEND:20270121T000000Z\r\n"
        "ORGANIZER;CN=Żaneta „Ż” Ćwikła:mailto:zaneta@gliwice.example\r\n"
        "FREEBUSY;FBTYPE=BUSY:20270118T090000Z/20270118T130000Z\r\n"
        "END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
}

TEST_CASE("busy periods are in order, do not overlap and stay within the time asked for") {
  struct Case {
    std::string name;
    std::vector<FreeBusyPeriod> periods;
    Lines expected;
  };
  const Case cases[] = {
      {"none", {}, {}},
      {"out of order",
       {period(20h, 21h), period(9h, 10h)},
       {"FBTYPE=BUSY:20270118T090000Z/20270118T100000Z",
        "FBTYPE=BUSY:20270118T200000Z/20270118T210000Z"}},
      {"overlapping and touching",
       {period(9h, 11h), period(10h, 12h), period(12h, 13h)},
       {"FBTYPE=BUSY:20270118T090000Z/20270118T130000Z"}},
      {"one within another",
       {period(9h, 14h), period(10h, 11h)},
       {"FBTYPE=BUSY:20270118T090000Z/20270118T140000Z"}},
      {"reaching out at both ends",
       {period(-5h, 1h), period(71h, 90h)},
       {"FBTYPE=BUSY:20270118T000000Z/20270118T010000Z",
        "FBTYPE=BUSY:20270120T230000Z/20270121T000000Z"}},
      {"outside, empty and turned round",
       {period(-5h, 0h), period(72h, 80h), period(5h, 5h), period(8h, 7h)},
       {}},
      {"tentative beside busy",
       {period(9h, 12h, true), period(10h, 11h)},
       {"FBTYPE=BUSY:20270118T100000Z/20270118T110000Z",
        "FBTYPE=BUSY-TENTATIVE:20270118T090000Z/20270118T100000Z",
        "FBTYPE=BUSY-TENTATIVE:20270118T110000Z/20270118T120000Z"}},
      {"tentative covered by busy",
       {period(9h, 12h, true), period(8h, 13h)},
       {"FBTYPE=BUSY:20270118T080000Z/20270118T130000Z"}},
  };
  for (const Case& given : cases) {
    CAPTURE(given.name);
    CHECK(busy_lines(sample(given.periods)) == given.expected);
  }
}

TEST_CASE("hostile names and addresses make no line of their own in free and busy time") {
  auto hostile = sample({period(9h, 10h)});
  hostile.uid = "a\r\nBEGIN:VEVENT";
  hostile.who = {"x\r\nATTENDEE:mailto:y@z.example", "a@b.example\r\nURL:http://evil.example"};
  hostile.url = "https://narada.example/\r\nX-EVIL:1";
  const auto text = write_free_busy(hostile);
  for (const auto* line :
       {"\r\nBEGIN:VEVENT", "\r\nATTENDEE", "\r\nURL:http://evil", "\r\nX-EVIL"}) {
    CAPTURE(line);
    CHECK(text.find(line) == std::string::npos);
  }
}
