#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "calendar/event.h"
#include "calendar/text.h"
#include "calendar/zone.h"
#include "tests/unit/calendar/content_lines.h"

using namespace narada;
using namespace narada::calendar;
using namespace std::string_literals;

namespace {

using Strings = std::vector<std::string>;

struct HostileText {
  const char* name;
  std::string given;
  std::string text;       // what a reader finds in SUMMARY, DESCRIPTION, LOCATION
  std::string line;       // in UID, CATEGORIES, RELATED-TO, NAME
  std::string parameter;  // in CN and LABEL
};

HostileText unchanged(const char* name, const std::string& given) {
  return {name, given, given, given, given};
}

std::string repeat(std::string_view part, std::size_t octets) {
  std::string text;
  while (text.size() < octets) text += part;
  return text;
}

const std::vector<HostileText>& hostile_texts() {
  static const std::vector<HostileText> texts{
      {"CR LF and a property", "a\r\nATTENDEE:mailto:evil@x.example",
       "a\nATTENDEE:mailto:evil@x.example", "a ATTENDEE:mailto:evil@x.example",
       "a ATTENDEE:mailto:evil@x.example"},
      {"the end of the object", "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
       "END:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR", "END:VEVENT END:VCALENDAR BEGIN:VCALENDAR",
       "END:VEVENT END:VCALENDAR BEGIN:VCALENDAR"},
      {"a bare line feed", "a\nX-EVIL:1", "a\nX-EVIL:1", "a X-EVIL:1", "a X-EVIL:1"},
      {"a bare carriage return", "a\rX-EVIL:1", "a\nX-EVIL:1", "a X-EVIL:1", "a X-EVIL:1"},
      {"line feed before carriage return", "a\n\rb", "a\n\nb", "a  b", "a  b"},
      {"a fold of one's own", "a\r\n b", "a\n b", "a  b", "a  b"},
      {"NUL", "a\0b"s, "ab", "ab", "ab"},
      {"bell, escape, delete", "a\a\x1B[31m\x7F\b", "a[31m", "a[31m", "a[31m"},
      {"C1 controls", "a\xC2\x80\xC2\x9F\xC2\xA0z", "a\xC2\xA0z", "a\xC2\xA0z", "a\xC2\xA0z"},
      {"separators of Unicode",
       "a\xE2\x80\xA8"
       "b\xE2\x80\xA9"
       "c\xC2\x85"
       "d",
       "a\nb\nc\nd", "a b c d", "a b c d"},
      {"a tab", "a\tb", "a\tb", "a b", "a b"},
      {"quotes", "Jan \"Żaba\" \"", "Jan \"Żaba\" \"", "Jan \"Żaba\" \"", "Jan „Żaba” „"},
      {"RFC 6868 escapes", "a^n^'^^", "a^n^'^^", "a^n^'^^", "aˆnˆ'ˆˆ"},
      {"broken UTF-8", "a\xFF\xC3(\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD",
       "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD", "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD"},
      unchanged("a right-to-left override",
                "a\xE2\x80\xAE"
                "fdp.exe"),
      unchanged("separators of the format", "a;b,c:d\\e=f"),
      unchanged("what looks escaped", "\\n \\, \\; \\\\ \\"),
      unchanged("a parameter", ";CN=evil;VALUE=URI:mailto:evil@x.example"),
      unchanged("a format string", "%s%n%d%1000000s"),
      unchanged("spaces around", "  a  "),
      unchanged("family of one glyph", "👩‍👩‍👧‍👦🐢é"),
      unchanged("64 KB of letters", repeat("zażółć, gęślą; jaźń ", 64 * 1024)),
      unchanged("64 KB without a space", repeat("ż", 64 * 1024)),
      unchanged("64 KB of what is escaped", repeat("\\;,", 64 * 1024)),
  };
  return texts;
}

// Every text of the event is `text`; addresses begin rightly and end with it.
Event hostile_event(const std::string& text) {
  Event event;
  event.uid = text;
  event.dtstamp = event.last_modified = parse_rfc3339("2026-11-02T07:15:00Z").value();
  event.starts = parse_wall_time("2027-01-21T09:30").value();
  event.ends = parse_wall_time("2027-01-21T13:30").value();
  event.summary = event.description = event.location = text;
  event.url = event.conference_url = "https://narada.example/" + text;
  event.conference_label = event.related_to = text;
  event.categories = {text, "b"};
  event.organizer = CalendarUser{text, "o@gmina.example"};
  Attendee attendee;
  attendee.name = text;
  attendee.email = "a@gmina.example";
  Attendee foreign = attendee;
  foreign.email = "c@gmina.example" + text + "\n";
  event.attendees = {attendee, foreign};
  event.alarm_minutes = {30};
  return event;
}

std::string common_name(const std::vector<ContentLine>& lines, std::string_view property,
                        const std::string& parameter) {
  for (const ContentLine& line : lines) {
    if (line.name != property) continue;
    const std::size_t start = line.parameters.find(";" + parameter + "=");
    if (start == std::string::npos) return "no parameter";
    std::string_view value = std::string_view(line.parameters).substr(start + parameter.size() + 2);
    if (!value.empty() && value.front() == '"') {
      return std::string(value.substr(1, value.find('"', 1) - 1));
    }
    return std::string(value.substr(0, value.find(';')));
  }
  return "no property";
}

Strings unescaped(const Strings& values) {
  Strings texts;
  for (const std::string& value : values) texts.push_back(unescape(value));
  return texts;
}

}  // namespace

