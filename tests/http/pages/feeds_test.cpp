#include <doctest/doctest.h>

#include "tests/http/pages/catalogue.h"
#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

// Folded lines made whole (RFC 5545 3.1).
std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ", at))
    text.erase(at, 3);
  return text;
}

}  // namespace

TEST_CASE("meeting, cycle and filter each have a calendar to subscribe to") {
  PageSite site;
  const auto catalogue = fill_catalogue(site.world(), "Zielone dachy");
  publish_many(site.world(), 2);
  auto browser = site.browser();
  struct Row {
    std::string path;
    int events;
  };
  const Row rows[] = {
      {catalogue.meeting + ".ics", 1},
      {catalogue.cycle + ".ics", 1},
      {"/kalendarz.ics", 3},
      {"/en/kalendarz.ics", 3},
      {"/kalendarz.ics?q=Spotkanie", 2},
      {"/kalendarz.ics?temat=mobilnosc", 3},
      {"/kalendarz.ics?temat=nie-ma", 0},
      {"/kalendarz.ics?forma=webinar", 0},
      {"/kalendarz.ics?gmina=2466011", 2},
      {"/kalendarz.ics?forma=workshop", 3},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    const auto feed = browser.get(row.path);
    CHECK(feed.status == 200);
    CHECK(feed.header("Content-Type") == "text/calendar; charset=utf-8");
    CHECK(feed.html.starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(feed.html.ends_with("END:VCALENDAR\r\n"));
    CHECK(count_of(feed.html, "BEGIN:VEVENT") == row.events);
    CHECK(count_of(feed.html, "\r\nMETHOD:PUBLISH\r\n") == 1);
    CHECK(count_of(feed.html, "ATTENDEE") == 0);
  }
}

TEST_CASE("a calendar that has not changed is not sent again") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto first = browser.get("/kalendarz.ics");
  const auto tag = first.header("ETag");
  REQUIRE_FALSE(tag.empty());
  const auto again =
      browser.get("/kalendarz.ics", {{"If-None-Match", tag}, {"Connection", "close"}});
  CHECK(again.status == 304);
  CHECK(again.html.empty());

  auto moved = site.world().meeting_form();
  moved.starts += std::chrono::hours(1);
  moved.ends += std::chrono::hours(1);
  site.world().clock().advance(std::chrono::hours(1));
  REQUIRE(site.world().change(meeting.id, moved));
  auto other = site.browser();
  const auto changed =
      other.get("/kalendarz.ics", {{"If-None-Match", tag}, {"Connection", "close"}});
  CHECK(changed.status == 200);
  CHECK(changed.has("SEQUENCE:1"));
}

TEST_CASE("a cancelled meeting stays in the calendar as cancelled") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  REQUIRE(usecases::cancel_meeting(world.environment(), world.organizer(), meeting.id, "Awaria"));
  auto browser = site.browser();
  CHECK(browser.get("/kalendarz.ics").has("STATUS:CANCELLED"));
  CHECK(browser.get("/spotkania/" + meeting.slug + ".ics").has("STATUS:CANCELLED"));
}

TEST_CASE("text becomes neither a line of a calendar nor an element of a feed") {
  PageSite site;
  const std::string text = "Dachy; zielone, <b>i</b> & \"inne\" ]]> \\n";
  const auto catalogue = fill_catalogue(site.world(), text);
  auto browser = site.browser();
  const auto calendar = unfolded(browser.get(catalogue.meeting + ".ics").html);
  CHECK(calendar.find("\r\nSUMMARY:Dachy\\; zielone\\, <b>i</b> & \"inne\" ]]> \\\\n\r\n") !=
        std::string::npos);
  const auto feed = browser.get("/kanal.atom");
  CHECK(feed.header("Content-Type") == "application/atom+xml; charset=utf-8");
  CHECK(count_of(feed.html, "<entry>") == 1);
  CHECK_FALSE(feed.has("<b>"));
  CHECK_FALSE(feed.has("]]>"));
  CHECK(feed.has("<title>Dachy; zielone, &lt;b&gt;i&lt;/b&gt; &amp; "));
}

TEST_CASE("the news of the filter are those of its list") {
  PageSite site;
  publish_many(site.world(), 2);
  auto browser = site.browser();
  CHECK(count_of(browser.get("/kanal.atom").html, "<entry>") == 2);
  CHECK(count_of(browser.get("/kanal.atom?forma=webinar").html, "<entry>") == 0);
  CHECK(browser.get("/en/kanal.atom").has("xml:lang=\"en\""));
  site.world().clock().advance(std::chrono::days(60));
  CHECK(count_of(site.browser().get("/kanal.atom").html, "<entry>") == 0);
}
