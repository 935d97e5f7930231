#include "service/usecases/meetings/meetings.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/registrations/registrations.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::MeetingStatus;

namespace {

std::vector<std::string> titles(const PageOf<domain::MeetingSummary>& page) {
  std::vector<std::string> titles;
  for (const auto& meeting : page.items) titles.push_back(meeting.title);
  return titles;
}

std::string slug_of(const domain::Outcome<domain::Meeting>& meeting) {
  return meeting ? meeting->slug : "";
}

}  // namespace

TEST_CASE("a meeting is found again with everything that was typed") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  catalogue.add_municipality("Tychy", "2477011");
  REQUIRE(create_topic(catalogue.environment, catalogue.organizer, "Mobilność", "Mobility"));
  REQUIRE(create_expert(catalogue.environment, catalogue.organizer, {"Fundacja", {}, "", ""}));
  MeetingForm form = Catalogue::meeting_form("Uchwała krajobrazowa — Łódź?", "2027-07-20");
  form.form = domain::MeetingForm::workshop;
  form.topic = "mobilnosc";
  form.places = {{"Ratusz", "ul. Nowa 1", "sala 2", "2462011", domain::GeoPoint{50.1, 18.9}},
                 {"Rynek", "", "", "", std::nullopt}};
  form.online_url = "https://example.org/call";
  form.online = {true, std::nullopt};
  form.waitlist = false;
  form.approval = true;
  form.window = {calendar::parse_rfc3339("2027-06-01T00:00:00Z"),
                 calendar::parse_rfc3339("2027-07-18T00:00:00Z")};
  form.summary = "Krótko";
  form.description = "Długo\nw dwóch wierszach";
  form.audience = "urzędnicy";
  form.accessibility = "pętla indukcyjna";
  form.contact = "pokój 3";
  form.organizer = "GZM";
  form.source_url = "https://example.org/source";
  form.caveat = "rok wnioskowany";
  form.experts = {"fundacja"};
  form.presenting = {"2477011", "2462011"};
  form.program = {{600, 630, "Powitanie", "", {}, {"2462011"}},
                  {630, 720, "Wykład", "opis", {"fundacja"}, {}}};

  const auto created = create_meeting(catalogue.environment, catalogue.organizer, form);

  REQUIRE(created);
  CHECK(created->slug == "uchwala-krajobrazowa-lodz");
  CHECK(created->status == MeetingStatus::draft);
  CHECK(created->sequence == 0);
  CHECK(created->version == 1);
  CHECK(created->uid.ends_with("@narada.example"));
  CHECK(created->place_names == std::vector<std::string>{"Ratusz, Bytom", "Rynek"});
  CHECK(calendar::format_rfc3339(created->times.starts_at, "Europe/Warsaw") ==
        "2027-07-20T10:00:00+02:00");
  const auto again =
      load_meeting_form(catalogue.environment, catalogue.organizer.actor, created->id);
  REQUIRE(again);
  CHECK(*again == form);
}

