// Bringing materials in the panel, as browsers without scripts meet it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/materials/materials.h"
#include "service/usecases/practices/practices.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

const std::string kBoundary = "granica";

// The page's own form: the first of a page is that of signing out.
Shown fill_form(Browser& browser, const std::string& path, const FormData& typed) {
  auto fields = browser.get(path).form("title");
  for (const auto& [name, value] : typed) fields[name] = value;
  return browser.post(path, fields);
}

struct Room {
  WholeSite site;
  domain::Meeting meeting = site.world().publish();
  Browser organizer = site.browser_of(site.add_person("Ola Organizator", {{Role::organizer, {}}}));
  std::string path = fmt::format("/panel/spotkania/{}/materialy", meeting.id.value);

  std::int64_t number(const std::string& statement) {
    return site.world().pool().read([&](storage::Connection& connection) {
      const auto rows = connection.query(statement);
      return rows.empty() ? -1 : rows[0].integer(0);
    });
  }
  std::string text(const std::string& statement) {
    return site.world().pool().read(
        [&](storage::Connection& connection) { return connection.query(statement)[0].text(0); });
  }
  std::int64_t last() { return number("SELECT MAX(id) FROM material"); }
  std::string one(const std::string& part = {}) {
    return fmt::format("{}/{}{}", path, last(), part);
  }

  void add_link(const std::string& title) {
    const auto added =
        fill_form(organizer, path + "/link",
                  {{"title", title}, {"kind", "report"}, {"link", "https://example.org/raport"}});
    REQUIRE(added.status == 303);
  }
  // What became of the newest file.
  void settle(const std::string& state, const std::string& refusal, const std::string& facts) {
    const auto digest = std::string(64, 'a');
    site.world().pool().transact([&](storage::Connection& connection) {
      connection.execute(
          "INSERT INTO stored_file (digest, size, state, refusal, facts, created_at) "
          "VALUES (?, 5, ?, NULLIF(?, ''), ?, '2027-01-04 09:00:00')",
          {digest, state, refusal, facts});
      connection.execute("UPDATE material_version SET digest = ? ORDER BY id DESC LIMIT 1",
                         {digest});
      return 0;
    });
  }
};

Shown send_file(Browser& browser, const std::string& path, FormData fields,
                const std::string& file_name, const std::string& content) {
  const auto form = browser.get(path).form("file");
  std::string body;
  for (auto [name, value] : form) {
    if (name == "file") continue;
    const auto typed = fields.find(name);
    if (typed != fields.end()) value = typed->second;
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                        kBoundary, name, value);
  }
  body += fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\n{}\r\n--{}--\r\n",
      kBoundary, file_name, content, kBoundary);
  return browser.send(path, body, "multipart/form-data; boundary=" + kBoundary);
}

}  // namespace

TEST_CASE("a link is added, changed, moved, removed and restored in the panel") {
  Room room;
  CHECK(room.organizer.get(room.path).has("Nie ma tu jeszcze żadnych materiałów."));
  room.add_link("Raport o wodzie");
  room.add_link("Raport o zieleni");
  const auto second = room.last();
  const auto list = room.organizer.get(room.path + "?zrobione=material_added");
  CHECK(list.has("Materiał dodany"));
  CHECK(list.has("Raport, sprawozdanie · Wszyscy"));
  CHECK(list.has("Ola Organizator"));
  CHECK(list.html.find("Raport o wodzie") < list.html.find("Raport o zieleni"));

  auto step = list.form("material");
  step["material"] = std::to_string(second);
  step["do"] = "up";
  CHECK(room.organizer.post(room.path, step).header("Location") ==
        room.path + "?zrobione=material_moved");
  const auto moved = room.organizer.get(room.path);
  CHECK(moved.html.find("Raport o zieleni") < moved.html.find("Raport o wodzie"));

  const auto changed =
      fill_form(room.organizer, room.one(),
                {{"title", "Raport o zieleni 2027"}, {"available_from", "2027-02-01T10:00"}});
  CHECK(changed.header("Location") == room.path + "?zrobione=material_changed");
  CHECK(room.organizer.get(room.path).has("(od 1 lutego 2027, 10:00)"));

  CHECK(room.organizer.get(room.one("/usun")).has("Usunąć materiał „Raport o zieleni 2027”?"));
  auto removal = room.organizer.get(room.one("/usun")).form("operation");
  CHECK(room.organizer.post(room.one("/usun"), removal).status == 303);
  const auto binned = room.organizer.get(room.path);
  CHECK(binned.has("Przywróć: Raport o zieleni 2027"));
  CHECK(room.organizer.get(room.one()).status == 404);
  auto restoring = binned.form("material", std::to_string(second));
  restoring["do"] = "restore";
  CHECK(room.organizer.post(room.path, restoring).header("Location") ==
        room.path + "?zrobione=material_restored");
  CHECK(room.organizer.get(room.one()).status == 200);
}

