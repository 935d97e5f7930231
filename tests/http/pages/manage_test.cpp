#include <doctest/doctest.h>

#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;

namespace {

// "/z/…" of a person who has just registered, without its query.
std::string own_path(Browser& browser, const domain::Meeting& meeting, int number = 1) {
  const auto sent = browser.fill("/spotkania/" + meeting.slug + "/zapisy", person_fields(number));
  REQUIRE(sent.status == 303);
  const auto location = sent.header("Location");
  return location.substr(0, location.find('?'));
}

}  // namespace

TEST_CASE("the holder of the link changes what was typed") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  const auto sent = browser.fill(
      path,
      {{"full_name", "Żaneta Ćwikła"}, {"needs", "tłumacz PJM\r\nwejście"}, {"question", ""}});
  CHECK(sent.status == 303);
  CHECK(sent.header("Location") == path + "?zmienione=1");
  const auto stored = site.world().load({1});
  CHECK(stored.person.full_name == "Żaneta Ćwikła");
  CHECK(stored.needs.find("wejście") != std::string::npos);
  CHECK(stored.question.empty());
  const auto page = browser.get(sent.header("Location"));
  CHECK(page.has("role=\"status\""));
  CHECK(page.form("full_name")["needs"] == stored.needs);
}

TEST_CASE("whoever respells the name through the link is told that the account keeps it") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  const auto name = site.world().load({1}).person.full_name;
  auto form = browser.get(path).form("full_name");
  form["full_name"] = "OSOBA 1";
  form["needs"] = "tłumacz PJM";
  const auto sent = browser.post(path, form);
  CHECK(sent.header("Location") == path + "?pisownia=1");
  const auto page = browser.get(sent.header("Location"));
  CHECK(page.has("Imię i nazwisko zostają w dotychczasowej pisowni"));
  CHECK(page.form("full_name")["full_name"] == name);
  CHECK(site.world().load({1}).needs == "tłumacz PJM");
}

TEST_CASE("the clause that was accepted is one step away, at its own address") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto page = browser.get(own_path(browser, meeting));
  const auto version = std::to_string(site.world().load({1}).clause_version);
  CHECK(page.has("href=\"/prywatnosc/" + version + "\""));
}

TEST_CASE("of two windows the second sees that the first has changed something") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  auto first = browser.get(path).form("full_name");
  auto second = browser.get(path).form("full_name");
  first["needs"] = "tłumacz PJM";
  second["position"] = "inspektorka";
  CHECK(browser.post(path, first).status == 303);
  const auto page = browser.post(path, second);
  CHECK(page.status == 422);
  CHECK(page.has("W międzyczasie to zgłoszenie się zmieniło"));
  CHECK(page.form("full_name")["position"] == "inspektorka");
  CHECK(site.world().load({1}).needs == "tłumacz PJM");
  CHECK(site.world().load({1}).person.position.empty() == first["position"].empty());
  // Sent again, knowing it.
  CHECK(browser.post(path, page.form("full_name")).status == 303);
}

TEST_CASE("a change that breaks a rule comes back with what was typed") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  const std::string needs = "dużo " + std::string(2000, 'x');
  const auto page = browser.fill(path, {{"full_name", ""}, {"needs", needs}});
  CHECK(page.status == 422);
  CHECK(page.title().starts_with("Błąd: "));
  CHECK(page.errors().size() == 2);
  CHECK(page.form("full_name")["full_name"].empty());
  CHECK(page.form("full_name")["needs"] == needs);
  CHECK(site.world().load({1}).person.full_name == "Osoba 1");
}

TEST_CASE("cancelling takes a button, frees the place and promotes the next") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish(1);
  auto browser = site.browser();
  const auto path = own_path(browser, meeting, 1);
  const auto waiting = own_path(browser, meeting, 2);
  REQUIRE(world.load({2}).status == RegistrationStatus::waitlisted);

  auto fields = browser.get(path).form("do", "cancel");
  CHECK(fields["do"] == "cancel");
  const auto sent = browser.post(path, fields);
  CHECK(sent.status == 303);
  CHECK(sent.header("Location") == path + "?odwolane=1");
  CHECK(world.load({1}).status == RegistrationStatus::cancelled);
  CHECK(world.load({2}).status == RegistrationStatus::confirmed);

  const auto page = browser.get(sent.header("Location"));
  CHECK(page.form("do", "cancel").empty());
  CHECK(page.form("full_name").empty());
  CHECK(browser.get(waiting).has("Masz potwierdzone miejsce"));

  // Once more, from a tab left open: still cancelled, and nobody hears of it again.
  const auto mails = world.mails().size();
  CHECK(browser.post(path, fields).status == 303);
  CHECK(world.mails().size() == mails);
  CHECK(world.find_violations().empty());
}

