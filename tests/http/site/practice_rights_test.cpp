// Who sees, edits, verifies and publishes a practice in each of its states, over HTTP.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/practices/practice_life.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::PracticeStatus;
using domain::PracticeStep;
using domain::Role;

namespace {

usecases::PracticeForm complete_form(const std::string& title, const std::string& institution) {
  usecases::PracticeForm form;
  form.title = title;
  form.lead = form.situation_before = form.aim = form.description = form.results = "Słowa.";
  form.type = domain::PracticeType::social;
  form.area = domain::PracticeArea::social_services;
  form.state = domain::PracticeState::implemented;
  form.implementation_year = 2020;
  form.contact_person.unit = "Wydział";
  form.institutions = {institution};
  return form;
}

domain::Practice add(WholeSite& site, const std::string& title, PracticeStatus status) {
  const auto call = site.world().organizer();
  auto made = usecases::create_practice(site.environment(), call, complete_form(title, "2466011"));
  REQUIRE(made.ok());
  const auto take = [&](PracticeStep step) {
    auto moved = usecases::move_practice(site.environment(), call, made->id, {step, "", ""});
    REQUIRE(moved.ok());
    made = std::move(moved);
  };
  if (status != PracticeStatus::draft) take(PracticeStep::submit);
  if (status == PracticeStatus::checked || status == PracticeStatus::published ||
      status == PracticeStatus::archived)
    take(PracticeStep::check);
  if (status == PracticeStatus::published || status == PracticeStatus::archived)
    take(PracticeStep::publish);
  if (status == PracticeStatus::archived) take(PracticeStep::archive);
  return *made;
}

constexpr PracticeStatus kAll[] = {PracticeStatus::draft, PracticeStatus::submitted,
                                   PracticeStatus::checked, PracticeStatus::published,
                                   PracticeStatus::archived};

}  // namespace

TEST_CASE("what is not published appears nowhere that is public") {
  WholeSite site;
  for (const auto status : kAll) add(site, "Kanarek " + std::string(to_string(status)), status);
  auto visitor = site.visitor();
  for (const char* path :
       {"/", "/en/", "/praktyki", "/en/praktyki", "/szukaj?q=kanarek", "/mapa-serwisu",
        "/praktyki.atom", "/sitemap.xml", "/mapa", "/gminy/2466011", "/api/v1/practices",
        "/api/v1/search?q=kanarek", "/api/v1/practices.geojson"}) {
    CAPTURE(path);
    const auto page = visitor.get(path);
    for (const char* hidden :
         {"anarek draft", "anarek-draft", "anarek submitted", "anarek-submitted", "anarek checked",
          "anarek-checked", "anarek archived", "anarek-archived"}) {
      CAPTURE(hidden);
      CHECK_FALSE(page.has(hidden));
    }
  }
  CHECK(visitor.get("/praktyki").has("Kanarek published"));
}

TEST_CASE("each role meets each state of a practice as it may") {
  WholeSite site;
  const auto institution =
      usecases::find_institution(site.environment(), "2466011").value().id;
  struct Reader {
    const char* name;
    std::vector<domain::RoleGrant> grants;
    bool edits, verifies;
  };
  const Reader kReaders[] = {
      {"Ala Urzędniczka", {}, false, false},
      {"Kora Koordynatorka", {{Role::coordinator, institution}}, false, false},
      {"Ola Organizatorka", {{Role::organizer, institution}}, true, false},
      {"Gosia Globalna", {{Role::organizer, {}}}, true, true},
      {"Ada Adminka", {{Role::admin, {}}}, true, true}};
  std::vector<domain::Practice> practices;
  for (const auto status : kAll)
    practices.push_back(add(site, "Kanarek " + std::string(to_string(status)), status));
  for (const auto& practice : practices) {
    CAPTURE(practice.title);
    const int expected = practice.status == PracticeStatus::published  ? 200
                         : practice.status == PracticeStatus::archived ? 410
                                                                       : 404;
    CHECK(site.visitor().get("/praktyki/" + practice.slug).status == expected);
  }
  for (const auto& reader : kReaders) {
    CAPTURE(reader.name);
    const auto person = site.add_person(reader.name, reader.grants);
    auto browser = site.browser_of(person);
    auto api = site.api_of(person);
    for (const auto& practice : practices) {
      CAPTURE(practice.title);
      const auto room = fmt::format("/panel/praktyki/{}", practice.id.value);
      const bool is_public = practice.status == PracticeStatus::published;
      CHECK(browser.get(room).status == (reader.edits ? 200 : 404));
      CHECK(browser.get(room + "/historia").status == (reader.edits ? 200 : 404));
      const auto steps = browser.get(room + "/weryfikacja");
      CHECK(steps.status == (reader.edits ? 200 : 404));
      CHECK(steps.has("value=\"archive\"") ==
            (reader.verifies && practice.status != PracticeStatus::archived));
      const auto path = fmt::format("/api/v1/practices/{}", practice.id.value);
      CHECK(api.get(path).status == (reader.edits || is_public ? 200 : 404));
      if (!reader.verifies)
        CHECK(api.post(path + "/publish").status == (reader.edits || is_public ? 403 : 404));
    }
  }
}

TEST_CASE("somebody writes a practice, submits it, and another verifies it, page by page") {
  WholeSite site;
  auto browser = site.browser_of(site.add_person("Gosia Globalna", {{Role::organizer, {}}}));
  auto shown = browser.get("/panel/praktyki/nowa");
  REQUIRE(shown.status == 200);
  auto fields = shown.form("seen");
  fields["practice_title"] = "Nowa praktyka";
  fields["do"] = "save";
  auto answer = browser.post("/panel/praktyki/nowa", fields);
  REQUIRE(answer.status == 303);
  auto room = answer.header("Location");
  room = room.substr(0, room.find('?'));
  shown = browser.get(room);
  CHECK(shown.has("Co jest potrzebne do zgłoszenia"));
  fields = shown.form("seen");
  for (const char* name :
       {"practice_lead", "practice_situation_before", "practice_aim", "practice_description",
        "practice_results", "practice_contact_unit", "practice_institution_text"})
    fields[name] = "Treść.";
  fields["practice_type"] = "investment";
  fields["practice_area"] = "technical_services";
  fields["practice_state"] = "completed";
  fields["practice_implementation_year"] = "2020";
  fields["do"] = "save";
  REQUIRE(browser.post(room, fields).status == 303);
  // An investment has a budget before it is submitted.
  auto step = browser.get(room + "/weryfikacja");
  auto form = step.form("step");
  form["step"] = "submit";
  CHECK(browser.post(room + "/weryfikacja", form).status == 422);
  fields = browser.get(room).form("seen");
  fields["practice_budget_pln"] = "9 881 414,42";
  fields["do"] = "save";
  REQUIRE(browser.post(room, fields).status == 303);
  for (const char* name : {"submit", "check", "publish"}) {
    CAPTURE(name);
    form = browser.get(room + "/weryfikacja").form("step");
    form["step"] = name;
    CHECK(browser.post(room + "/weryfikacja", form).status == 303);
  }
  const auto page = site.visitor().get("/praktyki/nowa-praktyka");
  CHECK(page.status == 200);
  CHECK(page.has("414,42"));
  CHECK(page.has("brak danych"));
  const auto history = browser.get(room + "/historia");
  CHECK(history.has("Gosia Globalna"));
  const auto revision = browser.get(room + "/historia/3");
  CHECK(revision.status == 200);
  CHECK(revision.has("<ins>"));
}
