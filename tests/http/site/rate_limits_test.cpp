// What one browser uses up, and what stays for others.
#include "service/usecases/rate_limits.h"

#include <doctest/doctest.h>

#include <memory>

#include "sql/pool.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

std::string newest_link(WholeSite& site) {
  const auto facts = site.world().facts();
  REQUIRE(!facts.empty());
  const auto& url = facts.back().account->url;
  return url.substr(std::string("https://narada.example").size());
}

// Another process of the same installation.
class SecondSite {
 public:
  explicit SecondSite(WholeSite& first)
      : messages_(NARADA_SOURCE_DIR "/web/locales"),
        renderer_(NARADA_SOURCE_DIR "/web", messages_, web::View::object()),
        environment_(first.environment()) {
    environment_.catalogue = &catalogue_;
    SiteParts parts;
    parts.environment = &environment_;
    parts.messages = &messages_;
    parts.renderer = &renderer_;
    parts.assets = NARADA_BINARY_DIR "/assets";
    parts.write_log_line = [](std::string_view) {};
    parts.find_obstacle = [] { return std::nullopt; };
    site_ = std::make_unique<Site>(parts);
    http::ServerOptions options;
    options.port = 0;
    options.pool_threads = 2;
    server_ = std::make_unique<http::Server>(options, site_->router(), site_->hooks());
    server_->start();
  }
  ~SecondSite() { server_->stop(); }

  Browser visitor() const { return Browser(server_->port()); }

 private:
  web::Messages messages_;
  web::Renderer renderer_;
  usecases::Environment environment_;
  usecases::CatalogueCache catalogue_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

TEST_CASE("a mailbox gets only so many links, whichever process is asked") {
  WholeSite site(true);
  const SecondSite second(site);
  auto here = site.visitor();
  auto there = second.visitor();
  const int burst = usecases::rule_of(usecases::RateKind::sign_in_mail_of_mailbox).burst;
  for (int turn = 0; turn < burst; ++turn) {
    auto& browser = turn % 2 == 0 ? here : there;
    CHECK(browser.fill("/wejscie", {{"email", "Anna@Urzad.example"}}).status == 303);
  }
  for (auto* browser : {&here, &there}) {
    const auto refused = browser->fill("/wejscie", {{"email", "anna@urzad.example"}});
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "600");
    CHECK(refused.header("Cache-Control") == "no-store");
    CHECK(refused.has("już w skrzynce"));
  }
  CHECK(here.fill("/wejscie", {{"email", "jan@urzad.example"}}).status == 303);
  // What the owner finds in the mailbox still works: nobody is kept out by it.
  site.world().clock().advance(599s);
  CHECK(here.fill("/wejscie", {{"email", "anna@urzad.example"}}).header("Retry-After") == "1");
  const auto facts = site.world().facts();
  const auto& url = facts[static_cast<std::size_t>(burst) - 1].account->url;
  CHECK(here.get(url.substr(std::string("https://narada.example").size())).status == 200);
  site.world().clock().advance(1s);
  CHECK(there.fill("/wejscie", {{"email", "anna@urzad.example"}}).status == 303);
}

TEST_CASE("a thousand wrong tries keep nobody out whose link is right") {
  WholeSite site(true);
  site.add_person("Anna Nowak");
  auto owner = site.visitor();
  REQUIRE(owner.fill("/wejscie", {{"email", "anna-nowak@urzad.example"}}).status == 303);
  const auto link = newest_link(site);
  auto stranger = site.visitor();
  stranger.get("/wejscie");
  const FormData fields{{"form_token", stranger.cookies()["form_token"]}, {"person", "1"}};
  std::map<int, int> answers;
  for (int turn = 0; turn < 1000; ++turn)
    ++answers[stranger.post("/wejscie/" + usecases::make_token(), fields).status];
  CHECK(answers == std::map<int, int>{{404, 30}, {429, 970}});
  // From the very address of the tries.
  const auto begun = std::chrono::steady_clock::now();
  const auto page = owner.get(link);
  CHECK(page.status == 200);
  CHECK(owner.post(link, page.form("person")).status == 303);
  CHECK(owner.get("/moje").has("Anna Nowak"));
  CHECK(std::chrono::steady_clock::now() - begun < 2s);
}

TEST_CASE("registrations from one address are limited, also with a header that excuses nothing") {
  WholeSite site(true);
  const auto meeting = site.world().publish(1000);
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.visitor();
  const auto token = browser.get(path).form()["form_token"];
  std::map<int, int> answers;
  for (int turn = 0; turn < 70; ++turn)
    ++answers[browser.post(path, {{"form_token", token}}, {{"Authorization", "Bearer x"}}).status];
  CHECK(answers == std::map<int, int>{{422, 60}, {429, 10}});
  const auto refused = browser.post(path, {{"form_token", token}});
  CHECK(refused.header("Retry-After") == "5");
  CHECK(site.visitor().get(path).status == 200);
}

TEST_CASE("no address stands in the table of allowances") {
  WholeSite site(true);
  auto browser = site.visitor();
  browser.fill("/wejscie", {{"email", "anna@urzad.example"}});
  site.world().pool().read([](storage::Connection& connection) {
    const auto rows = connection.query("SELECT allowance_key FROM rate_allowance");
    CHECK(rows.size() == 4);
    for (const auto row : rows) CHECK(row.text(0).size() == 32);
    return true;
  });
}
