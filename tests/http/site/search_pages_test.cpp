#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

void publish(WholeSite& site, const std::string& title) {
  auto form = site.world().meeting_form();
  form.title = title;
  site.world().publish(form);
}

}  // namespace

TEST_CASE("a search shows what was found, what matches in it, and how to narrow it") {
  WholeSite site;
  publish(site, "Zieleń <i>na</i> dachach");
  publish(site, "Parkowanie");
  auto visitor = site.visitor();
  const auto shown = visitor.get("/szukaj?q=zieleni%C4%85");
  CHECK(shown.status == 200);
  CHECK(shown.has("<mark>Zieleń</mark> &lt;i&gt;na&lt;/i&gt; dachach"));
  CHECK_FALSE(shown.has("Parkowanie"));
  CHECK(shown.has("1 wynik"));
  CHECK(shown.has("name=\"rodzaj\" value=\"meeting\""));
  CHECK(visitor.get("/szukaj?q=zielen&rodzaj=practice").has("Brak wyników"));
  CHECK(visitor.get("/szukaj?q=zielen&rodzaj=meeting").has("value=\"meeting\" checked"));
  const auto wrong = visitor.get("/szukaj?q=parkowamie");
  CHECK(wrong.has("Czy chodziło o:"));
  CHECK(wrong.has("q=parkowanie"));
  const auto nothing = visitor.get("/szukaj?q=xyzzy");
  CHECK(nothing.has("Nic nie znaleziono."));
  const auto hostile = visitor.get("/szukaj?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
  CHECK(hostile.status == 200);
  CHECK_FALSE(hostile.has("<script>alert"));
  CHECK(visitor.get("/en/szukaj?q=parkowanie").has("1 result"));
  CHECK(visitor.get("/szukaj?q=parkowanie&strona=7&rok=x&gmina=%27").status == 200);
  CHECK(visitor.get("/szukaj?q=" + std::string(500, 'a')).status == 200);
}

TEST_CASE("suggestions go on like what is being typed") {
  WholeSite site;
  publish(site, "Parkowanie w śródmieściu");
  auto visitor = site.visitor();
  const auto answer = visitor.get("/szukaj/podpowiedzi?q=sr%C3%B3dm");
  CHECK(answer.status == 200);
  const auto items = nlohmann::json::parse(answer.html)["items"];
  REQUIRE(items.size() == 1);
  CHECK(items[0]["title"] == "Parkowanie w śródmieściu");
  CHECK(items[0]["kind"] == "spotkanie");
  CHECK(items[0]["url"] == "/spotkania/parkowanie-w-srodmiesciu");
  CHECK(nlohmann::json::parse(visitor.get("/szukaj/podpowiedzi?q=").html)["items"].empty());
  CHECK(
      nlohmann::json::parse(visitor.get("/en/szukaj/podpowiedzi?q=park").html)["items"][0]["url"] ==
      "/en/spotkania/parkowanie-w-srodmiesciu");
}
