// Experts as visitors, those who keep the catalogue and the experts themselves see them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/registrations/challenges.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

domain::ExpertRef add_expert(WholeSite& site, const std::string& name,
                             const std::string& about = {}) {
  usecases::ExpertForm form;
  form.name = name;
  form.kind = domain::ExpertKind::person;
  form.description = about;
  auto expert = usecases::create_expert(site.environment(), site.world().organizer(), form);
  REQUIRE(expert.ok());
  return std::move(expert).value();
}

domain::Meeting publish_led(WholeSite& site, const std::string& title,
                            const domain::ExpertRef& expert) {
  auto form = site.world().meeting_form();
  form.title = title;
  form.experts = {expert.slug};
  usecases::ProgramItemForm item;
  item.starts_minute = 600;
  item.ends_minute = 660;
  item.title = "Wykład";
  item.experts = {expert.slug};
  form.program = {item};
  return site.world().publish(form);
}

std::string path_of(const domain::ExpertRef& expert, const std::string& part) {
  return "/panel/prowadzacy/" + std::to_string(expert.id.value) + part;
}

}  // namespace

TEST_CASE("from a meeting, a search and the map of the site one comes to the expert's page") {
  WholeSite site;
  const auto expert = add_expert(site, "Irena Nowak", "Zna się na **wodzie** <b>i</b> więcej.");
  const auto meeting = publish_led(site, "Deszczówka", expert);
  auto visitor = site.visitor();
  const auto shown = visitor.get("/prowadzacy/irena-nowak");
  CHECK(shown.status == 200);
  CHECK(shown.title() == "Irena Nowak – Narada");
  CHECK(shown.has("<strong>wodzie</strong>"));
  CHECK_FALSE(shown.has("<b>i</b>"));
  CHECK(shown.has("href=\"/spotkania/" + meeting.slug + "\""));
  CHECK(visitor.get("/en/prowadzacy/irena-nowak").has("<div class=\"prose\" lang=\"pl\">"));
  const std::string link = "href=\"/prowadzacy/irena-nowak\"";
  const auto page = visitor.get("/spotkania/" + meeting.slug);
  const auto first = page.html.find(link);
  REQUIRE(first != std::string::npos);
  CHECK(page.html.find(link, first + 1) != std::string::npos);  // in the program and below it
  CHECK_FALSE(page.has("**"));
  CHECK(visitor.get("/szukaj?q=nowak").has(link));
  CHECK(visitor.get("/mapa-serwisu").has(link));
  CHECK(visitor.get("/prowadzacy/nikt").status == 404);
}

TEST_CASE("an expert's data are edited by two at once, and each sees what the other did") {
  WholeSite site;
  const auto expert = add_expert(site, "Irena Nowak");
  auto one = site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  auto other = site.browser_of(site.add_person("Adam Kot", {{Role::organizer, {}}}));
  const auto path = path_of(expert, "/dane");
  auto mine = one.get(path).form("seen");
  auto theirs = other.get(path).form("seen");
  mine["expert_description"] = "Zna się na wodzie";
  CHECK(one.post(path, mine).header("Location") == path_of(expert, "") + "?zrobione=expert_saved");
  theirs["expert_organization"] = "Politechnika";
  const auto merged = other.post(path, theirs);
  CHECK(merged.status == 409);
  CHECK(merged.form("seen").at("expert_description") == "Zna się na wodzie");
  CHECK(merged.form("seen").at("expert_organization") == "Politechnika");
  CHECK(other.post(path, merged.form("seen")).status == 303);
  const auto shown = site.visitor().get("/prowadzacy/irena-nowak");
  CHECK(shown.has("Zna się na wodzie"));
  CHECK(shown.has("Politechnika"));

  auto wrong = one.get(path).form("seen");
  wrong["expert_account"] = "nikt@urzad.example";
  wrong["expert_name"] = "";
  const auto refused = one.post(path, wrong);
  CHECK(refused.status == 422);
  CHECK(refused.has("href=\"#expert_name\""));
  wrong["expert_name"] = "Irena";
  CHECK(one.post(path, wrong).has("Nikt nie ma u nas konta z tym adresem."));

  wrong["expert_account"] = "";
  wrong["expert_description"] = "*pochylone*";
  wrong["do"] = "preview";
  CHECK(one.post(path, wrong).has("<em>pochylone</em>"));
}

