// A person's data from the first registration to their erasure, as browsers, the database and the
// logs see it.
#include <doctest/doctest.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "notifications/composer.h"
#include "notifications/transport.h"
#include "service/usecases/mails/mails.h"
#include "service/usecases/registrations/registrations.h"
#include "sql/activity_store.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

// What is typed about the person, and nowhere else in the world of the test.
const std::string kName = "Kanaryslaw Dziobakowski";
const std::string kEmail = "kanaryslaw-dziobakowski@urzad.example";
const std::vector<std::string> kCanaries = {
    "kanarysław",          "żółtodzi",  "kanarmiśtrz",         "kanarkowa-dieta",
    "czy-kanarki-fruwaja", "600734112", "kanarnictwo-miejskie"};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

std::string base64(const std::string& text) {
  std::string encoded(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

// The part of the base64 of "…text…" that does not depend on what stands around it, for each of the
// three places where the text may begin.
std::vector<std::string> base64_forms(const std::string& text) {
  std::vector<std::string> forms;
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const auto encoded = base64(std::string(offset, 'x') + text);
    const std::size_t first = offset == 0 ? 0 : 4;
    forms.push_back(encoded.substr(first, encoded.size() - first - 4));
  }
  return forms;
}

std::string escaped(const std::string& text, const char* format) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
      continue;
    }
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, byte);
    out += buffer.data();
  }
  return out;
}

// Each form of each canary that the text holds.
std::vector<std::string> found_in(const std::string& text) {
  const auto lowered = lower(text);
  std::vector<std::string> found;
  for (const auto& canary : kCanaries) {
    for (const auto& form :
         {canary, lower(escaped(canary, "=%02x")), lower(escaped(canary, "%%%02x"))})
      if (lowered.find(form) != std::string::npos) found.push_back(canary + " as " + form);
    for (const auto& form : base64_forms(canary))
      if (text.find(form) != std::string::npos) found.push_back(canary + " as " + form);
  }
  if (lowered.find("kanarmi\\u015btrz") != std::string::npos)
    found.emplace_back("an escape of JSON");
  return found;
}

std::string dump(WholeSite& site) {
  const auto address = site.world().database().address();
  const std::string command =
      "mariadb-dump --no-defaults --skip-opt --default-character-set=utf8mb4 --user=root "
      "--socket='" +
      address.socket + "' " + address.schema;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t read = 0; (read = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), read);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

// Takes every mail, and keeps what would have left.
class Keeper final : public notifications::MailTransport {
 public:
  notifications::DeliveryResult deliver(const notifications::Envelope& envelope,
                                        std::string_view message) override {
    recipients.push_back(envelope.recipient);
    messages.emplace_back(message);
    return {notifications::DeliveryEnd::delivered, 250, "queued for " + envelope.recipient};
  }
  std::string description() const override { return "keeper"; }

  std::vector<std::string> recipients;
  std::vector<std::string> messages;
};

class Post {
 public:
  Post()
      : messages_(NARADA_SOURCE_DIR "/web/locales"),
        renderer_(NARADA_SOURCE_DIR "/web", messages_, manifest()),
        composer_(renderer_, messages_,
                  notifications::Sender{"narada@example.org", "Narada", "https://narada.example"}) {
  }
  void deliver(WholeSite& site) {
    for (int round = 0; round < 20; ++round)
      if (usecases::deliver_mails(site.environment(), composer_, keeper, "test").sent == 0) return;
    FAIL("the mails do not end");
  }
  Keeper keeper;

 private:
  static web::View manifest() {
    std::ifstream file(NARADA_BINARY_DIR "/assets/manifest.json");
    return web::View::parse(file);
  }
  web::Messages messages_;
  web::Renderer renderer_;
  notifications::Composer composer_;
};

std::vector<std::string> statistics(WholeSite& site) {
  return site.world().pool().read([](storage::Connection& connection) {
    std::vector<std::string> lines;
    for (const auto row : connection.query(
             "SELECT CONCAT_WS('/', meeting_id, institution_id, COUNT(*)) FROM registration GROUP "
             "BY meeting_id, institution_id ORDER BY 1"))
      lines.push_back(row.text(0));
    return lines;
  });
}

