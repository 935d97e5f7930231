// /panel/instytucje: the catalogue in the hands of those who keep it.
#include <doctest/doctest.h>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

struct World : WholeSite {
  World() : browser(browser_of(add_person("Olga Organizator", {{Role::organizer, {}}}))) {}

  std::string text(const std::string& sql) {
    return world().pool().read([&](storage::Connection& connection) {
      const auto rows = connection.query(sql);
      return rows.empty() ? std::string("none") : rows[0].text_or_empty(0);
    });
  }
  std::string id_of(const std::string& slug) {
    return text("SELECT id FROM institution WHERE slug = '" + slug + "'");
  }
  std::string path_of(const std::string& slug) { return "/panel/instytucje/" + id_of(slug); }
  void add_duplicate() {
    world().pool().transact([](storage::Connection& connection) {
      connection.execute(
          "INSERT INTO institution (slug, name, kind, created_at, updated_at) VALUES"
          " ('um-gliwice', 'UM Gliwice', 'other', '2026-01-01', '2026-01-01')");
    });
  }

  // One part of an upload after another; a name with ".csv" in it is a file's.
  Shown upload(const std::string& path, const std::vector<std::pair<std::string, std::string>>& it,
               const std::string& file = {}) {
    std::string body;
    for (const auto& [name, value] : it)
      body += "--limit\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value +
              "\r\n";
    if (!file.empty())
      body +=
          "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"gminy.csv\"\r\n"
          "Content-Type: text/csv\r\n\r\n" +
          file + "\r\n";
    return browser.send(path, body + "--limit--\r\n", "multipart/form-data; boundary=limit");
  }
  std::vector<std::pair<std::string, std::string>> hidden(const Shown& page,
                                                          const std::string& with_field) {
    const auto form = page.form(with_field);
    return {form.begin(), form.end()};
  }
  Shown preview(const std::string& file) {
    const auto page = browser.get("/panel/instytucje/import");
    return upload("/panel/instytucje/import",
                  {{"form_token", page.form("operation").at("form_token")}}, file);
  }
  Shown apply(const Shown& previewed) {
    return upload("/panel/instytucje/import/zapis", hidden(previewed, "digest"));
  }

  Browser browser;
};

const std::string kFile =
    "teryt;nazwa;rodzaj;ludność;powiat\r\n"
    "2466011;Gliwice;miasto na prawach powiatu;170000;Gliwice\r\n"
    "2462011;Bytom;gmina miejska;146290;Bytom\r\n";

}  // namespace

TEST_CASE("an institution is added, changed and switched off and on again") {
  World site;
  auto fields = site.browser.get("/panel/instytucje/nowa").form("aliases");
  fields["name"] = "Bytom";
  fields["kind"] = "urban_municipality";
  fields["teryt"] = "2462011";
  fields["population"] = "146 290";
  fields["latitude"] = "50,36";
  fields["longitude"] = "18.87";
  fields["aliases"] = "UM Bytom\r\n\r\nMiasto Bytom\r\n";
  const auto added = site.browser.post("/panel/instytucje/nowa", fields);
  REQUIRE(added.status == 303);
  const auto path = site.path_of("bytom");
  CHECK(added.header("Location") == path + "?zrobione=institution_added");
  auto stored = site.browser.get(path).form("aliases");
  CHECK(stored.at("name") == "Bytom");
  CHECK(stored.at("population") == "146290");
  CHECK(stored.at("latitude") == "50.36");
  CHECK(stored.at("aliases") == "Miasto Bytom\nUM Bytom");

  auto changed = stored;
  changed["kind"] = "city_with_county_rights";
  changed["county"] = "Bytom";
  changed["aliases"] = "Miasto Bytom\r\nBeuthen";
  CHECK(site.browser.post(path, changed).status == 303);
  CHECK(site.browser.get("/panel/instytucje?q=beuthen").has("Bytom"));
  CHECK(site.browser.get("/panel/instytucje?q=um+bytom").has("Nic nie pasuje do filtrów."));
  CHECK(site.text("SELECT details FROM activity WHERE verb = 'institution.changed'") ==
        R"({"after":{"kind":"city_with_county_rights"},"before":{"kind":"urban_municipality"},)"
        R"("fields":["aliases","county","kind"]})");

  // The other window has an old version.
  stored["kind"] = "urban_municipality";
  stored["name"] = "Bytom stary";
  stored["operation"] = std::string(43, 'a');
  const auto stale = site.browser.post(path, stored);
  CHECK(stale.status == 422);
  CHECK(stale.form("aliases").at("name") == "Bytom stary");
  CHECK(site.text("SELECT name FROM institution WHERE slug = 'bytom'") == "Bytom");

  const auto use = [&](const char* value) {
    return site.browser.post(path + "/stan", site.browser.get(path).form("use", value)).status;
  };
  CHECK(use("off") == 303);
  CHECK_FALSE(site.visitor().get("/gminy").has("Bytom"));
  CHECK(site.browser.get("/panel/instytucje?stan=inactive").has("Bytom"));
  CHECK(use("on") == 303);
  CHECK(site.visitor().get("/gminy").has("Bytom"));
}

