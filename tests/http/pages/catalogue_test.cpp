#include "tests/http/pages/catalogue.h"

#include <doctest/doctest.h>

#include <set>

#include "service/usecases/practices/practices.h"
#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

const std::vector<std::string> kPaths = {"/",
                                         "/kalendarz",
                                         "/kalendarz/2027/01",
                                         "/kalendarz/lista",
                                         "/cykle",
                                         "/praktyki",
                                         "/gminy",
                                         "/szukaj",
                                         "/szukaj?q=",
                                         "/pomoc",
                                         "/kalendarz/lista?kiedy=minione",
                                         "/kontakt",
                                         "/regulamin",
                                         "/prywatnosc",
                                         "/deklaracja-dostepnosci",
                                         "/mapa-serwisu"};

// Paths within the site that the page links to, without their fragments.
std::set<std::string> own_links(const Shown& page) {
  std::set<std::string> links;
  for (auto address : page.addresses()) {
    address = address.substr(0, address.find('#'));
    if (address.starts_with("/")) links.insert(address);
  }
  return links;
}

}  // namespace

TEST_CASE("every page is there in both languages and links to itself in the other") {
  PageSite site;
  const auto catalogue = fill_catalogue(site.world(), "Zielone dachy");
  auto browser = site.browser();
  auto paths = kPaths;
  for (const auto& path :
       {catalogue.meeting, catalogue.cycle, catalogue.practice, catalogue.institution,
        catalogue.meeting + "/zapisy", catalogue.cycle + "/zapisy"})
    paths.push_back(path);
  for (const auto& path : paths) {
    CAPTURE(path);
    const auto english_path = path == "/" ? std::string("/en/") : "/en" + path;
    const auto polish = browser.get(path), english = browser.get(english_path);
    CHECK(polish.status == 200);
    CHECK(english.status == 200);
    CHECK(polish.has("<html lang=\"pl\">"));
    CHECK(english.has("<html lang=\"en\">"));
    CHECK(own_links(polish).contains(english_path));
    CHECK(own_links(english).contains(path));
    // Names of things stay as they are; those of pages are translated.
    const bool is_named = path.starts_with("/spotkania/") || path.starts_with("/cykle/") ||
                          path.starts_with("/praktyki/") || path.starts_with("/gminy/");
    if (!is_named) CHECK(polish.title() != english.title());
  }
}

TEST_CASE("no link on any page leads nowhere") {
  PageSite site;
  fill_catalogue(site.world(), "Zielone dachy");
  publish_many(site.world(), 3);
  auto browser = site.browser();
  std::set<std::string> seen, waiting = {"/", "/en/"};
  std::vector<std::string> broken;
  while (!waiting.empty() && seen.size() < 400) {
    const auto path = *waiting.begin();
    waiting.erase(waiting.begin());
    seen.insert(path);
    // The months go on for ever; the API is another site's part.
    if (path.starts_with("/api/") || path.find("/kalendarz/20") != std::string::npos) continue;
    const auto page = browser.get(path);
    // What is private asks who is there.
    const auto onward = page.header("Location");
    if (page.status == 303 && onward.find("/wejscie?dalej=") != std::string::npos) continue;
    if (page.status != 200) broken.push_back(path + " " + std::to_string(page.status));
    for (const auto& link : own_links(page))
      if (!seen.contains(link)) waiting.insert(link);
  }
  CHECK(seen.size() > 60);
  CHECK(broken.empty());
  for (const auto& path : broken) MESSAGE(path);
}

TEST_CASE("an English page keeps its reader in English") {
  PageSite site;
  const auto catalogue = fill_catalogue(site.world(), "Zielone dachy");
  auto browser = site.browser();
  for (const auto& path : {std::string("/en/"), "/en" + catalogue.meeting, "/en" + catalogue.cycle,
                           "/en" + catalogue.institution, std::string("/en/kalendarz")}) {
    CAPTURE(path);
    for (const auto& link : own_links(browser.get(path))) {
      CAPTURE(link);
      const bool is_other_language = "/en" + link == path || link == "/";
      CHECK((link.starts_with("/en") || link.starts_with("/static/") || is_other_language));
    }
  }
}

TEST_CASE("what is not there answers 404 with a page in the path's language") {
  PageSite site;
  auto browser = site.browser();
  for (const auto* path :
       {"/nie-ma", "/en/nie-ma", "/spotkania/x", "/en/cykle/x", "/praktyki/x", "/gminy/9999999-x",
        "/gminy/x", "/kalendarz/2027/13", "/kalendarz/2027/00", "/kalendarz/abc/01",
        "/kalendarz/99999/01", "/prywatnosc?wersja=99", "/prywatnosc?wersja=x"}) {
    CAPTURE(path);
    const auto page = browser.get(path);
    CHECK(page.status == 404);
    const bool english = std::string_view(path).starts_with("/en");
    CHECK(page.has(english ? "<html lang=\"en\">" : "<html lang=\"pl\">"));
    CHECK(page.has("<h1"));
  }
}

