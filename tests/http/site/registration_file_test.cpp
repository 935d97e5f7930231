// POST /panel/zgloszenia/plik: a list too long for a page's wait becomes a file that is prepared.
#include <doctest/doctest.h>

#include "service/http/pages/pages.h"
#include "service/usecases/tasks.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

// The form of any page of the panel, as this one takes it.
FormData form_of(Browser& browser, const std::string& format) {
  const auto page = browser.get("/panel/zgloszenia");
  REQUIRE(page.status == 200);
  const auto any = page.form("form_token");
  return {{"form_token", any.at("form_token")},
          {"operation", std::string(43, 'a')},
          {"format", format}};
}

bool work(WholeSite& site) {
  const web::Messages messages(NARADA_SOURCE_DIR "/web/locales");
  http::pages::Parts parts;
  parts.environment = &site.environment();
  parts.messages = &messages;
  return usecases::run_next_task(site.environment(), http::pages::task_kinds(parts), "test");
}

}  // namespace

TEST_CASE("the file of a list is prepared with its filter and columns, for who asked alone") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto other = site.world().publish();
  site.world().enter(meeting.id, 1);
  site.world().enter(other.id, 2);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const std::string query =
      "?spotkanie=" + std::to_string(meeting.id.value) + "&kolumna=name&kolumna=email";
  auto fields = form_of(browser, "csv");
  const auto sent = browser.post("/panel/zgloszenia/plik" + query, fields);
  CHECK(sent.status == 303);
  const auto task = sent.header("Location");
  REQUIRE(task.starts_with("/panel/zadania/"));
  CHECK(browser.get(task).has("<progress"));
  CHECK(browser.get(task + "/plik").status == 404);
  // Pressed twice it is one task.
  CHECK(browser.post("/panel/zgloszenia/plik" + query, fields).header("Location") == task);
  REQUIRE(work(site));
  CHECK_FALSE(work(site));
  const auto file = browser.get(task + "/plik");
  CHECK(file.status == 200);
  CHECK(file.html == "\xEF\xBB\xBFImię i nazwisko;E-mail\r\nOsoba 1;osoba1@urzad.example\r\n");
  CHECK(file.header("Content-Disposition").find("zgloszenia-2027-01-04.csv") != std::string::npos);
  CHECK(file.header("Cache-Control") == "no-store");
  auto stranger = site.browser_of(site.add_person("Inny Organ", {{Role::organizer, {}}}));
  CHECK(stranger.get(task + "/plik").status == 404);
}

TEST_CASE("a file in a format that there is not, and a stranger's form, prepare nothing") {
  WholeSite site;
  site.world().enter(site.world().publish().id, 1);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  auto fields = form_of(browser, "pdf");
  CHECK(browser.post("/panel/zgloszenia/plik?q=Osoba", fields).header("Location") ==
        "/panel/zgloszenia?q=Osoba");
  fields["format"] = "csv";
  fields["form_token"] = "x";
  CHECK(browser.post("/panel/zgloszenia/plik", fields).header("Location") == "/panel/zgloszenia");
  CHECK(site.world().count("task") == 0);
}