TEST_CASE("a form of an institution names every bad field") {
  World site;
  auto fields = site.browser.get("/panel/instytucje/nowa").form("aliases");
  fields["name"] = "Gliwice drugie";
  fields["kind"] = "other";
  fields["teryt"] = "2466011";
  fields["website"] = "gliwice";
  fields["population"] = "dużo";
  fields["latitude"] = "50";
  const auto answer = site.browser.post("/panel/instytucje/nowa", fields);
  CHECK(answer.status == 422);
  CHECK(answer.errors() == std::vector<std::string>{"Ludność: Podaj liczbę.",
                                                    "Długość geograficzna: Uzupełnij to pole."});
  fields["population"] = "";
  fields["latitude"] = "";
  const auto again = site.browser.post("/panel/instytucje/nowa", fields);
  CHECK(again.errors() ==
        std::vector<std::string>{
            "Strona internetowa: Podaj pełny adres zaczynający się od https:// albo http://.",
            "TERYT: To jest już zajęte przez inny wpis."});
}

TEST_CASE("a duplicate is merged after a look at what moves, and the merge is undone") {
  World site;
  site.add_duplicate();
  const auto meeting = site.world().publish();
  auto form = RegistrationWorld::person(1);
  form.institution = "UM Gliwice";
  REQUIRE(site.world().try_register(meeting.id, form));
  const auto path = site.path_of("um-gliwice") + "/polacz";
  const auto preview = site.browser.get(path + "?z=Gliwice");
  CHECK(preview.has("„UM Gliwice” zniknie z list, a jej miejsce zajmie „Gliwice”."));
  CHECK(preview.has("<th scope=\"row\">Zgłoszenia</th><td data-label=\"Ile\">1</td>"));
  CHECK(preview.has("<th scope=\"row\">Osoby</th><td data-label=\"Ile\">1</td>"));
  auto visitor = site.visitor();
  CHECK(visitor.get("/gminy/um-gliwice").status == 200);
  const auto merged = site.browser.post(path, preview.form("into"));
  CHECK(merged.header("Location") == "/panel/instytucje/polaczenia?zrobione=merged");

  const auto page = visitor.get("/gminy/um-gliwice");
  CHECK(page.status == 308);
  CHECK(page.header("Location") == "/gminy/2466011-gliwice");
  CHECK(visitor.get("/en/gminy/um-gliwice").header("Location") == "/en/gminy/2466011-gliwice");
  auto program = site.api_visitor();
  const auto api = program.get("/api/v1/institutions/" + site.id_of("um-gliwice"));
  CHECK(api.status == 308);
  CHECK(api.header("Location") == "/api/v1/institutions/" + site.id_of("gliwice"));
  CHECK(site.text("SELECT i.slug FROM registration r JOIN institution i ON i.id ="
                  " r.institution_id") == "gliwice");
  // Whoever types the old name is of the one that stayed.
  auto second = RegistrationWorld::person(2);
  second.institution = "UM Gliwice";
  CHECK(describe(site.world().try_register(meeting.id, second)) == "ok");

  const auto list = site.browser.get("/panel/instytucje/polaczenia");
  const auto undo =
      "/panel/instytucje/polaczenia/" + site.text("SELECT id FROM institution_merge") + "/cofnij";
  CHECK(site.browser.post(undo, list.form("operation")).header("Location") ==
        "/panel/instytucje/polaczenia?zrobione=merge_undone");
  CHECK(visitor.get("/gminy/um-gliwice").status == 200);
  const auto twice =
      site.browser.post(undo, {{"form_token", list.form("operation").at("form_token")}});
  CHECK(twice.status == 422);
  CHECK(twice.errors() == std::vector<std::string>{"To połączenie jest już cofnięte."});
  CHECK(site.text("SELECT i.slug FROM registration r JOIN institution i ON i.id ="
                  " r.institution_id ORDER BY r.id") == "um-gliwice");
}

