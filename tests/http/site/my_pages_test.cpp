// The pages of a signed-in person, as a browser meets them: /moje, a registration of theirs, their
// details, the address of their calendar, and forms that know who they are.
#include <doctest/doctest.h>

#include <algorithm>

#include "service/usecases/meetings/cycles.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;

namespace {

std::string digits(std::int64_t number) { return std::to_string(number); }

domain::RegistrationId register_at(Browser& browser, const domain::Meeting& meeting,
                                   const FormData& typed = {}) {
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  auto fields = browser.get(path).form("operation");
  for (const auto& [name, value] : typed) fields[name] = value;
  fields["consent"] = "yes";
  const auto sent = browser.post(path, fields);
  REQUIRE(sent.status == 303);
  const auto location = sent.header("Location");
  const std::string own = "/moje/zgloszenia/";
  REQUIRE_MESSAGE(location.starts_with(own), location);
  return {std::stoll(location.substr(own.size()))};
}

std::string path_of(domain::RegistrationId registration) {
  return "/moje/zgloszenia/" + digits(registration.value);
}

// The address in the text area of /moje, within the site.
std::string feed_path(const Shown& page) {
  const auto at = page.html.find("/moje.ics?k=");
  if (at == std::string::npos) return {};
  return page.html.substr(at, page.html.find_first_of("<\"", at) - at);
}

FormData feed_form(Browser& browser) { return browser.get("/moje").form("generation"); }

}  // namespace

TEST_CASE("nothing of a person's pages is for a visitor") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto registered = site.world().enter(meeting.id, 1).registration.id;
  auto visitor = site.visitor();
  for (const std::string& path :
       {std::string("/moje"), std::string("/moje/dane"), path_of(registered),
        path_of(registered) + ".ics", std::string("/en/moje")}) {
    CAPTURE(path);
    const auto answer = visitor.get(path);
    CHECK(answer.status == 303);
    CHECK(answer.header("Location").find("/wejscie?dalej=") != std::string::npos);
    CHECK(answer.header("Cache-Control") == "no-store");
  }
  for (const std::string& path : {path_of(registered), std::string("/moje/dane"),
                                  std::string("/moje/dane/email"), std::string("/moje/kanal")}) {
    CAPTURE(path);
    CHECK(visitor.post(path, {{"do", "cancel"}}).status == 401);
  }
  CHECK(site.world().load(registered).status == RegistrationStatus::confirmed);
}

TEST_CASE("somebody new finds meetings to go to, and then their own") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto empty = browser.get("/moje");
  CHECK(empty.status == 200);
  CHECK(empty.header("Cache-Control") == "no-store");
  CHECK(empty.has("Nie masz jeszcze żadnych zgłoszeń"));
  CHECK(empty.has("/spotkania/" + meeting.slug));
  CHECK(empty.form("generation")["generation"] == "0");

  const auto id = register_at(browser, meeting);
  const auto mine = browser.get("/moje");
  CHECK_FALSE(mine.has("Nie masz jeszcze żadnych zgłoszeń"));
  CHECK(mine.has("href=\"" + path_of(id) + "\""));
  CHECK(mine.has("Zmień lub odwołaj"));
  CHECK(mine.has("potwierdzone"));
  CHECK(browser.get("/en/moje").has("href=\"/en" + path_of(id) + "\""));
}

TEST_CASE("who waits sees the place in line and what happens next") {
  WholeSite site;
  const auto meeting = site.world().publish(1);
  site.world().enter(meeting.id, 1);
  auto form = site.world().meeting_form();
  form.approval = true;
  const auto approved = site.world().publish(form);
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  register_at(browser, meeting);
  register_at(browser, approved);
  const auto page = browser.get("/moje");
  CHECK(page.has("Miejsce w kolejce: 1. Gdy zwolni się miejsce"));
  CHECK(page.has("O przyjęciu zgłoszenia zdecyduje organizator"));
}

