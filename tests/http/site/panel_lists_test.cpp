// The panel's lists as a browser meets them: who comes, decisions, exports, what was sent, numbers.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;
using domain::Role;

namespace {

domain::RegistrationId enter_of(WholeSite& site, domain::MeetingId meeting, int number,
                                const std::string& institution = "2466011",
                                const std::string& needs = {}) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  form.needs = needs;
  auto registered = site.world().try_register(meeting, form);
  REQUIRE(registered);
  return registered->registration.id;
}

std::string list_path(const domain::Meeting& meeting) {
  return fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value);
}

std::string record_path(domain::RegistrationId id) {
  return fmt::format("/panel/zgloszenia/{}", id.value);
}

domain::Meeting publish_with_approval(WholeSite& site) {
  auto form = site.world().meeting_form();
  form.approval = true;
  return site.world().publish(form);
}

// A form with several fields of one name.
std::string encoded(FormData fields, const std::vector<std::string>& chosen) {
  httplib::Params params(fields.begin(), fields.end());
  params.erase("r");
  for (const auto& id : chosen) params.emplace("r", id);
  return httplib::detail::params_to_query_str(params);
}

Shown decide(Browser& browser, const std::string& path, const std::vector<std::string>& chosen,
             const FormData& typed) {
  auto fields = browser.get(path).form("do");
  for (const auto& [name, value] : typed) fields[name] = value;
  return browser.send(path, encoded(fields, chosen), "application/x-www-form-urlencoded");
}

std::string digits(domain::RegistrationId id) { return std::to_string(id.value); }

void fail_mail(WholeSite& site, std::int64_t id) {
  site.world().pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET state = 'failed', facts = '', raw = ?, last_code = 550, "
        "last_reply = '550 <b>nobody</b>', subject = 'Miejsce' WHERE id = ?",
        {"Content-Type: text/plain; charset=utf-8\r\n\r\nLink: https://narada.example/z/abc\r\n",
         id});
  });
}

}  // namespace

TEST_CASE("an organizer sees who comes to a meeting, in numbers and by name") {
  WholeSite site;
  const auto meeting = site.world().publish(2);
  enter_of(site, meeting.id, 1, "gzm", "pętla <indukcyjna>");
  enter_of(site, meeting.id, 2);
  enter_of(site, meeting.id, 3);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto page = browser.get(list_path(meeting));
  CHECK(page.status == 200);
  CHECK(page.header("Cache-Control") == "no-store");
  CHECK(page.title().starts_with("Zapisy: Przystanki bez barier"));
  for (const char* text : {"Osoba 1", "Osoba 2", "Osoba 3", "Górnośląsko-Zagłębiowska Metropolia",
                           "pętla &lt;indukcyjna&gt;", "lista rezerwowa (1)",
                           "Zgłosiły się 2 instytucje.", "3 zgłoszenia"})
    CHECK_MESSAGE(page.has(text), text);
  const auto narrowed = browser.get(list_path(meeting) + "?status=waitlisted&kolejnosc=name");
  CHECK(narrowed.has("Osoba 3"));
  CHECK_FALSE(narrowed.has("Osoba 1"));
  const auto by_office = browser.get(list_path(meeting) + "?gmina=gzm");
  CHECK(by_office.has("Osoba 1"));
  CHECK_FALSE(by_office.has("Osoba 2"));
  CHECK(browser.get(list_path(meeting) + "?q=nikogo").has("nikt nie pasuje"));
  const auto english = browser.get("/en" + list_path(meeting));
  CHECK(english.has("Registrations: Przystanki"));
  CHECK(english.has("waiting list"));
}