usecases::RegistrationForm canary_form() {
  usecases::RegistrationForm form;
  form.full_name = kName;
  form.email = kEmail;
  form.institution = "Gliwice";
  form.position = "kanarmiśtrz";
  form.needs = "kanarkowa-dieta";
  form.question = "czy-kanarki-fruwaja";
  form.consent = true;
  return form;
}

struct Unpacked {
  std::filesystem::path folder;
  explicit Unpacked(const std::string& zip) {
    std::string name = std::filesystem::temp_directory_path() / "narada-export-XXXXXX";
    folder = mkdtemp(name.data());
    std::ofstream(folder / "copy.zip", std::ios::binary) << zip;
  }
  ~Unpacked() { std::filesystem::remove_all(folder); }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;
};

// Reads the archive with Python's zipfile, json and icalendar; what it says.
std::string read_with_python(const Unpacked& copy) {
  const std::string program = R"(
import json, sys, zipfile, icalendar
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(sorted(archive.namelist()))
person = json.loads(archive.read("person.json"))
print(person["person"]["full_name"], person["person"]["position"], len(person["sessions"]) > 0)
assert person["form_drafts"] == [] and person["expert_pages"] == [], person
registrations = json.loads(archive.read("registrations.json"))["registrations"]
print([(r["status"], r["needs"], r["question"]) for r in registrations])
mails = json.loads(archive.read("mails.json"))["mails"]
print(sorted({m["state"] for m in mails}))
ours = [m for m in mails if m["kind"].startswith("registration_")]
print(len(ours) > 0, all("Kanaryslaw" in m["text"] and m["to_name"] for m in ours))
verbs = {a["what"] for a in json.loads(archive.read("activity.json"))["activity"]}
print("registration.created" in verbs, "registration.cancelled" in verbs)
calendar = icalendar.Calendar.from_ical(archive.read("calendar.ics"))
print(sorted(str(e["status"]) for e in calendar.walk("VEVENT")))
print("Osoba 1" in "".join(archive.read(n).decode() for n in archive.namelist()))
)";
  std::ofstream(copy.folder / "read.py") << program;
  const auto command = "/usr/bin/python3 '" + (copy.folder / "read.py").string() + "' '" +
                       (copy.folder / "copy.zip").string() + "' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
  pclose(pipe);
  return text;
}

}  // namespace