TEST_CASE("once the meeting has begun nothing can be changed, and a late form learns why") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  const auto fields = browser.get(path).form("do", "cancel");
  world.clock().set(meeting.times.starts_at + std::chrono::minutes(1));
  CHECK(browser.get(path).form("do", "cancel").empty());
  const auto late = browser.post(path, fields);
  CHECK(late.status == 422);
  CHECK(late.errors().size() == 1);
  CHECK(world.load({1}).status == RegistrationStatus::confirmed);
}

TEST_CASE("a token that opens nothing looks like a page that is not there") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  auto other = path;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  for (const auto& unknown : {other, std::string("/z/x"), "/z/" + std::string(300, 'a')}) {
    CAPTURE(unknown);
    CHECK(browser.get(unknown).status == 404);
    CHECK(browser.post(unknown, browser.get(path).form("do", "cancel")).status == 404);
  }
  CHECK(site.world().load({1}).status == RegistrationStatus::confirmed);
}

TEST_CASE("the page says what a cancelled meeting means for its guest") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  REQUIRE(usecases::cancel_meeting(world.environment(), world.organizer(), meeting.id,
                                   "Prowadzący zachorował"));
  const auto page = browser.get(path);
  CHECK(page.has("Prowadzący zachorował"));
  CHECK(page.has("Spotkanie jest odwołane, więc"));
  CHECK_FALSE(page.has("Masz potwierdzone miejsce"));
  CHECK(page.form("do", "cancel").empty());
  for (const auto* query : {"?nowe=1", "?zmienione=1", "?cykl=1", "?odwolane=1"}) {
    CAPTURE(query);
    CHECK_FALSE(browser.get(path + query).has("role=\"status\""));
  }
  CHECK(browser.get("/spotkania/" + meeting.slug).has("Prowadzący zachorował"));
}

TEST_CASE("the address of an online meeting is for those with a place") {
  PageSite site;
  auto& world = site.world();
  auto form = world.meeting_form(1);
  form.places.clear();
  form.onsite = {};
  form.online = {true, 1};
  form.online_url = "https://wideo.example/pokoj?k=1&m=2";
  const auto meeting = world.publish(form);
  auto browser = site.browser();
  const auto fill = [&](int number) {
    auto fields = person_fields(number);
    fields["mode"] = "online";
    const auto location =
        browser.fill("/spotkania/" + meeting.slug + "/zapisy", fields).header("Location");
    return browser.get(location);
  };
  const std::string shown = "https://wideo.example/pokoj?k=1&amp;m=2";
  CHECK(fill(1).has(shown));
  const auto waiting = fill(2);
  CHECK(waiting.has("miejsce w kolejce: 1"));
  CHECK_FALSE(waiting.has("wideo.example"));
  CHECK_FALSE(browser.get("/spotkania/" + meeting.slug).has("wideo.example"));
}

TEST_CASE("what has just been done is said only while it is true") {
  struct Row {
    const char* name;
    const char* query;
    bool approval;
    int others;  // who hold places; there is one
    bool cancel;
    const char* heading;  // empty: nothing is said
  };
  const Row rows[] = {
      {"a place", "?nowe=1", false, 0, false, "Zgłoszenie przyjęte"},
      {"in line", "?nowe=1", false, 1, false, "Zgłoszenie wpisane na listę rezerwową"},
      {"awaiting approval", "?nowe=1", true, 0, false, "Zgłoszenie przekazane organizatorowi"},
      {"cancelled since", "?nowe=1", false, 0, true, ""},
      {"changed", "?zmienione=1", false, 0, false, "Zmiany zapisane"},
      {"changed, then cancelled", "?zmienione=1", false, 0, true, ""},
      {"cancelled", "?odwolane=1", false, 0, true, "Zgłoszenie odwołane"},
      {"not cancelled", "?odwolane=1", false, 0, false, ""},
      {"of no cycle", "?cykl=1", false, 0, false, ""},
      {"a plain look", "", false, 0, false, ""},
  };
  PageSite site;
  auto& world = site.world();
  for (const auto& row : rows) {
    CAPTURE(row.name);
    auto form = world.meeting_form(1);
    form.approval = row.approval;
    const auto meeting = world.publish(form);
    for (int i = 0; i < row.others; ++i) world.enter(meeting.id, 100 + i);
    auto browser = site.browser();
    const auto path = own_path(browser, meeting);
    if (row.cancel) browser.post(path, browser.get(path).form("do", "cancel"));
    const auto page = browser.get(path + row.query);
    CHECK(page.has("role=\"status\"") == !std::string(row.heading).empty());
    CHECK(page.has(row.heading));
  }
}