TEST_CASE("lists and records of the panel are nobody's but those who answer for them") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto id = enter_of(site, meeting.id, 1);
  const std::vector<std::string> paths{
      list_path(meeting),       record_path(id),
      "/panel/zgloszenia",      "/panel/zgloszenia.csv",
      "/panel/zgloszenia.xlsx", "/panel/poczta",
      "/panel/poczta/1",        fmt::format("/panel/spotkania/{}/statystyki", meeting.id.value)};
  auto official = site.browser_of(site.add_person("Ewa Urzędnik"));
  auto foreign =
      site.browser_of(site.add_person("Fela Obca", {{Role::organizer, domain::InstitutionId{2}}}));
  auto visitor = site.visitor();
  for (const auto& path : paths) {
    CAPTURE(path);
    CHECK(official.get(path).status == 404);
    CHECK(visitor.get(path).status == 303);
    const bool is_list = path.find("/panel/zgloszenia") == 0 && path != record_path(id);
    const auto shown = foreign.get(path);
    CHECK(shown.status == (is_list || path == "/panel/poczta" ? 200 : 404));
    CHECK_FALSE(shown.has("Osoba 1"));
  }
  auto expert = site.browser_of(site.add_person("Ela Ekspert", {{Role::expert, meeting.id}}));
  CHECK(expert.get(paths.back()).status == 200);
  CHECK_FALSE(expert.get(paths.back()).has("Osoba 1"));
  CHECK_FALSE(expert.get(paths.back()).has("/zapisy\""));
  for (std::size_t index = 0; index + 1 < paths.size(); ++index) {
    CAPTURE(paths[index]);
    CHECK(expert.get(paths[index]).status == 404);
  }
}

TEST_CASE("a coordinator sees the people of the office, without needs, and may cancel them") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto own = enter_of(site, meeting.id, 1, "2466011", "rampa");
  const auto other = enter_of(site, meeting.id, 2, "gzm");
  auto browser = site.browser_of(
      site.add_person("Kora Koordynator", {{Role::coordinator, domain::InstitutionId{1}}}));
  for (const auto& path :
       {list_path(meeting), std::string("/panel/zgloszenia?kolumna=name&kolumna=needs")}) {
    CAPTURE(path);
    const auto page = browser.get(path);
    CHECK(page.status == 200);
    CHECK(page.has("Osoba 1"));
    CHECK_FALSE(page.has("Osoba 2"));
    CHECK_FALSE(page.has("rampa"));
  }
  CHECK(browser.get(record_path(other)).status == 404);
  CHECK_FALSE(browser.get(record_path(own)).has("rampa"));
  const auto sent =
      decide(browser, list_path(meeting), {digits(own), digits(other)}, {{"do", "cancel"}});
  CHECK(sent.status == 200);
  CHECK(site.world().load(own).status == RegistrationStatus::cancelled);
  CHECK(site.world().load(other).status == RegistrationStatus::confirmed);
}

TEST_CASE("ticked rows are decided one by one, each with its own result") {
  WholeSite site;
  const auto meeting = publish_with_approval(site);
  const auto first = enter_of(site, meeting.id, 1);
  const auto second = enter_of(site, meeting.id, 2);
  const auto third = enter_of(site, meeting.id, 3);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  REQUIRE(approve_registration(site.environment(), site.world().organizer(), second));
  const auto path = list_path(meeting);
  const auto done =
      decide(browser, path, {digits(first), digits(second), "999"}, {{"do", "approve"}});
  CHECK(done.status == 200);
  CHECK(done.has("Udało się z 1 zgłoszeniem na 3."));
  CHECK(done.has("Osoba 1: Teraz: potwierdzone"));
  CHECK(done.has("To zgłoszenie nie czeka na zatwierdzenie."));
  CHECK(done.has("Nie ma już tego zgłoszenia na Twojej liście."));
  CHECK(site.world().load(first).status == RegistrationStatus::confirmed);
  CHECK(site.world().load(third).status == RegistrationStatus::pending);

  auto declining = browser.get(path).form("do");
  declining["do"] = "decline";
  declining["reason"] = "Brak miejsc dla gmin spoza związku";
  const auto body = encoded(declining, {digits(third)});
  const auto type = "application/x-www-form-urlencoded";
  CHECK(browser.send(path, body, type).has("Osoba 3: Teraz: odrzucone"));
  const auto mails = site.world().count("outgoing_mail");
  CHECK(browser.send(path, body, type).has("Osoba 3: Teraz: odrzucone"));  // once is once
  CHECK(site.world().count("outgoing_mail") == mails);
  CHECK(site.world().load(third).decline_reason == "Brak miejsc dla gmin spoza związku");
}

