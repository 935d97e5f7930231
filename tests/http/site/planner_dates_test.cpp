// What the planner knows of other people's time, as browsers meet it: recesses, experts' calendars,
// the date finder and forms that were begun.
#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <thread>

#include "calendar/calendar_client.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/expert_calendars.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

domain::PersonId add_organizer(WholeSite& site, const std::string& name = "Olga Lis",
                               const domain::RoleScope& scope = {}) {
  return site.add_person(name, {{Role::organizer, scope}});
}

domain::ExpertId add_expert(WholeSite& site, const std::string& name) {
  usecases::ExpertForm form;
  form.name = name;
  form.kind = domain::ExpertKind::person;
  const auto expert = usecases::create_expert(site.environment(), site.world().organizer(), form);
  REQUIRE(expert.ok());
  return expert->id;
}

Shown press(Browser& browser, const std::string& path, const Shown& shown, const std::string& with,
            const std::string& button, const FormData& typed = {}) {
  auto fields = shown.form(with);
  REQUIRE(!fields.empty());
  for (const auto& [name, value] : typed) fields[name] = value;
  fields["do"] = button;
  return browser.post(path, fields);
}

// A calendar on a real server of this machine.
class CalendarServer {
 public:
  CalendarServer() {
    server_.Get("/e.ics", [this](const httplib::Request& request, httplib::Response& response) {
      ++asked_;
      if (request.get_header_value("If-None-Match") == "\"1\"") {
        response.status = 304;
        return;
      }
      response.set_header("ETag", "\"1\"");
      response.set_content(
          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Tajna rozmowa\r\n"
          "DTSTART:20270216T100000Z\r\nDTEND:20270216T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
          "text/calendar");
    });
    server_.Get("/dalej", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("/e.ics");
    });
    server_.Get("/strona", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("<html>", "text/html");
    });
    server_.Get("/duzy", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string(6 << 20, 'x'), "text/calendar");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~CalendarServer() {
    server_.stop();
    thread_.join();
  }
  std::string address(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int asked() const { return asked_; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::atomic<int> asked_ = 0;
  std::thread thread_;
};

const std::string kWizard = "/panel/cykle/nowy";

Shown third_step(Browser& browser) {
  auto shown = browser.get(kWizard);
  REQUIRE(shown.status == 200);
  shown = press(browser, kWizard, shown, "step", "step:2", {{"title", "Szkoła przystanków"}});
  shown = press(browser, kWizard, shown, "step", "step:3",
                {{"hosts.0", "Gliwice; Zgierz, gmina wiejska"}, {"experts.0", "Ewa Wójcik"}});
  REQUIRE(shown.status == 200);
  return shown;
}

}  // namespace

TEST_CASE("an organizer writes down recesses, one by one and pasted, and takes them out") {
  WholeSite site;
  auto browser = site.browser_of(add_organizer(site));
  auto shown = browser.get("/panel/terminy");
  REQUIRE(shown.status == 200);
  shown = press(
      browser, "/panel/terminy", shown, "recess_title", "add",
      {{"recess_title", "Przerwa rady"}, {"first", "2027-02-15"}, {"institution", "Gliwice"}});
  CHECK(shown.status == 303);
  shown = browser.get("/panel/terminy");
  CHECK(shown.has("Przerwa rady"));
  CHECK(shown.has("15 lutego 2027"));
  auto bad =
      press(browser, "/panel/terminy", shown, "lines", "paste",
            {{"lines", "24.12.2027;3.01.2028;Święta\nkiedyś;;Coś\n1.03.2027;;Rada;Nibylandia"}});
  CHECK(bad.status == 200);
  CHECK(bad.has("24 grudnia 2027"));
  CHECK(bad.has("Wiersz 2: nie umiemy odczytać pierwszego dnia"));
  CHECK(bad.has("Wiersz 3: nie znamy tej instytucji"));
  CHECK(bad.has("Dodaj 1 przerwę"));
  CHECK(site.world().count("recess") == 1);
  // What is right goes in, the others wait for their correction.
  const auto partly = press(browser, "/panel/terminy", bad, "good", "add_lines", {});
  CHECK(partly.status == 200);
  CHECK(partly.form("lines")["lines"] == "kiedyś;;Coś\n1.03.2027;;Rada;Nibylandia\n");
  CHECK(site.world().count("recess") == 2);
  const FormData good = {{"lines", "24.12.2027\t3.01.2028\tŚwięta\n\n2027-03-01;;Rada; gliwice"}};
  const auto checked = press(browser, "/panel/terminy", partly, "lines", "paste", good);
  CHECK(checked.has("już jest, pomijamy"));
  CHECK(press(browser, "/panel/terminy", checked, "good", "add_lines", {}).status == 303);
  CHECK(site.world().count("recess") == 3);  // the same once
  CHECK(press(browser, "/panel/terminy", shown, "lines", "paste", {{"lines", " "}}).status == 422);
  shown = browser.get("/panel/terminy");
  auto fields = shown.form("operation");
  fields["do"] = "drop:1";
  CHECK(browser.post("/panel/terminy", fields).status == 303);
  CHECK(site.world().count("recess") == 2);
}

