#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <regex>
#include <thread>

#include "tests/http/site/whole_site.h"
#include "tests/support/one_time_codes.h"

using namespace narada;
using narada::testing::Browser;
using narada::testing::code_of_application;
using narada::testing::FormData;
using narada::testing::Shown;
using narada::testing::WholeSite;

namespace {

constexpr const char* kPassword = "cztery zielone rowery";
constexpr const char* kSecurity = "/moje/bezpieczenstwo";
constexpr const char* kPasswordPage = "/moje/bezpieczenstwo/haslo";
constexpr const char* kCodesPage = "/moje/bezpieczenstwo/kody";

// The form of the page that has the field, with more typed in and one button pressed.
Shown press(Browser& browser, const std::string& path, const std::string& field,
            const FormData& typed) {
  const auto page = browser.get(path);
  REQUIRE_MESSAGE(page.status == 200, path << ": " << page.status);
  auto fields = page.form(field);
  REQUIRE_MESSAGE(!fields.empty(), path << " has no form with " << field);
  for (const auto& [name, value] : typed) fields[name] = value;
  return browser.post(path, fields);
}

void set_password(Browser& browser, const std::string& password = kPassword) {
  const auto done =
      press(browser, kPasswordPage, "password", {{"password", password}, {"do", "set"}});
  REQUIRE_MESSAGE(done.status == 303, done.html);
}

std::string secret_on(const Shown& page) {
  std::smatch found;
  REQUIRE(std::regex_search(page.html, found, std::regex("<code class=\"secret\">([^<]*)</code>")));
  return found[1];
}

std::vector<std::string> codes_on(const Shown& page) {
  std::vector<std::string> codes;
  const std::regex one("<li><code>([a-z2-7-]{19})</code></li>");
  for (auto at = std::sregex_iterator(page.html.begin(), page.html.end(), one);
       at != std::sregex_iterator(); ++at)
    codes.push_back((*at)[1]);
  return codes;
}

struct Codes {
  std::string secret;
  std::vector<std::string> recovery;
};

Codes turn_on_codes(WholeSite& site, Browser& browser) {
  REQUIRE(press(browser, kCodesPage, "do", {{"do", "begin"}}).status == 303);
  const auto secret = secret_on(browser.get(kCodesPage));
  const auto shown =
      press(browser, kCodesPage, "code",
            {{"code", code_of_application(secret, site.world().clock().now())}, {"do", "confirm"}});
  REQUIRE_MESSAGE(shown.status == 200, shown.html);
  site.world().clock().advance(std::chrono::seconds(30));
  return {secret, codes_on(shown)};
}

Shown sign_in(Browser& browser, const std::string& email, const std::string& password,
              const std::string& return_to = {}) {
  return press(browser, "/wejscie/haslo" + (return_to.empty() ? "" : "?dalej=" + return_to),
               "password", {{"email", email}, {"password", password}});
}

bool is_signed_in(Browser& browser) { return browser.get("/moje").status == 200; }

}  // namespace

TEST_CASE("a password signs in from the sign-in page itself, and its cookie is a new one") {
  WholeSite site;
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  set_password(owner);
  auto browser = site.visitor();
  browser.cookies()["session"] = "planted by a stranger";
  const auto page = browser.get("/wejscie?dalej=/moje/dane");
  CHECK(page.has("autocomplete=\"current-password\""));
  auto fields = page.form("password");
  CHECK(fields["dalej"] == "/moje/dane");
  fields["email"] = "anna-nowak@urzad.example";
  fields["password"] = kPassword;
  const auto done = browser.post("/wejscie/haslo", fields);
  CHECK(done.status == 303);
  CHECK(done.header("Location") == "/moje/dane");
  CHECK(done.header("Cache-Control") == "no-store");
  CHECK(browser.cookies().at("session").size() == 43);
  CHECK(is_signed_in(browser));
  // Sent twice, the form is one session.
  const auto again = browser.post("/wejscie/haslo", fields);
  CHECK(again.status == 303);
  CHECK(is_signed_in(browser));
}

TEST_CASE("whoever sets a password is told by mail, with browser and network") {
  WholeSite site;
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  auto fields = owner.get(kPasswordPage).form("password");
  fields["password"] = kPassword;
  fields["do"] = "set";
  const auto done = owner.post(
      kPasswordPage, fields,
      {{"User-Agent", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}});
  CHECK(done.status == 303);
  const auto mails = site.world().facts();
  REQUIRE_FALSE(mails.empty());
  const auto& mail = mails.back();
  CHECK(mail.kind == notifications::MailKind::credentials_changed);
  CHECK(mail.to_address == "anna-nowak@urzad.example");
  REQUIRE(mail.account);
  CHECK(mail.account->change == "password_set");
  CHECK(mail.account->device == "Firefox, Windows");
  CHECK(mail.account->network == "127.0.0.0/24");
}