TEST_CASE("every field of a link that is wrong is told at once, and what was typed stays") {
  Room room;
  const auto refused = fill_form(room.organizer, room.path + "/link",
                                 {{"title", ""},
                                  {"link", "ftp://example.org"},
                                  {"available_from", "jutro"},
                                  {"authors", "Jan"}});
  CHECK(refused.status == 422);
  CHECK(refused.errors() ==
        std::vector<std::string>{"Podaj datę i godzinę, na przykład 2027-01-21T10:00."});
  CHECK(refused.form("link")["authors"] == "Jan");
  const auto again = fill_form(room.organizer, room.path + "/link",
                               {{"title", ""}, {"link", "ftp://example.org"}, {"kind", "other"}});
  CHECK(again.errors().size() == 2);
  CHECK(room.number("SELECT COUNT(*) FROM material") == 0);
}

TEST_CASE("two who change one material at once lose nothing of each other") {
  Room room;
  room.add_link("Raport");
  auto other =
      room.site.browser_of(room.site.add_person("Iza Organizator", {{Role::organizer, {}}}));
  auto mine = room.organizer.get(room.one()).form("seen");
  CHECK(fill_form(other, room.one(), {{"authors", "Zespół"}}).status == 303);
  mine["title"] = "Raport roczny";
  const auto merged = room.organizer.post(room.one(), mine);
  CHECK(merged.status == 409);
  CHECK(merged.has("W międzyczasie ktoś zmienił ten wpis"));
  auto both = merged.form("seen");
  CHECK(both["title"] == "Raport roczny");
  CHECK(both["authors"] == "Zespół");
  CHECK(room.organizer.post(room.one(), both).status == 303);
  CHECK(room.text("SELECT CONCAT(title, '|', authors) FROM material") == "Raport roczny|Zespół");
}

TEST_CASE("a file comes with a plain form, and stays when the words are wrong") {
  Room room;
  const auto refused =
      send_file(room.organizer, room.path + "/nowe", {{"title", ""}}, "Łąka.txt", "Łąka\n");
  CHECK(refused.status == 422);
  CHECK(refused.has("Plik „Łąka.txt” już dotarł."));
  auto fields = refused.form("file");
  fields.erase("file");
  CHECK(fields["upload"].size() == 43);
  fields["title"] = "Łąka kwietna";
  std::string body;
  for (const auto& [name, value] : fields)
    body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                        kBoundary, name, value);
  body += fmt::format(
      "--{0}\r\nContent-Disposition: form-data; name=\"file\"; "
      "filename=\"\"\r\n\r\n\r\n--{0}--\r\n",
      kBoundary);
  const auto type = "multipart/form-data; boundary=" + kBoundary;
  const auto sent = room.organizer.send(room.path + "/nowe", body, type);
  CHECK(sent.header("Location") == room.path + "?zrobione=material_added");
  // Sent twice it is one material.
  CHECK(room.organizer.send(room.path + "/nowe", body, type).status == 303);
  CHECK(room.number("SELECT COUNT(*) FROM material") == 1);
  CHECK(room.text("SELECT CONCAT(file_name, '|', size) FROM material_version") == "Łąka.txt|7");
  CHECK(room.organizer.get(room.path).has("zapisywanie"));
}

TEST_CASE("without a file, and with one from another site, nothing is added") {
  Room room;
  const auto none = send_file(room.organizer, room.path + "/nowe", {{"title", "Nic"}}, "", "");
  CHECK(none.errors() == std::vector<std::string>{"Plik: Wybierz plik."});
  const auto foreign = send_file(room.organizer, room.path + "/nowe",
                                 {{"title", "Obcy"}, {"form_token", "x"}}, "a.txt", "a");
  CHECK(foreign.status == 422);
  CHECK(room.organizer.send(room.path + "/nowe", "x", "multipart/form-data; boundary=a").status ==
        400);
  CHECK(room.number("SELECT COUNT(*) FROM material") == 0);
  CHECK(room.number("SELECT COUNT(*) FROM upload") == 0);
}

