// Good practices in a program, and drafts that publish themselves, as browsers and the API see
// them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/publication.h"
#include "service/usecases/practices/practices.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::Role;

namespace {

domain::PersonId add_organizer(WholeSite& site) {
  return site.add_person("Olga Lis", {{Role::organizer, {}}});
}

void add_practice(WholeSite& site, const std::string& title, bool published = true) {
  usecases::PracticeForm form;
  form.title = title;
  form.source_url = "https://example.org/praktyka";
  const auto draft = usecases::create_practice(site.environment(), site.world().organizer(), form);
  REQUIRE(draft.ok());
  if (!published) return;
  REQUIRE(usecases::publish_practice(site.environment(), site.world().organizer(), draft->id).ok());
}

domain::Meeting add_draft(WholeSite& site, const std::string& title) {
  auto form = site.world().meeting_form();
  form.title = title;
  auto made = usecases::create_meeting(site.environment(), site.world().organizer(), form);
  REQUIRE(made.ok());
  return std::move(made).value();
}

Headers version_of(const Answer& answer) { return {{"If-Match", answer.header("ETag")}}; }

}  // namespace

TEST_CASE(
    "a practice is picked by its title in the program, and readers come from one to the other") {
  WholeSite site;
  add_practice(site, "Karta seniora; w mieście");
  add_practice(site, "Tajny szkic praktyki", false);
  auto form = site.world().meeting_form();
  form.title = "Spotkanie o praktykach";
  const auto meeting = site.world().publish(form);
  auto browser = site.browser_of(add_organizer(site));
  const auto path = fmt::format("/panel/spotkania/{}/program", meeting.id.value);
  auto shown = browser.get(path);
  CHECK(shown.has("<datalist id=\"praktyki\"><option value=\"Karta seniora, w mieście\">"));
  auto fields = shown.form("seen");
  fields["program.0.starts"] = "10:00";
  fields["program.0.ends"] = "11:00";
  fields["program.0.title"] = "Przykłady";
  fields["program.0.practices.0"] = "Tajny szkic praktyki";
  fields["do"] = "save";
  shown = browser.post(path, fields);
  CHECK(shown.status == 422);
  CHECK(shown.has("Nie ma takiej praktyki."));
  CHECK(shown.has("href=\"#program-0-practices-0\""));
  fields["program.0.practices.0"] = "karta seniora, w mieście";
  CHECK(browser.post(path, fields).status == 303);
  CHECK(browser.get(path).form("seen")["program.0.practices.0"] == "Karta seniora, w mieście");

  auto visitor = site.visitor();
  shown = visitor.get("/spotkania/" + meeting.slug);
  CHECK(shown.has("Dobra praktyka:"));
  CHECK(shown.has("href=\"/praktyki/karta-seniora-w-miescie\""));
  CHECK(visitor.get("/en/spotkania/" + meeting.slug).has("Good practice:"));
  shown = visitor.get("/praktyki/karta-seniora-w-miescie");
  CHECK(shown.has("Przedstawiona na spotkaniach"));
  CHECK(shown.has("href=\"/spotkania/" + meeting.slug + "\""));

  // Not of a practice that is no longer published, however that came about.
  site.world().pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE practice SET status = 'draft'");
    return true;
  });
  site.world().clock().advance(1h);
  shown = site.visitor().get("/spotkania/" + meeting.slug);
  CHECK_FALSE(shown.has("Karta seniora"));
  CHECK(shown.has("Przykłady"));
}

TEST_CASE("the API takes and gives the practices of a program") {
  WholeSite site;
  add_practice(site, "Karta seniora");
  const auto draft = add_draft(site, "Szkic");
  auto client = site.api_of(add_organizer(site));
  const auto path = fmt::format("/api/v1/meetings/{}", draft.id.value);
  const auto program = [](const char* practice) {
    return nlohmann::json{{"program",
                           {{{"starts_minute", 600},
                             {"ends_minute", 660},
                             {"title", "Przykłady"},
                             {"practices", {practice}}}}}};
  };
  const auto seen = client.get(path);
  const auto changed = client.patch(path, program("karta-seniora"), version_of(seen));
  REQUIRE(changed.status == 200);
  const auto& practices = changed.body["program"][0]["practices"];
  REQUIRE(practices.size() == 1);
  CHECK(practices[0]["slug"] == "karta-seniora");
  CHECK(practices[0]["title"] == "Karta seniora");
  CHECK(client.get(path).body["program"] == changed.body["program"]);
  const auto wrong = client.patch(path, program("nie-ma"), version_of(changed));
  CHECK(wrong.status == 422);
  CHECK(wrong.errors() == std::vector<std::string>{"program[0].practices[0] unknown_practice"});
}