TEST_CASE("without a choice or a decision nothing happens, and the page says what is missing") {
  WholeSite site;
  const auto meeting = publish_with_approval(site);
  const auto id = enter_of(site, meeting.id, 1);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto path = list_path(meeting);
  const auto nobody = decide(browser, path, {}, {{"do", "approve"}, {"reason", "Powód"}});
  CHECK(nobody.status == 422);
  CHECK(nobody.errors() ==
        std::vector<std::string>{"Zaznacz na liście przynajmniej jedno zgłoszenie."});
  CHECK(nobody.form("do")["reason"] == "Powód");
  const auto nothing = decide(browser, path, {digits(id)}, {{"do", ""}});
  CHECK(nothing.status == 422);
  CHECK(nothing.title().starts_with("Błąd: "));
  auto stolen = browser.get(path).form("do");
  stolen["do"] = "approve";
  stolen["form_token"] = std::string(43, 'x');
  CHECK(browser.send(path, encoded(stolen, {digits(id)}), "application/x-www-form-urlencoded")
            .status == 422);
  CHECK(site.world().load(id).status == RegistrationStatus::pending);
}

TEST_CASE("rows of another meeting cannot be smuggled into a list") {
  WholeSite site;
  const auto meeting = publish_with_approval(site);
  const auto other = publish_with_approval(site);
  const auto foreign = enter_of(site, other.id, 1);
  enter_of(site, meeting.id, 2);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto sent = decide(browser, list_path(meeting), {digits(foreign)}, {{"do", "approve"}});
  CHECK(sent.has("Nie ma już tego zgłoszenia na Twojej liście."));
  CHECK(site.world().load(foreign).status == RegistrationStatus::pending);
}

TEST_CASE("a registration's page decides about it and tells what happened") {
  WholeSite site;
  const auto meeting = publish_with_approval(site);
  const auto id = enter_of(site, meeting.id, 1, "2466011", "rampa");
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto page = browser.get(record_path(id));
  CHECK(page.status == 200);
  CHECK(page.title().starts_with("Zgłoszenie: Osoba 1"));
  CHECK(page.has("rampa"));
  CHECK(page.has("zgłoszenie czeka na decyzję"));
  auto approve = page.form("do", "approve");
  const auto sent = browser.post(record_path(id), approve);
  REQUIRE(sent.status == 303);
  const auto after = browser.get(sent.header("Location"));
  CHECK(after.has("Zgłoszenie przyjęte"));
  CHECK(after.has("Olga Organ"));
  CHECK(after.has("potwierdzenie miejsca"));
  CHECK_FALSE(after.has("value=\"approve\""));
  CHECK(browser.post(record_path(id), approve).status == 303);  // the same filling-in, once
  auto again = after.form("do", "cancel");
  CHECK(browser.post(record_path(id), again).status == 303);
  CHECK(site.world().load(id).status == RegistrationStatus::cancelled);
  again["do"] = "decline";
  again["operation"] = usecases::make_token();
  const auto late = browser.post(record_path(id), again);
  CHECK(late.status == 422);
  CHECK(late.errors() == std::vector<std::string>{"To zgłoszenie nie czeka na zatwierdzenie."});
  CHECK(browser.get("/panel/zgloszenia/x").status == 404);
  CHECK(browser.get("/panel/zgloszenia/999").status == 404);
}

