// Ten thousand objects of every kind with hostile texts, against the tables of the RFCs.
#include <doctest/doctest.h>

#include <limits>
#include <random>

#include "calendar/free_busy.h"
#include "calendar/zone.h"
#include "tests/unit/calendar/rfc_validator.h"

using namespace narada;
using namespace narada::calendar;
using namespace std::string_literals;

namespace {

constexpr int kObjects = 10'000;

std::string repeat(std::string_view part, int times) {
  std::string text;
  for (int index = 0; index < times; ++index) text += part;
  return text;
}

const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all{
      "Przystanki bez barier",
      "\r\nATTENDEE:mailto:evil@x.example\r\n",
      "\r\n ",
      "\n",
      "\r",
      "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\n",
      ";",
      ",",
      ":",
      "\\",
      "\\n",
      "\"",
      "„cudzysłów”",
      "^n^'^^",
      "\t",
      "\0"s,
      "\x1B[31m",
      "\x7F",
      "\xC2\x85",
      "\xE2\x80\xA8",
      "\xE2\x80\xA9",
      "👩‍👩‍👧‍👦🐢",
      "e\xCC\x81",
      "עברית \xE2\x80\xAE fdp.exe",
      "مرحبا",
      "\xED\xA0\x80",          // a lone surrogate
      "\xED\xBF\xBF\xFF\xFE",  // and what is no UTF-8 at all
      "\xC3",
      "\xF0\x9F\x90",
      "\xC0\xAF",
      "\xF4\x90\x80\x80",
      "\xEF\xBB\xBF",
      " ",
      "=",
      "VALUE=DATE:20270101",
      "%s%n",
      "<script>alert(1)</script>",
      repeat("ż", 500),
      repeat("słowo", 500),
      repeat("\\;,\"", 120),
  };
  return all;
}