TEST_CASE("tries of passwords are limited where nothing else is") {
  WholeSite site;  // without rate limits
  site.add_person("Anna Nowak");
  auto guesser = site.visitor();
  int refused = 0;
  for (int turn = 0; turn < 9; ++turn)
    if (sign_in(guesser, "anna-nowak@urzad.example", "zgaduj zgadula").status == 429) ++refused;
  CHECK(refused == 1);
}

TEST_CASE("whatever is wrong about mailbox or password, the page is the same") {
  WholeSite site;
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  set_password(owner);
  const auto body_of = [&](const std::string& email) {
    auto browser = site.visitor();
    auto shown = sign_in(browser, email, "zgaduj zgadula");
    CHECK(shown.status == 422);
    CHECK_FALSE(is_signed_in(browser));
    CHECK_FALSE(shown.has("zgaduj"));  // never sent back
    auto text = shown.html;
    for (const auto* name : {"form_token", "operation"}) {
      const auto value = shown.form("password")[name];
      for (auto at = text.find(value); at != std::string::npos; at = text.find(value))
        text.replace(at, value.size(), name);
    }
    for (auto at = text.find(email); at != std::string::npos; at = text.find(email))
      text.replace(at, email.size(), "email");
    return text;
  };
  const auto known = body_of("anna-nowak@urzad.example");
  CHECK(known == body_of("nikt-taki@urzad.example"));
  CHECK(known.find("Adres e-mail albo hasło się nie zgadza") != std::string::npos);
}

TEST_CASE("the session waits for its code, and opens only with it") {
  WholeSite site;
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  set_password(owner);
  const auto codes = turn_on_codes(site, owner);
  CHECK(codes.recovery.size() == 10);
  CHECK(is_signed_in(owner));

  auto browser = site.visitor();
  const auto first = sign_in(browser, "anna-nowak@urzad.example", kPassword, "/moje/dane");
  CHECK(first.header("Location") == "/wejscie/kod?dalej=/moje/dane");
  const auto waiting = browser.cookies().at("session");
  CHECK_FALSE(is_signed_in(browser));
  const auto page = browser.get(first.header("Location"));
  CHECK(page.status == 200);
  CHECK(page.has("autocomplete=\"one-time-code\""));
  CHECK(page.header("Cache-Control") == "no-store");
  auto fields = page.form("code");
  fields["code"] = "000000";
  const auto wrong = browser.post("/wejscie/kod", fields);
  CHECK(wrong.status == 422);
  CHECK(wrong.errors() == std::vector<std::string>{"Kod: Ten kod nie jest dobry. Przepisz z "
                                                   "aplikacji ten, który pokazuje teraz; każdy "
                                                   "działa tylko raz."});
  fields["code"] = code_of_application(codes.secret, site.world().clock().now());
  const auto right = browser.post("/wejscie/kod", fields);
  CHECK(right.status == 303);
  CHECK(right.header("Location") == "/moje/dane");
  CHECK(browser.cookies().at("session") != waiting);
  CHECK(is_signed_in(browser));
  auto stale = site.visitor();
  stale.cookies()["session"] = waiting;
  CHECK_FALSE(is_signed_in(stale));

  auto lost = site.visitor();
  sign_in(lost, "anna-nowak@urzad.example", kPassword);
  CHECK(press(lost, "/wejscie/kod", "code", {{"code", codes.recovery[0]}}).status == 303);
  CHECK(is_signed_in(lost));
}

TEST_CASE("the page of the code is for those who owe one") {
  WholeSite site;
  auto visitor = site.visitor();
  CHECK(visitor.get("/wejscie/kod?dalej=//evil.example").header("Location") ==
        "/wejscie?dalej=/moje");
  auto anna = site.browser_of(site.add_person("Anna Nowak"));
  CHECK(anna.get("/wejscie/kod?dalej=/moje/dane").header("Location") == "/moje/dane");

  set_password(anna);
  turn_on_codes(site, anna);
  auto slow = site.visitor();
  sign_in(slow, "anna-nowak@urzad.example", kPassword);
  auto fields = slow.get("/wejscie/kod").form("code");
  fields["code"] = "123456";
  site.world().clock().advance(std::chrono::minutes(11));
  const auto ended = slow.post("/wejscie/kod", fields);
  CHECK(ended.status == 401);
  CHECK(ended.has("Zaloguj się od nowa"));
}

