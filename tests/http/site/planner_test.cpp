// The organizer's planner and editors, as browsers meet them.
#include <doctest/doctest.h>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

domain::PersonId add_organizer(WholeSite& site, const std::string& name = "Olga Lis",
                               const domain::RoleScope& scope = {}) {
  return site.add_person(name, {{Role::organizer, scope}});
}

void add_expert(WholeSite& site, const std::string& name) {
  usecases::ExpertForm form;
  form.name = name;
  REQUIRE(usecases::create_expert(site.environment(), site.world().organizer(), form).ok());
}

// The form of the page that was shown, with some fields typed and a button pressed.
Shown press(Browser& browser, const std::string& path, const Shown& shown,
            const std::string& button, const FormData& typed = {}) {
  auto fields =
      shown.form("operation", shown.form("step").empty() ? "" : shown.form("step")["operation"]);
  for (const char* known : {"step", "seen"})
    if (const auto found = shown.form(known); !found.empty()) fields = found;
  REQUIRE(!fields.empty());
  for (const auto& [name, value] : typed) fields[name] = value;
  fields["do"] = button;
  return browser.post(path, fields);
}

const std::string kWizard = "/panel/cykle/nowy";

// The third step of a cycle of Gliwice and the rural Zgierz, with six sessions laid out.
Shown planned_table(Browser& browser) {
  auto shown = browser.get(kWizard);
  REQUIRE(shown.status == 200);
  shown = press(browser, kWizard, shown, "step:2",
                {{"title", "Szkoła przystanków"}, {"challenge", "Pierwszy wiersz\nDrugi"}});
  REQUIRE(shown.status == 200);
  shown = press(browser, kWizard, shown, "step:3",
                {{"owners.0", "Górnośląsko-Zagłębiowska Metropolia"},
                 {"hosts.0", "Gliwice"},
                 {"hosts.1", "Zgierz, gmina wiejska"},
                 {"participants", "gliwice\r\n\r\nZgierz, gmina miejska"},
                 {"experts.0", "Ewa Wójcik"}});
  REQUIRE(shown.status == 200);
  return press(browser, kWizard, shown, "plan",
               {{"first", "2027-02-01"}, {"count", "6"}, {"rule_onsite", "40"}});
}

}  // namespace

TEST_CASE("an organizer plans a cycle by a rule and publishes it at once") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  auto shown = planned_table(browser);
  REQUIRE(shown.status == 200);
  const auto table = shown.form("step");
  std::vector<std::string> rows;
  for (int row = 0; row < 6; ++row) {
    const auto cell = [&](const char* name) {
      return table.at("sessions." + std::to_string(row) + "." + name);
    };
    rows.push_back(cell("date") + " " + cell("starts") + "-" + cell("ends") + " " + cell("host") +
                   " " + cell("onsite"));
  }
  CHECK(rows == std::vector<std::string>{"2027-02-16 10:00-14:00 Gliwice 40",
                                         "2027-03-16 10:00-14:00 Zgierz, gmina wiejska 40",
                                         "2027-04-20 10:00-14:00 Gliwice 40",
                                         "2027-05-18 10:00-14:00 Zgierz, gmina wiejska 40",
                                         "2027-06-15 10:00-14:00 Gliwice 40",
                                         "2027-07-20 10:00-14:00 Zgierz, gmina wiejska 40"});
  const auto sent = press(browser, kWizard, shown, "publish",
                          {{"sessions.1.title", "Warsztat w terenie"}, {"sessions.1.online", ""}});
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location") == "/panel/cykle/1?zrobione=cycle_published");

  const auto cycle = usecases::find_cycle(site.environment(), {}, "1");
  REQUIRE(cycle.ok());
  CHECK(cycle->title == "Szkoła przystanków");
  CHECK(cycle->challenge == "Pierwszy wiersz\nDrugi");
  CHECK(cycle->institutions.size() == 5);
  CHECK(cycle->experts.size() == 1);
  REQUIRE(cycle->meetings.size() == 6);
  CHECK(cycle->meetings[1].title == "Warsztat w terenie");
  CHECK(cycle->meetings[0].title == "Szkoła przystanków – spotkanie 1");
  CHECK(cycle->meetings[0].place_names == std::vector<std::string>{"Gliwice"});
  CHECK(cycle->meetings[5].onsite.capacity == 40);
  CHECK(cycle->meetings[5].status == domain::MeetingStatus::published);

  const auto page = browser.get("/panel/cykle/1");
  CHECK(page.status == 200);
  CHECK(page.has("Warsztat w terenie"));
  CHECK(page.has("0 / 40"));
  CHECK(browser.get("/panel/cykle").has("Szkoła przystanków"));
  CHECK(browser.get("/en/panel/cykle/1").has("Waiting list"));
}