TEST_CASE("the API sets and withdraws the time at which a draft publishes itself") {
  WholeSite site;
  const auto meeting = add_draft(site, "Szkic");
  usecases::CycleForm form;
  form.title = "Szkic cyklu";
  const auto cycle = usecases::create_cycle(site.environment(), site.world().organizer(), form);
  REQUIRE(cycle.ok());
  auto client = site.api_of(add_organizer(site));
  for (const auto& path : {fmt::format("/api/v1/meetings/{}", meeting.id.value),
                           fmt::format("/api/v1/cycles/{}", cycle->id.value)}) {
    CAPTURE(path);
    auto seen = client.get(path);
    REQUIRE(seen.body.contains("publish_at"));
    CHECK(seen.body["publish_at"].is_null());
    const auto past =
        client.patch(path, {{"title", "Inny tytuł"}, {"publish_at", "2027-01-04T09:59:00+01:00"}},
                     version_of(seen));
    CHECK(past.status == 422);
    CHECK(past.errors() == std::vector<std::string>{"publish_at in_past"});
    CHECK(client.get(path).body["title"] == seen.body["title"]);
    const nlohmann::json wish = {{"title", "Nowy tytuł"},
                                 {"publish_at", "2027-01-05T10:00:00+01:00"}};
    const auto planned = client.patch(path, wish, version_of(seen));
    REQUIRE(planned.status == 200);
    CHECK(planned.body["title"] == "Nowy tytuł");
    CHECK(planned.body["publish_at"] == "2027-01-05T10:00:00+01:00");
    CHECK(client.patch(path, wish, version_of(seen)).status == 412);
    seen = client.get(path);
    CHECK(seen.body["publish_at"] == "2027-01-05T10:00:00+01:00");
    CHECK(seen.header("ETag") == planned.header("ETag"));
    const auto withdrawn = client.patch(path, {{"publish_at", nullptr}}, version_of(seen));
    REQUIRE(withdrawn.status == 200);
    CHECK(withdrawn.body["publish_at"].is_null());
    CHECK(client.patch(path, {{"publish_at", "jutro"}}, version_of(withdrawn)).errors() ==
          std::vector<std::string>{"publish_at invalid_time"});
  }
  // What is published has none.
  const auto path = fmt::format("/api/v1/meetings/{}", meeting.id.value);
  REQUIRE(client.post(path + "/publish").status == 200);
  const auto published = client.get(path);
  CHECK_FALSE(published.body.contains("publish_at"));
  CHECK(client.patch(path, {{"publish_at", "2027-01-05T10:00:00+01:00"}}, version_of(published))
            .status == 409);
}

TEST_CASE("the preview of a planned publication is of the draft as it would be changed") {
  WholeSite site;
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {site.world().meeting_form()};
  const auto cycle = create_cycle(site.environment(), site.world().organizer(), form);
  REQUIRE(cycle.ok());
  REQUIRE(publish_cycle(site.environment(), site.world().organizer(), cycle->id).ok());
  const auto enrolled = enrol_person(site.environment(), site.world().visitor(),
                                     std::to_string(cycle->id.value), RegistrationWorld::person(1));
  REQUIRE(enrolled.ok());
  const auto draft =
      create_meeting(site.environment(), site.world().organizer(), site.world().meeting_form());
  REQUIRE(draft.ok());
  auto client = site.api_of(add_organizer(site));
  const auto path = fmt::format("/api/v1/meetings/{}", draft->id.value);
  const auto mails_of = [&](const nlohmann::json& patch) {
    const auto shown = client.patch(path + "?preview=true", patch, version_of(client.get(path)));
    REQUIRE_MESSAGE(shown.status == 200, shown.text);
    return shown.body["mails"].size();
  };
  const std::string at = "2027-01-05T10:00:00+01:00";
  CHECK(mails_of({{"publish_at", at}}) == 0);
  // Who is enrolled in the cycle is registered for the meeting.
  CHECK(mails_of({{"publish_at", at}, {"cycle", std::to_string(cycle->id.value)}}) == 1);
  CHECK(client.get(path).body["publish_at"].is_null());
}

TEST_CASE("the panel begins with drafts that could not be published") {
  WholeSite site;
  const auto meeting = add_draft(site, "Spóźniony szkic");
  auto& world = site.world();
  const auto at = world.meeting(meeting.id).times.ends_at + 1h;
  REQUIRE(
      usecases::set_publication_time(site.environment(), world.organizer(), meeting.id, at).ok());
  const auto organizer = add_organizer(site);
  CHECK_FALSE(site.browser_of(organizer).get("/panel").has("Publikacja się nie udała"));
  world.clock().set(at);
  CHECK(usecases::publish_due(site.environment()) == 0);
  const auto page = site.browser_of(organizer).get("/panel");
  CHECK(page.has("Publikacja się nie udała"));
  CHECK(page.has("Spóźniony szkic"));
  CHECK(page.has(fmt::format("href=\"/panel/spotkania/{}/dane\"", meeting.id.value)));
  CHECK(page.has("bo termin spotkania już minął"));
  // Not of those whom it does not concern.
  const auto other = site.add_person("Inny Organ", {{Role::organizer, world.publish(1).id}});
  CHECK_FALSE(site.browser_of(other).get("/panel").has("Spóźniony szkic"));
}
