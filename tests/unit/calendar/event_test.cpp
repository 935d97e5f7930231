#include "calendar/event.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "calendar/ical_handle.h"
#include "calendar/zone.h"
#include "tests/unit/calendar/content_lines.h"
#include "tests/unit/calendar/samples.h"

using namespace narada;
using namespace narada::calendar;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;

std::string read_golden(const std::string& name) {
  std::ifstream file(std::string(NARADA_SOURCE_DIR) + "/tests/golden/calendar/" + name + ".ics",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

domain::WallTime wall(const char* text) { return parse_wall_time(text).value(); }

Event plain_event() {
  Event event;
  event.uid = "u@narada.example";
  event.dtstamp = parse_rfc3339("2026-11-02T07:15:00Z").value();
  event.starts = wall("2027-01-21T09:30");
  event.ends = wall("2027-01-21T13:30");
  event.summary = "Spotkanie";
  return event;
}

Attendee attendee(const std::string& name, const std::string& email) {
  Attendee user;
  user.name = name;
  user.email = email;
  return user;
}

// The first line in which two texts differ; empty when they are equal.
std::string find_difference(const std::string& left, const std::string& right) {
  if (left == right) return "";
  const auto [first, second] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  const auto line_around = [](const std::string& text, std::string::const_iterator position) {
    const auto offset = static_cast<std::size_t>(position - text.begin());
    const std::size_t start = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
    return text.substr(start, text.find('\n', offset) - start);
  };
  return "<" + line_around(left, first) + "> and <" + line_around(right, second) + ">";
}

// libical writes the commas and semicolons of CATEGORIES and X- properties without their escapes.
std::string without_escapes_lost(std::string text) {
  for (const std::string_view name : {"\r\nCATEGORIES:", "\r\nX-WR-CALNAME:"}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const std::size_t end = text.find("\r\n", at + 2);
      for (auto slash = text.find('\\', at); slash < end; slash = text.find('\\', slash)) {
        text.erase(slash, 1);
      }
    }
  }
  return text;
}

std::string events_of(const std::string& calendar) {
  return calendar.substr(calendar.find("BEGIN:VEVENT"));
}

Strings names_of(const std::vector<ContentLine>& lines) {
  Strings names;
  for (const ContentLine& line : lines) names.push_back(line.name);
  return names;
}

// The lines of the only VEVENT, or all of them when the object is broken.
std::vector<ContentLine> read_event(const std::string& text) {
  CHECK(find_line_error(text) == "");
  const auto lines = read_lines(text);
  CHECK(values_of(lines, "BEGIN").front() == "VCALENDAR");
  const auto is = [](const char* name, const char* value) {
    return
        [name, value](const ContentLine& line) { return line.name == name && line.value == value; };
  };
  const auto begin = std::find_if(lines.begin(), lines.end(), is("BEGIN", "VEVENT"));
  const auto end = std::find_if(begin, lines.end(), is("END", "VEVENT"));
  CHECK(std::count_if(lines.begin(), lines.end(), is("BEGIN", "VEVENT")) == 1);
  if (end == lines.end()) return lines;
  return {begin + 1, end};
}

// "DTSTART;TZID=…:20270121T093000" of the event's text.
Strings times_of(const Event& event) {
  Strings times;
  for (const ContentLine& line : read_event(write_itip(ItipMethod::publish, event))) {
    if (line.name == "DTSTART" || line.name == "DTEND") {
      times.push_back(line.name + line.parameters + ":" + line.value);
    }
  }
  return times;
}

}  // namespace

TEST_CASE("the samples are written as the golden files have them") {
  initialize();
  for (const Sample& sample : write_samples()) {
    CAPTURE(sample.name);
    CHECK(find_difference(sample.text, read_golden(sample.name)) == "");
    CHECK(find_line_error(sample.text) == "");
  }
}

