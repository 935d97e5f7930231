// The workspace of experts: from the organizer's form to what visitors see.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/experts/preparation.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

domain::Meeting publish_lecture(WholeSite& site) {
  auto form = site.world().meeting_form();
  form.title = "Deszczówka";
  usecases::ProgramItemForm item;
  item.starts_minute = 600;
  item.ends_minute = 660;
  item.title = "Wykład";
  form.program = {item};
  return site.world().publish(form);
}

}  // namespace

TEST_CASE("an organizer names an expert with an address, who comes in and prepares the session") {
  WholeSite site;
  const auto meeting = publish_lecture(site);
  const auto room = fmt::format("/panel/spotkania/{}/prowadzacy", meeting.id.value);
  auto organizer = site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  auto typed = organizer.get(room).form("email");
  typed["do"] = "invite";
  typed["expert"] = "Ewa Sowa";
  CHECK(organizer.post(room, typed).status == 422);  // without an address
  typed["email"] = "ewa-sowa@urzad.example";
  typed["position"] = "0";
  CHECK(organizer.post(room, typed).header("Location") == room + "?zrobione=expert_invited");
  const auto listed = organizer.get(room);
  CHECK(listed.has("Link wysłany"));
  CHECK(listed.has("ewa-sowa@urzad.example"));
  CHECK(organizer.get(room + ".csv").has("Deszczówka;2027-01-19;Ewa Sowa;Prezentacja;"));
  CHECK(organizer.get("/panel/przygotowania").has("Ewa Sowa"));

  auto expert = site.browser_of(site.add_person("Ewa Sowa"));
  const auto path = fmt::format("/prowadzenie/spotkania/{}", meeting.id.value);
  const auto shown = expert.get(path);
  CHECK(shown.status == 200);
  CHECK(shown.has("Co jest do przygotowania"));
  CHECK(shown.has("href=\"" + path + "/program/1\""));
  CHECK(expert.get("/prowadzenie").has("rzeczy do przygotowania"));

  auto words = expert.get(path + "/program/1").form("before_title");
  words["title"] = "";
  CHECK(expert.post(path + "/program/1", words).status == 422);
  words["title"] = "Ogrody deszczowe";
  words["description"] = "O wodzie i mieście";
  CHECK(expert.post(path + "/program/1", words).header("Location") == path + "?zrobione=program");
  CHECK(site.visitor().get("/spotkania/" + meeting.slug).has("Ogrody deszczowe"));
  // Somebody who still sees the old words is shown the new ones first, and may then replace them.
  words["operation"] = "another-one";
  words["title"] = "Jeszcze inaczej";
  const auto behind = expert.post(path + "/program/1", words);
  CHECK(behind.status == 409);
  CHECK(behind.has("Ogrody deszczowe"));
  CHECK(expert.post(path + "/program/1", behind.form("before_title")).status == 303);
  CHECK(site.visitor().get("/spotkania/" + meeting.slug).has("Jeszcze inaczej"));
  CHECK(expert.get(path + "/program/2").status == 404);
  CHECK(expert.get(room).status == 404);
}

TEST_CASE("what is planned and answered is seen by both sides, and by the API") {
  WholeSite site;
  const auto meeting = publish_lecture(site);
  const auto room = fmt::format("/panel/spotkania/{}/prowadzacy", meeting.id.value);
  const auto olga = site.add_person("Olga Lis", {{Role::organizer, {}}});
  auto organizer = site.browser_of(olga);
  auto typed = organizer.get(room).form("email");
  typed["do"] = "invite";
  typed["expert"] = "Ewa Sowa";
  typed["email"] = "ewa-sowa@urzad.example";
  REQUIRE(organizer.post(room, typed).status == 303);
  auto plan = organizer.get(room + "/plan").form("closes_days");
  plan["days_photo"] = "dużo";
  const auto wrong = organizer.post(room + "/plan", plan);
  CHECK(wrong.status == 422);
  CHECK(wrong.has("href=\"#days_photo\""));
  plan["days_photo"] = "10";
  plan["wanted_recording_consent"] = "yes";
  plan["title_own1"] = "Lista sprzętu";
  CHECK(organizer.post(room + "/plan", plan).header("Location") ==
        room + "?zrobione=preparation_saved");
  CHECK(organizer.get(room).has("Lista sprzętu"));

  const auto ewa = site.add_person("Ewa Sowa");
  auto expert = site.browser_of(ewa);
  const auto path = fmt::format("/prowadzenie/spotkania/{}", meeting.id.value);
  auto answer = expert.get(path).form("task");
  answer["task"] = "recording_consent";
  answer["answer"] = "no";
  CHECK(expert.post(path + "/lista", answer).status == 303);
  CHECK(expert.get(path).has("Nie będziemy nagrywać."));
  CHECK(organizer.get(room).has("Nie będziemy nagrywać."));

  const auto tasks = fmt::format("/api/v1/meetings/{}/expert-tasks", meeting.id.value);
  const auto told = site.api_of(olga).get(tasks);
  CHECK(told.status == 200);
  const auto items = told.body.at("items");
  REQUIRE(items.size() == 1);
  CHECK(items[0].at("expert").at("slug") == "ewa-sowa");
  CHECK(items[0].at("tasks").size() == 7);
  CHECK(site.api_of(ewa).get(tasks).status == 403);
}

TEST_CASE("an expert's page says who they are to machines as well") {
  WholeSite site;
  const auto meeting = publish_lecture(site);
  auto organizer = site.browser_of(site.add_person("Olga Lis", {{Role::organizer, {}}}));
  const auto room = fmt::format("/panel/spotkania/{}/prowadzacy", meeting.id.value);
  auto typed = organizer.get(room).form("email");
  typed["do"] = "invite";
  typed["expert"] = "Ewa Sowa";
  typed["email"] = "ewa-sowa@urzad.example";
  REQUIRE(organizer.post(room, typed).status == 303);
  const auto shown = site.visitor().get("/prowadzacy/ewa-sowa");
  CHECK(shown.has("\"@type\":\"Person\""));
  CHECK(shown.has("Deszczówka"));
  CHECK_FALSE(shown.has("ewa-sowa@urzad.example"));
  CHECK(site.visitor().get("/prowadzacy/ewa-sowa/zdjecie").status == 404);
  auto expert = site.browser_of(site.add_person("Ewa Sowa"));
  const std::string profile = "/prowadzenie/profil";
  auto choices = expert.get(profile).form();
  choices["shares_contact"] = "yes";
  CHECK(expert.post(profile + "/zgody?wpis=ewa-sowa", choices).status == 303);
  CHECK(expert.post(profile + "/zgody?wpis=ktos-inny", choices).status == 404);
  auto photo = expert.get(profile).form();
  CHECK(expert.post(profile + "/zdjecie?wpis=ewa-sowa", photo).status == 422);
}
