#include <doctest/doctest.h>

#include <algorithm>

#include "service/identity/oidc.h"
#include "tests/http/identity/provider.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using narada::testing::Browser;
using narada::testing::Provider;
using narada::testing::ProviderOptions;
using narada::testing::query_part;
using narada::testing::Shown;
using narada::testing::WholeSite;

namespace {

// The site and a provider that know each other. The site's clock stands at the present, because the
// provider's tokens do.
class Office {
 public:
  explicit Office(ProviderOptions options = {}, const std::string& secret = {})
      : options_(with_return_url(std::move(options))), provider_(options_) {
    site_.world().clock().set(domain::SystemClock().now());
    identity::OidcSettings settings;
    settings.issuer = provider_.issuer();
    settings.client_id = "narada";
    settings.client_secret = secret.empty() ? options_.secret : secret;
    settings.name = "Urząd Gliwice";
    settings.return_url = options_.return_url;
    settings.report = [this](const std::string& line) {
      const std::scoped_lock lock(mutex_);
      reports_.push_back(line);
    };
    oidc_ = std::make_unique<identity::OidcProvider>(settings, site_.world().clock());
    site_.environment().oidc = oidc_.get();
  }

  WholeSite& site() { return site_; }
  Provider& provider() { return provider_; }
  std::vector<std::string> reports() {
    const std::scoped_lock lock(mutex_);
    return reports_;
  }

  // From the button to where the provider sends the browser back to.
  std::string go(Browser& browser, const std::string& login,
                 const std::string& path = "/wejscie/urzad") {
    const auto sent = browser.get(path);
    REQUIRE(sent.status == 302);
    return provider_.log_in(sent.header("Location"), login);
  }
  std::int64_t count(const std::string& table) { return site_.world().count(table); }

 private:
  ProviderOptions with_return_url(ProviderOptions options) const {
    options.return_url =
        "http://127.0.0.1:" + std::to_string(site_.port()) + "/wejscie/urzad/powrot";
    return options;
  }

  WholeSite site_;
  ProviderOptions options_;
  Provider provider_;
  std::mutex mutex_;
  std::vector<std::string> reports_;
  std::unique_ptr<identity::OidcProvider> oidc_;
};

bool is_signed_in(Browser& browser) { return browser.get("/moje").status == 200; }

}  // namespace

TEST_CASE("a person of the office's directory signs in, and is the same one the next time") {
  Office office;
  auto browser = office.site().visitor();
  const auto page = browser.get("/wejscie?dalej=/moje/dane");
  CHECK(page.has("Zaloguj się przez: Urząd Gliwice"));
  const auto links = page.addresses();
  const std::string button = "/wejscie/urzad?dalej=%2Fmoje%2Fdane";
  CHECK(std::count(links.begin(), links.end(), button) == 1);

  const auto sessions = office.count("session");
  const auto people = office.count("person");
  const auto sent = browser.get(button);
  CHECK(sent.status == 302);
  const auto url = sent.header("Location");
  CHECK(url.starts_with(office.provider().issuer() + "/auth?response_type=code&client_id=narada&"));
  CHECK(query_part(url, "code_challenge_method") == "S256");
  CHECK(query_part(url, "code_challenge").size() == 43);
  CHECK(query_part(url, "state").size() == 43);
  CHECK(query_part(url, "nonce").size() == 43);
  CHECK(sent.header("Set-Cookie").find("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax") !=
        std::string::npos);
  CHECK(sent.header("Cache-Control") == "no-store");
  CHECK(office.count("session") == sessions);  // nothing is written yet

  const auto back = browser.get(office.provider().log_in(url, "anna"));
  CHECK(back.status == 303);
  CHECK(back.header("Location") == "/moje/dane");
  CHECK(is_signed_in(browser));
  CHECK(browser.get("/moje/dane").has("Anna Nowak"));
  CHECK(office.count("person") == people + 1);
  CHECK(office.count("external_identity") == 1);

  auto other = office.site().visitor();
  CHECK(other.get(office.go(other, "anna", "/en/wejscie/urzad")).header("Location") == "/en/moje");
  CHECK(office.count("person") == people + 1);
  CHECK(office.count("external_identity") == 1);
  for (const auto& mail : office.site().world().facts())  // whoever is new had no other way in
    CHECK(mail.kind != notifications::MailKind::credentials_changed);
  CHECK(office.reports().empty());
}