TEST_CASE("after a copy and the erasure nothing of a person is left in the database or the logs") {
  WholeSite site;
  Post post;
  auto& world = site.world();
  const auto person = site.add_person(kName);
  const auto full = world.publish(1);
  const auto open = world.publish(10);
  const auto first = world.enter(full.id, 1);
  const auto waiting = world.try_register(full.id, canary_form());
  REQUIRE(waiting.ok());
  CHECK(waiting->registration.person.id == person);
  CHECK(waiting->registration.status == domain::RegistrationStatus::waitlisted);
  const auto confirmed = world.try_register(open.id, canary_form());
  REQUIRE(confirmed.ok());
  const auto given_up = world.try_register(world.publish(10).id, canary_form());
  REQUIRE(given_up.ok());
  world.cancel(given_up->registration.id);
  world.cancel(first.registration.id);  // the canary moves up
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE person SET phone = '600734112' WHERE id = ?", {person});
    connection.execute(
        "INSERT INTO sign_in_link (token_hash, purpose, email, email_key, created_at, expires_at) "
        "VALUES (REPEAT('x', 32), 'sign_in', ?, ?, '2027-01-04', '2027-01-04')",
        {kEmail, kEmail});
    return 0;
  });
  post.deliver(site);

  auto browser = site.browser_of(person);
  auto data = browser.get("/moje/dane").form("unit");
  data["unit"] = "kanarnictwo-miejskie";
  CHECK(browser.post("/moje/dane", data).status == 303);
  const auto mine = browser.get("/moje/prywatnosc");
  CHECK(mine.status == 200);
  CHECK(mine.has("wersja 2"));
  CHECK(mine.has("2 zgłoszenia na przyszłe spotkania zostaną odwołane"));
  const auto copy = browser.post("/moje/prywatnosc/eksport", mine.form("operation"));
  CHECK(copy.status == 200);
  CHECK(copy.header("Content-Type") == "application/zip");
  CHECK(copy.header("Cache-Control") == "no-store");
  CHECK(copy.header("Content-Disposition") ==
        "attachment; filename=\"narada-moje-dane-2027-01-04.zip\"");
  CHECK(read_with_python(Unpacked(copy.html)) ==
        "['README.txt', 'activity.json', 'calendar.ics', 'mails.json', 'person.json', "
        "'registrations.json']\n"
        "Kanaryslaw Dziobakowski inspektor True\n"
        "[('confirmed', 'kanarkowa-dieta', 'czy-kanarki-fruwaja'), ('confirmed', "
        "'kanarkowa-dieta', 'czy-kanarki-fruwaja'), ('cancelled', '', 'czy-kanarki-fruwaja')]\n"
        "['sent']\n"
        "True True\n"
        "True True\n"
        "['CANCELLED', 'CONFIRMED', 'CONFIRMED']\n"
        "False\n");

  const auto before = statistics(site);
  CHECK(found_in(dump(site)).size() >= kCanaries.size());  // the search finds what is there
  auto fields = browser.get("/moje/prywatnosc").form("email");
  fields["email"] = "nikt@urzad.example";
  CHECK(browser.post("/moje/prywatnosc/usun", fields).status == 422);
  fields["email"] = kEmail;
  const auto erased = browser.post("/moje/prywatnosc/usun", fields);
  CHECK(erased.status == 303);
  CHECK(erased.header("Location") == "/prywatnosc/usunieto");
  CHECK(browser.get("/prywatnosc/usunieto").status == 200);
  CHECK(browser.get("/moje").status == 303);  // signed out

  const auto sent = post.keeper.recipients.size();
  post.deliver(site);
  CHECK(post.keeper.recipients.size() == sent + 3);  // two cancellations and the farewell
  CHECK(found_in(dump(site)) == std::vector<std::string>{});
  std::string log;
  for (const auto& line : site.log()) log += line + '\n';
  CHECK(log.size() > 500);
  CHECK(found_in(log) == std::vector<std::string>{});
  CHECK(statistics(site) == before);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("an admin copies and erases by request, others find neither page") {
  WholeSite site;
  const auto admin = site.add_person("Adam Admin", {{domain::Role::admin, {}}});
  const auto person = site.add_person("Ewa Lis");
  const auto other = site.add_person("Jan Kos", {{domain::Role::organizer, {}}});
  const auto path = "/panel/osoby/" + std::to_string(person.value);
  for (const auto& page : {path + "/usun", path + "/eksport", std::string("/panel/prywatnosc")}) {
    CAPTURE(page);
    CHECK(site.browser_of(other).get(page).status == 404);
    CHECK(site.browser_of(person).get(page).status == 404);
    CHECK(site.browser_of(admin).get(page).status == 200);
    CHECK(site.browser_of(admin).get("/en" + page).status == 200);
  }
  auto browser = site.browser_of(admin);
  const auto copy = browser.fill(path + "/eksport", {});
  CHECK(copy.html.starts_with("PK"));
  CHECK(browser.fill(path + "/usun", {{"email", "ewa-lis@urzad.example"}}).header("Location") ==
        "/panel/osoby?zrobione=person_erased");
  CHECK(browser.get(path + "/usun").status == 404);
  const auto own = "/panel/osoby/" + std::to_string(admin.value) + "/usun";
  CHECK(browser.get(own).has("To jedyna osoba, która administruje serwisem"));
}

TEST_CASE("the clean-up is shown before it is done, and reported afterwards") {
  WholeSite site;
  const auto admin = site.add_person("Adam Admin", {{domain::Role::admin, {}}});
  const auto meeting = site.world().publish();
  auto form = RegistrationWorld::person(1);
  form.needs = "wózek";
  REQUIRE(site.world().try_register(meeting.id, form).ok());
  site.world().clock().set(meeting.times.ends_at + std::chrono::days(31));
  auto browser = site.browser_of(admin);
  const auto preview = browser.get("/panel/prywatnosc");
  CHECK(preview.has("Sprzątania jeszcze nie było."));
  const auto done = browser.post("/panel/prywatnosc", preview.form("operation"));
  CHECK(done.header("Location") == "/panel/prywatnosc?zrobione=cleaned_up");
  const auto after = browser.get("/panel/prywatnosc?zrobione=cleaned_up");
  CHECK(after.has("Dane, których czas minął, są usunięte."));
  CHECK(after.has("Ostatnie sprzątanie: 19 lutego 2027"));
  CHECK(site.world().count("registration WHERE needs <> ''") == 0);
}