TEST_CASE("a place is not lost to a full mode without a word") {
  PageSite site;
  auto& world = site.world();
  auto form = world.meeting_form(2);
  form.online = {true, 1};
  const auto meeting = world.publish(form);
  auto browser = site.browser();
  auto person = person_fields(1);
  person["mode"] = "online";
  REQUIRE(browser.fill("/spotkania/" + meeting.slug + "/zapisy", person).status == 303);
  const auto path = own_path(browser, meeting, 2);
  const auto page = browser.get(path);
  CHECK(page.has("brak miejsc: trafisz na listę rezerwową"));
  CHECK(page.has("id=\"accepts_waiting\""));

  const auto asked = browser.fill(path, {{"mode", "online"}, {"needs", "wózek"}});
  CHECK(asked.status == 422);
  CHECK(asked.has("id=\"mode-e\""));
  CHECK(asked.form("full_name")["mode"] == "online");
  CHECK(asked.form("full_name")["needs"] == "wózek");
  CHECK(world.load({2}).status == RegistrationStatus::confirmed);
  CHECK(world.load({2}).mode == domain::AttendanceMode::onsite);

  CHECK(browser.fill(path, {{"mode", "online"}, {"accepts_waiting", "yes"}}).status == 303);
  CHECK(world.load({2}).status == RegistrationStatus::waitlisted);
  // Back to where there is room costs nothing.
  const auto waiting = browser.get(path);
  CHECK(waiting.has("2 wolne miejsca"));
  CHECK_FALSE(waiting.has("id=\"accepts_waiting\""));
  CHECK(browser.fill(path, {{"mode", "onsite"}}).status == 303);
  CHECK(world.load({2}).status == RegistrationStatus::confirmed);
  CHECK(world.find_violations().empty());
}

TEST_CASE("a change sent again with other words comes back instead of an error page") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto path = own_path(browser, meeting);
  auto fields = browser.get(path).form("do", "change");
  fields["needs"] = "pierwsze";
  REQUIRE(browser.post(path, fields).status == 303);
  fields["needs"] = "drugie";
  const auto back = browser.post(path, fields);
  CHECK(back.status == 422);
  REQUIRE(back.errors().size() == 1);
  CHECK(back.form("full_name")["needs"] == "drugie");
  CHECK(browser.post(path, back.form("do", "change")).status == 303);
  CHECK(site.world().load({1}).needs == "drugie");
}

TEST_CASE("the holder's calendar file carries the sequence of their invitation") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  auto browser = site.browser();
  auto path = own_path(browser, meeting);
  CHECK(browser.get(path).has("href=\"" + path + ".ics\""));
  const auto file = browser.get(path + ".ics");
  CHECK(file.status == 200);
  CHECK(file.header("Content-Type") == "text/calendar; charset=utf-8");
  CHECK(file.header("Cache-Control") == "no-store");
  CHECK(file.has("UID:" + meeting.uid + "\r\n"));
  CHECK(file.has("SEQUENCE:0\r\n"));
  CHECK(file.has("STATUS:CONFIRMED\r\n"));
  CHECK_FALSE(file.has("ATTENDEE"));
  CHECK(browser.get("/en" + path + ".ics").status == 200);

  world.cancel({1});
  CHECK(browser.get(path + ".ics").has("STATUS:CANCELLED\r\n"));
  path = own_path(browser, meeting);  // returns
  const int sequence = world.mails().back().sequence;
  CHECK(sequence > 0);
  CHECK(browser.get(path + ".ics").has("SEQUENCE:" + std::to_string(sequence) + "\r\n"));
  CHECK(browser.get("/z/x.ics").status == 404);
}