TEST_CASE("a known person of that mailbox and name is the one who signs in") {
  Office office;
  const auto anna = office.site().add_person("Anna Nowak");
  office.site().world().pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "UPDATE person SET email = 'anna.nowak@urzad.example', email_key = "
        "'anna.nowak@urzad.example' WHERE id = ?",
        {anna});
  });
  const auto people = office.count("person");
  auto browser = office.site().visitor();
  CHECK(browser.get(office.go(browser, "anna")).status == 303);
  CHECK(office.count("person") == people);
  const auto owner = office.site().world().pool().read([](storage::Connection& connection) {
    return connection.query("SELECT person_id, method FROM session ORDER BY id DESC LIMIT 1")[0];
  });
  CHECK(owner.id<domain::PersonId>(0) == anna);
  CHECK(owner.text(1) == "oidc");
  const auto count_told = [&] {
    const auto facts = office.site().world().facts();
    return std::count_if(facts.begin(), facts.end(), [](const auto& mail) {
      return mail.kind == notifications::MailKind::credentials_changed &&
             mail.to_address == "anna.nowak@urzad.example" && mail.account &&
             mail.account->change == "directory_linked";
    });
  };
  CHECK(count_told() == 1);
  CHECK(browser.get(office.go(browser, "anna")).status == 303);  // linked already
  CHECK(count_told() == 1);
}

TEST_CASE("claims come by userinfo, secrets by the body, tokens by every allowed algorithm") {
  for (const auto& options :
       std::vector<ProviderOptions>{{.claims_in_token = false},
                                    {.method = "client_secret_post"},
                                    {.algorithm = "PS256"},
                                    {.secret = "with spaces, %, + and :", .algorithm = "ES256"}}) {
    CAPTURE(options.algorithm);
    CAPTURE(options.method);
    Office office(options);
    auto browser = office.site().visitor();
    CHECK(browser.get(office.go(browser, "anna")).status == 303);
    CHECK(is_signed_in(browser));
    CHECK(office.reports().empty());
  }
}

TEST_CASE("a provider that changes its keys is believed with the new ones") {
  Office office;
  auto browser = office.site().visitor();
  CHECK(browser.get(office.go(browser, "anna")).status == 303);
  office.provider().rotate_keys();
  auto other = office.site().visitor();
  CHECK(other.get(office.go(other, "anna")).status == 303);
  CHECK(is_signed_in(other));
}

TEST_CASE("somebody without a verified mailbox or a name does not get in, and is told why") {
  Office office;
  const auto people = office.count("person");
  struct Row {
    std::string login;
    std::string heading;
  };
  for (const Row& row : std::vector<Row>{{"piotr", "Adres e-mail nie jest potwierdzony"},
                                         {"nobody", "W katalogu urzędu brakuje danych"}}) {
    CAPTURE(row.login);
    auto browser = office.site().visitor();
    const auto shown = browser.get(office.go(browser, row.login));
    CHECK(shown.status == 403);
    CHECK(shown.has(row.heading));
    CHECK(shown.has("href=\"/wejscie\""));
    CHECK_FALSE(is_signed_in(browser));
  }
  CHECK(office.count("person") == people);
  CHECK(office.count("external_identity") == 0);
}

TEST_CASE("a return counts once, in the browser that began it, for ten minutes") {
  Office office;
  auto browser = office.site().visitor();
  const auto back = office.go(browser, "anna");
  const auto kept = browser.cookies().at("directory");

  auto stranger = office.site().visitor();
  auto shown = stranger.get(back);  // without the cookie
  CHECK(shown.status == 400);
  CHECK(shown.has("Zacznij logowanie jeszcze raz"));
  CHECK(shown.header("Cache-Control") == "no-store");
  stranger.get("/wejscie/urzad");
  CHECK(stranger.get(back).status == 400);  // with the cookie of another beginning
  CHECK_FALSE(is_signed_in(stranger));

  auto wrong = back;
  wrong.replace(wrong.find("state=") + 6, 4, "AAAA");
  CHECK(browser.get(wrong).status == 400);
  browser.cookies()["directory"] = kept.substr(0, kept.size() - 4) + "AAAA";  // tampered with
  CHECK(browser.get(back).status == 400);
  browser.cookies()["directory"] = kept;
  CHECK(browser.get(back).status == 303);
  CHECK(browser.cookies().at("directory").empty());

  CHECK(browser.get(back).status == 400);  // the cookie is gone
  stranger.cookies()["directory"] = kept;
  shown = stranger.get(back);  // with everything but a fresh code
  CHECK(shown.status == 403);
  CHECK(shown.has("Katalog urzędu przerwał logowanie"));
  CHECK_FALSE(is_signed_in(stranger));

  auto slow = office.site().visitor();
  const auto late = office.go(slow, "anna");
  office.site().world().clock().advance(std::chrono::minutes(10));
  CHECK(slow.get(late).status == 400);
}

