// Questions of the organizer's own as browsers meet them: in the panel, on the form, in lists.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

const std::string kPdf = "%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n";
const std::string kBoundary = "granica";

std::string questions_path(const domain::Meeting& meeting) {
  return fmt::format("/panel/spotkania/{}/pytania", meeting.id.value);
}

std::int64_t last_question(WholeSite& site) {
  return site.world().pool().read([](storage::Connection& connection) {
    return connection.query("SELECT MAX(id) FROM meeting_question")[0].integer(0);
  });
}

std::int64_t add_question(WholeSite& site, Browser& organizer, const domain::Meeting& meeting,
                          const FormData& typed) {
  const auto added = organizer.fill(questions_path(meeting) + "/nowe", typed);
  REQUIRE(added.status == 303);
  return last_question(site);
}

struct Uploaded {
  std::string field;
  std::string name;
  std::string content;
};
std::string multipart(const FormData& fields, const std::optional<Uploaded>& file) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                        kBoundary, name, value);
  if (file)
    body += fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n{}\r\n",
        kBoundary, file->field, file->name, file->content);
  return body + "--" + kBoundary + "--\r\n";
}

Shown send_form(Browser& browser, const std::string& path, FormData typed,
                const std::optional<Uploaded>& file = {}) {
  auto fields = browser.get(path).form("operation");
  for (const auto& [name, value] : typed) fields[name] = value;
  if (file) fields.erase(file->field);
  return browser.send(path, multipart(fields, file), "multipart/form-data; boundary=" + kBoundary);
}

FormData person() {
  return {{"full_name", "Anna Nowak"},
          {"email", "anna@urzad.example"},
          {"institution", "2466011"},
          {"consent", "yes"}};
}

FormData with(FormData fields, const FormData& more) {
  for (const auto& [name, value] : more) fields[name] = value;
  return fields;
}

}  // namespace

TEST_CASE("an organizer asks, a person answers, the lists show it") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto organizer = site.browser_of(site.add_person("Ola Organizator", {{Role::organizer, {}}}));
  const auto car = add_question(site, organizer, meeting,
                                {{"label", "Przyjedziesz autem?"}, {"kind", "yes_no"}});
  const auto plate = add_question(site, organizer, meeting,
                                  {{"label", "Numer rejestracyjny"},
                                   {"kind", "text"},
                                   {"required", "yes"},
                                   {"depends_on", fmt::format("{}=yes", car)}});
  const auto consent =
      add_question(site, organizer, meeting, {{"label", "Zgoda przełożonego"}, {"kind", "file"}});
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  auto visitor = site.visitor();
  const auto empty = visitor.get(path);
  CHECK(empty.has("Przyjedziesz autem?"));
  CHECK(empty.has("Odpowiedz, jeśli w pytaniu „Przyjedziesz autem?” wybierasz: tak."));
  CHECK(empty.has("enctype=\"multipart/form-data\""));
  CHECK(empty.header("Cache-Control") == "no-store");

  const auto field = [](std::int64_t id) { return fmt::format("answers.{}", id); };
  const Uploaded file{field(consent), "zgoda \"ż\".pdf", kPdf};
  const auto refused = send_form(visitor, path, with(person(), {{field(car), "yes"}}),
                                 Uploaded{file.field, "zgoda.pdf", kPdf});
  CHECK(refused.status == 422);
  CHECK(refused.errors() == std::vector<std::string>{
                                "Numer rejestracyjny: Uzupełnij to pole.",
                                "Zgoda przełożonego: Wybrany plik nie został zachowany. Wybierz go "
                                "jeszcze raz."});
  CHECK(refused.form("operation")[field(car)] == "yes");

  const auto sent = send_form(
      visitor, path,
      with(person(), {{field(car), "yes"}, {field(plate), "SK 12345"}, {"diet", "vegan"}}),
      Uploaded{file.field, "zgoda.pdf", kPdf});
  REQUIRE(sent.status == 303);
  auto own = visitor.get(sent.header("Location"));
  CHECK(own.has("SK 12345"));
  CHECK(own.has("Mamy plik „zgoda.pdf”"));

  const auto record = organizer.get("/panel/zgloszenia/1");
  CHECK(record.has("SK 12345"));
  CHECK(record.has("Wegańska"));
  const auto download = organizer.get(fmt::format("/panel/zgloszenia/1/pliki/{}", consent));
  CHECK(download.html == kPdf);
  CHECK(download.header("Content-Type") == "application/pdf");
  CHECK(download.header("Content-Disposition") ==
        "attachment; filename=\"zgoda.pdf\"; filename*=UTF-8''zgoda.pdf");
  CHECK(download.header("X-Content-Type-Options") == "nosniff");

  const auto csv = organizer.get(fmt::format(
      "/panel/zgloszenia.csv?spotkanie={}&kolumna=name&kolumna=diet&kolumna=p{}&kolumna=p{}",
      meeting.id.value, car, plate));
  CHECK(csv.has("Przyjedziesz autem?;Numer rejestracyjny"));
  CHECK(csv.has("Anna Nowak;Wegańska;tak;SK 12345"));
  const auto needs = organizer.get(fmt::format("/panel/spotkania/{}/potrzeby", meeting.id.value));
  CHECK(needs.has("Wegańska"));
  CHECK_FALSE(needs.has("Anna Nowak"));

  // Another answer, the file as it was.
  const auto changed = send_form(visitor, sent.header("Location"), {{field(car), "no"}});
  REQUIRE(changed.status == 303);
  own = visitor.get(changed.header("Location"));
  CHECK_FALSE(own.has("SK 12345"));
  CHECK(own.has("Mamy plik „zgoda.pdf”"));
}