TEST_CASE("no text of an event becomes a line, and each comes back") {
  const Strings expected_names{
      "BEGIN",         "CATEGORIES", "CATEGORIES", "UID",         "SEQUENCE", "DTSTAMP",
      "LAST-MODIFIED", "STATUS",     "DTSTART",    "DTEND",       "SUMMARY",  "DESCRIPTION",
      "LOCATION",      "URL",        "CONFERENCE", "RELATED-TO",  "TRANSP",   "ORGANIZER",
      "ATTENDEE",      "BEGIN",      "ACTION",     "DESCRIPTION", "TRIGGER",  "END",
      "END",           "END"};
  for (const HostileText& row : hostile_texts()) {
    CAPTURE(row.name);
    const std::string text = write_itip(ItipMethod::request, hostile_event(row.given));
    REQUIRE(find_line_error(text) == "");
    const auto lines = read_lines(text);
    Strings names;
    bool is_in_event = false;
    for (const ContentLine& line : lines) {
      if (line.name == "BEGIN" && line.value == "VEVENT") is_in_event = true;
      if (is_in_event) names.push_back(line.name);
    }
    CHECK(names == expected_names);
    CHECK(values_of(lines, "BEGIN") ==
          Strings{"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT", "VALARM"});
    CHECK(unescaped(values_of(lines, "SUMMARY")) == Strings{row.text});
    CHECK(unescaped(values_of(lines, "DESCRIPTION")) == Strings{row.text, row.text});
    CHECK(unescaped(values_of(lines, "LOCATION")) == Strings{row.text});
    CHECK(unescaped(values_of(lines, "UID")) == Strings{row.line});
    CHECK(unescaped(values_of(lines, "CATEGORIES")) == Strings{row.line, "b"});
    CHECK(unescaped(values_of(lines, "RELATED-TO")) == Strings{row.line});
    CHECK(common_name(lines, "ORGANIZER", "CN") == row.parameter);
    CHECK(common_name(lines, "ATTENDEE", "CN") == row.parameter);
    CHECK(common_name(lines, "CONFERENCE", "LABEL") == row.parameter);
    CHECK(values_of(lines, "ATTENDEE") == Strings{"mailto:a@gmina.example"});
    CHECK(values_of(lines, "URL").front().find_first_of(" \"<>\t") == std::string::npos);
  }
}

TEST_CASE("no text of a feed becomes a line, and each comes back") {
  for (const HostileText& row : hostile_texts()) {
    CAPTURE(row.name);
    Feed feed;
    feed.name = feed.description = row.given;
    feed.source_url = "https://narada.example/" + row.given;
    const std::string text = write_feed(feed);
    REQUIRE(find_line_error(text) == "");
    const auto lines = read_lines(text);
    Strings names;
    for (const ContentLine& line : lines) names.push_back(line.name);
    CHECK(names == Strings{"BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME",
                           "X-WR-CALNAME", "DESCRIPTION", "SOURCE", "REFRESH-INTERVAL",
                           "X-PUBLISHED-TTL", "END"});
    CHECK(unescaped(values_of(lines, "NAME")) == Strings{row.line});
    CHECK(unescaped(values_of(lines, "X-WR-CALNAME")) == Strings{row.line});
    CHECK(unescaped(values_of(lines, "DESCRIPTION")) == Strings{row.text});
  }
}

TEST_CASE("a text of nothing but what is taken out leaves no property") {
  Event event = hostile_event("");
  event.description = "\x01\x02";
  event.categories = {"\x7F", ""};
  const auto lines = read_lines(write_itip(ItipMethod::request, event));
  for (const char* name : {"CATEGORIES", "LOCATION", "RELATED-TO"}) {
    CAPTURE(name);
    CHECK(values_of(lines, name).empty());
  }
  CHECK(values_of(lines, "DESCRIPTION") == Strings{""});  // the alarm's, which must have one
  CHECK(values_of(lines, "SUMMARY") == Strings{""});
}

TEST_CASE("a line folds at 75 octets and between characters") {
  for (std::size_t length = 60; length < 240; ++length) {
    for (const char* letter : {"a", "ż", "€", "🐢", ","}) {
      const std::string value = repeat(letter, length);
      const std::string text = write_text_line("CATEGORIES", value);
      if (find_line_error(text) != "") FAIL_CHECK(text);
      if (unescape(read_lines(text).front().value) != value) FAIL_CHECK(text);
    }
  }
}
