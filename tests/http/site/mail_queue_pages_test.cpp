// /panel/poczta as a browser meets it: what waits, pauses, what did not arrive, and another try.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/http/pages/pages.h"
#include "service/usecases/mails/mail_repeat_task.h"
#include "sql/mail_pause_store.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

constexpr const char* kMails = "/panel/poczta";
constexpr const char* kUnsent = "/panel/poczta/niedostarczone";

void enter(WholeSite& site, domain::MeetingId meeting, int number) {
  REQUIRE(site.world().try_register(meeting, RegistrationWorld::person(number)));
}

void fail_all(WholeSite& site, const std::string& reply) {
  site.world().pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET state = 'failed', facts = '', last_code = 550, last_reply = ? "
        "WHERE meeting_id IS NOT NULL",
        {reply});
  });
}

std::vector<std::string> paused(WholeSite& site) {
  return site.world().pool().read([](storage::Connection& connection) {
    std::vector<std::string> keys;
    for (const auto& pause : storage::list_mail_pauses(connection)) keys.push_back(pause.key);
    return keys;
  });
}

using Keys = std::vector<std::string>;

// The fields of the page's forms with what one of its buttons sends.
FormData button(const Shown& page, const std::string& what, const std::string& of) {
  auto fields = page.form("of");
  fields["do"] = what;
  fields["of"] = of;
  fields["operation"] = usecases::make_token();
  return fields;
}

}  // namespace

TEST_CASE(
    "an organizer pauses all mail, and everybody who sees mails is told since when and by whom") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter(site, meeting.id, 1);
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto before = browser.get(kMails);
  CHECK(before.has("Co czeka na wysłanie"));
  CHECK(before.has("Wstrzymaj całą pocztę"));
  CHECK_FALSE(before.has("Wznów wysyłkę"));
  const auto done = browser.post(kMails, button(before, "pause", "all"));
  REQUIRE(done.status == 303);
  CHECK(paused(site) == Keys{"all"});
  const auto after = browser.get(done.header("Location"));
  CHECK(after.has("Wysyłka jest wstrzymana"));
  CHECK(after.has("Cała poczta jest wstrzymana"));
  CHECK(after.has("Wstrzymane przez: Olga Organ."));
  CHECK_FALSE(after.has("Wstrzymaj całą pocztę"));
  auto host = site.browser_of(
      site.add_person("Helena Gospodyni", {{Role::organizer, domain::InstitutionId{1}}}));
  const auto seen = host.get(kMails);
  CHECK(seen.has("Cała poczta jest wstrzymana"));
  CHECK_FALSE(seen.has("Wznów wysyłkę"));
  CHECK_FALSE(seen.has("Co czeka na wysłanie"));
  REQUIRE(browser.post(kMails, button(after, "resume", "all")).status == 303);
  CHECK(paused(site).empty());
}

TEST_CASE("who organizes one meeting pauses its mails, and no others") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto path = fmt::format("{}?spotkanie={}", kMails, meeting.id.value);
  const auto of = fmt::format("meeting:{}", meeting.id.value);
  auto host = site.browser_of(
      site.add_person("Helena Gospodyni", {{Role::organizer, domain::InstitutionId{1}}}));
  auto foreign =
      site.browser_of(site.add_person("Fela Obca", {{Role::organizer, domain::InstitutionId{2}}}));
  const auto page = host.get(path);
  REQUIRE(page.has("Wstrzymaj wiadomości spotkania"));
  CHECK_FALSE(page.has("Wstrzymaj całą pocztę"));
  CHECK_FALSE(foreign.get(path).has("Wstrzymaj wiadomości spotkania"));
  CHECK(host.post(kMails, button(page, "pause", "all")).status == 404);
  CHECK(foreign.post(kMails, button(page, "pause", of)).status != 303);
  CHECK(paused(site).empty());
  CHECK(host.post(kMails, button(page, "pause", of)).status == 303);
  CHECK(paused(site) == Keys{of});
  CHECK_FALSE(foreign.get(kMails).has("są wstrzymane"));
}

TEST_CASE("what did not arrive is listed with a reason, and all of it is tried again as a task") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter(site, meeting.id, 1);
  enter(site, meeting.id, 2);
  fail_all(site, "550 5.1.1 no such user");
  auto browser = site.browser_of(site.add_person("Olga Organ", {{Role::organizer, {}}}));
  const auto page = browser.get(kUnsent);
  CHECK(page.has("osoba1@urzad.example"));
  CHECK(page.has("Nie ma takiej skrzynki. Sprawdź adres."));
  CHECK_FALSE(browser.get(std::string(kUnsent) + "?q=osoba1").has("osoba2@urzad.example"));
  const auto started = browser.post(kUnsent, page.form("operation"));
  REQUIRE(started.status == 303);
  CHECK(started.header("Location").starts_with("/panel/zadania/"));
  const usecases::TaskKinds kinds{{std::string(usecases::kMailRepeatTask),
                                   usecases::make_mail_repeat_work(site.environment())}};
  CHECK(usecases::run_next_task(site.environment(), kinds, "test"));
  const auto task = browser.get(started.header("Location"));
  CHECK(task.has("Ponowna wysyłka wiadomości"));
  const auto waiting = site.world().pool().read([](storage::Connection& connection) {
    return connection
        .query(
            "SELECT COUNT(*) FROM outgoing_mail WHERE state = 'queued' AND registration_id IS "
            "NOT NULL")[0]
        .integer(0);
  });
  CHECK(waiting == 2);
  const auto empty = browser.get(kUnsent);
  CHECK(empty.has("Wszystko dotarło."));
  auto again = page.form("operation");
  again["operation"] = usecases::make_token();
  CHECK(browser.post(kUnsent, again).errors() ==
        std::vector<std::string>{"Żadnej z tych wiadomości nie można wysłać ponownie."});
}

TEST_CASE("mail that does not leave is trouble to be told, and no reason to serve nothing") {
  WholeSite site;
  const auto meeting = site.world().publish();
  enter(site, meeting.id, 1);
  const auto readiness = [&] {
    const auto shown = site.visitor().get("/readyz");
    return std::to_string(shown.status) + " " + shown.html;
  };
  site.world().clock().advance(std::chrono::minutes(15));
  CHECK(readiness() == R"(200 {"status":"ready"})");
  site.world().clock().advance(std::chrono::seconds(1));
  CHECK(readiness() == R"(200 {"status":"degraded","trouble":"mail"})");
  // What somebody has paused waits because they want it to.
  site.world().pool().transact([&](storage::Connection& connection) {
    return storage::save_mail_pause(connection, storage::kPauseOfAll, {}, {},
                                    site.world().clock().now());
  });
  CHECK(readiness() == R"(200 {"status":"ready"})");
  const auto metrics = site.visitor().get("/metrics").html;
  CHECK(metrics.find("narada_mail_pauses{of=\"all\"} 1\n") != std::string::npos);
  CHECK(metrics.find("narada_mails_oldest_due_seconds 0\n") != std::string::npos);
}
