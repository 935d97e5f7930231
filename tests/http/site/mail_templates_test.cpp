// The words of mails as admins meet them in the panel: form, preview, test mail.
#include <doctest/doctest.h>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

const std::string kList = "/panel/ustawienia/wiadomosci";
const std::string kCancelled = kList + "/meeting_cancelled/pl";

domain::PersonId add_admin(WholeSite& site, const std::string& name = "Adam Admin") {
  return site.add_person(name, {{Role::admin, {}}});
}

Shown press(Browser& browser, const Shown& shown, const std::string& button,
            const FormData& typed = {}) {
  auto fields = shown.form("subject");
  REQUIRE(!fields.empty());
  for (const auto& [name, value] : typed) fields[name] = value;
  fields["do"] = button;
  return browser.post(kCancelled, fields);
}

std::string text(WholeSite& site, const std::string& sql) {
  return site.world().pool().read([&](storage::Connection& connection) {
    const auto rows = connection.query(sql);
    return rows.empty() ? std::string("none") : rows[0].text_or_empty(0);
  });
}

// The address of the frame with the preview, as the browser asks for it.
std::string frame_of(const Shown& shown) {
  const std::string begin = "<iframe class=\"template-frame\" sandbox src=\"";
  auto from = shown.html.find(begin);
  REQUIRE(from != std::string::npos);
  from += begin.size();
  std::string address = shown.html.substr(from, shown.html.find('"', from) - from);
  for (auto at = address.find("&amp;"); at != std::string::npos; at = address.find("&amp;"))
    address.replace(at, 5, "&");
  return address;
}

}  // namespace

TEST_CASE("an admin words a mail, sees it, and takes the standard text back") {
  WholeSite site;
  auto browser = site.browser_of(add_admin(site));
  CHECK(browser.get("/panel").has("/panel/ustawienia"));
  CHECK(browser.get("/panel/ustawienia").has(kList));
  auto shown = browser.get(kCancelled);
  REQUIRE(shown.status == 200);
  CHECK(shown.form("subject")["subject"] == "Odwołane spotkanie: {title} ({day})");
  CHECK(shown.has("<code>{place}</code>"));
  CHECK_FALSE(shown.has("<code>{address}</code>"));

  shown = press(browser, shown, "save", {{"subject", "Nie spotkamy się: {title}"}});
  CHECK(shown.status == 303);
  CHECK(shown.header("Location") == kCancelled + "?zrobione=template_saved");
  shown = browser.get(kCancelled);
  CHECK(shown.form("subject")["subject"] == "Nie spotkamy się: {title}");
  CHECK(shown.has("Adam Admin"));
  CHECK(browser.get(kList).has("<strong>własna treść</strong>"));

  auto restoring = shown.form("version", "1");
  restoring["do"] = "standard";
  CHECK(browser.post(kCancelled, restoring).status == 303);
  shown = browser.get(kCancelled);
  CHECK(shown.form("subject")["subject"] == "Odwołane spotkanie: {title} ({day})");
  CHECK_FALSE(browser.get(kList).has("<strong>własna treść</strong>"));
}

TEST_CASE("faults of the words are shown at their fields, with what was typed") {
  WholeSite site;
  auto browser = site.browser_of(add_admin(site));
  const auto shown = press(browser, browser.get(kCancelled), "save",
                           {{"subject", "Odwołane"}, {"intro", "Dla {adress} <b>"}});
  CHECK(shown.status == 422);
  CHECK(shown.errors() ==
        std::vector<std::string>{
            "Temat: Dodaj znacznik {title}: bez niego nie wiadomo, czego dotyczy wiadomość.",
            "Wstęp: Ta wiadomość nie zna znacznika {adress}. Wybierz znacznik z tabeli albo usuń "
            "klamry."});
  CHECK(shown.form("subject")["intro"] == "Dla {adress} <b>");
  CHECK(site.world().count("mail_template") == 0);
}

TEST_CASE("the second of two admins sees what the first has saved") {
  WholeSite site;
  auto first = site.browser_of(add_admin(site));
  auto second = site.browser_of(add_admin(site, "Ewa Druga"));
  const auto old = second.get(kCancelled);
  CHECK(press(first, first.get(kCancelled), "save", {{"heading", "Pierwsza"}}).status == 303);
  auto shown = press(second, old, "save", {{"heading", "Druga"}});
  CHECK(shown.status == 409);
  CHECK(shown.has("Pierwsza</q>"));
  CHECK(shown.form("subject")["heading"] == "Druga");
  CHECK(press(second, shown, "save").status == 303);
  CHECK(second.get(kCancelled).form("subject")["heading"] == "Druga");
  CHECK(site.world().count("mail_template") == 2);
}