TEST_CASE("a merge that cannot be says why before anything happens") {
  World site;
  site.add_duplicate();
  struct Case {
    std::string slug;
    std::string into;
    std::string error;
  };
  const Case cases[] = {
      {"um-gliwice", "", "Instytucja, która zostaje: Uzupełnij to pole."},
      {"um-gliwice", "Nigdzie",
       "Instytucja, która zostaje: Nie znamy takiej gminy ani instytucji. Wybierz ją z listy."},
      {"gliwice", "UM%20Gliwice",
       "Instytucja, która zostaje: Kod TERYT ma tylko wpis, który by zniknął. Połącz odwrotnie."},
      {"gliwice", "2466011", "Instytucja, która zostaje: To ta sama instytucja. Wybierz drugą."}};
  for (const auto& [slug, into, error] : cases) {
    const auto answer = site.browser.get(site.path_of(slug) + "/polacz?z=" + into);
    CHECK(answer.status == 422);
    CHECK(answer.errors() == std::vector<std::string>{error});
  }
  const auto two = site.browser.get(site.path_of("um-gliwice") + "/polacz?z=Zgierz");
  CHECK(two.status == 422);
  CHECK(two.errors().front().find("Pasuje więcej niż jedna") != std::string::npos);
}

TEST_CASE("a merge that would move somebody's role is left to an administrator") {
  World site;
  site.add_duplicate();
  const domain::InstitutionId from{std::stoll(site.id_of("um-gliwice"))};
  const auto path = site.path_of("um-gliwice") + "/polacz";
  const auto before = site.browser.get(path + "?z=2466011");
  CHECK_FALSE(before.has("Potrzebny jest administrator"));
  site.add_person("Karol Koordynator", {{Role::coordinator, from}});
  const auto preview = site.browser.get(path + "?z=2466011");
  CHECK(preview.has("Potrzebny jest administrator"));
  CHECK_FALSE(preview.has("name=\"operation\""));
  // The role came while the page lay open.
  const auto refused = site.browser.post(path, before.form("into"));
  CHECK(refused.status == 422);
  CHECK(refused.errors() ==
        std::vector<std::string>{"Ktoś ma rolę nadaną w tej instytucji, a połączenie przeniosłoby "
                                 "ją do drugiej. Poproś administratora, żeby połączył te wpisy."});
  CHECK(site.text("SELECT merged_into FROM institution WHERE slug = 'um-gliwice'") == "");
  auto admin = site.browser_of(site.add_person("Adam Admin", {{Role::admin, {}}}));
  const auto allowed = admin.get(path + "?z=2466011");
  CHECK_FALSE(allowed.has("Potrzebny jest administrator"));
  CHECK(admin.post(path, allowed.form("into")).status == 303);
}

