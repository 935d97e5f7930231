#include "service/usecases/feeds.h"

#include <doctest/doctest.h>

#include "service/usecases/catalogue_cache.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::Language;

namespace {

// The lines of an iCalendar text, unfolded (RFC 5545 3.1).
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find("\r\n", start);
    const std::string line = text.substr(start, end - start);
    if (line.starts_with(' ') && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(line);
    }
    if (end == std::string::npos) break;
    start = end + 2;
  }
  return lines;
}

int count(const std::string& text, const std::string& line) {
  int found = 0;
  for (const auto& one : lines_of(text)) found += one == line;
  return found;
}

bool has(const std::string& text, const std::string& line) { return count(text, line) == 1; }

MeetingForm form_at(const std::string& title, std::string_view day) {
  auto form = Catalogue::meeting_form(title, day);
  form.places = {{"Ratusz", "ul. Nowa 1", "sala 2", "2462011", domain::GeoPoint{50.5, 18.5}}};
  return form;
}

}  // namespace

TEST_CASE("of too many meetings the calendar has those to come, then the latest past ones") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  const auto meeting = catalogue.add_published_meeting(form_at("Wzór", "2027-07-20"));
  // 20 days back to about 64 days ahead, one each hour.
  catalogue.database.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO meeting (slug, title, form, status, starts, ends, tzid, starts_at, ends_at, "
        "summary, description, uid, caveat, created_at, updated_at) "
        "WITH RECURSIVE small (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM small WHERE n < 63), "
        "hours (n) AS (SELECT a.n * 64 + b.n FROM small a JOIN small b) "
        "SELECT CONCAT('s-', n), CONCAT('Spotkanie ', n), form, status, "
        "? + INTERVAL n HOUR, ? + INTERVAL n + 1 HOUR, 'UTC', ? + INTERVAL n HOUR, "
        "? + INTERVAL n + 1 HOUR, '', '', CONCAT('uid-', n), '', created_at, updated_at "
        "FROM hours JOIN meeting WHERE hours.n <= 2050 AND meeting.id = ?",
        {catalogue.clock.now() - std::chrono::hours{480},
         catalogue.clock.now() - std::chrono::hours{480},
         catalogue.clock.now() - std::chrono::hours{480},
         catalogue.clock.now() - std::chrono::hours{480}, meeting.id});
    return true;
  });
  const auto feed =
      calendar_feed(catalogue.environment, {}, Language::pl, "https://narada.example/k.ics");
  CHECK(count(feed.text, "BEGIN:VEVENT") == 2000);
  // 480 are over; 1,571 and the one of July are to come; the latest 428 of the past have room.
  CHECK(has(feed.text, "SUMMARY:Wzór"));
  CHECK(has(feed.text, "SUMMARY:Spotkanie 2050"));
  CHECK(has(feed.text, "SUMMARY:Spotkanie 52"));
  CHECK_FALSE(has(feed.text, "SUMMARY:Spotkanie 51"));
  CHECK(feed.text.find("Kalendarz mieści 2000 spotkań") != std::string::npos);
  MeetingFilter coming;
  coming.from = domain::Date{std::chrono::floor<std::chrono::days>(catalogue.clock.now())};
  const auto whole =
      calendar_feed(catalogue.environment, coming, Language::pl, "https://narada.example/k.ics");
  CHECK(whole.text.find("Kalendarz mieści") == std::string::npos);
}

TEST_CASE("the feed of a meeting says what its page says, without the link for participants") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  auto form = form_at("Spotkanie, pierwsze", "2027-07-20");
  form.online_url = "https://example.org/secret";
  form.summary = "Krótko; zwięźle";
  const auto meeting = catalogue.add_published_meeting(form);
  const auto feed = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  REQUIRE(feed);
  CHECK(has(feed->text, "METHOD:PUBLISH"));
  CHECK(has(feed->text, "UID:" + meeting.uid));
  CHECK(has(feed->text, "SEQUENCE:0"));
  CHECK(has(feed->text, "SUMMARY:Spotkanie\\, pierwsze"));
  CHECK(has(feed->text, "DTSTART;TZID=Europe/Warsaw:20270720T100000"));
  CHECK(has(feed->text, "DTEND;TZID=Europe/Warsaw:20270720T140000"));
  CHECK(has(feed->text, "LOCATION:Ratusz\\, ul. Nowa 1\\, Bytom\\, sala 2"));
  CHECK(count(feed->text, "DESCRIPTION:Krótko\\; zwięźle") == 2);  // of the calendar and the event
  CHECK(has(feed->text, "URL:https://narada.example/spotkania/spotkanie-pierwsze"));
  CHECK(feed->text.find("secret") == std::string::npos);
}

TEST_CASE("an unchanged feed keeps its bytes and its tag, a changed one does not") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  const auto meeting = catalogue.add_published_meeting(form_at("Spotkanie", "2027-07-20"));
  const auto first = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  REQUIRE(first);
  CHECK(first->etag.size() == 34);
  catalogue.clock.advance(std::chrono::hours{5});
  const auto later = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  REQUIRE(later);
  CHECK(later->text == first->text);
  CHECK(later->etag == first->etag);
  auto moved = form_at("Spotkanie", "2027-07-21");
  REQUIRE(change_meeting(catalogue.environment, catalogue.organizer, meeting.id, meeting.version,
                         moved));
  const auto changed = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  REQUIRE(changed);
  CHECK(changed->etag != first->etag);
  CHECK(has(changed->text, "SEQUENCE:1"));
  CHECK(has(changed->text, "UID:" + meeting.uid));
}