TEST_CASE("the same form sent twice makes one cycle") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  const auto shown = planned_table(browser);
  const auto first = press(browser, kWizard, shown, "publish");
  const auto second = press(browser, kWizard, shown, "publish");
  CHECK(second.header("Location") == first.header("Location"));
  CHECK(site.world().count("cycle") == 1);
  CHECK(site.world().count("meeting") == 6);
}

TEST_CASE("every step keeps what was typed, adds lines and drops rows") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  auto shown = planned_table(browser);
  shown = press(browser, kWizard, shown, "drop:sessions.0");
  CHECK(shown.form("step")["sessions.0.date"] == "2027-03-16");
  CHECK(!shown.form("step").contains("sessions.5.date"));
  shown = press(browser, kWizard, shown, "more:sessions");
  CHECK(shown.form("step").contains("sessions.5.date"));
  shown = press(browser, kWizard, shown, "step:2");
  CHECK(shown.form("step")["experts.0"] == "Ewa Wójcik");
  shown = press(browser, kWizard, shown, "more:experts");
  CHECK(shown.form("step").contains("experts.1"));
  shown = press(browser, kWizard, shown, "step:1");
  CHECK(shown.form("step")["title"] == "Szkoła przystanków");
  CHECK(shown.form("step")["participants"] == "Gliwice\nZgierz, gmina miejska");
  CHECK(shown.form("step")["sessions.4.date"] == "2027-07-20");
  CHECK(shown.form("step")["first"] == "2027-02-01");
  CHECK(site.world().count("cycle") == 0);
}

TEST_CASE("what is wrong in a plan is said beside its row and leads to its step") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  const auto table = planned_table(browser);
  auto shown = press(browser, kWizard, table, "save",
                     {{"sessions.2.date", "31.02.2027"}, {"sessions.3.onsite", "dużo"}});
  CHECK(shown.status == 422);
  CHECK(shown.errors().size() == 2);
  CHECK(shown.has("id=\"sessions-2-date-e\""));
  CHECK(shown.has("href=\"#sessions-2-date\""));
  CHECK(shown.form("step")["sessions.2.date"] == "31.02.2027");
  CHECK(shown.form("step")["sessions.3.onsite"] == "dużo");

  shown =
      press(browser, kWizard, table, "save",
            {{"participants", "Gliwice\nAtlantyda"}, {"title", ""}, {"sessions.0.ends", "9:00"}});
  CHECK(shown.status == 422);
  CHECK(shown.form("step")["step"] == "1");
  CHECK(shown.errors().size() == 3);
  CHECK(shown.has("„Atlantyda”"));
  CHECK(site.world().count("cycle") == 0);
}

TEST_CASE("a row warns of holidays, weekends and whoever is busy on that day") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto other = site.world().meeting_form();
  other.title = "Inne spotkanie";
  other.starts = other.starts + std::chrono::days{28};  // 16 February 2027
  other.ends = other.ends + std::chrono::days{28};
  site.world().publish(other);
  auto browser = site.browser_of(add_organizer(site));
  const auto shown = press(browser, kWizard, planned_table(browser), "check",
                           {{"sessions.1.date", "2027-03-29"},
                            {"sessions.2.date", "2027-04-24"},
                            {"sessions.3.date", "2027-04-24"}});
  CHECK(shown.status == 200);
  CHECK(shown.has("Tego dnia odbywa się „Inne spotkanie”. Uczestniczą w nim: Gliwice."));
  CHECK(shown.has("Święto: Wielkanoc – drugi dzień."));
  CHECK(shown.has("Weekend."));
  CHECK(shown.has("Tego dnia jest też inne spotkanie z tej tabeli."));
}

