// Writing to participants and asking them afterwards, as browsers and programs meet it.
#include "service/usecases/messages/organizer_messages.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "service/usecases/surveys/surveys.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

std::string panel_path(const domain::Meeting& meeting, const std::string& part) {
  return fmt::format("/panel/spotkania/{}/{}", meeting.id.value, part);
}

FormData letter() {
  return {{"groups", "participants"},
          {"subject", "Zmiana sali"},
          {"body", "Dzień dobry {osoba}!\n\nMapa: https://mapa.example/sala5."}};
}

bool write_mails(WholeSite& site) {
  return usecases::run_next_task(
      site.environment(),
      {{std::string(usecases::kMessageTask), usecases::make_message_work(site.environment())}},
      "test");
}

std::vector<notifications::MailFacts> mails_of(WholeSite& site, notifications::MailKind kind) {
  std::vector<notifications::MailFacts> found;
  for (auto& one : site.world().facts())
    if (one.kind == kind) found.push_back(std::move(one));
  return found;
}

// The form of the page that has this field, with some of its fields filled in.
Shown fill_form(Browser& browser, const std::string& path, const std::string& field,
                const FormData& typed) {
  auto fields = browser.get(path).form(field);
  REQUIRE(!fields.empty());
  for (const auto& [name, value] : typed) fields[name] = value;
  return browser.post(path, fields);
}

std::string path_in(const std::string& url) {
  return url.substr(url.find('/', std::string("https://").size()));
}

}  // namespace

TEST_CASE("a message is previewed, sent by a task, listed, and taken back while it is held") {
  WholeSite site;
  site.environment().hold_seconds = 600;
  const auto meeting = site.world().publish();
  site.world().enter(meeting.id, 1);
  auto organizer = site.browser_of(site.add_person("Ola Ożóg", {{Role::organizer, {}}}));
  const auto path = panel_path(meeting, "wiadomosc");
  CHECK(organizer.get(path).has("(1 osoba)"));

  const auto preview = fill_form(organizer, path, "subject", letter());
  REQUIRE(preview.status == 200);
  CHECK(preview.has("Wiadomość dostanie 1 osoba, na 1 adres."));
  CHECK(preview.has("Dzień dobry Osoba 1!"));
  CHECK(preview.has("<span class=\"ds-link\">https://mapa.example/sala5</span>."));
  CHECK(mails_of(site, notifications::MailKind::organizer_message).empty());

  const auto fields = preview.form("subject");
  const auto sent = organizer.post(path + "/wyslij", fields);
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location").find("/panel/zadania/") != std::string::npos);
  const auto again = organizer.post(path + "/wyslij", fields);
  CHECK(again.header("Location") == sent.header("Location"));
  CHECK(write_mails(site));
  CHECK_FALSE(write_mails(site));
  CHECK(mails_of(site, notifications::MailKind::organizer_message).size() == 1);

  const auto listed = organizer.get(path);
  CHECK(listed.has("Zmiana sali"));
  CHECK(listed.has("Ola Ożóg"));
  CHECK(listed.has("Czeka: 1, wysłano: 0, nie udało się: 0"));
  const auto stopped = organizer.post(path + "/cofnij", listed.form("message"));
  CHECK(stopped.status == 303);
  CHECK(organizer.get(path).has("Wstrzymano"));
  CHECK(organizer.get(panel_path(meeting, "historia")).has("Wstrzymano wiadomość"));
}

TEST_CASE("what is wrong with a message stands beside its fields, and a draft is kept") {
  WholeSite site;
  const auto meeting = site.world().publish();
  site.world().enter(meeting.id, 1);
  auto organizer = site.browser_of(site.add_person("Ola Ożóg", {{Role::organizer, {}}}));
  const auto path = panel_path(meeting, "wiadomosc");
  auto wrong = letter();
  wrong["body"] = "Dzień dobry {imie}";
  wrong["subject"] = "";
  const auto answer = fill_form(organizer, path, "subject", wrong);
  CHECK(answer.status == 422);
  CHECK(answer.errors().size() == 2);
  CHECK(answer.has("Dzień dobry {imie}"));
  CHECK(answer.has("Nie wiemy, co wpisać w miejsce {imie}"));
  auto kept = letter();
  kept["do"] = "keep";
  CHECK(fill_form(organizer, path, "subject", kept).status == 200);
  CHECK(organizer.get(path + "?szkic=wroc").form("subject").at("subject") == "Zmiana sali");
}

