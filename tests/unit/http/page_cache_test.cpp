#include "service/http/page_cache.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "service/http/middleware.h"
#include "service/http/response_headers.h"
#include "service/usecases/catalogue_cache.h"

namespace {

using namespace narada;
using namespace narada::http;

class FakeClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return now_; }
  domain::Instant now_{std::chrono::seconds(1'800'000'000)};
};

std::shared_ptr<const Response> page(std::string text) {
  Response response;
  response.body = std::make_shared<const std::string>(std::move(text));
  return std::make_shared<const Response>(std::move(response));
}

struct Fixture {
  FakeClock clock;
  usecases::CatalogueCache catalogue;
  PageCache pages{catalogue, clock};
};

// A site of one route whose answer counts how often it was made.
struct Site : Fixture {
  explicit Site(bool shared) {
    RouteOptions options;
    options.shared = shared;
    router.add(
        Method::get, "/strona",
        [this](const Request&) {
          Response response = html_response(status, "wersja " + std::to_string(++made));
          if (cookie) response.add("Set-Cookie", "a=b");
          return response;
        },
        options);
  }

  Request request(std::vector<std::pair<std::string, std::string>> headers = {}) {
    Request made_request;
    made_request.path = made_request.target = "/strona";
    made_request.headers = std::move(headers);
    made_request.request_id = "r" + std::to_string(++asked);
    return made_request;
  }

  // As the server does: what is ready, else what the handler makes.
  std::string get(const Request& request) {
    const auto match = router.find(Method::get, request.path);
    auto ready = middleware.find_ready(request, match);
    const Response response = ready ? *ready : middleware.handle(request, match);
    return std::string(response.body_text());
  }

  int made = 0, asked = 0, status = 200;
  bool cookie = false;
  Router router;
  web::Messages messages{std::string(NARADA_SOURCE_DIR) + "/web/locales"};
  ErrorWriter errors{messages, nullptr};
  AccessLog log{LogFormat::text, [](std::string_view) {}};
  Metrics metrics;
  Middleware middleware{errors, log, metrics, &pages};
};

}  // namespace

TEST_CASE("a kept answer is found until the second ends or this process writes") {
  Fixture f;
  f.pages.keep("a", f.pages.stamp(), page("1"));
  REQUIRE(f.pages.find("a") != nullptr);
  CHECK(f.pages.find("a")->body_text() == "1");
  CHECK(f.pages.find("b") == nullptr);
  f.clock.now_ += std::chrono::seconds(1);
  CHECK(f.pages.find("a") == nullptr);
  f.pages.keep("a", f.pages.stamp(), page("2"));
  REQUIRE(f.pages.find("a") != nullptr);
  f.catalogue.note_write();
  CHECK(f.pages.find("a") == nullptr);
}

TEST_CASE("an answer whose facts were read before a write is never given after it") {
  Fixture f;
  const auto before = f.pages.stamp();
  f.catalogue.note_write();
  f.pages.keep("a", before, page("old"));
  CHECK(f.pages.find("a") == nullptr);
}