TEST_CASE("a cycle is repeated in a new year, in the same weeks of its months") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  REQUIRE(press(browser, kWizard, planned_table(browser), "publish").status == 303);
  auto program = browser.get("/panel/spotkania/1/program");
  REQUIRE(press(browser, "/panel/spotkania/1/program", program, "save",
                {{"program.0.starts", "10:00"},
                 {"program.0.ends", "11:00"},
                 {"program.0.title", "Otwarcie"},
                 {"program.0.experts.0", "Ewa Wójcik"}})
              .status == 303);
  auto shown = browser.get(kWizard + "?wzor=1");
  CHECK(shown.form("step")["title"] == "Szkoła przystanków");
  CHECK(shown.form("step")["sessions.0.date"] == "2028-02-15");
  CHECK(shown.form("step")["sessions.5.date"] == "2028-07-18");
  CHECK(press(browser, kWizard, shown, "save").status == 303);
  const auto copy = usecases::find_cycle(site.environment(), site.world().organizer().actor, "2");
  REQUIRE(copy.ok());
  CHECK(copy->status == domain::CycleStatus::draft);
  REQUIRE(copy->meetings.size() == 6);
  const auto first = site.world().meeting(copy->meetings[0].id);
  REQUIRE(first.program.size() == 1);
  CHECK(first.program[0].title == "Otwarcie");
  CHECK(first.status == domain::MeetingStatus::draft);
}

TEST_CASE("experts whom nobody knows yet join the catalogue only when that is asked for") {
  WholeSite site;
  auto browser = site.browser_of(add_organizer(site));
  auto shown = press(browser, kWizard, browser.get(kWizard), "step:2", {{"title", "Szkoła"}});
  const auto refused = press(browser, kWizard, shown, "step:3", {{"experts.0", "Ewa Wójcik"}});
  CHECK(refused.status == 422);
  CHECK(refused.errors().size() == 1);
  CHECK(refused.form("step")["step"] == "2");
  shown = press(browser, kWizard, shown, "step:3",
                {{"experts.0", "Ewa Wójcik"}, {"experts.1", "Jan Kos"}, {"new_experts", "yes"}});
  REQUIRE(shown.status == 200);
  CHECK(site.world().count("expert") == 0);
  CHECK(press(browser, kWizard, shown, "save").status == 303);
  const auto cycle = usecases::find_cycle(site.environment(), site.world().organizer().actor, "1");
  REQUIRE(cycle.ok());
  REQUIRE(cycle->experts.size() == 2);
  CHECK(cycle->experts[1].name == "Jan Kos");
  CHECK(cycle->experts[1].kind == domain::ExpertKind::person);
}

TEST_CASE("two organizers at one cycle see each other's changes too") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto first = site.browser_of(add_organizer(site, "Olga Lis"));
  auto second = site.browser_of(add_organizer(site, "Piotr Kot"));
  REQUIRE(press(first, kWizard, planned_table(first), "save").status == 303);
  const std::string path = "/panel/cykle/1/dane";
  const auto seen = second.get(path);
  REQUIRE(press(first, path, first.get(path), "save",
                {{"pilots.0", "Gliwice"}, {"goal", "Cel pierwszej"}})
              .status == 303);
  auto shown = press(second, path, seen, "save", {{"effects", "Podręcznik"}, {"goal", "Inny cel"}});
  CHECK(shown.status == 409);
  CHECK(shown.form("seen")["pilots.0"] == "Gliwice");
  CHECK(shown.form("seen")["goal"] == "Inny cel");
  CHECK(shown.has("Cel pierwszej"));
  CHECK(press(second, path, shown, "save").status == 303);
  const auto cycle = usecases::find_cycle(site.environment(), site.world().organizer().actor, "1");
  REQUIRE(cycle.ok());
  CHECK(cycle->goal == "Inny cel");
  CHECK(cycle->effects == std::vector<std::string>{"Podręcznik"});
  CHECK(cycle->institutions.size() == 6);
  // The same form once more stores nothing.
  CHECK(press(second, path, shown, "save").status == 303);
  CHECK(usecases::find_cycle(site.environment(), site.world().organizer().actor, "1")->version ==
        cycle->version);
}

