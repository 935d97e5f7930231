#include "service/usecases/meetings/cycles.h"
#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;

namespace {

// A published cycle; of each session its title and places on site, four weeks after one another.
struct SessionPlan {
  std::string title;
  bool waitlist = true;
  int places = 5;
};

domain::Cycle publish_cycle(RegistrationWorld& world, const std::vector<SessionPlan>& plans) {
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  auto shift = std::chrono::hours(0);
  for (const auto& plan : plans) {
    auto session = world.meeting_form(plan.places);
    session.title = plan.title;
    session.waitlist = plan.waitlist;
    session.starts += shift;
    session.ends += shift;
    shift += std::chrono::hours(24 * 28);
    form.meetings.push_back(session);
  }
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id).ok());
  auto found = usecases::find_cycle(world.environment(), world.organizer().actor, cycle->slug);
  REQUIRE(found.ok());
  return std::move(found).value();
}

std::string form_path(const domain::Cycle& cycle) { return "/cykle/" + cycle.slug + "/zapisy"; }

}  // namespace

TEST_CASE("whoever enrols lands on the page of the first meeting") {
  PageSite site;
  const auto cycle = publish_cycle(site.world(), {{"Sesja 1"}, {"Sesja 2"}});
  auto browser = site.browser();
  const auto sent = browser.fill(form_path(cycle), person_fields());
  CHECK(sent.status == 303);
  const auto own = sent.header("Location");
  REQUIRE(own.starts_with("/z/"));
  CHECK(own.ends_with("?cykl=1"));
  const auto page = browser.get(own);
  CHECK(page.has("Zapisano na cały cykl"));
  CHECK(page.has("Sesja 1"));
  CHECK(site.world().count("registration") == 2);
}

TEST_CASE("what an enrolment had to leave out is said, with the reason and without names") {
  PageSite site;
  auto& world = site.world();
  const auto cycle =
      publish_cycle(world, {{"Sesja 1"}, {"Sesja 2: badanie", false, 1}, {"Sesja 3"}});
  world.enter(cycle.meetings.at(1).id, 9);
  auto browser = site.browser();
  const auto sent = browser.fill(form_path(cycle), person_fields());
  CHECK(sent.status == 303);
  const auto done = sent.header("Location");
  CHECK(done ==
        form_path(cycle) + "/gotowe?zapisano=1&pominiete=" + cycle.meetings.at(1).slug + ".full");
  const auto page = browser.get(done);
  CHECK(page.status == 200);
  CHECK(page.title().starts_with("Zapisano na cały cykl"));
  CHECK(page.has(">Sesja 2: badanie<"));
  CHECK(page.has("nie ma wolnych miejsc ani listy rezerwowej"));
  CHECK_FALSE(page.has(">Sesja 1<"));
  CHECK_FALSE(page.has("Osoba 1"));
  CHECK(browser.get("/en" + done).status == 200);
}

TEST_CASE("an enrolment of meetings that the person is registered for is no empty form") {
  PageSite site;
  auto& world = site.world();
  const auto cycle = publish_cycle(world, {{"Sesja 1"}, {"Sesja 2"}});
  SUBCASE("one of two: the page of the other") {
    world.enter(cycle.meetings.at(0).id, 1);
    auto browser = site.browser();
    const auto own = browser.fill(form_path(cycle), person_fields()).header("Location");
    REQUIRE(own.starts_with("/z/"));
    CHECK(browser.get(own).has(">Sesja 2<"));
  }
  SUBCASE("all of them: the page about the cycle") {
    for (const auto& meeting : cycle.meetings) world.enter(meeting.id, 1);
    auto browser = site.browser();
    const auto done = browser.fill(form_path(cycle), person_fields()).header("Location");
    CHECK(done == form_path(cycle) + "/gotowe?zapisano=1");
    const auto page = browser.get(done);
    CHECK(page.title().starts_with("Zapisano na cały cykl"));
    CHECK_FALSE(page.has("nie udało się zapisać"));
    CHECK_FALSE(page.has("/z/"));
  }
}

TEST_CASE("the address of the page after an enrolment names only meetings and rules that exist") {
  PageSite site;
  const auto cycle = publish_cycle(site.world(), {{"Sesja 1"}});
  const auto slug = cycle.meetings.at(0).slug;
  auto browser = site.browser();
  for (const auto& value : {slug, slug + ".", slug + ".hack", std::string("nie-ma.full"),
                            std::string(".full"), std::string("%3Cscript%3E.full")}) {
    CAPTURE(value);
    const auto page = browser.get(form_path(cycle) + "/gotowe?zapisano=1&pominiete=" + value);
    CHECK(page.status == 200);
    CHECK_FALSE(page.has("class=\"entries\""));
  }
}

TEST_CASE("one button cancels the whole cycle, and only while something is left to cancel") {
  PageSite site;
  auto& world = site.world();
  const auto cycle = publish_cycle(world, {{"Sesja 1"}, {"Sesja 2"}});
  auto browser = site.browser();
  const auto location = browser.fill(form_path(cycle), person_fields()).header("Location");
  const auto own = location.substr(0, location.find('?'));
  const auto fields = browser.get(own).form("do", "cancel_enrolment");
  REQUIRE_FALSE(fields.empty());
  const auto sent = browser.post(own, fields);
  CHECK(sent.status == 303);
  CHECK(sent.header("Location") == own + "?odwolanycykl=1");
  CHECK(world.load({1}).status == RegistrationStatus::cancelled);
  CHECK(world.load({2}).status == RegistrationStatus::cancelled);
  const auto page = browser.get(sent.header("Location"));
  CHECK(page.has("Zgłoszenie na cały cykl odwołane"));
  CHECK(page.form("do", "cancel_enrolment").empty());
  CHECK(world.find_violations().empty());

  // A registration of its own has no such button, and the word alone cancels nothing more.
  const auto meeting = world.publish();
  const auto other =
      browser.fill("/spotkania/" + meeting.slug + "/zapisy", person_fields(2)).header("Location");
  CHECK(browser.get(other).form("do", "cancel_enrolment").empty());
}

TEST_CASE("a cycle can be joined before registration for its meetings opens") {
  PageSite site;
  auto& world = site.world();
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {world.meeting_form()};
  form.meetings.front().window.opens_at = world.clock().now() + std::chrono::hours(24);
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(usecases::publish_cycle(world.environment(), world.organizer(), cycle->id).ok());
  auto browser = site.browser();
  CHECK(browser.get("/cykle/" + cycle->slug).has("/zapisy"));
  const auto sent = browser.fill(form_path(*cycle), person_fields());
  CHECK(sent.status == 303);
  CHECK(sent.header("Location").starts_with("/z/"));
}