TEST_CASE("two entries of one expert are looked at before they become one") {
  WholeSite site;
  const auto from = add_expert(site, "I. Nowak");
  const auto into = add_expert(site, "Irena Nowak");
  publish_led(site, "Deszczówka", from);
  auto browser = site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  const auto path = path_of(from, "/polacz");
  CHECK(browser.get(path + "?z=Nikt").status == 422);
  CHECK(browser.get(path + "?z=I.%20Nowak").has("To ten sam wpis."));
  const auto preview = browser.get(path + "?z=Irena%20Nowak");
  CHECK(preview.status == 200);
  CHECK(preview.has("„I. Nowak” zniknie z list, a jego miejsce zajmie „Irena Nowak”."));
  CHECK(browser.post(path, preview.form("into")).header("Location") ==
        path_of(into, "?zrobione=experts_merged"));
  const auto moved = site.visitor().get("/prowadzacy/i-nowak");
  CHECK(moved.status == 301);
  CHECK(moved.header("Location") == "/prowadzacy/irena-nowak");
  CHECK(site.visitor().get("/prowadzacy/irena-nowak").has("Deszczówka"));
}

TEST_CASE("an expert finds their meetings, numbers and problems, and nobody's name") {
  WholeSite site;
  const auto expert = add_expert(site, "Ewa Sowa");
  const auto meeting = publish_led(site, "Deszczówka", expert);
  REQUIRE(set_asks_challenge(site.environment(), site.world().organizer(), meeting.id, true).ok());
  auto form = RegistrationWorld::person(1);
  form.challenge = "Zalewa nam piwnice";
  REQUIRE(site.world().try_register(meeting.id, form).ok());
  auto browser = site.browser_of(site.add_person("Ewa Sowa", {{Role::expert, meeting.id}}));
  const auto path = fmt::format("/prowadzenie/spotkania/{}", meeting.id.value);
  const auto start = browser.get("/moje");
  CHECK(start.has("href=\"/prowadzenie\""));
  CHECK(start.has("href=\"" + path + "\""));
  CHECK(browser.get("/prowadzenie").has("1 osoba z miejscem"));
  const auto shown = browser.get(path);
  CHECK(shown.status == 200);
  CHECK(shown.has("Zalewa nam piwnice"));
  CHECK(shown.has("Wykład"));
  CHECK_FALSE(shown.has("Osoba 1"));
  CHECK_FALSE(shown.has("osoba1@"));
  CHECK(browser.get("/panel").status == 404);
  auto official = site.browser_of(site.add_person("Jan Kot"));
  CHECK(official.get(path).status == 404);
  CHECK(official.get("/prowadzenie").status == 404);
  CHECK_FALSE(official.get("/moje").has("/prowadzenie"));
}

TEST_CASE("experts write what the site says of them, once the entry is linked with the account") {
  WholeSite site;
  const auto expert = add_expert(site, "Ewa Sowa", "Stary opis");
  const auto person = site.add_person("Ewa Sowa", {{Role::expert, {}}});
  auto browser = site.browser_of(person);
  const std::string path = "/prowadzenie/profil";
  CHECK(browser.get(path).has("nie jest jeszcze połączone z wpisem"));
  usecases::ExpertEdit edit;
  edit.name = "Ewa Sowa";
  edit.description = "Stary opis";
  edit.account = "ewa-sowa@urzad.example";
  REQUIRE(change_expert(site.environment(), site.world().organizer(), expert.id, 1, edit).ok());
  auto fields = browser.get(path).form("seen");
  CHECK(fields.at("expert_description") == "Stary opis");
  CHECK(fields.find("expert_name") == fields.end());
  fields["expert_description"] = "Nowy opis";
  fields["expert_description_en"] = "A new description";
  fields["expert_name"] = "Ktoś inny";
  CHECK(browser.post(path, fields).header("Location") == path + "?wpis=ewa-sowa&zrobione=profil");
  CHECK(browser.get(path + "?zrobione=profil").has("Opis jest zapisany."));
  auto visitor = site.visitor();
  CHECK(visitor.get("/prowadzacy/ewa-sowa").has("Nowy opis"));
  CHECK(visitor.get("/en/prowadzacy/ewa-sowa").has("A new description"));
  CHECK(visitor.get("/prowadzacy/ewa-sowa").title() == "Ewa Sowa – Narada");
}