TEST_CASE("the cache empties itself rather than grow beyond its bytes") {
  FakeClock clock;
  usecases::CatalogueCache catalogue;
  PageCache pages(catalogue, clock, 10'000);
  pages.keep("a", pages.stamp(), page(std::string(6'000, 'a')));
  pages.keep("b", pages.stamp(), page(std::string(6'000, 'b')));
  CHECK(pages.find("a") == nullptr);
  CHECK(pages.find("b") != nullptr);
}

TEST_CASE("a shared route is made once a second and anew after a write") {
  Site site(true);
  CHECK(site.get(site.request()) == "wersja 1");
  CHECK(site.get(site.request()) == "wersja 1");
  site.catalogue.note_write();
  CHECK(site.get(site.request()) == "wersja 2");
  site.clock.now_ += std::chrono::seconds(1);
  CHECK(site.get(site.request()) == "wersja 3");
}

TEST_CASE("a ready answer carries the id of its own request") {
  Site site(true);
  site.get(site.request());
  const auto request = site.request();
  const auto ready = site.middleware.find_ready(request, site.router.find(Method::get, "/strona"));
  REQUIRE(ready.has_value());
  CHECK(find_header(*ready, "X-Request-Id") == request.request_id);
  CHECK(find_header(*ready, "Content-Security-Policy") == kContentSecurityPolicy);
}

TEST_CASE("what is not the same for everybody is made each time") {
  SUBCASE("another route") {
    Site site(false);
    site.get(site.request());
    CHECK(site.get(site.request()) == "wersja 2");
  }
  SUBCASE("a reader with a token") {
    Site site(true);
    site.get(site.request());
    CHECK(site.get(site.request({{"authorization", "Bearer x"}})) == "wersja 2");
    CHECK(site.get(site.request()) == "wersja 1");
  }
  SUBCASE("an answer that sets a cookie") {
    Site site(true);
    site.cookie = true;
    site.get(site.request());
    CHECK(site.get(site.request()) == "wersja 2");
  }
  SUBCASE("an answer that failed") {
    Site site(true);
    site.status = 404;
    site.get(site.request());
    CHECK(site.get(site.request()) == "wersja 2");
  }
}

namespace {

// Makes one answer while others ask for the same: `meanwhile` runs once the making has begun and
// somebody waits; how often the answer was made, and what the others got.
struct Crowd : Fixture {
  std::atomic<int> made{0};
  std::atomic<bool> may_finish{false};
  std::vector<std::string> got{std::vector<std::string>(4)};

  std::string ask(const PageCache::Make& make) {
    const auto answer = pages.find_or_make("a", make);
    return answer ? std::string(answer->body_text()) : "own";
  }
  template <class Meanwhile>
  void gather(const PageCache::Make& make, const Meanwhile& meanwhile) {
    std::vector<std::jthread> readers;
    for (auto& text : got) {
      readers.emplace_back([&] {
        try {
          text = ask(make);
        } catch (const std::runtime_error&) {
          text = "threw";
        }
      });
      while (made == 0) std::this_thread::yield();
    }
    // The others are on their way to the wait; who comes late finds the answer kept all the same.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    meanwhile();
    may_finish = true;
  }
};

}  // namespace

TEST_CASE("of many who ask for the same page at once, one makes it") {
  Crowd crowd;
  const PageCache::Make make = [&] {
    const int number = ++crowd.made;
    while (!crowd.may_finish) std::this_thread::yield();
    return page("wersja " + std::to_string(number));
  };
  crowd.gather(make, [] {});
  CHECK(crowd.made == 1);
  CHECK(crowd.got == std::vector<std::string>(4, "wersja 1"));
  CHECK(crowd.ask(make) == "wersja 1");
}

TEST_CASE("who asks after a write does not wait for an answer from before it") {
  Crowd crowd;
  const PageCache::Make make = [&] {
    const int number = ++crowd.made;
    while (number == 1 && !crowd.may_finish) std::this_thread::yield();
    return page("wersja " + std::to_string(number));
  };
  std::string after;
  crowd.gather(make, [&] {
    crowd.catalogue.note_write();
    after = crowd.ask(make);
  });
  CHECK(after == "wersja 2");
  CHECK(crowd.got == std::vector<std::string>(4, "wersja 1"));
  CHECK(crowd.ask(make) == "wersja 2");
}

TEST_CASE("a page that could not be made is made by each who waited for it") {
  Crowd crowd;
  const PageCache::Make make = [&]() -> std::shared_ptr<const Response> {
    ++crowd.made;
    while (!crowd.may_finish) std::this_thread::yield();
    throw std::runtime_error("no");
  };
  crowd.gather(make, [] {});
  CHECK(crowd.got == std::vector<std::string>{"threw", "own", "own", "own"});
  CHECK(crowd.ask([] { return page("potem"); }) == "potem");
}

TEST_CASE("what causes mail is refused to a client in haste, with the time to wait") {
  Site site(false);
  std::map<std::string, int> counted;
  const RateLimit limit = [&](const Request& request) -> std::optional<std::chrono::seconds> {
    if (++counted[request.remote_address] <= 2) return std::nullopt;
    return std::chrono::seconds(5);
  };
  Middleware limited(site.errors, site.log, site.metrics, nullptr, limit);
  RouteOptions options;
  options.causes_mail = true;
  site.router.add(
      Method::post, "/api/zapis", [](const Request&) { return text_response(201, "ok"); }, options);
  site.router.add(
      Method::post, "/zapis", [](const Request&) { return text_response(201, "ok"); }, options);
  const auto post = [&](std::string address,
                        std::vector<std::pair<std::string, std::string>> headers = {},
                        const std::string& path = "/api/zapis") {
    auto request = site.request(std::move(headers));
    request.method = Method::post;
    request.path = request.target = path;
    request.remote_address = std::move(address);
    return limited.handle(request, site.router.find(Method::post, request.path));
  };
  CHECK(post("192.0.2.1").status == 201);
  CHECK(post("192.0.2.1").status == 201);
  const auto refused = post("192.0.2.1");
  CHECK(refused.status == 429);
  CHECK(find_header(refused, "Retry-After") == "5");
  CHECK(find_header(refused, "Content-Type").starts_with("application/problem+json"));
  CHECK(post("192.0.2.2").status == 201);
  CHECK(post("192.0.2.1", {{"authorization", "Bearer x"}}).status == 201);
  // A page does not look at it, so it excuses nothing.
  CHECK(post("192.0.2.1", {{"authorization", "Bearer x"}}, "/zapis").status == 429);
}