// Everything that is drawn, by one seed.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }
  bool one_in(int chances) { return below(chances) == 0; }

  std::string text() {
    std::string text;
    const auto& all = pieces();
    for (int count = below(5); count > 0; --count) text += all.at(random_() % all.size());
    return text;
  }

  Event event(int number) {
    Event event;
    event.uid = "u" + std::to_string(number) + text() + "@narada.example";
    event.sequence = below(40);
    event.status = static_cast<EventStatus>(below(2));
    event.dtstamp = moment();
    if (!one_in(4)) event.last_modified = moment();
    if (one_in(3)) event.created = moment();
    set_times(event);
    event.summary = text();
    event.description = text();
    event.location = text();
    if (one_in(2)) event.geo = {coordinate(), coordinate()};
    event.url = one_in(3) ? text() : "https://narada.example/" + text();
    event.conference_url = one_in(2) ? "" : "https://meet.example/" + text();
    event.conference_label = text();
    event.related_to = text();
    for (int count = below(3); count > 0; --count) event.categories.push_back(text());
    event.organizer = CalendarUser{text(), address(number)};
    event.attendees.push_back({{text(), address(number + 1)}});
    event.attendees.back().partstat = static_cast<Partstat>(below(4));
    if (one_in(3)) event.attendees.push_back({{text(), "a@b.example" + text()}});
    for (int count = below(4); count > 0; --count) event.alarm_minutes.push_back(below(4000) - 200);
    return event;
  }

  Feed feed() {
    Feed feed;
    feed.name = text();
    feed.description = text();
    feed.source_url = one_in(3) ? text() : "https://narada.example/kalendarz.ics?q=" + text();
    feed.refresh_minutes = below(100'000) - 1000;
    for (int number = below(6); number > 0; --number) {
      feed.events.push_back(event(number));
      if (one_in(5)) feed.events.back().status = EventStatus::cancelled;
    }
    return feed;
  }

  FreeBusy free_busy() {
    FreeBusy busy;
    busy.uid = "b" + text() + "@narada.example";
    busy.dtstamp = moment();
    busy.from = moment();
    busy.to = busy.from + std::chrono::hours(1 + below(2000));
    busy.who = CalendarUser{text(), address(1)};
    for (int count = below(6); count > 0; --count) {
      const auto starts = busy.from + std::chrono::minutes(below(20000) - 5000);
      busy.periods.push_back({{starts, starts + std::chrono::minutes(below(600))}, one_in(3)});
    }
    busy.url = one_in(3) ? text() : "https://narada.example/" + text();
    return busy;
  }

 private:
  domain::Instant moment() {
    return domain::Instant(std::chrono::seconds(1'600'000'000 + below(500'000'000)));
  }

  double coordinate() {
    constexpr double kOdd[] = {0.0,
                               -0.0,
                               1e-9,
                               91.5,
                               1e300,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity()};
    return one_in(4) ? kOdd[below(7)] : below(180'000'000) / 1e6 - 90.0;
  }

  std::string address(int number) {
    return (one_in(2) ? "o'brien+tag.x" : "osoba") + std::to_string(number) + "@urzad.example";
  }

  // Around both changes of the clock too, and in zones that nobody knows.
  void set_times(Event& event) {
    constexpr const char* kZones[] = {"Europe/Warsaw",    "Europe/Warsaw", "Europe/Warsaw",
                                      "America/New_York", "UTC",           "Asia/Kathmandu",
                                      "Nowhere/Land",     "x\r\nX-EVIL:1"};
    constexpr const char* kEdges[] = {"2027-03-28T01:30", "2027-03-28T02:30", "2027-03-28T03:00",
                                      "2027-10-31T02:30", "2027-10-31T01:00", "2028-02-29T00:00"};
    event.tzid = kZones[below(8)];
    event.starts =
        one_in(3)
            ? parse_wall_time(kEdges[below(6)]).value()
            : domain::WallTime(std::chrono::seconds(1'700'000'000 + below(1'000'000) * 900LL));
    event.ends = event.starts + std::chrono::minutes(below(3000) - 100);
    event.all_day = one_in(6);
    if (!event.all_day) return;
    const auto day = std::chrono::floor<std::chrono::days>(event.starts);
    event.starts = domain::WallTime(day);
    event.ends = domain::WallTime(day + std::chrono::days(below(4)));
  }

  std::mt19937 random_;
};

std::string write(std::uint32_t seed) {
  Generator generator(seed);
  switch (seed % 6) {
    case 0:
      return write_itip(ItipMethod::publish, generator.event(1));
    case 1:
    case 2:
      return write_itip(ItipMethod::request, generator.event(1));
    case 3:
      return write_itip(ItipMethod::cancel, generator.event(1));
    case 4:
      return write_feed(generator.feed());
    default:
      return write_free_busy(generator.free_busy());
  }
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

// A message in which every fault below can be put.
std::string sound_request() {
  Event event;
  event.uid = "u@narada.example";
  event.sequence = 3;
  event.dtstamp = event.last_modified = parse_rfc3339("2026-11-02T07:15:00Z").value();
  event.starts = parse_wall_time("2027-01-21T09:30").value();
  event.ends = parse_wall_time("2027-01-21T13:30").value();
  event.summary = "Warsztat";
  event.location = "Gliwice, sala 2";
  event.geo = {50.29, 18.67};
  event.url = "https://narada.example/spotkania/warsztat";
  event.categories = {"warsztat"};
  event.organizer = CalendarUser{"Narada", "o@narada.example"};
  event.attendees = {{{"Anna Nowak", "a@urzad.example"}}};
  event.alarm_minutes = {60};
  return write_itip(ItipMethod::request, event);
}

struct Fault {
  const char* name;
  std::string from;  // of the sound message; empty: its very end
  std::string to;
  std::string complaint;  // a part of one
};

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      {"a bare line feed", "\r\nSEQUENCE:3\r\n", "\nSEQUENCE:3\r\n", "control character"},
      {"a line of 76 octets", "SUMMARY:Warsztat", "SUMMARY:" + std::string(68, 'x'), "too long"},
      {"broken UTF-8", "SUMMARY:Warsztat", "SUMMARY:\xC3(", "UTF-8"},
      {"a surrogate", "SUMMARY:Warsztat", "SUMMARY:\xED\xA0\x80", "UTF-8"},
      {"an over-long form", "SUMMARY:Warsztat", "SUMMARY:\xC0\xAF", "UTF-8"},
      {"NUL", "SUMMARY:Warsztat", "SUMMARY:a\0b"s, "control character"},
      {"no CRLF at the end", "END:VCALENDAR\r\n", "END:VCALENDAR", "no CRLF"},
      {"a second object", "", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "two objects"},
      {"no UID", "UID:u@narada.example\r\n", "", "0 UID"},
      {"an empty UID", "UID:u@narada.example", "UID:", "value of UID"},
      {"two UIDs", "SEQUENCE:3\r\n", "SEQUENCE:3\r\nUID:v\r\n", "2 UID"},
      {"no SEQUENCE", "SEQUENCE:3\r\n", "", "0 SEQUENCE"},
      {"a SEQUENCE that is no number", "SEQUENCE:3", "SEQUENCE:-1", "value of SEQUENCE"},
      {"no DTSTAMP", "DTSTAMP:20261102T071500Z\r\n", "", "0 DTSTAMP"},
      {"DTSTAMP in local time", "DTSTAMP:20261102T071500Z", "DTSTAMP:20261102T071500",
       "value of DTSTAMP"},
      {"DTSTAMP with fractions", "DTSTAMP:20261102T071500Z", "DTSTAMP:20261102T071500.5Z",
       "value of DTSTAMP"},
      {"no ORGANIZER", "ORGANIZER;CN=Narada:mailto:o@narada.example\r\n", "", "0 ORGANIZER"},
      {"an ORGANIZER that is no address", "mailto:o@narada.example", "o@narada.example",
       "value of ORGANIZER"},
      {"a METHOD that is none", "METHOD:REQUEST", "METHOD:INVITE", "VEVENT in VCALENDAR"},
      {"an alarm in a CANCEL", "METHOD:REQUEST", "METHOD:CANCEL", "CANCEL with an alarm"},
      {"a CANCEL of what is confirmed", "METHOD:REQUEST", "METHOD:CANCEL",
       "CANCEL with STATUS CONFIRMED"},
      {"attendees in a PUBLISH", "METHOD:REQUEST", "METHOD:PUBLISH", "1 ATTENDEE"},
      {"a REQUEST of what is cancelled", "STATUS:CONFIRMED", "STATUS:CANCELLED",
       "REQUEST with STATUS CANCELLED"},
      {"a STATUS of to-dos", "STATUS:CONFIRMED", "STATUS:COMPLETED", "value of STATUS"},
      {"an unescaped comma", "Gliwice\\, sala 2", "Gliwice, sala 2", "value of LOCATION"},
      {"an unescaped semicolon", "Gliwice\\, sala 2", "Gliwice; sala 2", "value of LOCATION"},
      {"an escape that is none", "Gliwice\\, sala 2", "Gliwice\\x", "value of LOCATION"},
      {"a backslash at the end", "Gliwice\\, sala 2", "Gliwice\\", "value of LOCATION"},
      {"a zone without its VTIMEZONE", "DTSTART;TZID=Europe/Warsaw", "DTSTART;TZID=Europe/Rome",
       "value of DTSTART"},
      {"a VTIMEZONE that nothing uses",
       "DTSTART;TZID=Europe/Warsaw:20270121T093000\r\nDTEND;TZID="
       "Europe/Warsaw:20270121T133000",
       "DTSTART:20270121T093000Z\r\nDTEND:20270121T133000Z", "TZID and VTIMEZONE differ"},
      {"an end before the start", "20270121T133000", "20270121T083000", "DTEND is not after"},
      {"an end of another form", "DTEND;TZID=Europe/Warsaw:20270121T133000",
       "DTEND:20270121T123000Z", "another form"},
      {"a day that is none", "20270121T093000", "20270132T093000", "value of DTSTART"},
      {"VALUE=DATE with a time", "DTSTART;TZID=Europe/Warsaw", "DTSTART;VALUE=DATE",
       "value of DTSTART"},
      {"coordinates off the earth", "GEO:50.290000", "GEO:95.290000", "value of GEO"},
      {"a URL with a space", "spotkania/warsztat", "spotkania/war sztat", "value of URL"},
      {"a PARTSTAT that is none", "PARTSTAT=NEEDS-ACTION", "PARTSTAT=MAYBE", "PARTSTAT=MAYBE"},
      {"a ROLE that is none", "ROLE=REQ-PARTICIPANT", "ROLE=GUEST", "ROLE=GUEST"},
      {"a parameter that is not the property's",
       "SUMMARY:", "SUMMARY;ROLE=CHAIR:", "ROLE at SUMMARY"},
      {"a parameter twice", "RSVP=TRUE", "RSVP=TRUE;RSVP=TRUE", "RSVP twice"},
      {"a comma in an unquoted parameter", "CN=Narada", "CN=Narada, Gliwice", "broken parameters"},
      {"an unknown property", "SEQUENCE:3\r\n", "SEQUENCE:3\r\nX-EVIL:1\r\n", "X-EVIL"},
      {"a property of alarms", "SEQUENCE:3\r\n", "SEQUENCE:3\r\nACTION:DISPLAY\r\n",
       "ACTION has no place"},
      {"a property after an alarm", "END:VALARM\r\n", "END:VALARM\r\nSEQUENCE:3\r\n",
       "after a part"},
      {"an alarm without what it says", "TRIGGER:-PT1H\r\n", "", "0 TRIGGER"},
      {"a duration that is none", "TRIGGER:-PT1H", "TRIGGER:-1H", "value of TRIGGER"},
      {"an offset that is none", "TZOFFSETTO:+0100", "TZOFFSETTO:+1", "value of TZOFFSETTO"},
      {"two events in one message", "END:VEVENT\r\n",
       "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:v\r\nEND:VEVENT\r\n", "more than one event"},
      {"the wrong end", "END:VALARM", "END:VTODO", "END:VTODO"},
      {"a component that is not ours", "BEGIN:VALARM\r\n", "BEGIN:VJOURNAL\r\n", "END:VALARM"},
      {"no VERSION", "VERSION:2.0\r\n", "", "0 VERSION"},
      {"another VERSION", "VERSION:2.0", "VERSION:1.0", "value of VERSION"},
  };
  return all;
}

}  // namespace

TEST_CASE("nothing in ten thousand objects is against the tables of the RFCs") {
  initialize();
  std::size_t octets = 0;
  for (std::uint32_t seed = 0; seed < kObjects; ++seed) {
    const std::string text = write(seed);
    octets += text.size();
    const auto violations = find_rfc_violations(text);
    if (violations.empty()) continue;
    CAPTURE(seed);
    CAPTURE(text);
    FAIL(join(violations));
  }
  CHECK(octets > 10'000'000);
}

TEST_CASE("texts and links of any length are folded between characters") {
  initialize();
  Event event = Generator(1).event(1);
  for (std::size_t length = 0; length < 400; ++length) {
    CAPTURE(length);
    event.url = "https://narada.example/" + std::string(length, 'a');
    event.summary = std::string(length, 'b');
    event.organizer->name = std::string(length, 'c');
    CHECK(join(find_rfc_violations(write_itip(ItipMethod::request, event))) == "");
  }
}

TEST_CASE("a fault that is put into a sound message is found") {
  initialize();
  const std::string sound = sound_request();
  REQUIRE(join(find_rfc_violations(sound)) == "");
  for (const Fault& fault : faults()) {
    CAPTURE(fault.name);
    std::string text = sound;
    const auto at = fault.from.empty() ? text.size() : text.find(fault.from);
    REQUIRE(at != std::string::npos);
    text.replace(at, fault.from.size(), fault.to);
    const std::string found = join(find_rfc_violations(text));
    CAPTURE(found);
    CHECK(found.find(fault.complaint) != std::string::npos);
  }
}
