// Signing in by a link in a mail, as browsers meet it.
#include <doctest/doctest.h>

#include "sql/pool.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

const std::string kEmail = "sekretariat@urzad.example";

std::string value_of(WholeSite& site, const std::string& select) {
  return site.world().pool().read([&](storage::Connection& connection) {
    const auto rows = connection.query(select);
    return rows.empty() ? std::string("none") : rows[0].text_or_empty(0);
  });
}

// The path behind the link of the newest mail about an account.
std::string newest_link(WholeSite& site) {
  const auto facts = site.world().facts();
  REQUIRE(!facts.empty());
  REQUIRE(facts.back().account);
  const auto& url = facts.back().account->url;
  REQUIRE(url.starts_with("https://narada.example/"));
  return url.substr(std::string("https://narada.example").size());
}

std::string ask_for_link(WholeSite& site, const std::string& email = kEmail,
                         const std::string& query = "", const std::string& prefix = "") {
  auto browser = site.visitor();
  const auto sent = browser.fill(prefix + "/wejscie" + query, {{"email", email}});
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location") == prefix + "/wejscie/wyslano");
  return newest_link(site);
}

// The form of a new person.
Shown join(Browser& browser, const std::string& link, const std::string& name = "Ewa Lis") {
  const auto page = browser.get(link);
  REQUIRE(page.status == 200);
  auto fields = page.form("do", "join");
  REQUIRE(!fields.empty());
  fields["full_name"] = name;
  fields["consent"] = "yes";
  return browser.post(link, fields);
}

// The form of whom the mailbox knows.
Shown enter(Browser& browser, const std::string& link) {
  const auto page = browser.get(link);
  REQUIRE(page.status == 200);
  return browser.post(link, page.form("person"));
}

// A page without what differs each time.
std::string timeless(const Shown& page) {
  std::string html = page.html;
  const auto start = html.find("X-Request-Id");
  return start == std::string::npos ? html : html.substr(0, start);
}

}  // namespace

TEST_CASE("a newcomer signs in by a mail, and the link works once") {
  WholeSite site;
  auto browser = site.visitor();
  CHECK(browser.get("/moje").header("Location") ==
        "/wejscie?dalej=/moje");  // decoded by the client
  const auto link = ask_for_link(site);
  CHECK(browser.get("/wejscie/wyslano").status == 200);

  const auto page = browser.get(link);
  CHECK(page.status == 200);
  CHECK(page.header("Cache-Control") == "no-store");
  CHECK(page.has(kEmail));
  CHECK(page.form("person").empty());
  auto fields = page.form("do", "join");
  const auto refused = browser.post(link, fields);
  CHECK(refused.status == 422);
  CHECK(refused.errors().size() == 2);
  CHECK(value_of(site, "SELECT COUNT(*) FROM session") == "0");

  const auto signed_in = join(browser, link);
  CHECK(signed_in.status == 303);
  CHECK(signed_in.header("Location") == "/moje");
  const auto cookie = signed_in.header("Set-Cookie");
  CHECK(cookie.starts_with("session="));
  CHECK(cookie.find("; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax") != std::string::npos);
  CHECK(cookie.find("Secure") == std::string::npos);
  CHECK(signed_in.header("Cache-Control") == "no-store");
  const auto mine = browser.get("/moje");
  CHECK(mine.status == 200);
  CHECK(mine.has("Ewa Lis"));
  CHECK(mine.header("Cache-Control") == "no-store");
  CHECK(value_of(site, "SELECT GROUP_CONCAT(subject) FROM clause_acceptance") == "account");
  CHECK(value_of(site, "SELECT email_proved_at FROM person WHERE full_name = 'Ewa Lis'") ==
        "2027-01-04 09:00:00");
  CHECK(value_of(site,
                 "SELECT GROUP_CONCAT(verb ORDER BY id) FROM activity WHERE verb LIKE "
                 "'%.begun' OR verb LIKE '%.joined'") == "person.joined,session.begun");

  auto other = site.visitor();
  const auto used = other.get(link);
  CHECK(used.status == 404);
  CHECK(used.has("już nie działa"));
  const auto unknown = other.get("/wejscie/" + std::string(43, 'A'));
  CHECK(unknown.status == 404);
  CHECK(timeless(unknown) == timeless(used));
}

