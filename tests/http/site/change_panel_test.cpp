// A change in the panel: what it sets off is shown first, it waits, and it can be taken back.
#include <doctest/doctest.h>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

const std::string kData = "/panel/spotkania/1/dane";
const std::string kHistory = "/panel/spotkania/1/historia";

struct Panel {
  Panel() : browser(start()) {}
  Browser start() {
    site.environment().hold_seconds = 300;
    site.world().publish(3);
    for (int number = 1; number <= 4; ++number) site.world().enter({1}, number);
    mails = site.world().mails().size();
    return site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  }
  // The editor with fewer places, sent.
  Shown shrink() {
    auto fields = browser.get(kData).form("seen");
    REQUIRE(!fields.empty());
    fields["onsite_capacity"] = "1";
    fields["do"] = "save";
    return browser.post(kData, fields);
  }
  Shown confirm(const Shown& preview, const std::string& path, const char* button = "save") {
    auto fields = preview.form("agreed");
    REQUIRE(!fields.empty());
    fields["do"] = button;
    return browser.post(path, fields);
  }
  bool has(const Shown& shown, const std::string& text) const { return shown.has(text); }
  WholeSite site;
  std::size_t mails = 0;
  Browser browser;
};

}  // namespace

TEST_CASE("a change that concerns people is shown first, then made, then undone") {
  Panel panel;
  const auto preview = panel.shrink();
  REQUIRE(preview.status == 200);
  CHECK(panel.has(preview, "Osoba 3"));
  CHECK(panel.has(preview, "2 osoby stracą miejsce"));
  CHECK(panel.has(preview, "Zmień i wyślij 2 wiadomości"));
  CHECK(panel.has(preview, "CANCEL"));
  CHECK(panel.site.world().mails().size() == panel.mails);
  CHECK(panel.site.world().meeting({1}).onsite.capacity == 3);

  const auto back = panel.confirm(preview, kData, "edit");
  CHECK(back.status == 200);
  CHECK(back.form("seen")["onsite_capacity"] == "1");

  REQUIRE(panel.confirm(preview, kData).status == 303);
  CHECK(panel.site.world().mails().size() == panel.mails + 2);
  const auto held = panel.browser.get(kData);
  CHECK(panel.has(held, "2 wiadomości jeszcze nie wyszły"));

  auto undo = held.form("change");
  REQUIRE(!undo.empty());
  const auto undone = panel.browser.post(kHistory, undo);
  REQUIRE(undone.status == 303);
  CHECK(undone.header("Location") == kHistory + "?zrobione=undone");
  CHECK(panel.site.world().mails().size() == panel.mails);
  CHECK(panel.site.world().meeting({1}).onsite.capacity == 3);
  // Asked for once more, the page says why not.
  undo["operation"] = usecases::make_token();
  const auto again = panel.browser.post(kHistory, undo);
  CHECK(again.status == 422);
  CHECK(panel.has(again, "<title>Błąd"));
  const auto history = panel.browser.get(kHistory);
  CHECK(panel.has(history, "cofnięta"));
  CHECK(panel.has(history, "Cofnięto zmianę spotkania"));
}

TEST_CASE(
    "who registers between the preview and its confirmation is shown before anything happens") {
  Panel panel;
  const auto preview = panel.shrink();
  panel.site.world().cancel({1});

  const auto again = panel.confirm(preview, kData);

  REQUIRE(again.status == 409);
  CHECK(panel.has(again, "W międzyczasie coś się zmieniło"));
  CHECK(panel.site.world().meeting({1}).onsite.capacity == 3);
  CHECK(panel.confirm(again, kData).status == 303);
  CHECK(panel.site.world().meeting({1}).onsite.capacity == 1);
}

TEST_CASE("what concerns nobody is saved at once") {
  Panel panel;
  auto fields = panel.browser.get(kData).form("seen");
  fields["summary"] = "Nowy skrót";
  fields["do"] = "save";
  CHECK(panel.browser.post(kData, fields).status == 303);
  CHECK(panel.site.world().meeting({1}).summary == "Nowy skrót");
}

TEST_CASE("a deleted meeting goes through its preview to the bin and comes back") {
  Panel panel;
  const std::string path = "/panel/spotkania/1/usuniecie";
  auto fields = panel.browser.get(path).form("reason");
  REQUIRE(!fields.empty());
  fields["reason"] = "Awaria";
  const auto preview = panel.browser.post(path, fields);
  REQUIRE(preview.status == 200);
  CHECK(panel.has(preview, "Przenieś do kosza i wyślij 4 wiadomości"));
  REQUIRE(panel.confirm(preview, path).status == 303);
  CHECK(panel.browser.get(kData).status == 404);
  CHECK(panel.site.visitor().get("/spotkania/przystanki-bez-barier").status == 404);

  const auto bin = panel.browser.get("/panel/kosz");
  REQUIRE(bin.status == 200);
  CHECK(panel.has(bin, "30 dni"));
  CHECK(panel.has(bin, "Olga Lis"));
  auto restore = bin.form("thing");
  REQUIRE(!restore.empty());
  restore["do"] = "restore";
  CHECK(panel.browser.post("/panel/kosz", restore).status == 303);
  CHECK(panel.site.world().meeting({1}).status == domain::MeetingStatus::cancelled);
}