TEST_CASE("a preview shows real data in a frame that can do nothing, and saves nothing") {
  WholeSite site;
  auto form = site.world().meeting_form();
  form.title = "Zieleń <img src=x onerror=alert(1)>";
  const auto meeting = site.world().publish(form);
  auto browser = site.browser_of(add_admin(site));
  const auto shown =
      press(browser, browser.get(kCancelled), "preview",
            {{"intro", "Nowe słowa <b>"}, {"spotkanie", std::to_string(meeting.id.value)}});
  REQUIRE(shown.status == 200);
  CHECK(shown.header("Content-Security-Policy").ends_with("; frame-src 'self'"));
  CHECK(shown.has("Spotkanie: Zieleń &lt;img src=x onerror=alert(1)&gt;"));
  CHECK(site.world().count("mail_template") == 0);

  const auto frame = browser.get(frame_of(shown));
  REQUIRE(frame.status == 200);
  CHECK(frame.header("Content-Security-Policy") ==
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'");
  CHECK(frame.header("Cache-Control") == "no-store");
  CHECK(frame.has("Nowe słowa &lt;b&gt;"));
  CHECK(frame.has("Zieleń &lt;img src=x onerror=alert(1)&gt;"));
  CHECK_FALSE(frame.has("<img"));
  const auto stored = browser.get(kCancelled + "/podglad");
  CHECK(stored.has("To spotkanie się nie odbędzie."));
  CHECK(browser.get(kCancelled).header("Content-Security-Policy").find("frame-src") !=
        std::string::npos);
  CHECK(browser.get(kList).header("Content-Security-Policy").find("frame-src") ==
        std::string::npos);
}

TEST_CASE("a test mail goes to whoever asks for it, says so, and enters no calendar") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser_of(add_admin(site));
  const auto before = site.world().count("outgoing_mail");
  const auto shown =
      press(browser, browser.get(kCancelled), "test",
            {{"heading", "Na próbę"}, {"spotkanie", std::to_string(meeting.id.value)}});
  REQUIRE(shown.status == 200);
  CHECK(shown.has("adam-admin@urzad.example"));
  CHECK(site.world().count("outgoing_mail") == before + 1);
  const std::string last = " FROM outgoing_mail ORDER BY id DESC LIMIT 1";
  CHECK(text(site, "SELECT to_address" + last) == "adam-admin@urzad.example");
  CHECK(text(site, "SELECT subject" + last).starts_with("[Próba] Odwołane spotkanie: "));
  CHECK(text(site, "SELECT COALESCE(meeting_id, registration_id, 'of nobody')" + last) ==
        "of nobody");
  const auto raw = text(site, "SELECT raw" + last);
  CHECK(raw.find("Na pr=C3=B3b=C4=99") != std::string::npos);
  CHECK(raw.find("text/calendar") == std::string::npos);
  CHECK(raw.find("/z/") == std::string::npos);
  CHECK(raw.find("List-Unsubscribe") == std::string::npos);
  CHECK(site.world().count("mail_template") == 0);
}

TEST_CASE("there are no other kinds and languages, and nothing for who runs no installation") {
  WholeSite site;
  auto admin = site.browser_of(add_admin(site));
  for (const char* path : {"/reminder/de", "/nothing/pl", "/reminder", "/reminder/pl/inne"})
    CHECK(admin.get(kList + path).status == 404);
  for (const auto& kind : {"sign_in_link", "digest", "consent_asked", "meeting_moved"})
    for (const char* language : {"/pl", "/en"})
      CHECK(admin.get(kList + "/" + kind + language).status == 200);
  auto organizer = site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  CHECK(organizer.get(kList).status == 404);
  CHECK_FALSE(organizer.get("/panel").has("/panel/ustawienia"));
}

TEST_CASE("test mails are no way to flood anybody, not even oneself") {
  WholeSite site(true);
  auto browser = site.browser_of(add_admin(site));
  auto shown = browser.get(kCancelled);
  int sent = 0;
  while (sent < 200 && (shown = press(browser, shown, "test")).status == 200) ++sent;
  CHECK(shown.status == 429);
  CHECK(sent >= 30);
  CHECK(sent <= 60);
}