TEST_CASE("a form knows the signed-in, and the registration is theirs") {
  WholeSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  const auto anna = site.add_person("Anna Nowak");
  auto browser = site.browser_of(anna);
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  const auto form = browser.get(path);
  CHECK(form.has("Zapisujesz się jako"));
  CHECK(form.has("Anna Nowak"));
  CHECK(form.form("operation")["institution"] == "Gliwice");
  CHECK(form.form("operation").count("full_name") == 0);
  CHECK(form.form("operation").count("visible") == 0);  // unticked
  CHECK_FALSE(site.visitor().get(path).has("Zapisujesz się jako"));

  const auto id = register_at(browser, meeting, {{"visible", "yes"}, {"full_name", "Ktoś Inny"}});
  const auto stored = world.load(id);
  CHECK(stored.person.id == anna);
  CHECK(stored.person.full_name == "Anna Nowak");
  CHECK(stored.visible);
  CHECK(register_at(browser, meeting) == id);  // again
  CHECK(browser.get(path_of(id) + "?znane=1").has("To zgłoszenie już mamy"));

  // Somebody else, from the same browser.
  auto other = browser.get(path + "?osoba=inna").form("operation");
  CHECK(other["full_name"].empty());
  for (const auto& [name, value] : person_fields(7)) other[name] = value;
  const auto sent = browser.post(path, other);
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location").starts_with("/z/"));
  CHECK(world.load({id.value + 1}).person.full_name == "Osoba 7");
}

TEST_CASE("a session that ends before the form is sent leaves a form that asks who it is") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  auto fields = browser.get(path).form("operation");
  fields["consent"] = "yes";
  fields["needs"] = "pętla";
  browser.cookies().erase("session");
  const auto back = browser.post(path, fields);
  CHECK(back.status == 422);
  CHECK(back.errors().size() == 2);  // name and address
  CHECK(back.form("operation")["needs"] == "pętla");
  CHECK(back.form("operation").count("full_name") == 1);
}

TEST_CASE("an enrolment of the signed-in leads to their first meeting, and repeating to all") {
  WholeSite site;
  auto& world = site.world();
  usecases::CycleForm cycle_form;
  cycle_form.title = "Szkoła";
  cycle_form.meetings = {world.meeting_form()};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), cycle_form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id));
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto path = "/cykle/" + cycle->slug + "/zapisy";
  const auto enrol = [&] {
    auto fields = browser.get(path).form("operation");
    fields["consent"] = "yes";
    return browser.post(path, fields).header("Location");
  };
  CHECK(enrol() == "/moje/zgloszenia/1?cykl=1");
  CHECK(enrol() == "/moje");
  CHECK(browser.get("/moje").has("/cykle/" + cycle->slug));
}

TEST_CASE("a registration is changed and cancelled by its own person") {
  WholeSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto id = register_at(browser, meeting);
  const auto path = path_of(id);
  auto fields = browser.get(path).form("do", "change");
  CHECK(fields.count("full_name") == 0);
  fields["needs"] = "tłumacz PJM";
  fields["visible"] = "yes";
  fields["full_name"] = "Ktoś Inny";
  const auto saved = browser.post(path, fields);
  CHECK(saved.status == 303);
  CHECK(saved.header("Location") == path + "?zmienione=1");
  CHECK(world.load(id).needs == "tłumacz PJM");
  CHECK(world.load(id).visible);
  CHECK(world.load(id).person.full_name == "Anna Nowak");
  CHECK(browser.get(path).form("do", "change")["visible"] == "yes");
  const auto file = browser.get(path + ".ics");
  CHECK(file.status == 200);
  CHECK(file.header("Content-Type") == "text/calendar; charset=utf-8");
  CHECK(file.has("UID:" + meeting.uid + "\r\n"));
  CHECK(browser.post(path, browser.get(path).form("do", "cancel")).header("Location") ==
        path + "?odwolane=1");
  CHECK(world.load(id).status == RegistrationStatus::cancelled);
  CHECK(browser.get("/moje").has("1 odwołane lub nieprzyjęte zgłoszenie"));
  CHECK(world.find_violations().empty());
}

TEST_CASE("another's registration is not there, whatever one's role") {
  WholeSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  const auto other = world.enter(meeting.id, 1).registration.id;
  const auto official = site.add_person("Anna Nowak");
  const auto admin = site.add_person("Adam Admin", {{domain::Role::admin, {}}});
  for (const auto person : {official, admin}) {
    auto browser = site.browser_of(person);
    auto own = browser.get("/moje").form("generation");  // a form token
    own["do"] = "cancel";
    for (const std::string& path :
         {path_of(other), "/en" + path_of(other), path_of({999}), std::string("/moje/zgloszenia/0"),
          std::string("/moje/zgloszenia/01"), std::string("/moje/zgloszenia/x"),
          std::string("/moje/zgloszenia/99999999999999999999")}) {
      CAPTURE(path);
      CHECK(browser.get(path).status == 404);
      CHECK(browser.get(path + ".ics").status == 404);
      CHECK(browser.post(path, own).status == 404);
    }
  }
  CHECK(world.load(other).status == RegistrationStatus::confirmed);
}