TEST_CASE("the page about privacy tells the times of the configuration and older clauses") {
  WholeSite site;
  site.environment().retention.set(domain::RetainedField::needs, std::chrono::days(17));
  auto browser = site.visitor();
  const auto page = browser.get("/prywatnosc");
  CHECK(page.has("17 dni, od końca spotkania"));
  CHECK(page.has("5 lat, od końca spotkania"));
  CHECK(page.has("wersja 2"));
  CHECK(browser.get("/en/prywatnosc").has("17 days, from the end of the meeting"));
  const auto older = browser.get("/prywatnosc/1");
  CHECK(older.has("starsza wersja"));
  CHECK(older.has("nie dłużej niż 5 lat"));
  CHECK(browser.get("/prywatnosc?wersja=1").has("starsza wersja"));
  CHECK(browser.get("/prywatnosc/9").status == 404);
  CHECK(browser.get("/prywatnosc/x").status == 404);
}

TEST_CASE("the log speaks in sentences, filters, goes on, and exports without formulas") {
  WholeSite site;
  const auto admin = site.add_person("=Adam Admin", {{domain::Role::admin, {}}});
  auto browser = site.browser_of(admin);
  const auto meeting = site.world().publish();
  auto form = site.world().meeting_form();
  form.title = "Zielone dachy po nowemu";
  form.summary = "Mówi Jan Kos";
  REQUIRE(site.world().change(meeting.id, form).ok());
  const auto change = browser.get("/panel/dziennik?co=meeting.changed");
  CHECK(change.has("Zielone dachy po nowemu"));  // as it is called now
  CHECK_FALSE(change.has(meeting.title));        // what was typed before is gone
  CHECK(change.has("(zmienione, bez zapisu treści)"));
  CHECK_FALSE(change.has("Mówi Jan Kos"));
  for (int number = 1; number <= 60; ++number) site.world().enter(meeting.id, number);
  const auto page = browser.get("/panel/dziennik");
  CHECK(page.status == 200);
  CHECK(page.has("Nowe zgłoszenie: „Osoba 60”, spotkanie „"));
  CHECK(page.has("Starsze wpisy"));
  CHECK(browser.get("/en/panel/dziennik").has("New registration: “Osoba 60”, meeting “"));
  const auto published = browser.get("/panel/dziennik?co=meeting.&od=2027-01-04&do=2027-01-04");
  CHECK(published.has("Ogłoszono spotkanie"));
  CHECK_FALSE(published.has("Nowe zgłoszenie"));
  CHECK(browser.get("/panel/dziennik?od=2027-01-05").has("Nie ma takich wpisów."));
  CHECK(browser.get("/panel/dziennik?kto=%27%20OR%201").has("Nie ma takich wpisów."));
  CHECK(browser.post("/panel/prywatnosc", browser.get("/panel/prywatnosc").form("operation"))
            .status == 303);
  const auto csv = browser.get("/panel/dziennik.csv?co=privacy.");
  CHECK(csv.header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(csv.header("Cache-Control") == "no-store");
  CHECK(csv.html.starts_with("\xEF\xBB\xBF\"Numer\";"));
  CHECK(csv.has("\"'=Adam Admin\""));
  CHECK_FALSE(csv.has(";\"="));
  const auto json =
      nlohmann::json::parse(browser.get("/panel/dziennik.json?co=registration.").html);
  CHECK(json.size() == 60);
  CHECK(json[0]["verb"] == "registration.created");
  CHECK(site.visitor().get("/panel/dziennik.csv").status == 303);
}

TEST_CASE("an organizer reads of the log what is about their own meetings") {
  WholeSite site;
  const auto mine = site.world().publish();
  const auto others = site.world().publish();
  const auto organizer = site.add_person("Ola Organizator", {{domain::Role::organizer, mine.id}});
  site.world().enter(mine.id, 1);
  site.world().enter(others.id, 2);
  const auto page = site.browser_of(organizer).get("/panel/dziennik");
  CHECK(page.has("Osoba 1"));
  CHECK_FALSE(page.has("Osoba 2"));
  const auto json = site.browser_of(organizer).get("/panel/dziennik.json");
  CHECK(json.has("Osoba 1"));
  CHECK_FALSE(json.has("Osoba 2"));
  CHECK_FALSE(json.has("session.begun"));
  CHECK(site.browser_of(site.add_person("Ewa Lis")).get("/panel/dziennik").status == 404);
}

TEST_CASE("accounts and what was typed about people are in the log for admins alone") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto admin = site.add_person("Adam Admin", {{domain::Role::admin, {}}});
  const auto organizer = site.add_person("Ola Organizator", {{domain::Role::organizer, {}}});
  site.world().pool().transact([&](storage::Connection& connection) {
    std::vector<storage::Activity> activities;
    for (const char* verb :
         {"person.changed", "session.begun", "sessions.ended", "credential.password_set",
          "token.created", "registration.changed", "meeting.changed", "personal.kept"}) {
      storage::Activity activity;
      activity.occurred_at = site.environment().clock->now();
      activity.actor = activity.subject = "person:" + std::to_string(admin.value);
      activity.verb = verb;
      activity.meeting = meeting.id;
      activity.request_id = "one-of-eight";
      activity.personal.push_back(
          {admin, R"({"before":{"phone":"600100200"},"after":{"phone":"600300400"}})"});
      activities.push_back(std::move(activity));
    }
    storage::save_activities(connection, activities);
  });
  const std::vector<std::string> all{
      "personal.kept",           "meeting.changed", "registration.changed", "token.created",
      "credential.password_set", "sessions.ended",  "session.begun",        "person.changed"};
  const std::vector<std::string> without{"personal.kept", "meeting.changed",
                                         "registration.changed"};
  const auto led = site.add_person("Lena Lider", {{domain::Role::organizer, meeting.id}});
  struct Case {
    domain::PersonId reader;
    std::vector<std::string> verbs;
    bool sees_people;
  };
  for (const auto& [reader, verbs, sees_people] :
       {Case{admin, all, true}, Case{organizer, without, false}, Case{led, without, false}}) {
    CAPTURE(reader.value);
    auto browser = site.browser_of(reader);
    const std::string query = "?zapytanie=one-of-eight";
    const auto page = browser.get("/panel/dziennik" + query);
    CHECK(page.has("600100200") == sees_people);
    CHECK(page.has("<option value=\"session\">") == sees_people);
    CHECK(page.has("<option value=\"person.\">") == sees_people);
    CHECK(page.has("<option value=\"token.\">") == sees_people);
    CHECK(page.has("<option value=\"meeting.\">"));
    const auto csv = browser.get("/panel/dziennik.csv" + query);
    CHECK(csv.has("600300400") == sees_people);
    CHECK(csv.has("session.begun") == sees_people);
    const auto json = browser.get("/panel/dziennik.json" + query);
    CHECK(json.has("600100200") == sees_people);
    std::vector<std::string> found;
    for (const auto& entry : nlohmann::json::parse(json.html)) found.push_back(entry["verb"]);
    CHECK(found == verbs);
    CHECK(browser.get("/panel/dziennik.json" + query + "&co=person").has("person.changed") ==
          sees_people);

    // Page by page, with a token that may only read.
    auto api = site.api_client(site.token_of(reader, "read"));
    std::vector<std::string> paged;
    std::string next;
    do {
      const auto answer = api.get("/api/v1/activities?request_id=one-of-eight&limit=2" +
                                  (next.empty() ? next : "&cursor=" + next));
      REQUIRE(answer.status == 200);
      CHECK(answer.body["items"].size() == std::min<std::size_t>(2, verbs.size() - paged.size()));
      CHECK((answer.text.find("600300400") != std::string::npos) == sees_people);
      for (const auto& item : answer.body["items"]) paged.push_back(item["verb"]);
      next = answer.body["next"].is_null() ? "" : answer.body["next"].get<std::string>();
    } while (!next.empty());
    CHECK(paged == verbs);
  }
}