TEST_CASE("one-time codes are set up by a picture or by typing, and shown once") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  CHECK(press(browser, kCodesPage, "do", {{"do", "begin"}}).status == 303);
  const auto setup = browser.get(kCodesPage);
  CHECK(setup.has("<svg class=\"qr\""));
  CHECK(setup.has("role=\"img\" aria-label=\"Kod QR"));
  CHECK(secret_on(setup).size() == 39);  // 32 characters in eight groups
  CHECK(setup.header("Cache-Control") == "no-store");
  const auto wrong = press(browser, kCodesPage, "code", {{"code", "12345"}, {"do", "confirm"}});
  CHECK(wrong.status == 422);
  CHECK(wrong.has("<svg class=\"qr\""));  // the same picture again
  CHECK(secret_on(wrong) == secret_on(setup));
  const auto before = browser.cookies().at("session");
  const auto done =
      press(browser, kCodesPage, "code",
            {{"code", code_of_application(secret_on(setup), site.world().clock().now())},
             {"do", "confirm"}});
  CHECK(done.status == 200);
  CHECK(codes_on(done).size() == 10);
  CHECK(done.header("Cache-Control") == "no-store");
  CHECK(browser.cookies().at("session") != before);
  CHECK(is_signed_in(browser));
  const auto after = browser.get(kCodesPage);
  CHECK_FALSE(after.has("<svg class=\"qr\""));
  CHECK(codes_on(after).empty());
  CHECK(after.has("Zostało 10 kodów zapasowych"));

  site.world().clock().advance(std::chrono::seconds(30));
  const auto renewed =
      press(browser, kCodesPage, "code", {{"code", codes_on(done)[0]}, {"do", "renew"}});
  CHECK(renewed.status == 200);
  CHECK(codes_on(renewed).size() == 10);
  CHECK(codes_on(renewed) != codes_on(done));
  CHECK(
      press(browser, kCodesPage, "code", {{"code", codes_on(done)[1]}, {"do", "remove"}}).status ==
      422);
  const auto removed =
      press(browser, kCodesPage, "code", {{"code", codes_on(renewed)[1]}, {"do", "remove"}});
  CHECK(removed.header("Location") == "/moje/bezpieczenstwo?gotowe=bezkodow");
  CHECK(browser.get(removed.header("Location")).has("Kody jednorazowe są wyłączone"));
}

TEST_CASE("an old session asks for the password, or sends a link when there is none") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  site.world().clock().advance(std::chrono::minutes(16));
  const auto page = browser.get(kPasswordPage);
  CHECK(page.has("Dla bezpieczeństwa zaloguj się jeszcze raz"));
  CHECK(page.form("password").empty());
  const auto mails = site.world().count("outgoing_mail");
  CHECK(browser.post("/wejscie", page.form("dalej")).status == 303);
  CHECK(site.world().count("outgoing_mail") == mails + 1);

  auto other = site.browser_of(site.add_person("Piotr Kot"));
  set_password(other);
  site.world().clock().advance(std::chrono::minutes(16));
  const auto asked = other.get(kPasswordPage);
  CHECK(asked.has("autocomplete=\"new-password\""));
  CHECK(asked.has("id=\"current_password\""));
  auto typed = FormData{{"password", "siedem starych pociagow"}, {"do", "set"}};
  CHECK(press(other, kPasswordPage, "password", typed).errors() ==
        std::vector<std::string>{"Obecne hasło: Uzupełnij to pole."});
  typed["current_password"] = "zgaduj zgadula";
  CHECK(press(other, kPasswordPage, "password", typed).errors() ==
        std::vector<std::string>{"Obecne hasło: To nie jest Twoje obecne hasło."});
  typed["current_password"] = kPassword;
  const auto done = press(other, kPasswordPage, "password", typed);
  CHECK(done.header("Location") == "/moje/bezpieczenstwo?gotowe=haslo");
  CHECK(other.get(done.header("Location")).has("Hasło jest zapisane"));
}

TEST_CASE("a person sees their sessions and ends one or all of the others, nobody else's") {
  WholeSite site;
  const auto anna = site.add_person("Anna Nowak");
  auto here = site.browser_of(anna);
  auto second = site.browser_of(anna);
  auto third = site.browser_of(anna);
  auto stranger = site.browser_of(site.add_person("Piotr Kot"));
  auto page = here.get(kSecurity);
  CHECK(page.has("to urządzenie"));
  CHECK(page.has("Wyloguj wszystkie inne urządzenia"));
  const auto ending = page.form("session");
  auto by_stranger = stranger.get(kSecurity).form("form_token");
  by_stranger["do"] = "end";
  by_stranger["session"] = ending.at("session");
  CHECK(stranger.post(kSecurity, by_stranger).status == 404);
  const auto done = here.post(kSecurity, ending);
  CHECK(done.header("Location") == "/moje/bezpieczenstwo?gotowe=sesja");
  CHECK(is_signed_in(second) != is_signed_in(third));
  auto all = here.get(kSecurity).form("do", "end_others");
  CHECK(here.post(kSecurity, all).status == 303);
  CHECK_FALSE(is_signed_in(second));
  CHECK_FALSE(is_signed_in(third));
  CHECK(is_signed_in(here));
  CHECK(is_signed_in(stranger));
  for (const auto& bad : std::vector<std::string>{"", "x", "-1", "99999999999999999999"}) {
    all["do"] = "end";
    all["session"] = bad;
    CHECK(here.post(kSecurity, all).status == 400);
  }
}