TEST_CASE("who organizes one institution keeps off the recesses of others") {
  WholeSite site;
  auto all = site.browser_of(add_organizer(site));
  press(all, "/panel/terminy", all.get("/panel/terminy"), "recess_title", "add",
        {{"recess_title", "Wszystkich"}, {"first", "2027-02-15"}});
  auto one = site.browser_of(add_organizer(site, "Jan Lis", domain::InstitutionId{1}));
  const auto shown = one.get("/panel/terminy");
  CHECK(shown.has("Wszystkich"));
  CHECK_FALSE(shown.has("drop:1"));
  auto fields = shown.form("recess_title");
  fields["do"] = "drop:1";
  CHECK(one.post("/panel/terminy", fields).status == 403);
  CHECK(site.world().count("recess") == 1);
}

TEST_CASE("an expert's calendar is read from its address, and nothing but the times is kept") {
  WholeSite site;
  CalendarServer server;
  const auto expert = add_expert(site, "Ewa Wójcik");
  const auto path = "/panel/prowadzacy/" + std::to_string(expert.value);
  auto browser = site.browser_of(add_organizer(site));
  CHECK(browser.get("/panel/prowadzacy").has("Ewa Wójcik"));
  const auto give = [&](const std::string& address) {
    return press(browser, path, browser.get(path), "address", "address", {{"address", address}});
  };
  CHECK(give("").status == 422);
  CHECK(give("ftp://x.example/e.ics").status == 422);
  REQUIRE(give(server.address("/dalej")).status == 303);
  const calendar::CalendarClient inside(true);
  const calendar::CalendarClient outside(false);
  CHECK(usecases::read_due_calendars(site.environment(), inside) == 1);
  CHECK(usecases::read_due_calendars(site.environment(), inside) == 0);
  CHECK(site.world().count("expert_busy") == 1);
  auto shown = browser.get(path);
  CHECK(shown.has("1 termin"));
  CHECK(shown.has("4 stycznia 2027"));
  CHECK_FALSE(shown.has("Tajna"));
  // The next hour only asks whether it has changed.
  site.world().clock().advance(std::chrono::hours(1));
  CHECK(usecases::read_due_calendars(site.environment(), inside) == 1);
  CHECK(server.asked() == 2);
  CHECK(site.world().count("expert_busy") == 1);
  // Into a private network only where the installation allows it.
  REQUIRE(press(browser, path, browser.get(path), "operation", "again").status == 303);
  CHECK(usecases::read_due_calendars(site.environment(), outside) == 1);
  CHECK(server.asked() == 2);
  CHECK(browser.get(path).has("sieci wewnętrznej"));
  CHECK(site.world().count("expert_busy") == 1);
  const std::vector<std::pair<std::string, std::string>> failures = {
      {"/strona", "coś innego niż kalendarz"},
      {"/nie-ma", "nie ma już kalendarza"},
      {"/duzy", "większy niż 5 MB"}};
  for (const auto& [where, text] : failures) {
    CAPTURE(where);
    REQUIRE(give(server.address(where)).status == 303);
    CHECK(usecases::read_due_calendars(site.environment(), inside) == 1);
    CHECK(browser.get(path).has(text));
  }
  REQUIRE(give(server.address("/e.ics")).status == 303);
  usecases::read_due_calendars(site.environment(), inside);
  CHECK(site.world().count("expert_busy") == 1);
  // What has passed goes.
  site.world().clock().advance(std::chrono::hours(24 * 60));
  usecases::read_due_calendars(site.environment(), outside);
  CHECK(site.world().count("expert_busy") == 0);
  auto later = site.browser_of(add_organizer(site, "Jan Lis"));
  CHECK(press(later, path, later.get(path), "operation", "remove").status == 303);
  CHECK(site.world().count("expert_calendar") == 0);
}

TEST_CASE("the plan warns of recesses and of experts whose calendar is taken") {
  WholeSite site;
  const auto expert = add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  const std::string file =
      "--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\nTOKEN\r\n--x\r\n"
      "Content-Disposition: form-data; name=\"operation\"\r\n\r\nabcdefgh\r\n--x\r\n"
      "Content-Disposition: form-data; name=\"file\"; filename=\"e.ics\"\r\n"
      "Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
      "DTSTART:20270216T100000Z\r\nDTEND:20270216T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
      "\r\n--x--\r\n";
  const auto path = "/panel/prowadzacy/" + std::to_string(expert.value);
  const auto token = browser.get(path).form("address")["form_token"];
  auto body = file;
  body.replace(body.find("TOKEN"), 5, token);
  CHECK(browser.send(path + "/plik", body, "multipart/form-data; boundary=x").status == 303);
  CHECK(browser.get(path).has("z pliku"));
  press(browser, "/panel/terminy", browser.get("/panel/terminy"), "recess_title", "add",
        {{"recess_title", "Ferie"}, {"first", "2027-02-15"}, {"last", "2027-02-26"}});
  auto shown = third_step(browser);
  CHECK(shown.form("step")["first"] == "2027-01-18");
  shown = press(browser, kWizard, shown, "step", "plan", {{"first", "2027-02-01"}, {"count", "2"}});
  CHECK(shown.has("Przerwa „Ferie” – dotyczy wszystkich."));
  CHECK(shown.has("zajęte 11:00–12:00: Ewa Wójcik"));
  CHECK(shown.form("step")["sessions.1.host"] == "Zgierz, gmina wiejska");

  // The finder leaves those days out, and puts the chosen one into the table.
  shown = press(browser, kWizard, shown, "step", "find",
                {{"finder_months", "1"}, {"finder_weekday", "2"}});
  REQUIRE(shown.status == 200);
  CHECK(shown.has("2 z 2"));
  CHECK(shown.has("zajęte w kalendarzu"));
  shown = press(browser, kWizard, shown, "step", "use:2027-03-02");
  CHECK(shown.form("step")["sessions.1.date"] == "2027-03-02");
  CHECK(shown.form("step")["sessions.2.date"] == "2027-03-16");
  CHECK(shown.form("step")["sessions.1.starts"] == "10:00");
}