TEST_CASE("a question added later is asked of those who are in") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto visitor = site.visitor();
  const auto sent = visitor.fill("/spotkania/" + meeting.slug + "/zapisy", person());
  REQUIRE(sent.status == 303);
  CHECK_FALSE(visitor.get(sent.header("Location")).has("Organizator pyta jeszcze"));
  auto organizer = site.browser_of(site.add_person("Ola Organizator", {{Role::organizer, {}}}));
  const auto question = add_question(
      site, organizer, meeting, {{"label", "Ile osób?"}, {"kind", "number"}, {"required", "yes"}});
  CHECK(visitor.get(sent.header("Location")).has("Organizator pyta jeszcze o 1 rzecz"));
  const auto answered =
      visitor.fill(sent.header("Location"), {{fmt::format("answers.{}", question), "3"}});
  REQUIRE(answered.status == 303);
  CHECK_FALSE(visitor.get(answered.header("Location")).has("Organizator pyta jeszcze"));
}

TEST_CASE("the API names the questions, takes answers and refuses files") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto ola = site.add_person("Ola Organizator", {{Role::organizer, {}}});
  auto organizer = site.browser_of(ola);
  const auto several =
      add_question(site, organizer, meeting,
                   {{"label", "Czym?"}, {"kind", "several"}, {"options", "autobus\r\nrower"}});
  const auto car = add_question(site, organizer, meeting,
                                {{"label", "Auto?"}, {"kind", "yes_no"}, {"required", "yes"}});
  const auto file = add_question(site, organizer, meeting, {{"label", "Zgoda"}, {"kind", "file"}});
  auto api = site.api_visitor();
  const auto path = fmt::format("/api/v1/meetings/{}", meeting.id.value);
  const auto read = api.get(path);
  REQUIRE(read.status == 200);
  REQUIRE(read.body["questions"].size() == 3);
  CHECK(read.body["questions"][0]["options"] == nlohmann::json{"autobus", "rower"});
  nlohmann::json form = {
      {"full_name", "Anna Nowak"}, {"email", "anna@urzad.example"},
      {"institution", "2466011"},  {"consent", true},
      {"diet", "vegan"},           {"answers", {{std::to_string(file), "zgoda.pdf"}}}};
  const auto refused = api.post(path + "/registrations", form);
  CHECK(refused.status == 422);
  CHECK(refused.body["errors"][0]["field"] == fmt::format("answers.{}", file));
  CHECK(refused.body["errors"][0]["code"] == "file_only_on_page");
  CHECK(refused.body["errors"][1]["field"] == fmt::format("answers.{}", car));
  form["answers"] = {{std::to_string(several), {"rower", "autobus"}}, {std::to_string(car), true}};
  const auto made = api.post(path + "/registrations", form);
  REQUIRE(made.status == 201);
  auto by_organizer = site.api_of(ola);
  const auto stored =
      by_organizer.get(fmt::format("/api/v1/registrations/{}", made.body["id"].get<int>()));
  CHECK(stored.body["diet"] == "vegan");
  CHECK(stored.body["answers"] ==
        nlohmann::json{{std::to_string(several), "autobus\nrower"}, {std::to_string(car), "yes"}});
}

TEST_CASE("a number has bounds that the form says and holds people to") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto organizer = site.browser_of(site.add_person("Ola Organizator", {{Role::organizer, {}}}));
  const auto wrong =
      organizer.fill(questions_path(meeting) + "/nowe",
                     {{"label", "Ile osób?"}, {"kind", "number"}, {"least", "6"}, {"most", "5"}});
  CHECK(wrong.status == 422);
  CHECK(wrong.has("„Najwięcej” nie może być mniejsze niż „najmniej”."));
  const auto people =
      add_question(site, organizer, meeting,
                   {{"label", "Ile osób?"}, {"kind", "number"}, {"least", "1"}, {"most", "5"}});
  const auto path = "/spotkania/" + meeting.slug + "/zapisy";
  auto visitor = site.visitor();
  CHECK(visitor.get(path).has("Od 1 do 5."));
  const auto field = fmt::format("answers.{}", people);
  const std::vector<std::pair<std::string, std::string>> answers{
      {"0", "Ile osób?: Podaj liczbę nie mniejszą niż 1."},
      {"6", "Ile osób?: Podaj liczbę nie większą niż 5."},
      {"5", ""}};
  for (const auto& [typed, error] : answers) {
    CAPTURE(typed);
    const auto sent = visitor.fill(path, with(person(), {{field, typed}}));
    CHECK(sent.status == (error.empty() ? 303 : 422));
    if (error.empty()) continue;
    CHECK(sent.errors() == std::vector<std::string>{error});
    CHECK(sent.form("operation")[field] == typed);
  }
}