TEST_CASE("with strong sign-in an organizer is told what to do, and an official is not bothered") {
  WholeSite site;
  site.environment().strong_sign_in = true;
  const auto anna = site.add_person("Anna Nowak", {{domain::Role::admin, {}}});
  auto by_link = site.browser_of(anna);
  auto page = by_link.get(kSecurity);
  CHECK(page.has("Część uprawnień jest wstrzymana"));
  CHECK(page.has("Rola, którą masz (administrator), działa dopiero po zalogowaniu"));
  CHECK(page.has(">Ustaw hasło</a>: do zrobienia"));
  CHECK(page.has(">Włącz kody jednorazowe</a>: do zrobienia"));
  set_password(by_link);
  const auto codes = turn_on_codes(site, by_link);
  page = by_link.get(kSecurity);
  CHECK(page.has(">Ustaw hasło</a>: gotowe"));
  CHECK(page.has(">Włącz kody jednorazowe</a>: gotowe"));
  CHECK(page.has("Część uprawnień jest wstrzymana"));  // this session began by a link

  auto strong = site.visitor();
  sign_in(strong, "anna-nowak@urzad.example", kPassword);
  press(strong, "/wejscie/kod", "code",
        {{"code", code_of_application(codes.secret, site.world().clock().now())}});
  CHECK(strong.get(kSecurity).status == 200);
  CHECK_FALSE(strong.get(kSecurity).has("wstrzymana"));

  auto official = site.browser_of(site.add_person("Piotr Kot"));
  CHECK_FALSE(official.get(kSecurity).has("wstrzymana"));
}

TEST_CASE("forms of other sites change nothing about how somebody signs in") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Anna Nowak"));
  auto fields = browser.get(kPasswordPage).form("password");
  fields["password"] = kPassword;
  fields["do"] = "set";
  for (const auto* path :
       {kSecurity, kPasswordPage, kCodesPage, "/wejscie/haslo", "/wejscie/kod"}) {
    CAPTURE(path);
    CHECK(browser.post(path, fields, {{"Origin", "https://evil.example"}}).status == 403);
  }
  auto without_token = fields;
  without_token["form_token"] = "x";
  CHECK(browser.post(kPasswordPage, without_token).status == 422);
  CHECK(browser.get(kSecurity).has("Nie masz hasła."));
}

TEST_CASE("too many tries are answered with 429, and the link in a mail goes on working") {
  WholeSite site(true);
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  set_password(owner);
  auto stranger = site.visitor();
  Shown last;
  for (int tries = 0; tries < 30; ++tries) {
    last = sign_in(stranger, "anna-nowak@urzad.example", "zgaduj zgadula");
    if (last.status == 429) break;
  }
  CHECK(last.status == 429);
  CHECK_FALSE(last.header("Retry-After").empty());
  CHECK(last.has("Było za dużo prób"));
  const auto mails = site.world().count("outgoing_mail");
  CHECK(stranger.fill("/wejscie", {{"email", "anna-nowak@urzad.example"}}).status == 303);
  CHECK(site.world().count("outgoing_mail") == mails + 1);
}

TEST_CASE("the log of a site that signs people in holds no secret of theirs") {
  WholeSite site;
  auto owner = site.browser_of(site.add_person("Anna Nowak"));
  set_password(owner);
  const auto codes = turn_on_codes(site, owner);
  auto browser = site.visitor();
  sign_in(browser, "anna-nowak@urzad.example", kPassword);
  press(browser, "/wejscie/kod", "code", {{"code", codes.recovery[0]}});
  browser.get("/wejscie/urzad/powrot?code=topsecretcode&state=topsecretstate");
  std::string log;
  for (const auto& line : site.log()) log += line + "\n";
  CHECK(log.find("/wejscie/haslo") != std::string::npos);
  for (const auto& secret :
       {std::string("rowery"), codes.recovery[0], browser.cookies().at("session"),
        std::string("topsecret"), std::string("anna-nowak@")})
    CHECK(log.find(secret) == std::string::npos);
}