TEST_CASE("libical reads the golden files and writes the same again") {
  for (const Sample& sample : write_samples()) {
    CAPTURE(sample.name);
    const Component parsed(icalparser_parse_string(sample.text.c_str()));
    REQUIRE(parsed);
    CHECK(icalcomponent_count_errors(parsed.get()) == 0);
    const std::string again = to_text(parsed.get());
    // It sorts the zones of a feed by an order of its own.
    if (sample.name != "zones")
      CHECK(find_difference(again, without_escapes_lost(sample.text)) == "");
    CHECK(find_difference(events_of(again), events_of(without_escapes_lost(sample.text))) == "");
    if (sample.name == "hostile") continue;  // the bare comma now separates two categories
    const Component reparsed(icalparser_parse_string(again.c_str()));
    CHECK(find_difference(events_of(to_text(reparsed.get())), events_of(again)) == "");
  }
}

TEST_CASE("the method decides who and what is named") {
  Event event = plain_event();
  event.organizer = CalendarUser{"Biuro", "biuro@gmina.example"};
  event.attendees = {attendee("Anna", "anna@gmina.example"), attendee("", "b@gmina.example")};
  event.attendees[1].partstat = Partstat::accepted;
  event.alarm_minutes = {30};
  const auto write = [&](ItipMethod method) { return write_itip(method, event); };

  const std::string request = write(ItipMethod::request);
  CHECK(values_of(read_lines(request), "METHOD") == Strings{"REQUEST"});
  CHECK(values_of(read_event(request), "STATUS") == Strings{"CONFIRMED"});
  Strings attendees;
  for (const ContentLine& line : read_event(request)) {
    if (line.name == "ATTENDEE") attendees.push_back(line.parameters + ":" + line.value);
  }
  CHECK(attendees ==
        Strings{";CN=Anna;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
                ":mailto:anna@gmina.example",
                ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED"
                ":mailto:b@gmina.example"});
  CHECK(values_of(read_event(request), "TRIGGER") == Strings{"-PT30M"});

  const std::string cancel = write(ItipMethod::cancel);
  CHECK(values_of(read_lines(cancel), "METHOD") == Strings{"CANCEL"});
  CHECK(values_of(read_event(cancel), "STATUS") == Strings{"CANCELLED"});
  CHECK(values_of(read_event(cancel), "TRANSP") == Strings{"TRANSPARENT"});
  CHECK(values_of(read_event(cancel), "ATTENDEE") ==
        Strings{"mailto:anna@gmina.example", "mailto:b@gmina.example"});
  CHECK(values_of(read_event(cancel), "TRIGGER").empty());

  const std::string publish = write(ItipMethod::publish);
  CHECK(values_of(read_lines(publish), "METHOD") == Strings{"PUBLISH"});
  CHECK(values_of(read_event(publish), "ATTENDEE").empty());
  CHECK(values_of(read_event(publish), "ORGANIZER") == Strings{"mailto:biuro@gmina.example"});

  CHECK(to_string(ItipMethod::request) == "REQUEST");
  CHECK(to_string(ItipMethod::cancel) == "CANCEL");
  CHECK(to_string(ItipMethod::publish) == "PUBLISH");
}

TEST_CASE("an event without extras has the properties that it must have") {
  CHECK(names_of(read_event(write_itip(ItipMethod::publish, plain_event()))) ==
        Strings{"UID", "SEQUENCE", "DTSTAMP", "STATUS", "DTSTART", "DTEND", "SUMMARY", "TRANSP"});
}