TEST_CASE("the date finder proposes days and hands one on to a new meeting") {
  WholeSite site;
  auto browser = site.browser_of(add_organizer(site));
  auto shown = browser.get("/panel/terminy/szukaj");
  REQUIRE(shown.status == 200);
  shown = browser.get(
      "/panel/terminy/szukaj?od=2027-02-01&do=2027-02-28&dzien=2&poczatek=9:30&koniec=11:00"
      "&instytucje=Gliwice;%20Zgierz,%20gmina%20wiejska");
  REQUIRE(shown.status == 200);
  CHECK(shown.has("2 z 2"));
  CHECK(shown.has("wtorek, 2 lutego 2027, 9:30–11:00"));
  const auto meeting = browser.get("/panel/spotkania/nowe?termin=2027-02-02&od=9%3A30&do=11%3A00");
  CHECK(meeting.form("title")["starts_date"] == "2027-02-02");
  CHECK(browser.get("/panel/terminy/szukaj?od=2027-02-10&do=2027-02-01").status == 422);
}

TEST_CASE("what was begun is kept, offered, resumed, discarded, and gone once it is sent") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  auto shown = third_step(browser);
  auto kept = press(browser, kWizard, shown, "step", "autosave", {{"count", "3"}});
  CHECK(kept.status == 200);
  CHECK(kept.html == "Zapisano o 10:00.");
  CHECK(browser.get(kWizard).has("Wróć do szkicu z 10:00"));
  auto other = site.browser_of(add_organizer(site, "Jan Lis"));
  CHECK_FALSE(other.get(kWizard).has("Wróć do szkicu"));
  shown = browser.get(kWizard + "?szkic=wroc");
  auto fields = shown.form("step");
  CHECK(fields["step"] == "3");
  CHECK(fields["title"] == "Szkoła przystanków");
  CHECK(fields["count"] == "3");
  kept = press(browser, kWizard, shown, "step", "keep");
  CHECK(kept.has("Zapisano o 10:00."));
  fields = browser.get(kWizard).form("operation");
  fields["do"] = "discard";
  CHECK(browser.post(kWizard, fields).status == 303);
  CHECK(site.world().count("form_draft") == 0);
  press(browser, kWizard, shown, "step", "keep");
  shown = press(browser, kWizard, shown, "step", "plan", {{"count", "1"}});
  CHECK(press(browser, kWizard, shown, "step", "save").status == 303);
  CHECK(site.world().count("form_draft") == 0);
}

TEST_CASE("a draft of an editor keeps the version that it was typed over") {
  WholeSite site;
  add_expert(site, "Ewa Wójcik");
  auto browser = site.browser_of(add_organizer(site));
  auto plan = press(browser, kWizard, third_step(browser), "step", "plan", {{"count", "1"}});
  REQUIRE(press(browser, kWizard, plan, "step", "save").status == 303);
  const std::string path = "/panel/spotkania/1/dane";
  auto shown = browser.get(path);
  REQUIRE(shown.status == 200);
  CHECK(press(browser, path, shown, "seen", "autosave", {{"title", "Nowy tytuł"}}).status == 200);
  CHECK(press(browser, path, shown, "seen", "save", {{"contact", "tel. 5"}}).status == 303);
  CHECK(site.world().count("form_draft") == 0);  // what was sent is not begun any more
  shown = browser.get(path);
  CHECK(press(browser, path, shown, "seen", "keep", {{"title", "Nowy tytuł"}}).has("Zapisano o"));
  auto other = site.browser_of(add_organizer(site, "Jan Lis"));
  CHECK(press(other, path, other.get(path), "seen", "save", {{"contact", "tel. 6"}}).status == 303);
  const auto resumed = browser.get(path + "?szkic=wroc");
  CHECK(resumed.form("seen")["title"] == "Nowy tytuł");
  const auto merged = press(browser, path, resumed, "seen", "save");
  CHECK(merged.status == 409);
  CHECK(merged.form("seen")["contact"] == "tel. 6");
  CHECK(merged.form("seen")["title"] == "Nowy tytuł");
}