TEST_CASE("a link signs in another browser, in its language, and leads back") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link =
      ask_for_link(site, "anna-nowak@urzad.example", "?dalej=%2Fen%2Fcykle%3Fa%3D1", "/en");
  CHECK(link.starts_with("/en/wejscie/"));
  auto phone = site.visitor();
  const auto page = phone.get(link);
  CHECK(page.has("Anna Nowak"));
  CHECK(page.has("Gliwice"));
  CHECK(enter(phone, link).header("Location") == "/en/cykle?a=1");
  CHECK(phone.get("/en/moje").status == 200);
}

TEST_CASE("a link ends after a quarter of an hour") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  site.world().clock().advance(15min - 1s);
  const auto page = browser.get(link);
  CHECK(page.status == 200);
  site.world().clock().advance(1s);
  CHECK(browser.post(link, page.form("person")).status == 404);
  CHECK(browser.get(link).status == 404);
  CHECK(value_of(site, "SELECT COUNT(*) FROM session") == "0");
}

TEST_CASE("looking at a link does not use it up") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  httplib::Client scanner("127.0.0.1", site.port());
  for (int turn = 0; turn < 3; ++turn) {
    CHECK(scanner.Head(link)->status == 200);
    CHECK(scanner.Get(link)->status == 200);
  }
  CHECK(scanner.Post(link, "", "application/x-www-form-urlencoded")->status == 422);
  auto browser = site.visitor();
  CHECK(enter(browser, link).status == 303);
}

TEST_CASE("a form sent twice signs in once, into the same session") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  const auto fields = browser.get(link).form("person");
  CHECK(browser.post(link, fields).status == 303);
  const auto session = browser.cookies()["session"];
  CHECK(browser.post(link, fields).status == 303);
  CHECK(browser.cookies()["session"] == session);
  CHECK(value_of(site, "SELECT COUNT(*) FROM session") == "1");
}

TEST_CASE("what one browser sent to sign in is of no use in another, nor in the same one later") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  auto fields = browser.get(link).form("person");
  REQUIRE(browser.post(link, fields).status == 303);
  auto thief = site.visitor();
  thief.get("/wejscie");
  auto copied = fields;
  copied["form_token"] = thief.cookies()["form_token"];
  CHECK(thief.post(link, copied).status == 404);
  CHECK(thief.cookies().count("session") == 0);
  site.world().clock().advance(6min);
  browser.cookies().erase("session");
  CHECK(browser.post(link, fields).status == 404);
  CHECK(browser.cookies().count("session") == 0);
}

TEST_CASE("signing in gives a new cookie and ends what the browser had") {
  WholeSite site;
  const auto stranger = site.add_person("Jan Obcy");
  site.add_person("Anna Nowak");
  const auto planted = site.begin_session(stranger);
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  browser.cookies()["session"] = planted;
  CHECK(enter(browser, link).status == 303);
  const auto own = browser.cookies()["session"];
  CHECK(own != planted);
  CHECK(browser.get("/moje").has("Anna Nowak"));
  auto thief = site.visitor();
  thief.cookies()["session"] = planted;
  CHECK(thief.get("/moje").status == 303);

  // A value that somebody made up is never taken over.
  auto other = site.visitor();
  other.cookies()["session"] = std::string(43, 'x');
  CHECK(enter(other, ask_for_link(site, "anna-nowak@urzad.example")).status == 303);
  CHECK(other.cookies()["session"] != std::string(43, 'x'));
}