TEST_CASE("who else comes is named as far as they agreed, and never on the page of a link") {
  WholeSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  const auto enter = [&](int number, const char* institution, bool visible) {
    auto form = RegistrationWorld::person(number);
    form.institution = institution;
    form.visible = visible;
    REQUIRE(world.try_register(meeting.id, form).ok());
  };
  enter(1, "2466011", false);  // says to be a colleague
  enter(2, "1020031", false);
  enter(3, "1020031", true);
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto id = register_at(browser, meeting);
  const auto page = browser.get(path_of(id));
  CHECK(page.has("Kto jeszcze przyjdzie"));
  CHECK_FALSE(page.has("Osoba 1"));
  CHECK_FALSE(page.has("Osoba 2"));
  CHECK(page.has("Osoba 3, Zgierz"));
  CHECK(page.has("Oraz 2 osoby, których nie wymieniamy z nazwiska"));
  CHECK_FALSE(page.has("osoba1@urzad.example"));

  auto visitor = site.visitor();
  const auto link =
      visitor.fill("/spotkania/" + meeting.slug + "/zapisy", person_fields(9)).header("Location");
  const auto by_link = visitor.get(link.substr(0, link.find('?')));
  CHECK(by_link.status == 200);
  CHECK_FALSE(by_link.has("Kto jeszcze przyjdzie"));
  CHECK_FALSE(by_link.has("Osoba 1<"));
}

TEST_CASE("the address of a calendar is made, used, revoked and never logged") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  register_at(browser, meeting);
  CHECK(feed_path(browser.get("/moje")).empty());
  CHECK(browser.post("/moje/kanal", feed_form(browser)).header("Location") ==
        "/moje?kanal=nowy#kanal");
  const auto first = feed_path(browser.get("/moje"));
  REQUIRE_FALSE(first.empty());

  auto program = site.visitor();  // a calendar program has no session
  const auto feed = program.get(first);
  CHECK(feed.status == 200);
  CHECK(feed.header("Content-Type") == "text/calendar; charset=utf-8");
  CHECK(feed.header("Cache-Control") == "private, max-age=300");
  CHECK(feed.has("UID:" + meeting.uid + "\r\n"));
  CHECK(feed.has("METHOD:PUBLISH\r\n"));
  CHECK(program.get(first, {{"If-None-Match", feed.header("ETag")}, {"Connection", "close"}})
            .status == 304);
  CHECK(program.get("/en" + first).has("NAME:Narada – my meetings"));

  auto twice = feed_form(browser);
  CHECK(browser.post("/moje/kanal", twice).status == 303);
  const auto second = feed_path(browser.get("/moje"));
  CHECK(second != first);
  CHECK(browser.post("/moje/kanal", twice).status == 303);  // a second press
  CHECK(feed_path(browser.get("/moje")) == second);
  const auto revoked = program.get(first);
  CHECK(revoked.status == 404);
  for (const std::string& path : {std::string("/moje.ics"), std::string("/moje.ics?k="),
                                  std::string("/moje.ics?k=999.AAAA"), second + "A"}) {
    CAPTURE(path);
    const auto answer = program.get(path);
    CHECK(answer.status == 404);
    CHECK(answer.html == revoked.html);
  }
  const auto key = first.substr(first.find("k=") + 2);
  for (const auto& line : site.log()) CHECK(line.find(key) == std::string::npos);
}

TEST_CASE("details are saved, and a second window is told what it did not know") {
  WholeSite site;
  auto& world = site.world();
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  auto first = browser.get("/moje/dane").form("version");
  auto second = browser.get("/moje/dane").form("version");
  CHECK(first["full_name"] == "Anna Nowak");
  CHECK(first["institution"] == "Gliwice");
  CHECK(first["notification-new_sign_in"] == "yes");
  first["position"] = "naczelniczka";
  first["topic-mobilnosc"] = "yes";
  CHECK(browser.post("/moje/dane", first).header("Location") == "/moje/dane?zapisane=1");
  const auto saved = browser.get("/moje/dane?zapisane=1");
  CHECK(saved.has("Zmiany zapisane"));
  CHECK(saved.form("version")["position"] == "naczelniczka");
  CHECK(saved.form("version")["topic-mobilnosc"] == "yes");

  second["unit"] = "Wydział Dróg";
  const auto late = browser.post("/moje/dane", second);
  CHECK(late.status == 409);
  CHECK(late.has("Teraz zapisane: naczelniczka"));
  auto again = late.form("version");
  CHECK(again["unit"] == "Wydział Dróg");
  CHECK(again["version"] == "2");
  CHECK(browser.post("/moje/dane", again).status == 303);
  CHECK(browser.get("/moje/dane").form("version")["unit"] == "Wydział Dróg");
  CHECK(world.count("topic_subscription") == 0);  // the second window had none ticked
}