TEST_CASE("each rule that a meeting breaks is named with its field") {
  Catalogue catalogue;
  const std::string long_title(301, 'x');
  struct Row {
    const char* name;
    void (*break_it)(MeetingForm&);
    std::vector<std::string> errors;
  };
  const std::vector<Row> rows = {
      {"nothing", [](MeetingForm&) {}, {}},
      {"no title", [](MeetingForm& f) { f.title = "  "; }, {"title: required"}},
      {"long title", [](MeetingForm& f) { f.title.assign(301, 'x'); }, {"title: too_long"}},
      {"300 Polish letters are not too long",
       [](MeetingForm& f) {
         f.title.clear();
         for (int i = 0; i < 300; ++i) f.title += "ż";
       },
       {}},
      {"not UTF-8", [](MeetingForm& f) { f.title = "a\xC3("; }, {"title: not_utf8"}},
      {"a surrogate", [](MeetingForm& f) { f.title = "\xED\xA0\x80"; }, {"title: not_utf8"}},
      {"control character",
       [](MeetingForm& f) { f.title = "a\x01z"; },
       {"title: control_characters"}},
      {"line break in a title",
       [](MeetingForm& f) { f.title = "a\nb"; },
       {"title: control_characters"}},
      {"turned direction of writing",
       [](MeetingForm& f) { f.summary = "a\u202E"; },
       {"summary: control_characters"}},
      {"no start", [](MeetingForm& f) { f.starts = {}; }, {"starts_at: required"}},
      {"end before start",
       [](MeetingForm& f) { f.ends = f.starts - std::chrono::hours{1}; },
       {"ends_at: ends_before_start"}},
      {"end at start", [](MeetingForm& f) { f.ends = f.starts; }, {"ends_at: ends_before_start"}},
      {"32 days",
       [](MeetingForm& f) { f.ends = f.starts + std::chrono::days{32}; },
       {"ends_at: out_of_range"}},
      {"year 1800",
       [](MeetingForm& f) { f.starts = wall("1800-01-01T10:00"); },
       {"starts_at: out_of_range"}},
      {"unknown zone", [](MeetingForm& f) { f.tzid = "Europe/Bytom"; }, {"tzid: unknown_zone"}},
      {"skipped hour",
       [](MeetingForm& f) {
         f.starts = wall("2027-03-28T02:30");
         f.ends = wall("2027-03-28T05:00");
       },
       {"starts_at: nonexistent_time"}},
      {"unknown topic", [](MeetingForm& f) { f.topic = "nic"; }, {"topic: unknown_topic"}},
      {"unknown cycle", [](MeetingForm& f) { f.cycle = "99"; }, {"cycle: unknown_cycle"}},
      {"unknown TERYT",
       [](MeetingForm& f) { f.presenting = {"9999999"}; },
       {"presenting[0]: unknown_institution"}},
      {"a key that is no text",
       [](MeetingForm& f) { f.experts = {"\xFF\xFE"}; },
       {"experts[0]: unknown_expert"}},
      {"place without a name, host unknown",
       [](MeetingForm& f) {
         f.places = {{"Ratusz", "", "", "", {}}, {"", "", "", "0000000", {}}};
       },
       {"places[1].name: required", "places[1].institution: unknown_institution"}},
      {"latitude",
       [](MeetingForm& f) {
         f.places = {{"x", "", "", "", domain::GeoPoint{91, 0}}};
       },
       {"places[0].latitude: out_of_range"}},
      {"too many places", [](MeetingForm& f) { f.places.resize(21); }, {"places: too_many"}},
      {"javascript link",
       [](MeetingForm& f) { f.online_url = "javascript:alert(1)"; },
       {"online_url: invalid_url"}},
      {"link with a user",
       [](MeetingForm& f) { f.source_url = "https://a@b.example/"; },
       {"source_url: invalid_url"}},
      {"capacity 0",
       [](MeetingForm& f) { f.onsite.capacity = 0; },
       {"capacity.onsite: out_of_range"}},
      {"window closes before it opens",
       [](MeetingForm& f) {
         f.window = {calendar::parse_rfc3339("2027-01-09T00:00:00Z"),
                     calendar::parse_rfc3339("2027-01-08T00:00:00Z")};
       },
       {"registration.closes_at: ends_before_start"}},
      {"window in years that nobody means",
       [](MeetingForm& f) {
         f.window = {calendar::parse_rfc3339("0007-01-09T00:00:00Z"),
                     calendar::parse_rfc3339("2201-01-01T00:00:00Z")};
       },
       {"registration.opens_at: out_of_range", "registration.closes_at: out_of_range"}},
      {"approval without a mode",
       [](MeetingForm& f) {
         f.onsite = {};
         f.approval = true;
       },
       {"capacity: no_mode"}},
      {"no mode at all is an announcement", [](MeetingForm& f) { f.onsite = {}; }, {}},
      {"program item ends before it starts",
       [](MeetingForm& f) {
         f.program = {{700, 600, "x", "", {}, {}}};
       },
       {"program[0].ends_minute: ends_before_start"}},
      {"all at once",
       [](MeetingForm& f) {
         f.title.clear();
         f.tzid = "nowhere";
         f.topic = "nic";
       },
       {"title: required", "tzid: unknown_zone", "topic: unknown_topic"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    MeetingForm form = Catalogue::meeting_form("Spotkanie", "2027-03-20");
    row.break_it(form);
    CHECK(errors_of(create_meeting(catalogue.environment, catalogue.organizer, form)) ==
          row.errors);
  }
}

TEST_CASE("only organizers write, and nothing is stored for others") {
  Catalogue catalogue;
  Call call;
  call.actor = Actor{Actor::Kind::person, 7, {{Role::official, {}}}};
  const auto form = Catalogue::meeting_form("Spotkanie", "2027-03-20");
  CHECK(failed_with<domain::Forbidden>(create_meeting(catalogue.environment, call, form)));
  CHECK(list_meetings(catalogue.environment, catalogue.organizer.actor, {}, {}).items.empty());
}

TEST_CASE("equal titles get numbered addresses, and a title of digits gets a word") {
  Catalogue catalogue;
  const auto add = [&](const std::string& title) {
    return catalogue.add_meeting(Catalogue::meeting_form(title, "2027-03-20")).slug;
  };
  CHECK(add("Zażółć gęślą jaźń") == "zazolc-gesla-jazn");
  CHECK(add("ZAŻÓŁĆ gęślą — jaźń!") == "zazolc-gesla-jazn-2");
  CHECK(add("Zażółć gęślą jaźń") == "zazolc-gesla-jazn-3");
  CHECK(add("2027") == "spotkanie-2027");
  CHECK(add("会议") == "spotkanie");
}

TEST_CASE("the same Idempotency-Key creates one meeting") {
  Catalogue catalogue;
  const auto form = Catalogue::meeting_form("Spotkanie", "2027-03-20");
  catalogue.organizer.idempotency_key = "key-1";
  catalogue.organizer.request_digest = "digest";
  const auto first = create_meeting(catalogue.environment, catalogue.organizer, form);
  const auto second = create_meeting(catalogue.environment, catalogue.organizer, form);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->id == second->id);
  CHECK(list_meetings(catalogue.environment, catalogue.organizer.actor, {}, {}).items.size() == 1);
  catalogue.organizer.request_digest = "another";
  CHECK(failed_with<domain::OperationReused>(
      create_meeting(catalogue.environment, catalogue.organizer, form)));
}

TEST_CASE("a draft is found by organizers only") {
  Catalogue catalogue;
  const auto meeting = catalogue.add_meeting(Catalogue::meeting_form("Szkic", "2027-03-20"));
  CHECK(failed_with<domain::NotFound>(
      find_meeting(catalogue.environment, catalogue.visitor, meeting.slug)));
  CHECK(slug_of(find_meeting(catalogue.environment, catalogue.organizer.actor, "szkic")) ==
        "szkic");
  CHECK(list_meetings(catalogue.environment, catalogue.visitor, {}, {}).items.empty());
  MeetingFilter drafts;
  drafts.status = MeetingStatus::draft;
  CHECK(list_meetings(catalogue.environment, catalogue.visitor, drafts, {}).items.empty());
  REQUIRE(publish_meeting(catalogue.environment, catalogue.organizer, meeting.id));
  CHECK(slug_of(find_meeting(catalogue.environment, catalogue.visitor, "szkic")) == "szkic");
  CHECK(slug_of(find_meeting(catalogue.environment, catalogue.visitor,
                             std::to_string(meeting.id.value))) == "szkic");
}

TEST_CASE("a visitor does not see the link of the online meeting") {
  Catalogue catalogue;
  auto form = Catalogue::meeting_form("Webinar", "2027-03-20");
  form.online_url = "https://example.org/secret";
  const auto meeting = catalogue.add_published_meeting(form);
  const auto seen = find_meeting(catalogue.environment, catalogue.visitor, meeting.slug);
  REQUIRE(seen);
  CHECK(seen->online_url.empty());
  CHECK(seen->has_online);
  const auto by_organizer =
      find_meeting(catalogue.environment, catalogue.organizer.actor, meeting.slug);
  REQUIRE(by_organizer);
  CHECK(by_organizer->online_url == "https://example.org/secret");
}

TEST_CASE("strange keys are nobody's meeting") {
  Catalogue catalogue;
  for (const std::string& key :
       {std::string(""), std::string("\xFF\xFE"), std::string("99999999999999999999999"),
        std::string(5000, 'a'), std::string("a\0b", 3), std::string("%"),
        std::string("' OR 1=1")}) {
    CAPTURE(key);
    CHECK(
        failed_with<domain::NotFound>(find_meeting(catalogue.environment, catalogue.visitor, key)));
  }
}

TEST_CASE("filters leave what they say") {
  Catalogue catalogue;
  catalogue.add_municipality("Bytom", "2462011");
  catalogue.add_municipality("Tychy", "2477011");
  REQUIRE(create_topic(catalogue.environment, catalogue.organizer, "Zieleń", "Greenery"));
  auto january = Catalogue::meeting_form("Styczeń 100%", "2027-01-19");
  january.places = {{"Ratusz", "", "", "2462011", {}}};
  january.topic = "zielen";
  auto march = Catalogue::meeting_form("Marzec", "2027-03-16");
  march.presenting = {"2477011"};
  march.form = domain::MeetingForm::webinar;
  march.onsite = {};
  march.online = {true, 5};
  auto forum = Catalogue::meeting_form("Forum trwa dwa dni", "2027-02-27");
  forum.ends = wall("2027-03-01T12:00");
  catalogue.add_published_meeting(march);
  catalogue.add_published_meeting(january);
  catalogue.add_published_meeting(forum);

  const auto listed = [&](auto set) {
    MeetingFilter filter;
    set(filter);
    return titles(list_meetings(catalogue.environment, catalogue.visitor, filter, {}));
  };
  using Titles = std::vector<std::string>;
  using std::chrono::year;
  const auto day = [](int month, int number) {
    return domain::Date{year{2027}, std::chrono::month{static_cast<unsigned>(month)},
                        std::chrono::day{static_cast<unsigned>(number)}};
  };
  CHECK(listed([](auto&) {}) == Titles{"Styczeń 100%", "Forum trwa dwa dni", "Marzec"});
  CHECK(listed([](auto& f) { f.newest_first = true; }) ==
        Titles{"Marzec", "Forum trwa dwa dni", "Styczeń 100%"});
  CHECK(listed([&](auto& f) { f.from = day(3, 1); }) == Titles{"Forum trwa dwa dni", "Marzec"});
  CHECK(listed([&](auto& f) { f.from = day(3, 2); }) == Titles{"Marzec"});
  CHECK(listed([&](auto& f) { f.to = day(1, 19); }) == Titles{"Styczeń 100%"});
  CHECK(listed([&](auto& f) { f.to = day(1, 18); }) == Titles{});
  CHECK(listed([](auto& f) { f.topic = "zielen"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.topic = "nieznany"; }) == Titles{});
  CHECK(listed([](auto& f) { f.form = domain::MeetingForm::webinar; }) == Titles{"Marzec"});
  CHECK(listed([](auto& f) { f.mode = domain::AttendanceMode::online; }) == Titles{"Marzec"});
  CHECK(listed([](auto& f) { f.mode = domain::AttendanceMode::onsite; }) ==
        Titles{"Styczeń 100%", "Forum trwa dwa dni"});
  CHECK(listed([](auto& f) { f.institution = "2462011"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.institution = "tychy"; }) == Titles{"Marzec"});
  CHECK(listed([](auto& f) { f.voivodeship = "śląskie"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.q = "100%"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.q = "%"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.q = "STYCZEŃ"; }) == Titles{"Styczeń 100%"});
  CHECK(listed([](auto& f) { f.q = "\xFF"; }) == Titles{});
  CHECK(listed([](auto& f) { f.status = MeetingStatus::cancelled; }) == Titles{});
}

TEST_CASE("pages by cursor show each meeting once, also those that start together") {
  Catalogue catalogue;
  for (int number = 1; number <= 7; ++number) {
    catalogue.add_published_meeting(Catalogue::meeting_form(
        "Spotkanie " + std::to_string(number), number < 5 ? "2027-03-20" : "2027-03-21"));
  }
  for (const bool newest_first : {false, true}) {
    MeetingFilter filter;
    filter.newest_first = newest_first;
    std::map<std::string, int> seen;
    PageRequest request{.limit = 2, .cursor = {}};
    int pages = 0;
    do {
      const auto page = list_meetings(catalogue.environment, catalogue.visitor, filter, request);
      for (const auto& title : titles(page)) ++seen[title];
      request.cursor = page.next;
      if (page.next) CHECK(is_cursor(*page.next));
      ++pages;
    } while (request.cursor && pages < 10);
    CHECK(pages == 4);
    CHECK(seen.size() == 7);
    for (const auto& [title, times] : seen) CHECK(times == 1);
  }
}

TEST_CASE("a changed cursor is none and shows the first page") {
  Catalogue catalogue;
  for (const char* title : {"A", "B", "C"}) {
    catalogue.add_published_meeting(Catalogue::meeting_form(title, "2027-03-20"));
  }
  const auto first =
      list_meetings(catalogue.environment, catalogue.visitor, {}, {.limit = 1, .cursor = {}});
  REQUIRE(first.next);
  std::string changed = *first.next;
  changed[3] = changed[3] == 'A' ? 'B' : 'A';
  for (const std::string& cursor : {changed, std::string("x"), std::string(), first.next->substr(1),
                                    std::string(3000, 'A'), std::string("\xFF")}) {
    CAPTURE(cursor);
    CHECK_FALSE(is_cursor(cursor));
    const auto page =
        list_meetings(catalogue.environment, catalogue.visitor, {}, {.limit = 1, .cursor = cursor});
    CHECK(titles(page) == std::vector<std::string>{"A"});
  }
}

TEST_CASE("a page of 30 meetings issues as many statements as a page of one") {
  Catalogue catalogue;
  const auto pool = std::make_unique<storage::Pool>(catalogue.database.address(),
                                                    storage::PoolOptions{.size = 1});
  catalogue.environment.pool = pool.get();
  catalogue.add_municipality("Bytom", "2462011");
  const auto statements = [&](auto work) {
    const auto count = [&] { return pool->lease()->statements(); };
    const auto before = count();
    work();
    return count() - before;
  };
  const auto list = [&] {
    return list_meetings(catalogue.environment, catalogue.visitor, {}, {.limit = 50, .cursor = {}})
        .items.size();
  };
  const auto add = [&](int number) {
    auto form = Catalogue::meeting_form("Spotkanie " + std::to_string(number), "2027-03-20");
    form.places = {{"Ratusz", "", "", "2462011", {}}};
    catalogue.add_published_meeting(form);
  };
  add(1);
  list();  // so that connecting is not counted
  const auto for_one = statements([&] { CHECK(list() == 1); });
  for (int number = 2; number <= 30; ++number) add(number);
  CHECK(statements([&] { CHECK(list() == 30); }) == for_one);
  CHECK(for_one == 1);
  CHECK(statements([&] {
          CHECK(find_meeting(catalogue.environment, catalogue.visitor, "spotkanie-1"));
        }) <= 6);
}

TEST_CASE("a visitor reads what this process wrote at once and what another wrote a second later") {
  Catalogue catalogue;
  CatalogueCache cache;
  auto environment = catalogue.environment;
  environment.catalogue = &cache;
  const auto meeting =
      catalogue.add_published_meeting(Catalogue::meeting_form("Przed", "2027-03-20"));
  const auto title = [&] {
    return find_meeting(environment, catalogue.visitor, meeting.slug)->title;
  };
  const auto listed = [&] {
    return titles(list_meetings(environment, catalogue.visitor, {}, {})).front();
  };
  CHECK(title() == "Przed");
  CHECK(listed() == "Przed");
  auto form = Catalogue::meeting_form("Po", "2027-03-20");
  REQUIRE(change_meeting(environment, catalogue.organizer, meeting.id, meeting.version, form));
  CHECK(title() == "Po");
  CHECK(listed() == "Po");
  // catalogue.environment has no cache: as another process, it does not tell this one.
  form.title = "Gdzie indziej";
  REQUIRE(change_meeting(catalogue.environment, catalogue.organizer, meeting.id,
                         meeting.version + 1, form));
  CHECK(title() == "Po");
  catalogue.clock.advance(std::chrono::seconds{1});
  CHECK(title() == "Gdzie indziej");
  CHECK(listed() == "Gdzie indziej");
}
