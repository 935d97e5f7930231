// /panel: people and their roles, as browsers of each role meet it.
#include <doctest/doctest.h>

#include "service/usecases/meetings/cycles.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

const std::vector<std::string> kRooms{"/panel",
                                      "/panel/instytucje",
                                      "/panel/instytucje/nowa",
                                      "/panel/instytucje/polaczenia",
                                      "/panel/instytucje/import",
                                      "/panel/osoby",
                                      "/panel/osoby/nowa"};

struct World : WholeSite {
  World() : admin(add_person("Ada Admin", {{Role::admin, {}}})), browser(browser_of(admin)) {}

  std::string person_path(domain::PersonId person) {
    return "/panel/osoby/" + std::to_string(person.value);
  }
  std::vector<int> statuses(Browser& who) {
    std::vector<int> all;
    for (const auto& room : kRooms) all.push_back(who.get(room).status);
    return all;
  }
  std::string text(const std::string& sql) {
    return world().pool().read([&](storage::Connection& connection) {
      const auto rows = connection.query(sql);
      return rows.empty() ? std::string("none") : rows[0].text(0);
    });
  }
  // The form of the page with this field, with some fields filled in, sent to `target`.
  Shown send(Browser& who, const std::string& page, const std::string& with_field,
             const std::string& target, const FormData& typed) {
    auto fields = who.get(page).form(with_field);
    REQUIRE_MESSAGE(!fields.empty(), page << " has no form with " << with_field);
    for (const auto& [name, value] : typed) fields[name] = value;
    return who.post(target, fields);
  }

  domain::PersonId admin;
  Browser browser;
};

}  // namespace

TEST_CASE("the panel shows each role its own rooms, and the rest is not there") {
  World site;
  const auto meeting = site.world().publish();
  const auto gliwice = std::stoll(site.text("SELECT id FROM institution WHERE slug = 'gliwice'"));
  struct Case {
    const char* name;
    std::vector<domain::RoleGrant> grants;
    std::vector<int> statuses;
  };
  const std::vector<int> nothing(kRooms.size(), 404);
  const std::vector<int> start_only{200, 404, 404, 404, 404, 404, 404};
  const Case cases[] = {
      {"official", {{Role::official, {}}}, nothing},
      {"nobody in particular", {}, nothing},
      {"expert of a meeting", {{Role::expert, meeting.id}}, nothing},
      {"coordinator", {{Role::coordinator, domain::InstitutionId{gliwice}}}, nothing},
      {"organizer of a meeting", {{Role::organizer, meeting.id}}, start_only},
      {"organizer of an institution",
       {{Role::organizer, domain::InstitutionId{gliwice}}},
       start_only},
      {"organizer", {{Role::organizer, {}}}, {200, 200, 200, 200, 200, 404, 404}},
      {"admin", {{Role::admin, {}}}, std::vector<int>(kRooms.size(), 200)}};
  int number = 0;
  for (const auto& [name, grants, statuses] : cases) {
    CAPTURE(name);
    auto who = site.browser_of(site.add_person("Osoba Roli " + std::string(name), grants));
    CHECK(site.statuses(who) == statuses);
    ++number;
  }
  auto visitor = site.visitor();
  for (const auto& room : kRooms) {
    const auto answer = visitor.get(room);
    CHECK(answer.status == 303);
    CHECK(answer.header("Cache-Control") == "no-store");
  }
}

TEST_CASE("no page of the panel lacks a text, in either language") {
  World site;
  const auto person = site.add_person("Ewa Nowak", {{Role::organizer, {}}});
  const auto meeting = site.world().publish();
  auto paths = kRooms;
  paths.push_back(site.person_path(person));
  paths.push_back(site.person_path(person) + "/role/" +
                  site.text("SELECT id FROM person_role ORDER BY id DESC LIMIT 1") + "/odbierz");
  const auto gliwice = site.text("SELECT id FROM institution WHERE slug = 'gliwice'");
  const auto gzm = site.text("SELECT id FROM institution WHERE slug = 'gzm'");
  paths.push_back("/panel/instytucje/" + gliwice);
  paths.push_back("/panel/instytucje/" + gzm + "/polacz?z=Gliwice");
  for (const auto& path : paths) {
    for (const auto* prefix : {"", "/en"}) {
      CAPTURE(prefix + path);
      const auto page = site.browser.get(prefix + path);
      CHECK(page.status == 200);
      for (const auto* key : {"[panel", "[form.", "[error.", "[institution"}) CHECK(!page.has(key));
      CHECK(page.has("<h1"));
      CHECK(page.header("Cache-Control") == "no-store");
    }
  }
}