TEST_CASE("a program writes to participants and reads what was written") {
  WholeSite site;
  const auto meeting = site.world().publish();
  site.world().enter(meeting.id, 1);
  auto client = site.api_of(site.add_person("Ola Ożóg", {{Role::organizer, {}}}));
  const auto path = fmt::format("/api/v1/meetings/{}/messages", meeting.id.value);
  const nlohmann::json letter_json = {
      {"groups", {"participants"}}, {"subject", "Zmiana sali"}, {"text", "Sala 5"}};
  const auto first = client.post(path, letter_json, {{"Idempotency-Key", "klucz-1"}});
  CHECK(first.status == 202);
  const auto second = client.post(path, letter_json, {{"Idempotency-Key", "klucz-1"}});
  CHECK(second.body == first.body);
  CHECK(write_mails(site));
  CHECK_FALSE(write_mails(site));
  const auto listed = client.get(path);
  CHECK(listed.status == 200);
  REQUIRE(listed.body["items"].size() == 1);
  CHECK(listed.body["items"][0]["people"] == 1);
  CHECK(listed.body["items"][0]["waiting"] == 1);
  CHECK(client.post(path, {{"groups", {"wszyscy"}}, {"subject", "a"}, {"text", "b"}}).status ==
        422);
}

TEST_CASE("a survey is switched on, asked, answered once, and shown from three answers up") {
  WholeSite site;
  const auto meeting = site.world().publish();
  for (int number = 1; number <= 3; ++number) site.world().enter(meeting.id, number);
  const auto ola = site.add_person("Ola Ożóg", {{Role::organizer, {}}});
  auto organizer = site.browser_of(ola);
  const auto path = panel_path(meeting, "ankieta");
  const auto saved = fill_form(organizer, path, "version",
                               {{"enabled", "yes"},
                                {"label_6", "Która część była najlepsza?"},
                                {"kind_6", "choice"},
                                {"options_6", "wykład\nwarsztat"}});
  REQUIRE(saved.status == 303);
  CHECK(organizer.get(path).has("Która część była najlepsza?"));

  site.world().clock().set(meeting.times.ends_at + std::chrono::hours(3));
  CHECK(usecases::ask_due_surveys(site.environment()) == 3);
  auto later = site.browser_of(ola);  // the session of two weeks ago has ended
  const auto asked = mails_of(site, notifications::MailKind::survey_asked);
  REQUIRE(asked.size() == 3);
  for (std::size_t index = 0; index < asked.size(); ++index) {
    auto person = site.visitor();
    const auto sheet_path = path_in(asked[index].ask->url);
    const auto sheet = person.get(sheet_path);
    REQUIRE(sheet.status == 200);
    CHECK(sheet.has("Która część była najlepsza?"));
    CHECK(sheet.header("Cache-Control").find("no-store") != std::string::npos);
    auto empty = person.fill(sheet_path, {});
    CHECK(empty.status == 422);
    auto answers = sheet.form("operation");
    FormData typed;
    for (const auto& [name, value] : answers)
      if (name.starts_with("answers.")) typed[name] = "mapa " + std::to_string(index);
    const auto answered = person.fill(sheet_path, typed);
    CHECK(answered.status == 303);
    CHECK(person.get(sheet_path).has("Dziękujemy"));
    CHECK(later.get(path).has("mapa 0") == (index == 2));
  }
  const auto results = later.get(path);
  CHECK(results.has("Zapytano: 3, odpowiedziało: 3."));
  CHECK(later.get(path + "/wyniki.csv").has(";mapa 1;1"));
  CHECK(later.get(panel_path(meeting, "statystyki")).has("Zapytano: 3"));
}

TEST_CASE("a survey says which question is wrong") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto organizer = site.browser_of(site.add_person("Ola Ożóg", {{Role::organizer, {}}}));
  const auto answer = fill_form(organizer, panel_path(meeting, "ankieta"), "version",
                                {{"kind_3", "choice"}, {"hours_after", "1000"}});
  CHECK(answer.status == 422);
  CHECK(answer.errors().size() == 2);
  CHECK(answer.has("id=\"options_3-e\""));
  CHECK(answer.has("id=\"hours_after-e\""));
}