TEST_CASE("another site can neither sign somebody in nor out") {
  WholeSite site;
  const auto anna = site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  auto fields = browser.get(link).form("person");
  CHECK(browser.post(link, fields, {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(browser.post(link, fields, {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  fields["form_token"] = std::string(43, 'x');
  CHECK(browser.post(link, fields).status == 422);
  fields.erase("form_token");
  CHECK(browser.post(link, fields).status == 422);
  CHECK(browser.post("/wejscie", {{"email", kEmail}}).status == 422);
  CHECK(browser.cookies().count("session") == 0);
  CHECK(enter(browser, link).status == 303);

  auto signed_in = site.browser_of(anna);
  signed_in.get("/wyjscie");
  CHECK(signed_in.get("/moje").status == 200);
  CHECK(signed_in.post("/wyjscie", {}, {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(signed_in.post("/wyjscie", {}).header("Location") == "/wyjscie");
  CHECK(signed_in.get("/moje").status == 200);
  const auto old = signed_in.cookies()["session"];
  const auto out = signed_in.fill("/wyjscie", {});
  CHECK(out.status == 303);
  CHECK(out.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
  signed_in.cookies()["session"] = old;
  CHECK(signed_in.get("/moje").status == 303);
}

TEST_CASE("people of one mailbox say who they are, and only they") {
  WholeSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  for (const auto* name : {"Adam Bąk", "Beata Cis"}) {
    auto form = RegistrationWorld::person(1);
    form.full_name = name;
    form.email = kEmail;
    REQUIRE(world.try_register(meeting.id, form).ok());
  }
  const auto foreign = site.add_person("Jan Obcy");
  const auto link = ask_for_link(site);
  auto browser = site.visitor();
  const auto page = browser.get(link);
  CHECK(page.has("Adam Bąk"));
  CHECK(page.has("Beata Cis"));
  CHECK_FALSE(page.has("Jan Obcy"));
  FormData fields{{"form_token", page.form()["form_token"]}};
  for (const std::string& wrong :
       {std::string(), std::string("x"), std::string("-1"), std::string("99999999999999999999"),
        std::to_string(foreign.value)}) {
    CAPTURE(wrong);
    fields["person"] = wrong;
    CHECK(browser.post(link, fields).errors() == std::vector<std::string>{"Wybierz, kim jesteś."});
  }
  fields["person"] = value_of(site, "SELECT id FROM person WHERE full_name = 'Beata Cis'");
  CHECK(browser.post(link, fields).status == 303);
  CHECK(browser.get("/moje").has("Beata Cis"));

  auto third = site.visitor();
  CHECK(join(third, ask_for_link(site), "Celina Dąb").status == 303);
  CHECK(third.get("/moje").has("Celina Dąb"));
  CHECK(value_of(site, "SELECT COUNT(*) FROM person WHERE email_key = '" + kEmail + "'") == "3");
}

TEST_CASE("nothing tells from outside who is known") {
  WholeSite site;
  site.add_person("Anna Nowak");
  auto browser = site.visitor();
  const auto ask = [&](const std::string& email) {
    return browser.fill("/wejscie", {{"email", email}});
  };
  const auto known = ask("anna-nowak@urzad.example");
  const auto unknown = ask("nikt-nikogo@urzad.example");
  CHECK(known.status == unknown.status);
  CHECK(known.html == unknown.html);
  CHECK(known.header("Location") == unknown.header("Location"));
  auto facts = site.world().facts();
  REQUIRE(facts.size() == 2);
  for (auto& mail : facts) {
    CHECK(mail.to_name.empty());
    mail.to_address = "";
    mail.account->url = "";
  }
  CHECK(notifications::serialize(facts[0]) == notifications::serialize(facts[1]));
  CHECK(value_of(site, "SELECT COUNT(*) FROM sign_in_link") == "2");
  CHECK(value_of(site, "SELECT COUNT(*) FROM outgoing_mail WHERE person_id IS NULL") == "2");
  CHECK(ask("to nie jest adres").status == 422);
}

TEST_CASE("signing in leads to this site alone") {
  WholeSite site;
  site.add_person("Anna Nowak");
  for (const char* target : {"//evil.example", "https://evil.example/", "/\\evil.example",
                             "javascript:alert(1)", "/a b", "evil"}) {
    CAPTURE(target);
    const auto link = ask_for_link(site, "anna-nowak@urzad.example",
                                   "?dalej=" + http::pages::encode_component(target));
    auto browser = site.visitor();
    CHECK(enter(browser, link).header("Location") == "/moje");
  }
  auto signed_in = site.browser_of(site.add_person("Ewa Lis"));
  CHECK(signed_in.get("/wejscie?dalej=%2F%2Fevil.example").header("Location") == "/moje");
  CHECK(signed_in.get("/wejscie?dalej=%2Fcykle").header("Location") == "/cykle");
}

TEST_CASE("who is not signed in sees no private page, and a form says that the session is over") {
  WholeSite site;
  auto browser = site.visitor();
  const auto asked = browser.get("/en/moje?a=b");
  CHECK(asked.status == 303);
  CHECK(asked.header("Location") == "/en/wejscie?dalej=/en/moje?a=b");
  CHECK(asked.header("Cache-Control") == "no-store");
  // All of the address comes back, also what looks like another parameter.
  const auto form =
      browser.get("/wejscie?dalej=" + http::pages::encode_component("/moje?a=b&dalej=/cykle"));
  CHECK(form.form()["dalej"] == "/moje?a=b&dalej=/cykle");
  const auto ended = browser.post("/moje/dane", {{"full_name", "x"}});
  CHECK(ended.status == 401);
  CHECK(ended.has("Sesja się skończyła"));
}

TEST_CASE("a new address is proved by its owner alone") {
  WholeSite site;
  const auto anna = site.add_person("Anna Nowak");
  const auto stranger = site.add_person("Jan Obcy");
  const std::string token(43, 'T');
  site.world().pool().transact([&](storage::Connection& connection) {
    const auto now = site.world().clock().now();
    return connection.execute(
        "INSERT INTO sign_in_link (token_hash, purpose, email, email_key, person_id, created_at, "
        "expires_at) VALUES (?, 'email_change', 'a@b.example', 'a@b.example', ?, ?, ?)",
        {usecases::hash_token(token), anna, now, now + 15min});
  });
  const auto link = "/wejscie/" + token;
  for (auto* browser : {new Browser(site.visitor()), new Browser(site.browser_of(stranger))}) {
    const std::unique_ptr<Browser> owned(browser);
    const auto page = browser->get(link);
    CHECK(page.status == 403);
    CHECK_FALSE(page.has("Anna Nowak"));
    browser->get("/wyjscie");  // gives a token for forms
    CHECK(browser->post(link, {{"form_token", browser->cookies()["form_token"]}}).status == 403);
  }
  CHECK(value_of(site, "SELECT email FROM person WHERE full_name = 'Anna Nowak'") ==
        "anna-nowak@urzad.example");
  auto own = site.browser_of(anna);
  CHECK(enter(own, link).status == 303);
  CHECK(value_of(site,
                 "SELECT CONCAT(email, ' ', email_key) FROM person WHERE full_name = 'Anna "
                 "Nowak'") == "a@b.example a@b.example");
  CHECK(own.get("/moje").status == 200);
  CHECK(value_of(site, "SELECT COUNT(*) FROM session") == "2");  // nobody was signed in by it
  CHECK(own.get("/moje/dane?email=zmieniony").has("Adres e-mail został zmieniony"));
}

TEST_CASE("neither the log nor another page holds a link or a cookie") {
  WholeSite site;
  site.add_person("Anna Nowak");
  const auto link = ask_for_link(site, "anna-nowak@urzad.example");
  auto browser = site.visitor();
  enter(browser, link);
  browser.get("/moje");
  browser.get(link);
  const auto token = link.substr(link.rfind('/') + 1);
  for (const auto& line : site.log()) {
    CHECK(line.find(token) == std::string::npos);
    CHECK(line.find(browser.cookies()["session"]) == std::string::npos);
    CHECK(line.find("anna-nowak") == std::string::npos);
  }
  CHECK_FALSE(browser.get("/moje").has(browser.cookies()["session"]));
}