TEST_CASE("a file that is too large for the plain form is told so beside it") {
  Room room;
  room.site.environment().materials.form = 4;
  const auto refused =
      send_file(room.organizer, room.path + "/nowe", {{"title", "Duży"}}, "a.txt", "12345");
  CHECK(refused.status == 422);
  REQUIRE(refused.errors().size() == 1);
  CHECK(refused.errors()[0].starts_with("Plik: Plik jest za duży."));
}

TEST_CASE("a new version needs a note, and readers keep the old one until it is ready") {
  Room room;
  REQUIRE(send_file(room.organizer, room.path + "/nowe", {{"title", "Uchwała"}}, "u1.txt", "jeden")
              .status == 303);
  room.settle("ready", "", R"({"media_type":"text/plain","faults":[]})");
  const auto path = room.one("/wersja");
  const auto refused = send_file(room.organizer, path, {{"note", ""}}, "u2.txt", "dwa");
  CHECK(refused.errors() == std::vector<std::string>{"Co się zmieniło: Uzupełnij to pole."});
  const auto key = refused.form("note")["upload"];
  CHECK(key.size() == 43);
  auto fields = refused.form("note");
  fields["note"] = "Poprawiony § 3";
  CHECK(room.organizer.post(path + "/przyslana", fields).header("Location") ==
        room.path + "?zrobione=material_version");
  const auto list = room.organizer.get(room.path);
  CHECK(list.has("Poprawiony § 3"));
  CHECK(list.has("2 wersje"));
  CHECK(list.has("czytelnicy dostają poprzednią (1)"));
}

TEST_CASE("what was refused says why and how to mend it, and what can be better says so too") {
  Room room;
  REQUIRE(
      send_file(room.organizer, room.path + "/nowe", {{"title", "Makro"}}, "m.docx", "PK").status ==
      303);
  SUBCASE("refused") {
    room.settle("refused", "macros", "{}");
    const auto list = room.organizer.get(room.path);
    CHECK(list.has("odrzucony"));
    CHECK(list.has("Pliku „m.docx” nie możemy pokazać."));
    CHECK(list.has("Zapisz dokument bez makr"));
  }
  SUBCASE("with faults") {
    room.settle("ready", "", R"({"media_type":"application/pdf","faults":["no_title","no_text"]})");
    const auto list = room.organizer.get(room.path);
    CHECK(list.has("gotowy"));
    CHECK(list.has("2 uwagi o dostępności"));
    CHECK(list.has("To skan: obraz stron bez tekstu"));
    auto rule = list.form("rule");
    rule["rule"] = "required";
    CHECK(room.organizer.post(room.path, rule).status == 303);
    CHECK(room.organizer.get(room.path).has("wstrzymany"));
    auto exception = room.organizer.get(room.one()).form("reason");
    exception["reason"] = "Skan z archiwum";
    CHECK(room.organizer.post(room.one("/wyjatek"), exception).status == 303);
    CHECK(room.organizer.get(room.path).has("gotowy"));
  }
}

TEST_CASE("rows of files that have arrived are saved one by one, and those that are wrong stay") {
  Room room;
  const auto form = room.organizer.get(room.path + "/nowe").form("tell");
  std::vector<std::string> keys;
  for (const char* name : {"a.txt", "b.txt"}) {
    const auto refused =
        send_file(room.organizer, room.path + "/nowe", {{"title", ""}}, name, name);
    keys.push_back(refused.form("file")["upload"]);
  }
  FormData rows = {
      {"form_token", form.at("form_token")}, {"operation", std::string(43, 'b')}, {"tell", "yes"}};
  for (int n = 1; n <= 2; ++n) {
    rows[fmt::format("upload_{}", n)] = keys[n - 1];
    rows[fmt::format("name_{}", n)] = n == 1 ? "a.txt" : "b.txt";
    rows[fmt::format("title_{}", n)] = n == 1 ? "Pierwszy" : "";
    rows[fmt::format("kind_{}", n)] = "handbook";
    rows[fmt::format("access_{}", n)] = "participants";
  }
  const auto half = room.organizer.post(room.path + "/przyslane", rows);
  CHECK(half.status == 422);
  CHECK(half.errors() == std::vector<std::string>{"b.txt: Uzupełnij to pole."});
  auto rest = half.form("title_2");
  CHECK_FALSE(rest.contains("title_1"));
  CHECK(rest["kind_2"] == "handbook");
  rest["title_2"] = "Drugi";
  rest.erase("drop");
  CHECK(room.organizer.post(room.path + "/przyslane", rest).header("Location") ==
        room.path + "?zrobione=material_added");
  CHECK(room.text("SELECT GROUP_CONCAT(CONCAT(title, ' ', kind, ' ', access) ORDER BY id "
                  "SEPARATOR ', ') FROM material") ==
        "Pierwszy handbook participants, Drugi handbook participants");
}

