#include <algorithm>

#include "service/usecases/meetings/cycles.h"
#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;

TEST_CASE("a month shows all its meetings, also more than a page of a list") {
  PageSite site;
  auto& world = site.world();
  constexpr int kCount = 201;
  for (int i = 0; i < kCount; ++i) {
    auto form = world.meeting_form();
    form.title = "Spotkanie " + std::to_string(i);
    world.publish(form);
  }
  const auto page = site.browser().get("/kalendarz/2027/01");
  CHECK(page.status == 200);
  for (int i = 0; i < kCount; ++i) {
    CAPTURE(i);
    CHECK(page.has(">Spotkanie " + std::to_string(i) + "<"));
  }
  CHECK_FALSE(page.has("jest więcej spotkań"));
}

TEST_CASE("links keep the filters that were understood, and no others") {
  struct Row {
    const char* query;
    const char* kept;
  };
  const Row rows[] = {
      {"", ""},
      {"?forma=workshop&tryb=online", "?forma=workshop&tryb=online"},
      {"?forma=nonsense", ""},
      {"?tryb=nonsense&q=droga", "?q=droga"},
      {"?inne=1", ""},
  };
  PageSite site;
  auto browser = site.browser();
  for (const auto& row : rows) {
    CAPTURE(row.query);
    const auto page = browser.get("/kalendarz/lista" + std::string(row.query));
    const auto addresses = page.addresses();
    const auto expected = "/kalendarz.ics" + std::string(row.kept);
    CHECK(std::count(addresses.begin(), addresses.end(), expected) >= 1);
  }
}

TEST_CASE("an empty list speaks of filters only when there are some") {
  struct Row {
    const char* path;
    bool filtered;
  };
  const Row rows[] = {
      {"/", false},
      {"/kalendarz/lista", false},
      {"/kalendarz/lista?forma=nonsense", false},
      {"/kalendarz/lista?forma=workshop", true},
      {"/kalendarz/lista?kiedy=minione", false},
      {"/praktyki", false},
      {"/praktyki?q=droga", true},
  };
  PageSite site;
  auto browser = site.browser();
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(browser.get(row.path).has("pasują do filtrów") == row.filtered);
  }
}

TEST_CASE("an English error page leads to English pages") {
  PageSite site;
  const auto page = site.browser().get("/en/nothing-here");
  CHECK(page.status == 404);
  CHECK(page.has("<html lang=\"en\">"));
  for (const auto& address : page.addresses()) {
    CAPTURE(address);
    const bool is_page = address.starts_with("/") && !address.starts_with("/static/");
    CHECK((!is_page || address.starts_with("/en/")));
  }
}

TEST_CASE("the menu shows where a meeting belongs") {
  PageSite site;
  auto& world = site.world();
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {world.meeting_form()};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id).ok());
  const auto session =
      usecases::find_cycle(world.environment(), world.organizer().actor, cycle->slug)
          ->meetings.at(0);
  auto browser = site.browser();
  const auto of_cycle = browser.get("/spotkania/" + session.slug);
  CHECK(of_cycle.has("href=\"/cykle\" aria-current=\"true\""));
  CHECK_FALSE(of_cycle.has("href=\"/kalendarz\" aria-current"));
  const auto alone = browser.get("/spotkania/" + world.publish().slug);
  CHECK(alone.has("href=\"/kalendarz\" aria-current=\"true\""));
}