TEST_CASE("the list of all registrations has the columns and filters that were asked for") {
  WholeSite site;
  const auto meeting = site.world().publish();
  for (int number = 1; number <= 55; ++number) enter_of(site, meeting.id, number);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto page = browser.get("/panel/zgloszenia?kolumna=email&kolumna=name&q=osoba");
  CHECK(page.status == 200);
  CHECK(page.has("55 zgłoszeń"));
  CHECK(page.has("osoba55@urzad.example"));
  CHECK_FALSE(page.has("osoba5@urzad.example"));
  const auto addresses = page.addresses();
  const auto more = std::find_if(addresses.begin(), addresses.end(), [](const std::string& one) {
    return one.find("po=") != std::string::npos;
  });
  REQUIRE(more != addresses.end());
  const auto next = browser.get(*more);
  CHECK(next.has("osoba5@urzad.example"));
  CHECK(next.has("osoba1@urzad.example"));
  CHECK_FALSE(next.has("osoba55@urzad.example"));
  CHECK(next.has("Wróć na początek listy"));
  CHECK(browser.get("/panel/zgloszenia?kolumna=zle&kolejnosc=zla&od=zle&po=zly").status == 200);
}

TEST_CASE("exports have the filters and columns of the list, and no formulas") {
  WholeSite site;
  const auto meeting = site.world().publish();
  auto form = RegistrationWorld::person(1);
  form.question = "=HYPERLINK(\"http://zly.example\";\"kliknij\")";
  REQUIRE(site.world().try_register(meeting.id, form));
  enter_of(site, meeting.id, 2, "gzm");
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto csv = browser.get(
      "/panel/zgloszenia.csv?kolumna=name&kolumna=date&kolumna=registered&kolumna=status&"
      "kolumna=question&gmina=2466011");
  CHECK(csv.status == 200);
  CHECK(csv.header("Content-Type") == "text/csv; charset=utf-8; header=present");
  CHECK(csv.header("Content-Disposition") == "attachment; filename=\"zgloszenia-2027-01-04.csv\"");
  CHECK(csv.header("Cache-Control") == "no-store");
  CHECK(csv.html ==
        "\xEF\xBB\xBFImię i nazwisko;Termin;Stan;Zgłoszono;Pytanie lub problem\r\n"
        "Osoba 1;2027-01-19 10:00;potwierdzone;2027-01-04 10:00;"
        "\"'=HYPERLINK(\"\"http://zly.example\"\";\"\"kliknij\"\")\"\r\n");
  const auto last_activity = site.world().activities().back();
  CHECK(last_activity.starts_with("registrations.exported list:0 person:"));
  const auto english = browser.get("/en/panel/zgloszenia.csv?kolumna=name");
  CHECK(english.html == "\xEF\xBB\xBFName\r\nOsoba 2\r\nOsoba 1\r\n");
  const auto sheet = browser.get("/panel/zgloszenia.xlsx");
  CHECK(sheet.status == 200);
  CHECK(sheet.header("Content-Type") ==
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  CHECK(sheet.html.starts_with("PK\x03\x04"));
  CHECK(sheet.header("Content-Disposition").find("zgloszenia-2027-01-04.xlsx") !=
        std::string::npos);
}

TEST_CASE("an export longer than one batch holds everybody once") {
  WholeSite site;
  const auto meeting = site.world().publish(1);
  site.world().pool().transact([&](storage::Connection& connection) {
    connection.run(
        "INSERT INTO person (full_name, email, name_key, email_key, created_at, "
        "updated_at) SELECT CONCAT('Osoba ', seq), CONCAT('o', seq, '@x.example'), "
        "CONCAT('osoba ', seq), CONCAT('o', seq, '@x.example'), '2027-01-01', "
        "'2027-01-01' FROM seq_1_to_4500");
    connection.execute(
        "INSERT INTO registration (meeting_id, person_id, institution_id, status, mode, "
        "queue_number, clause_version, created_at, updated_at) SELECT ?, id, 1, 'waitlisted', "
        "'onsite', id, 1, '2027-01-01', '2027-01-01' FROM person WHERE email LIKE 'o%@x.example'",
        {meeting.id});
    return 0;
  });
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  for (const char* sort : {"newest", "name", "institution", "status", "meeting"}) {
    CAPTURE(sort);
    const auto csv =
        browser.get("/panel/zgloszenia.csv?kolumna=email&kolejnosc=" + std::string(sort));
    std::set<std::string> lines;
    std::size_t count = 0, at = 0;
    for (auto end = csv.html.find("\r\n"); end != std::string::npos;
         at = end + 2, end = csv.html.find("\r\n", at)) {
      lines.insert(csv.html.substr(at, end - at));
      ++count;
    }
    CHECK(count == 4501);
    CHECK(lines.size() == 4501);
  }
}

TEST_CASE("the outbox shows what failed and why, and sends it once more") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter_of(site, meeting.id, 1);
  fail_mail(site, 1);
  enter_of(site, meeting.id, 2);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto list = browser.get("/panel/poczta?stan=failed");
  CHECK(list.status == 200);
  CHECK(list.has("osoba1@urzad.example"));
  CHECK_FALSE(list.has("osoba2@urzad.example"));
  CHECK(list.has("550 &lt;b&gt;nobody&lt;/b&gt;"));
  const auto failed = browser.get("/panel/poczta/1");
  CHECK(failed.has("Link: https://narada.example/z/***"));
  CHECK_FALSE(failed.has("/z/abc"));
  const auto sent = browser.post("/panel/poczta/1", failed.form("do", "repeat"));
  REQUIRE(sent.status == 303);
  CHECK(sent.header("Location").starts_with("/panel/poczta/3"));
  const auto fresh = browser.get(sent.header("Location"));
  CHECK(fresh.has("Wiadomość czeka na wysłanie"));
  CHECK(fresh.has("Treść powstanie tuż przed wysłaniem."));
  auto stop = fresh.form("do", "stop");
  CHECK(browser.post("/panel/poczta/3", stop).status == 303);
  stop["operation"] = usecases::make_token();
  stop["do"] = "repeat";
  CHECK(browser.post("/panel/poczta/3", stop).status == 303);
  auto again = failed.form("do", "repeat");
  again["operation"] = usecases::make_token();
  const auto refused = browser.post("/panel/poczta/1", again);
  CHECK(refused.status == 422);
  CHECK(refused.errors() == std::vector<std::string>{"Zamiast tej wiadomości wysłano już nową."});
  CHECK(browser.get("/panel/poczta/1").has("/panel/poczta/3"));
}