TEST_CASE("a return never leads to another site") {
  Office office;
  for (const auto* target : {"https://evil.example/", "//evil.example", "/\\evil.example"}) {
    CAPTURE(target);
    auto browser = office.site().visitor();
    const auto back =
        office.go(browser, "anna", "/wejscie/urzad?dalej=" + http::pages::encode_component(target));
    CHECK(browser.get(back).header("Location") == "/moje");
  }
}

TEST_CASE("a wrong client secret is told to the operator, a clear page to the person") {
  Office office({}, "not the secret");
  auto browser = office.site().visitor();
  const auto shown = browser.get(office.go(browser, "anna", "/en/wejscie/urzad?dalej=/en/moje"));
  CHECK(shown.status == 403);
  CHECK(shown.title() == "Signing in with your office's directory failed – Narada");
  CHECK(shown.has("href=\"/en/wejscie?dalej=%2Fen%2Fmoje\""));
  CHECK_FALSE(shown.has("code="));  // nothing of the address stands in the page
  CHECK(office.reports() ==
        std::vector<std::string>{"OpenID Connect: the token endpoint answers 401, invalid_client"});
}

TEST_CASE("a person who says no at the provider, and an answer of another provider, get a page") {
  Office office;
  auto browser = office.site().visitor();
  const auto answer = [&](const std::string& rest) {
    const auto state = query_part(browser.get("/wejscie/urzad").header("Location"), "state");
    return browser.get("/wejscie/urzad/powrot?state=" + state + rest);
  };
  const auto issuer = http::pages::encode_component(office.provider().issuer());
  CHECK(answer("&error=access_denied&iss=" + issuer).has("Katalog urzędu przerwał logowanie"));
  CHECK(answer("&iss=" + issuer).status == 403);  // neither code nor error
  CHECK(answer("&code=x&iss=https%3A%2F%2Fevil.example").status == 502);
  CHECK(answer("&code=x").status == 502);  // this provider always names itself
  const auto hostile = answer("&error=%3Cscript%3Ealert(1)%3C/script%3E&iss=" + issuer);
  CHECK_FALSE(hostile.has("<script>alert"));
  CHECK_FALSE(is_signed_in(browser));
  for (const auto& line : office.reports()) CHECK(line.find("script") == std::string::npos);
}

TEST_CASE("while the provider is down a page says so, and the link in a mail still signs in") {
  Office office;
  office.provider().stop();
  auto browser = office.site().visitor();
  const auto shown = browser.get("/wejscie/urzad?dalej=/moje/dane");
  CHECK(shown.status == 503);
  CHECK(shown.has("Katalog urzędu nie odpowiada"));
  CHECK(shown.has("href=\"/wejscie?dalej=%2Fmoje%2Fdane\""));
  const auto begin = std::chrono::steady_clock::now();
  CHECK(browser.get("/wejscie/urzad").status == 503);  // not asked again at once
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  const auto mails = office.count("outgoing_mail");
  CHECK(browser.fill("/wejscie", {{"email", "anna.nowak@urzad.example"}}).status == 303);
  CHECK(office.count("outgoing_mail") == mails + 1);

  Office later;
  auto other = later.site().visitor();
  const auto back = later.go(other, "anna");
  later.provider().stop();
  CHECK(other.get(back).status == 503);
}

TEST_CASE("without a directory there is no button and no way to one") {
  WholeSite site;
  auto browser = site.visitor();
  CHECK_FALSE(browser.get("/wejscie").has("/wejscie/urzad"));
  CHECK(browser.get("/wejscie/urzad").status == 404);
  CHECK(browser.get("/wejscie/urzad/powrot?code=x&state=y").status == 404);
}