TEST_CASE("the start of the panel counts what there is") {
  World site;
  const auto meeting = site.world().publish(1);
  site.world().enter(meeting.id, 1);
  site.world().enter(meeting.id, 2);
  const auto page = site.browser.get("/panel");
  CHECK(page.has("4 instytucje na listach, 0 wyłączonych"));
  CHECK(page.has("3 osoby, w tym z rolą: 1"));
  CHECK(page.has(meeting.title));
  CHECK(page.has("<td data-label=\"Z miejscem\">1</td><td data-label=\"Lista rezerwowa\">1</td>"));
  // An organizer of another meeting sees theirs alone.
  auto form = site.world().meeting_form();
  form.title = "Drugie spotkanie";
  const auto second = site.world().publish(form);
  auto organizer =
      site.browser_of(site.add_person("Olga Organizator", {{Role::organizer, second.id}}));
  const auto own = organizer.get("/panel");
  CHECK(own.has("Drugie spotkanie"));
  CHECK_FALSE(own.has(">" + meeting.title + "<"));
  CHECK_FALSE(own.has("/panel/osoby"));
}

TEST_CASE("a role that an admin grants counts at the next click, and no more once it is revoked") {
  World site;
  const auto ewa = site.add_person("Ewa Nowak");
  auto her_browser = site.browser_of(ewa);
  CHECK(her_browser.get("/panel").status == 404);
  const auto path = site.person_path(ewa);
  const auto granted = site.send(site.browser, path, "institution", path + "/role",
                                 {{"role", "organizer"}, {"scope_kind", "everywhere"}});
  CHECK(granted.status == 303);
  CHECK(granted.header("Location") == path + "?zrobione=role_granted");
  CHECK(site.browser.get(path + "?zrobione=role_granted").has("Rola jest nadana."));
  CHECK(her_browser.get("/panel").status == 200);
  CHECK(her_browser.get("/panel/osoby").status == 404);

  const auto revoke =
      path + "/role/" +
      site.text("SELECT id FROM person_role WHERE person_id = " + std::to_string(ewa.value)) +
      "/odbierz";
  const auto question = site.browser.get(revoke);
  CHECK(question.has("Ewa Nowak straci rolę: organizator (cały serwis)."));
  CHECK(her_browser.get("/panel").status == 200);
  CHECK(site.browser.post(revoke, question.form("operation")).status == 303);
  CHECK(her_browser.get("/panel").status == 404);
  CHECK(site.browser.get(revoke).status == 404);
}

TEST_CASE("a form that gives a role names what is missing and keeps what was typed") {
  World site;
  const auto ewa = site.add_person("Ewa Nowak");
  const auto path = site.person_path(ewa);
  struct Case {
    FormData typed;
    std::vector<std::string> errors;
  };
  const Case cases[] = {
      {{{"role", ""}, {"scope_kind", ""}},
       {"Rola: Uzupełnij to pole.", "Zakres: Uzupełnij to pole."}},
      {{{"role", "coordinator"}, {"scope_kind", "everywhere"}},
       {"Zakres: Tej roli nie można mieć w takim zakresie."}},
      {{{"role", "expert"}, {"scope_kind", "meeting"}, {"scope_meeting", "999"}},
       {"Spotkanie: Tego już nie ma albo jest wyłączone. Wybierz jeszcze raz."}},
      {{{"role", "coordinator"}, {"scope_kind", "institution"}, {"institution", "Nigdzie"}},
       {"Gmina lub instytucja: Nie znamy takiej gminy ani instytucji. Wybierz ją z listy."}}};
  for (const auto& [typed, errors] : cases) {
    const auto answer = site.send(site.browser, path, "institution", path + "/role", typed);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == errors);
    for (const auto& [name, value] : typed)
      if (!value.empty() && value != "999") CHECK(answer.has("value=\"" + value + "\""));
  }
  // Of two of one name the label tells which.
  const auto answer = site.send(site.browser, path, "institution", path + "/role",
                                {{"role", "coordinator"},
                                 {"scope_kind", "institution"},
                                 {"institution", "Zgierz, gmina wiejska"}});
  CHECK(answer.status == 303);
  CHECK(site.text("SELECT i.slug FROM person_role pr JOIN institution i ON i.id = pr.scope_id"
                  " WHERE pr.role = 'coordinator'") == "zgierz-wies");
}

TEST_CASE("the last admin cannot give the role up on the page either") {
  World site;
  const auto path = site.person_path(site.admin) + "/role/" +
                    site.text("SELECT id FROM person_role WHERE role = 'admin'") + "/odbierz";
  const auto answer = site.send(site.browser, path, "operation", path, {});
  CHECK(answer.status == 422);
  CHECK(answer.errors() ==
        std::vector<std::string>{
            "To ostatni administrator serwisu. Najpierw nadaj tę rolę komuś jeszcze."});
  site.add_person("Druga Adminka", {{Role::admin, {}}});
  CHECK(site.send(site.browser, path, "operation", path, {}).header("Location") == "/moje");
  CHECK(site.browser.get("/panel").status == 404);
}