TEST_CASE("statistics show offices and shares, and no names") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter_of(site, meeting.id, 1, "zgierz-wies");
  enter_of(site, meeting.id, 2, "zgierz-wies");
  enter_of(site, meeting.id, 3, "gzm");
  auto browser = site.browser_of(site.add_person("Ela Ekspert", {{Role::expert, meeting.id}}));
  const auto page = browser.get(fmt::format("/panel/spotkania/{}/statystyki", meeting.id.value));
  CHECK(page.status == 200);
  CHECK(page.has("Górnośląsko-Zagłębiowska Metropolia"));
  CHECK(page.has("gmina wiejska"));
  CHECK(page.has("zgierski"));
  CHECK(page.has("href=\"/gminy/zgierz-wies\""));
  CHECK(page.has("<rect width=\"100\""));
  CHECK(page.has("<rect width=\"50\""));
  CHECK_FALSE(page.has("Osoba "));
  CHECK_FALSE(page.has("@urzad"));
}

TEST_CASE("the metrics tell how the outbox stands") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter_of(site, meeting.id, 1);
  site.world().clock().advance(std::chrono::seconds(30));
  auto visitor = site.visitor();
  const auto metrics = visitor.get("/metrics");
  CHECK(metrics.has("narada_mails{state=\"queued\"} 1\n"));
  CHECK(metrics.has("narada_mails_oldest_due_seconds 30\n"));
}