TEST_CASE("a meeting is entered with all that it has, published and cancelled") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  const std::string path = "/panel/spotkania/nowe";
  auto shown = browser.get(path);
  REQUIRE(shown.status == 200);
  shown = press(browser, path, shown, "more:places",
                {{"title", "Dwa miejsca naraz"},
                 {"starts_date", "2027-03-02"},
                 {"starts_time", "9.30"},
                 {"ends_time", "15:00"},
                 {"places.0.name", "Ratusz"},
                 {"places.0.institution", "Gliwice"},
                 {"places.0.position", "50.2945, 18.6714"}});
  CHECK(shown.status == 200);
  const auto sent = press(browser, path, shown, "publish",
                          {{"places.1.name", "Dom kultury"},
                           {"places.1.room", "12"},
                           {"onsite", "yes"},
                           {"onsite_capacity", "30"},
                           {"online", "yes"},
                           {"online_url", "https://spotkania.example/1"},
                           {"opens_at", "2027-02-01T08:00"},
                           {"closes_at", "2027-03-01T12:00"},
                           {"approval", "yes"},
                           {"accessibility", "Winda"},
                           {"contact", "Referat\r\ntel. 32 000 00 00"},
                           {"experts.0", "ewa wójcik"},
                           {"presenting.0", "Zgierz, gmina miejska"}});
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location") == "/panel/spotkania/1/dane?zrobione=meeting_saved");
  const auto meeting = site.world().meeting({1});
  CHECK(meeting.status == domain::MeetingStatus::published);
  CHECK(meeting.places.size() == 2);
  CHECK(meeting.places[0].position.has_value());
  CHECK(meeting.places[1].room == "12");
  CHECK(meeting.onsite.capacity == 30);
  CHECK(meeting.online.offered);
  CHECK(!meeting.online.capacity);
  CHECK(meeting.approval);
  CHECK(meeting.contact == "Referat\ntel. 32 000 00 00");
  CHECK(meeting.experts.size() == 1);
  CHECK(meeting.presenting.at(0).slug == "zgierz-miasto");
  CHECK(meeting.times.starts_at == std::chrono::sys_days(std::chrono::year(2027) / 3 / 2) +
                                       std::chrono::hours(8) + std::chrono::minutes(30));

  // What is shown and sent back unchanged changes nothing.
  const auto page = browser.get("/panel/spotkania/1/dane");
  CHECK(press(browser, "/panel/spotkania/1/dane", page, "save").status == 303);
  CHECK(site.world().meeting({1}).version == meeting.version);

  auto fields = page.form("reason");
  REQUIRE(!fields.empty());
  fields["reason"] = "Awaria w ratuszu";
  CHECK(browser.post("/panel/spotkania/1/odwolanie", fields).status == 303);
  CHECK(site.world().meeting({1}).status == domain::MeetingStatus::cancelled);
  CHECK(site.world().meeting({1}).cancel_reason == "Awaria w ratuszu");
}

TEST_CASE("two organizers at one meeting lose nothing of each other's work") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto first = site.browser_of(add_organizer(site, "Olga Lis"));
  auto second = site.browser_of(add_organizer(site, "Piotr Kot"));
  const std::string path = "/panel/spotkania/1/dane";
  const auto seen_by_first = first.get(path);
  const auto seen_by_second = second.get(path);
  REQUIRE(press(first, path, seen_by_first, "save",
                {{"summary", "Skrót pierwszej"}, {"audience", "drogowcy"}})
              .status == 303);

  // A field of both and one of the second alone.
  auto shown = press(second, path, seen_by_second, "save",
                     {{"summary", "Skrót drugiego"}, {"accessibility", "Winda"}});
  CHECK(shown.status == 409);
  CHECK(shown.has("W międzyczasie ktoś zmienił ten wpis"));
  CHECK(shown.has("Skrót pierwszej"));
  CHECK(shown.form("seen")["summary"] == "Skrót drugiego");
  CHECK(shown.form("seen")["audience"] == "drogowcy");
  CHECK(shown.form("seen")["accessibility"] == "Winda");
  CHECK(site.world().meeting(meeting.id).summary == "Skrót pierwszej");
  CHECK(site.world().meeting(meeting.id).accessibility.empty());

  CHECK(press(second, path, shown, "save", {{"summary", "Skrót obojga"}}).status == 303);
  const auto stored = site.world().meeting(meeting.id);
  CHECK(stored.summary == "Skrót obojga");
  CHECK(stored.audience == "drogowcy");
  CHECK(stored.accessibility == "Winda");

  // The program is another page of the same meeting: no clash, whoever comes first.
  const auto program = first.get("/panel/spotkania/1/program");
  CHECK(press(first, "/panel/spotkania/1/program", program, "save",
              {{"program.0.starts", "10:00"}, {"program.0.ends", "9:00"}, {"program.0.title", "X"}})
            .status == 422);
}