TEST_CASE("a file is looked at, and what was seen is stored") {
  World site;
  const auto preview = site.preview(kFile);
  CHECK(preview.status == 200);
  CHECK(preview.has("Nowe: 1, zmienione: 1, bez zmian: 0, błędne: 0."));
  CHECK(preview.has("<strong>Ludność:</strong> <del>(puste)</del>"));
  CHECK(preview.has("<ins>170000</ins>"));
  CHECK(site.id_of("bytom") == "none");
  const auto applied = site.apply(preview);
  CHECK(applied.status == 303);
  CHECK(applied.header("Location") == "/panel/instytucje?zrobione=imported");
  CHECK(site.text("SELECT population FROM institution WHERE slug = 'bytom'") == "146290");
  CHECK(site.text("SELECT population FROM institution WHERE slug = 'gliwice'") == "170000");
  CHECK(site.preview(kFile).has("Ten plik niczego nie zmienia."));
}

TEST_CASE("a preview that is out of date is shown anew instead of being stored") {
  World site;
  const auto preview = site.preview(kFile);
  site.world().pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE institution SET population = 171000 WHERE slug = 'gliwice'");
  });
  const auto refused = site.apply(preview);
  CHECK(refused.status == 409);
  CHECK(refused.has("<del>171000</del>"));
  CHECK(site.id_of("bytom") == "none");
  // What has been seen anew is stored.
  CHECK(site.apply(refused).status == 303);
  CHECK(site.id_of("bytom") != "none");
}

TEST_CASE("a preview names the associations that the file is the first to name") {
  World site;
  const auto preview =
      site.preview("teryt;nazwa;rodzaj;związek\n2462011;Bytom;gmina miejska;OMGGS\n");
  CHECK(preview.has("których nie było jeszcze w katalogu: <strong>OMGGS</strong>"));
  CHECK(site.text("SELECT COUNT(*) FROM association WHERE code = 'OMGGS'") == "0");
  CHECK(site.apply(preview).status == 303);
  CHECK(site.text("SELECT COUNT(*) FROM association WHERE code = 'OMGGS'") == "1");
}

TEST_CASE("whether superiors are asked is switched in the panel and by the API") {
  World site;
  const auto path = site.path_of("gliwice");
  const auto wants = [&] {
    return site.text("SELECT wants_consent FROM institution WHERE slug = 'gliwice'");
  };
  CHECK(wants() == "0");
  auto fields = site.browser.get(path).form("consent");
  CHECK(fields.at("consent") == "on");
  CHECK(site.browser.post(path + "/zgoda", fields).header("Location") ==
        path + "?zrobione=consent_on");
  CHECK(wants() == "1");
  const auto shown = site.browser.get(path + "?zrobione=consent_on");
  CHECK(shown.has("Od teraz pytamy przełożonych o zgodę."));
  CHECK(shown.form("consent").at("consent") == "off");

  auto api = site.api_of(site.add_person("Ola Admin", {{Role::admin, {}}}));
  const auto answer = api.post("/api/v1/institutions/2466011/consent", {{"wants_consent", false}});
  CHECK(answer.status == 200);
  CHECK(answer.body["wants_consent"] == false);
  CHECK(wants() == "0");
  auto official = site.api_of(site.add_person("Jan Kot"));
  CHECK(official.post("/api/v1/institutions/2466011/consent", {{"wants_consent", true}}).status ==
        403);
  CHECK(wants() == "0");
}

TEST_CASE("a preview belongs to its file") {
  World site;
  const auto preview = site.preview(kFile);
  auto fields = site.hidden(preview, "digest");
  for (auto& [name, value] : fields)
    if (name == "csv") value.replace(value.find("Bytom"), 5, "Zabrze");
  CHECK(site.upload("/panel/instytucje/import/zapis", fields).status == 409);
  CHECK(site.text("SELECT COUNT(*) FROM institution WHERE name = 'Zabrze'") == "0");
}