TEST_CASE("drafts have no feed, cancelled meetings say so") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  const auto draft = catalogue.add_meeting(form_at("Szkic", "2027-07-20"));
  CHECK(
      failed_with<domain::NotFound>(meeting_feed(catalogue.environment, draft.slug, Language::pl)));
  CHECK(failed_with<domain::NotFound>(meeting_feed(catalogue.environment, "\xFF", Language::pl)));
  REQUIRE(publish_meeting(catalogue.environment, catalogue.organizer, draft.id));
  REQUIRE(cancel_meeting(catalogue.environment, catalogue.organizer, draft.id, "Remont"));
  const auto feed = meeting_feed(catalogue.environment, draft.slug, Language::pl);
  REQUIRE(feed);
  CHECK(has(feed->text, "STATUS:CANCELLED"));
  CHECK(has(feed->text, "SEQUENCE:1"));
  CHECK(has(feed->text, "DESCRIPTION:Odwołane: Remont"));
  CHECK(has(meeting_feed(catalogue.environment, draft.slug, Language::en)->text,
            "DESCRIPTION:Cancelled: Remont"));
}

TEST_CASE("what was called off stays in the calendars of lists and cycles for thirty days") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  const auto meeting = catalogue.add_published_meeting(form_at("Spacer", "2027-12-20"));
  REQUIRE(cancel_meeting(catalogue.environment, catalogue.organizer, meeting.id, "Remont"));
  const auto find = [&](std::chrono::days after) {
    catalogue.clock.advance(after);
    return calendar_feed(catalogue.environment, {}, Language::pl, "https://narada.example/k.ics");
  };
  CHECK(has(find(std::chrono::days{29}).text, "STATUS:CANCELLED"));
  CHECK(count(find(std::chrono::days{2}).text, "BEGIN:VEVENT") == 0);
  // Whoever asks for it by name still learns what became of it.
  const auto own = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  CHECK(has(own->text, "STATUS:CANCELLED"));
}

TEST_CASE("a cycle's feed has its published sessions, each related to the cycle") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  CycleForm form;
  form.title = "Cykl";
  form.meetings = {form_at("Pierwsza", "2027-05-18"), form_at("Druga", "2027-06-15")};
  const auto cycle = create_cycle(catalogue.environment, catalogue.organizer, form);
  REQUIRE(cycle);
  CHECK(
      failed_with<domain::NotFound>(cycle_feed(catalogue.environment, cycle->slug, Language::pl)));
  REQUIRE(publish_cycle(catalogue.environment, catalogue.organizer, cycle->id));
  const auto feed = cycle_feed(catalogue.environment, cycle->slug, Language::pl);
  REQUIRE(feed);
  CHECK(count(feed->text, "BEGIN:VEVENT") == 2);
  CHECK(count(feed->text, "BEGIN:VTIMEZONE") == 1);
  CHECK(has(feed->text, "X-WR-CALNAME:Cykl"));
  CHECK(feed->text.find("RELATED-TO") != std::string::npos);
}

TEST_CASE("the calendar's feed takes the filter and begins 90 days ago") {
  Catalogue catalogue;  // on 4 January 2027
  catalogue.add_municipality("Bytom", "2462011");
  catalogue.add_municipality("Tychy", "2477011");
  catalogue.add_published_meeting(form_at("Dawno", "2026-09-30"));
  catalogue.add_published_meeting(form_at("Niedawno", "2026-10-20"));
  auto other = Catalogue::meeting_form("Gdzie indziej", "2027-02-02");
  other.presenting = {"2477011"};
  catalogue.add_published_meeting(other);
  catalogue.add_meeting(form_at("Szkic", "2027-02-02"));
  const auto summaries = [&](const MeetingFilter& filter) {
    std::vector<std::string> found;
    const auto feed = calendar_feed(catalogue.environment, filter, Language::pl,
                                    "https://narada.example/kalendarz.ics");
    for (const auto& line : lines_of(feed.text)) {
      if (line.starts_with("SUMMARY:")) found.push_back(line.substr(8));
    }
    return found;
  };
  CHECK(summaries({}) == std::vector<std::string>{"Niedawno", "Gdzie indziej"});
  MeetingFilter filter;
  filter.institution = "tychy";
  CHECK(summaries(filter) == std::vector<std::string>{"Gdzie indziej"});
  filter.institution = "nikt";
  CHECK(summaries(filter).empty());
}

TEST_CASE("a cached feed is that of the database") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  CatalogueCache cache;
  auto environment = catalogue.environment;
  environment.catalogue = &cache;
  const auto meeting = catalogue.add_published_meeting(form_at("Spotkanie", "2027-07-20"));
  const auto fresh = meeting_feed(catalogue.environment, meeting.slug, Language::pl);
  const auto cached = [&] { return meeting_feed(environment, meeting.slug, Language::pl)->text; };
  CHECK(cached() == fresh->text);
  REQUIRE(cancel_meeting(catalogue.environment, catalogue.organizer, meeting.id, ""));
  CHECK(cached() == fresh->text);
  cache.note_write();
  CHECK(has(cached(), "STATUS:CANCELLED"));
}