TEST_CASE("whoever is invited signs in by the link and finds the panel") {
  World site;
  const auto answer = site.send(site.browser, "/panel/osoby/nowa", "email", "/panel/osoby/nowa",
                                {{"full_name", "Jan Kowalski"},
                                 {"email", "jan@urzad.example"},
                                 {"role", "organizer"},
                                 {"scope_kind", "everywhere"}});
  CHECK(answer.status == 303);
  CHECK(answer.header("Location").ends_with("?zrobione=invited"));
  const auto facts = site.world().facts();
  REQUIRE(!facts.empty());
  REQUIRE(facts.back().account);
  const auto& url = facts.back().account->url;
  const auto path = url.substr(url.find('/', 8));
  auto his = site.visitor();
  const auto page = his.get(path);
  CHECK(page.status == 200);
  CHECK(page.has("Jan Kowalski"));
  CHECK(his.post(path, page.form("form_token")).status == 303);
  CHECK(his.get("/panel").status == 200);

  const auto wrong = site.send(
      site.browser, "/panel/osoby/nowa", "email", "/panel/osoby/nowa",
      {{"full_name", ""}, {"email", "nikt"}, {"role", "organizer"}, {"scope_kind", "everywhere"}});
  CHECK(wrong.status == 422);
  CHECK(wrong.errors() == std::vector<std::string>{"Imię i nazwisko: Uzupełnij to pole."});
}

TEST_CASE("an admin signs somebody out everywhere") {
  World site;
  const auto ewa = site.add_person("Ewa Nowak");
  auto hers = site.browser_of(ewa);
  CHECK(hers.get("/moje").status == 200);
  const auto path = site.person_path(ewa);
  const auto page = site.browser.get(path);
  CHECK(page.has("Ta osoba jest zalogowana w 1 przeglądarce."));
  CHECK(site.send(site.browser, path, "operation", path + "/sesje", {}).status == 303);
  CHECK(hers.get("/moje").status == 303);
  // Of one's own the session that asks stays.
  auto other = site.browser_of(site.admin);
  const auto own = site.person_path(site.admin);
  CHECK(site.send(site.browser, own, "operation", own + "/sesje", {}).status == 303);
  CHECK(site.browser.get("/panel").status == 200);
  CHECK(other.get("/panel").status == 303);
}

TEST_CASE("the list of people is filtered in the address and paged") {
  World site;
  const auto meeting = site.world().publish(100);
  for (int number = 1; number <= 55; ++number) site.world().enter(meeting.id, number);
  site.add_person("Zofia Organizator", {{Role::organizer, {}}});
  const auto all = site.browser.get("/panel/osoby");
  CHECK(all.has("Osoba 1<"));
  CHECK_FALSE(all.has("Zofia"));
  std::string more;
  for (const auto& address : all.addresses())
    if (address.starts_with("/panel/osoby?od=")) more = address;
  REQUIRE(!more.empty());
  const auto rest = site.browser.get(more);
  CHECK(rest.has("Zofia Organizator"));
  for (const auto& address : rest.addresses()) CHECK_FALSE(address.starts_with("/panel/osoby?od="));
  CHECK(site.browser.get("/panel/osoby?rola=organizer").has("Zofia Organizator"));
  CHECK_FALSE(site.browser.get("/panel/osoby?rola=organizer").has("Osoba 1<"));
  CHECK(site.browser.get("/panel/osoby?q=osoba17%40").has("Osoba 17<"));
  CHECK(site.browser.get("/panel/osoby?q=nikogo").has("Nikt nie pasuje do filtrów."));
}

TEST_CASE("a form of the panel is worth nothing without its token or from another site") {
  World site;
  const auto ewa = site.add_person("Ewa Nowak");
  const auto path = site.person_path(ewa) + "/role";
  auto fields = site.browser.get(site.person_path(ewa)).form("institution");
  fields["role"] = "admin";
  fields["scope_kind"] = "everywhere";
  auto forged = fields;
  forged["form_token"] = std::string(43, 'x');
  CHECK(site.browser.post(path, forged).status == 422);
  CHECK(site.browser.post(path, fields, {{"Origin", "https://evil.example"}}).status == 403);
  CHECK(site.browser.post(path, fields, {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  CHECK(site.text("SELECT COUNT(*) FROM person_role WHERE person_id = " +
                  std::to_string(ewa.value)) == "0");
  CHECK(site.browser.post(path, fields).status == 303);
}