TEST_CASE("who organizes one session of another's cycle keeps it there") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  REQUIRE(press(browser, kWizard, planned_table(browser), "publish").status == 303);
  auto of_one = site.browser_of(add_organizer(site, "Piotr Kot", domain::MeetingId{2}));
  const std::string path = "/panel/spotkania/2/dane";
  CHECK(press(of_one, path, of_one.get(path), "save", {{"audience", "drogowcy"}}).status == 303);
  const auto meeting = site.world().meeting({2});
  CHECK(meeting.audience == "drogowcy");
  REQUIRE(meeting.cycle);
  CHECK(meeting.session_number == 2);
  CHECK(of_one.get("/panel/spotkania/1/dane").status == 404);
  CHECK(of_one.get("/panel/cykle/1").status == 404);
}

TEST_CASE("dates far away and odd fields are refused, never an error of the server") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  const auto table = planned_table(browser);
  CHECK(press(browser, kWizard, table, "check",
              {{"sessions.0.date", "9999-12-31"}, {"sessions.1.date", "1970-01-01"}})
            .status == 200);
  const auto refused = press(browser, kWizard, table, "save",
                             {{"sessions.0.date", "9999-12-31"}, {"sessions.2.source", "999"}});
  CHECK(refused.status == 422);
  CHECK(refused.errors().size() >= 1);
  for (const char* button : {"drop:", "drop:sessions", "drop:sessions.99", "more:", "step:99",
                             "step:x", "drop:nothing.1", "invite", "nonsense"}) {
    CAPTURE(button);
    CHECK(press(browser, kWizard, table, button).status < 500);
  }
  CHECK(press(browser, kWizard, table, "plan", {{"count", "61"}, {"every", "0"}}).status == 422);
  CHECK(press(browser, kWizard, table, "plan", {{"weekday", "99"}, {"first", ""}}).status == 422);
}

TEST_CASE("the planner is only for who organizes, and each scope only for its own things") {
  WholeSite site;
  const auto meeting = site.world().publish();  // in Gliwice, institution 1
  auto form = site.world().meeting_form();
  form.places[0].institution = "1020031";
  const auto elsewhere = site.world().publish(form);
  auto official = site.browser_of(site.add_person("Jan Kos"));
  auto of_gliwice = site.browser_of(add_organizer(site, "Olga Lis", domain::InstitutionId{1}));
  const std::vector<std::string> pages = {"/panel/cykle", "/panel/cykle/nowy",
                                          "/panel/spotkania/nowe"};
  for (const auto& path : pages) {
    CAPTURE(path);
    CHECK(official.get(path).status == 404);
    CHECK(of_gliwice.get(path).status == 200);
    CHECK(site.visitor().get(path).status == 303);
  }
  for (const char* part : {"dane", "program"}) {
    CAPTURE(part);
    const auto path = [&](const domain::Meeting& one) {
      return "/panel/spotkania/" + std::to_string(one.id.value) + "/" + part;
    };
    CHECK(of_gliwice.get(path(meeting)).status == 200);
    CHECK(of_gliwice.get(path(elsewhere)).status == 404);
    CHECK(official.get(path(meeting)).status == 404);
    const auto page = of_gliwice.get(path(meeting));
    CHECK(press(of_gliwice, path(elsewhere), page, "save").status == 404);
  }
  // Away from their institution they may not move it.
  const auto page = of_gliwice.get("/panel/spotkania/1/dane");
  const auto refused = press(of_gliwice, "/panel/spotkania/1/dane", page, "save",
                             {{"places.0.institution", "Zgierz, gmina miejska"}});
  CHECK(refused.status == 422);
  CHECK(refused.has("Twoja rola nie obejmuje tej zmiany"));
  CHECK(!of_gliwice.get("/panel/cykle").has("/panel/spotkania/2/dane"));
}