TEST_CASE("wrong details come back as typed") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  auto fields = browser.get("/moje/dane").form("version");
  fields["full_name"] = "A";
  fields["institution"] = "Nie ma takiej";
  const auto back = browser.post("/moje/dane", fields);
  CHECK(back.status == 422);
  CHECK(back.errors().size() == 2);
  CHECK(back.form("version")["full_name"] == "A");
  CHECK(back.form("version")["institution"] == "Nie ma takiej");
}

TEST_CASE("a new address is asked for from the same page") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  auto fields = browser.get("/moje/dane").form("email");
  fields["email"] = "to nie adres";
  const auto back = browser.post("/moje/dane/email", fields);
  CHECK(back.status == 422);
  CHECK(back.form("email")["email"] == "to nie adres");
  fields = back.form("email");
  fields["email"] = "nowa@urzad.example";
  const auto sent = browser.post("/moje/dane/email", fields);
  CHECK(sent.header("Location") == "/moje/dane?email=wyslany");
  CHECK(browser.get("/moje/dane?email=wyslany").has("Link jest w drodze"));
  CHECK(site.world().facts().back().to_address == "nowa@urzad.example");

  site.world().clock().advance(std::chrono::minutes(16));
  const auto later = browser.get("/moje/dane");
  CHECK(later.form("email")["dalej"] == "/moje/dane");  // only the way to a fresh session
  CHECK(later.has("zaloguj się jeszcze raz"));
  const auto refused = browser.post("/moje/dane/email", fields);
  CHECK(refused.status == 422);
  CHECK(refused.has("Zaloguj się jeszcze raz odnośnikiem z wiadomości"));
}

TEST_CASE("a token is shown once, opens the API, and closes it when revoked") {
  WholeSite site;
  const auto organizer = site.add_person("Olga Organizator", {{domain::Role::organizer, {}}});
  auto browser = site.browser_of(organizer);
  auto fields = browser.get("/moje/klucze").form("days");
  fields["name"] = "";
  CHECK(browser.post("/moje/klucze", fields).errors().size() == 1);
  fields = browser.get("/moje/klucze").form("operation");
  fields["name"] = "Skrypt <1>";
  fields["access"] = "write";
  fields["days"] = "30";
  const auto made = browser.post("/moje/klucze", fields);
  CHECK(made.status == 201);
  CHECK(made.header("Cache-Control") == "no-store");
  const auto at = made.html.find("<code>") + 6;
  const auto token = made.html.substr(at, made.html.find("</code>", at) - at);
  REQUIRE(token.size() == 43);
  const auto list = browser.get("/moje/klucze");
  CHECK(list.has("Skrypt &lt;1&gt;"));
  CHECK_FALSE(list.has(token));
  auto visitor = site.visitor();
  const auto ask = [&] {
    return visitor.get("/api/v1/outgoing-mails", {{"Authorization", "Bearer " + token}}).status;
  };
  CHECK(ask() == 200);

  const auto start = list.html.find("action=\"/moje/klucze/") + 8;
  const auto revoke = list.html.substr(start, list.html.find('"', start) - start);
  auto stranger = site.browser_of(site.add_person("Adam Admin", {{domain::Role::admin, {}}}));
  CHECK(stranger.post(revoke, stranger.get("/moje/klucze").form("days")).status == 404);
  CHECK(ask() == 200);
  auto revocation = list.form("operation");
  CHECK(browser.post(revoke, revocation).header("Location") == "/moje/klucze?uniewazniony=1");
  CHECK(ask() == 401);
  CHECK(browser.get("/moje/klucze").has("Nie masz żadnego czynnego tokenu"));
}

TEST_CASE("without a role there is no token to make") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  const auto page = browser.get("/moje/klucze");
  CHECK(page.status == 200);
  CHECK(page.form("days").empty());
  CHECK_FALSE(browser.get("/moje").has("/moje/klucze"));
  auto fields = browser.get("/moje").form("generation");
  fields["name"] = "Skrypt";
  fields["days"] = "30";
  CHECK(browser.post("/moje/klucze", fields).status == 404);
}