TEST_CASE("times are written so that every reader finds the same moment") {
  struct Row {
    const char* name;
    const char* tzid;
    const char* starts;
    const char* ends;
    Strings times;
  };
  const std::vector<Row> rows{
      {"by the zone",
       "Europe/Warsaw",
       "2027-01-21T09:30",
       "2027-01-21T13:30",
       {"DTSTART;TZID=Europe/Warsaw:20270121T093000", "DTEND;TZID=Europe/Warsaw:20270121T133000"}},
      {"a skipped start",
       "Europe/Warsaw",
       "2026-03-29T02:30",
       "2026-03-29T05:00",
       {"DTSTART:20260329T010000Z", "DTEND:20260329T030000Z"}},
      {"a repeated end",
       "Europe/Warsaw",
       "2026-10-25T01:00",
       "2026-10-25T02:30",
       {"DTSTART:20261024T230000Z", "DTEND:20261025T003000Z"}},
      {"across the change, both clear",
       "Europe/Warsaw",
       "2026-10-25T01:00",
       "2026-10-25T03:30",
       {"DTSTART;TZID=Europe/Warsaw:20261025T010000", "DTEND;TZID=Europe/Warsaw:20261025T033000"}},
      {"before the present rules",
       "Europe/Warsaw",
       "1990-10-10T10:00",
       "1990-10-10T11:00",
       {"DTSTART:19901010T090000Z", "DTEND:19901010T100000Z"}},
      {"UTC itself",
       "UTC",
       "2027-07-21T09:30",
       "2027-07-21T10:30",
       {"DTSTART:20270721T093000Z", "DTEND:20270721T103000Z"}},
      {"without summer time",
       "Asia/Tokyo",
       "2027-07-21T09:30",
       "2027-07-21T10:30",
       {"DTSTART;TZID=Asia/Tokyo:20270721T093000", "DTEND;TZID=Asia/Tokyo:20270721T103000"}},
      {"rules that follow the moon",
       "Africa/Casablanca",
       "2027-02-15T09:30",
       "2027-02-15T10:30",
       {"DTSTART:20270215T093000Z", "DTEND:20270215T103000Z"}},
      {"no such zone",
       "Europe/Atlantis",
       "2027-07-21T09:30",
       "2027-07-21T10:30",
       {"DTSTART:20270721T093000", "DTEND:20270721T103000"}},
      {"a zone that would be a line",
       "Europe/Warsaw\r\nX-EVIL:1",
       "2027-07-21T09:30",
       "2027-07-21T10:30",
       {"DTSTART:20270721T093000", "DTEND:20270721T103000"}},
      {"an end before the start",
       "Europe/Warsaw",
       "2027-01-21T09:30",
       "2027-01-21T09:00",
       {"DTSTART;TZID=Europe/Warsaw:20270121T093000"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Event event = plain_event();
    event.tzid = row.tzid;
    event.starts = wall(row.starts);
    event.ends = wall(row.ends);
    CHECK(times_of(event) == row.times);
  }
}

TEST_CASE("an all-day event has dates and no zone") {
  Event event = plain_event();
  event.all_day = true;
  event.starts = wall("2027-03-28T00:00");
  event.ends = wall("2027-03-30T00:00");
  CHECK(times_of(event) == Strings{"DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270330"});
  CHECK(write_itip(ItipMethod::publish, event).find("VTIMEZONE") == std::string::npos);
  event.ends = event.starts;
  CHECK(times_of(event) == Strings{"DTSTART;VALUE=DATE:20270328"});
}

TEST_CASE("a feed names each zone once, sorts by moment and tells how often to come back") {
  Feed feed;
  feed.name = "Kalendarz";
  feed.refresh_minutes = 120;
  for (const char* tzid : {"Europe/Warsaw", "Asia/Tokyo", "Europe/Warsaw", "UTC"}) {
    Event event = plain_event();
    event.tzid = tzid;
    event.uid = std::to_string(feed.events.size()) + tzid;
    feed.events.push_back(event);
  }
  feed.events[2].starts -= 1h;
  const std::string text = write_feed(feed);
  CHECK(find_line_error(text) == "");
  const auto lines = read_lines(text);
  CHECK(values_of(lines, "TZID") == Strings{"Asia/Tokyo", "Europe/Warsaw"});
  CHECK(values_of(lines, "UID") ==
        Strings{"1Asia/Tokyo", "2Europe/Warsaw", "0Europe/Warsaw", "3UTC"});
  CHECK(values_of(lines, "METHOD") == Strings{"PUBLISH"});
  CHECK(values_of(lines, "X-WR-CALNAME") == Strings{"Kalendarz"});
  CHECK(values_of(lines, "REFRESH-INTERVAL") == Strings{"PT2H"});
  CHECK(values_of(lines, "X-PUBLISHED-TTL") == Strings{"PT2H"});

  const auto empty = read_lines(write_feed({}));
  CHECK(names_of(empty) == Strings{"BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD",
                                   "REFRESH-INTERVAL", "X-PUBLISHED-TTL", "END"});
  CHECK(values_of(empty, "REFRESH-INTERVAL") == Strings{"PT1H"});
  feed.refresh_minutes = -5;
  CHECK(values_of(read_lines(write_feed(feed)), "REFRESH-INTERVAL") == Strings{"PT1M"});
}

TEST_CASE("a link is one address or none") {
  struct Row {
    const char* given;
    Strings written;
  };
  const std::vector<Row> rows{
      {"https://narada.example/a?b=c,d;e#f", {"https://narada.example/a?b=c,d;e#f"}},
      {"http://narada.example", {"http://narada.example"}},
      {"HTTPS://narada.example/", {"HTTPS://narada.example/"}},
      {"https://narada.example/żółw i \"x\"",
       {"https://narada.example/%C5%BC%C3%B3%C5%82w%20i%20%22x%22"}},
      {"https://narada.example/\r\nATTENDEE:mailto:e@e",
       {"https://narada.example/ATTENDEE:mailto:e@e"}},
      {"java\nscript:alert(1)", {}},
      {"javascript:alert(1)", {}},
      {"data:text/html,x", {}},
      {"file:///etc/passwd", {}},
      {"//narada.example", {}},
      {"https://", {}},
      {"https:///x", {}},
      {"", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.given);
    Event event = plain_event();
    event.url = row.given;
    event.conference_url = row.given;
    const auto lines = read_event(write_itip(ItipMethod::publish, event));
    CHECK(values_of(lines, "URL") == row.written);
    CHECK(values_of(lines, "CONFERENCE") == row.written);
    Feed feed;
    feed.source_url = row.given;
    CHECK(values_of(read_lines(write_feed(feed)), "SOURCE") == row.written);
  }
}

TEST_CASE("an address names the receiver that it shows, or nobody") {
  struct Row {
    std::string given;
    Strings written;
  };
  const std::vector<Row> rows{
      {"jan.kowalski+narada@gmina.example", {"mailto:jan.kowalski+narada@gmina.example"}},
      {"o'neil@gmina.example", {"mailto:o'neil@gmina.example"}},
      {"a?cc=evil@gmina.example", {"mailto:a%3Fcc=evil@gmina.example"}},
      {"żaba@gmina.example", {"mailto:%C5%BCaba@gmina.example"}},
      {"a@b.example\r\nATTENDEE:mailto:evil@x.example", {}},
      {"a@b.example,evil@x.example", {}},
      {"a@b.example;x", {}},
      {"<a@b.example>", {}},
      {"a b@c.example", {}},
      {std::string("a@b.example\0", 12), {}},
      {"a@b@c.example", {}},
      {"@b.example", {}},
      {"a@", {}},
      {"a", {}},
      {"", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.given);
    Event event = plain_event();
    event.organizer = CalendarUser{"O", row.given};
    event.attendees = {attendee("A", row.given)};
    const auto lines = read_event(write_itip(ItipMethod::request, event));
    CHECK(values_of(lines, "ORGANIZER") == row.written);
    CHECK(values_of(lines, "ATTENDEE") == row.written);
  }
}

TEST_CASE("a place outside the earth and an alarm out of bounds are left out") {
  Event event = plain_event();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& point : std::vector<domain::GeoPoint>{
           {91, 0}, {0, 181}, {-90.1, 0}, {nan, 0}, {0, nan}, {0, 1e300}}) {
    event.geo = point;
    CHECK(values_of(read_event(write_itip(ItipMethod::publish, event)), "GEO").empty());
  }
  event.geo = domain::GeoPoint{-33.8688, 151.2093};
  event.alarm_minutes = {-1, 0, 15, std::numeric_limits<int>::max()};
  const auto lines = read_event(write_itip(ItipMethod::publish, event));
  CHECK(values_of(lines, "GEO") == Strings{"-33.868800;151.209300"});
  CHECK(values_of(lines, "TRIGGER") == Strings{"PT0S", "-PT15M"});
}

TEST_CASE("threads that start together write the same text") {
  initialize();
  const Strings zones{"Europe/Paris", "America/Chicago", "Asia/Seoul", "Europe/Oslo"};
  const auto write = [](const std::string& tzid) {
    Event event = plain_event();
    event.tzid = tzid;
    return write_itip(ItipMethod::publish, event);
  };
  Strings written(8);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < written.size(); ++index) {
    threads.emplace_back([&, index] { written[index] = write(zones[index % zones.size()]); });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t index = 0; index < written.size(); ++index) {
    CHECK(written[index] == write(zones[index % zones.size()]));
    CHECK(written[index].find("TZID:" + zones[index % zones.size()]) != std::string::npos);
  }
}