TEST_CASE("filters that mean nothing are as if they were not there") {
  PageSite site;
  publish_many(site.world(), 2);
  auto browser = site.browser();
  for (const auto* query :
       {"?forma=nic", "?tryb=x", "?od=nie-kursor", "?forma=&temat=&tryb=&woj="}) {
    CAPTURE(query);
    const auto page = browser.get(std::string("/kalendarz/lista") + query);
    CHECK(page.status == 200);
    CHECK(page.has("Spotkanie 1"));
  }
  CHECK_FALSE(browser.get("/kalendarz/lista?temat=nie-ma").has("Spotkanie 1"));
}

TEST_CASE("the month shows its meetings on their days, and its neighbours") {
  PageSite site;
  publish_many(site.world(), 1);
  auto browser = site.browser();
  const auto january = browser.get("/kalendarz/2027/01");
  CHECK(january.has("Styczeń 2027"));
  CHECK(january.has("datetime=\"2027-01-19\""));
  CHECK(january.has("Spotkanie 1"));
  CHECK(january.has("Nowy Rok"));
  CHECK(own_links(january).contains("/kalendarz/2026/12"));
  CHECK(own_links(january).contains("/kalendarz/2027/02"));
  CHECK_FALSE(browser.get("/kalendarz/2027/02").has("Spotkanie 1"));
  CHECK(browser.get("/kalendarz/2027/1").status == 404);
  CHECK(browser.get("/kalendarz").has("Styczeń 2027"));
}

TEST_CASE("the months end somewhere, without a link into nowhere") {
  PageSite site;
  auto browser = site.browser();
  const auto first = own_links(browser.get("/kalendarz/2000/01"));
  CHECK_FALSE(first.contains("/kalendarz/1999/12"));
  CHECK(first.contains("/kalendarz/2000/02"));
  const auto last = own_links(browser.get("/kalendarz/2100/12"));
  CHECK(last.contains("/kalendarz/2100/11"));
  CHECK_FALSE(last.contains("/kalendarz/2101/01"));
  CHECK(browser.get("/kalendarz/2101/01").status == 404);
}

TEST_CASE("an institution is found by its code, whatever its name has become") {
  PageSite site;
  auto browser = site.browser();
  CHECK(browser.get("/gminy/2466011-gliwice").status == 200);
  for (const auto* path : {"/gminy/2466011", "/gminy/2466011-dawna-nazwa", "/gminy/gliwice"}) {
    CAPTURE(path);
    const auto moved = browser.get(path);
    CHECK(moved.status == 301);
    CHECK(moved.header("Location") == "/gminy/2466011-gliwice");
  }
}

TEST_CASE("drafts are nobody's business") {
  PageSite site;
  auto& world = site.world();
  auto form = world.meeting_form();
  form.title = "Szkic tajny";
  REQUIRE(usecases::create_meeting(world.environment(), world.organizer(), form));
  usecases::PracticeForm practice;
  practice.title = "Szkic tajny";
  REQUIRE(usecases::create_practice(world.environment(), world.organizer(), practice));
  auto browser = site.browser();
  for (const auto* path : {"/", "/kalendarz", "/kalendarz/lista", "/praktyki", "/szukaj?q=tajny",
                           "/mapa-serwisu", "/kalendarz.ics", "/kanal.atom"}) {
    CAPTURE(path);
    const auto page = browser.get(path);
    CHECK(page.status == 200);
    CHECK_FALSE(page.has("Szkic tajny"));
  }
}

TEST_CASE("a page of many issues no more statements than a page of one") {
  PageSite site;
  auto& world = site.world();
  auto browser = site.browser();
  const auto count = [&] {
    return world.pool().read([](storage::Connection& connection) {
      return std::stoll(connection.query("SHOW GLOBAL STATUS LIKE 'Questions'")[0].text(1));
    });
  };
  const auto statements_of = [&](const std::string& path) {
    browser.get(path);  // connections are open and statements prepared
    const auto before = count();
    REQUIRE(browser.get(path).status == 200);
    return count() - before;
  };
  const std::vector<std::string> paths = {"/",
                                          "/kalendarz/2027/01",
                                          "/kalendarz/lista",
                                          "/szukaj?q=Spotkanie",
                                          "/gminy/2466011-gliwice",
                                          "/mapa-serwisu",
                                          "/kalendarz.ics",
                                          "/kanal.atom"};
  publish_many(world, 1);
  std::map<std::string, long long> for_one, for_many;
  for (const auto& path : paths) for_one[path] = statements_of(path);
  publish_many(world, 30);
  for (const auto& path : paths) for_many[path] = statements_of(path);
  for (const auto& path : paths) {
    CAPTURE(path);
    CHECK(for_many[path] <= for_one[path]);
  }
}