TEST_CASE("a file comes in any of the shapes that spreadsheets write") {
  World site;
  struct Case {
    const char* name;
    std::string file;
    std::string stored;
  };
  const Case cases[] = {
      {"UTF-8 with a mark", "\xEF\xBB\xBFteryt,name,kind\n2471011,Piekary Śląskie,gmina miejska\n",
       "Piekary Śląskie"},
      {"Windows-1250",
       "teryt;nazwa;rodzaj\r\n2475011;\x8Cwi\xEAtoch\xB3owice \xB9\xBF;gmina miejska\r\n",
       "Świętochłowice ąż"},
      {"old line ends", "teryt,name,kind\r2472011,Ruda,gmina miejska\r", "Ruda"}};
  for (const auto& [name, file, stored] : cases) {
    CAPTURE(name);
    const auto preview = site.preview(file);
    CHECK(preview.status == 200);
    CHECK(preview.has(stored));
    CHECK(site.apply(preview).status == 303);
    CHECK(site.text("SELECT name FROM institution ORDER BY id DESC LIMIT 1") == stored);
  }
}

TEST_CASE("a file that cannot be read says where, row by row") {
  World site;
  const auto wrong =
      site.preview("teryt;nazwa;rodzaj;ludność\n2462011;Bytom;gmina;wiele\n246;;gmina wiejska;1\n");
  CHECK(wrong.status == 200);
  CHECK(wrong.has("błędne: 2."));
  CHECK(wrong.has("<strong>Ludność:</strong> Podaj liczbę."));
  CHECK(wrong.has("<strong>TERYT:</strong> Kod TERYT gminy ma siedem cyfr."));
  CHECK(wrong.form("digest").empty());
  struct Case {
    std::string file;
    std::string error;
  };
  const Case cases[] = {
      {"nazwa\nBytom\n", "Plik: W pliku nie ma kolumny „teryt”."},
      {"teryt,name,kind\n\"2462011,Bytom,x\n",
       "Plik: W wierszu 2 zaczyna się cudzysłów, który nigdzie się nie kończy."},
      {"teryt,name,kind\n2462011,Bytom\n",
       "Plik: W wierszu 2 jest inna liczba pól niż w nagłówku."},
      {"teryt,nazwa,rodzaj,name\n", "Plik: Ta sama kolumna jest w nagłówku dwa razy."},
      {"\xFF\xFEt\0e\0", "Plik: Tekst nie jest zapisany w UTF-8."},
      {std::string((1U << 20) + 1, 'a'), "Plik: Plik jest za duży. Może mieć najwyżej 1 MB."}};
  for (const auto& [file, error] : cases) {
    const auto answer = site.preview(file);
    CHECK(answer.status == 422);
    REQUIRE(!answer.errors().empty());
    CHECK(answer.errors().front() == error);
  }
  CHECK(site.preview("").errors() == std::vector<std::string>{"Plik: Uzupełnij to pole."});
}

TEST_CASE("an upload is guarded like any form") {
  World site;
  const auto preview = site.preview(kFile);
  auto fields = site.hidden(preview, "digest");
  for (auto& [name, value] : fields)
    if (name == "form_token") value = std::string(43, 'x');
  CHECK(site.upload("/panel/instytucje/import/zapis", fields).status == 422);
  CHECK(site.id_of("bytom") == "none");
  CHECK(site.browser
            .send("/panel/instytucje/import", "--limit\r\nbroken",
                  "multipart/form-data; boundary=limit")
            .status == 400);
  CHECK(site.browser.send("/panel/instytucje/import", "{}", "application/json").status == 415);
  CHECK(site.browser
            .send("/panel/instytucje/import", "--limit--", "multipart/form-data; boundary=limit",
                  {{"Origin", "https://evil.example"}})
            .status == 403);
}