TEST_CASE("the preview shows what each reader sees") {
  Room room;
  room.add_link("Dla wszystkich");
  REQUIRE(fill_form(room.organizer, room.path + "/link",
                    {{"title", "Dla uczestników"},
                     {"kind", "report"},
                     {"access", "participants"},
                     {"link", "https://example.org/u"}})
              .status == 303);
  REQUIRE(fill_form(room.organizer, room.path + "/link",
                    {{"title", "Dla urzędników"},
                     {"kind", "report"},
                     {"audience", "officials"},
                     {"link", "https://example.org/o"}})
              .status == 303);
  const auto shows = [](const Shown& shown, const std::string& title) {
    return shown.has(">" + title + "</a></h3>");
  };
  const auto everybody = room.organizer.get(room.path + "/podglad");
  const auto participant = room.organizer.get(room.path + "/podglad?jako=participant");
  const auto resident = room.organizer.get(room.path + "/podglad?jako=resident");
  for (const auto* shown : {&everybody, &participant, &resident}) {
    CHECK(shows(*shown, "Dla wszystkich"));
    CHECK(shows(*shown, "Dla uczestników"));
  }
  CHECK(everybody.has("Tylko dla uczestników"));
  CHECK_FALSE(everybody.has("https://example.org/u"));
  CHECK_FALSE(participant.has("Tylko dla uczestników"));
  CHECK(participant.has("https://example.org/u"));
  CHECK(shows(everybody, "Dla urzędników"));
  CHECK_FALSE(shows(resident, "Dla urzędników"));
  CHECK(resident.has("<strong lang=\"pl\">Dla urzędników</strong>: wydanie dla urzędników"));
  CHECK(everybody.has("aria-current=\"page\">Każdy, bez logowania</a>"));
}

TEST_CASE("a practice's materials are brought in its own room and stand on its page") {
  Room room;
  auto& environment = room.site.environment();
  usecases::PracticeForm form;
  form.title = "Ogrody deszczowe";
  form.source_url = "https://example.org/ogrody";
  const auto practice = create_practice(environment, room.site.world().organizer(), form);
  REQUIRE(practice.ok());
  const auto path = fmt::format("/panel/praktyki/{}/materialy", practice->id.value);
  const auto page = room.organizer.get(path);
  CHECK(page.has("Tu zbierasz pliki i odnośniki, które pomogą innym wdrożyć tę praktykę."));
  CHECK_FALSE(page.has("Zobacz stronę z materiałami"));
  // Nobody takes part in a practice, so nobody is asked whom to tell.
  CHECK_FALSE(room.organizer.get(path + "/nowe").has("Powiadom uczestników"));
  CHECK_FALSE(room.organizer.get(path + "/link").has("Powiadom uczestników"));
  CHECK(fill_form(room.organizer, path + "/link",
                  {{"title", "Wzór regulaminu"},
                   {"kind", "handbook"},
                   {"link", "https://example.org/wzor"}})
            .header("Location") == path + "?zrobione=material_added");
  auto visitor = room.site.visitor();
  const auto address = fmt::format("/materialy/{}", room.last());
  CHECK(visitor.get(address).status == 404);
  REQUIRE(publish_practice(environment, room.site.world().organizer(), practice->id).ok());
  CHECK(visitor.get("/praktyki/" + practice->slug).has("Wzór regulaminu"));
  CHECK(visitor.get("/praktyki/" + practice->slug + "/materialy").has("Wzór regulaminu"));
  CHECK(visitor.get(address).has("Ogrody deszczowe"));
  CHECK(room.organizer.get(path).has("Zobacz stronę z materiałami"));
}

TEST_CASE("an admin asks for accessible documents, and nobody else does") {
  Room room;
  auto admin = room.site.browser_of(room.site.add_person("Ada Admin", {{Role::admin, {}}}));
  const std::string path = "/panel/ustawienia/materialy";
  CHECK(admin.get(path).has("0\u00a0KB z 500\u00a0GB"));
  auto form = admin.get(path).form("rule");
  form["rule"] = "required";
  CHECK(admin.post(path, form).header("Location") == path + "?zrobione=material_rule_saved");
  CHECK(room.organizer.get(room.path).has("Jak w całym serwisie (Wymagana)"));
  CHECK(room.organizer.get(path).status == 404);
}
