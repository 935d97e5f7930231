#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "calendar/reply.h"
#include "notifications/composer.h"
#include "notifications/received_message.h"
#include "notifications/transport.h"
#include "service/usecases/mails/mails.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

namespace fs = std::filesystem;

// A directory that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = "/tmp/narada-answers-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void deliver(WholeSite& site, const fs::path& maildir) {
  const web::Messages messages(NARADA_SOURCE_DIR "/web/locales");
  const web::Renderer renderer(NARADA_SOURCE_DIR "/web", messages, web::View::object());
  const notifications::Composer composer(
      renderer, messages, {"spotkania@narada.example", "Narada", "https://narada.example"});
  const auto transport = notifications::make_mail_transport("", maildir, "narada.example");
  usecases::deliver_mails(site.environment(), composer, *transport, "test");
}

// The invitation that the person's mail program finds.
calendar::Reply invitation_in(const fs::path& maildir) {
  for (const auto& entry : fs::recursive_directory_iterator(maildir)) {
    if (!entry.is_regular_file()) continue;
    const auto message = notifications::read_message(file_text(entry.path()));
    for (const auto& text : message.calendars)
      if (auto found = calendar::parse_reply(text); found && found->method == "REQUEST")
        return *found;
  }
  throw std::runtime_error("no invitation in " + maildir.string());
}

// What a calendar program makes of "Accept".
std::string accepted(const calendar::Reply& invitation, const std::string& partstat) {
  return fmt::format(
      "From: Osoba 1 <osoba1@urzad.example>\r\nTo: {0}\r\nSubject: =?utf-8?Q?Przyj=C4=99to?=\r\n"
      "Message-ID: <{4}@urzad.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; "
      "charset=utf-8; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
      "METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{1}\r\nSEQUENCE:{2}\r\nDTSTAMP:20270104T090500Z\r\n"
      "ORGANIZER:mailto:{0}\r\nATTENDEE;PARTSTAT={4}:mailto:{3}\r\nDTSTART:20270119T090000Z\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n",
      invitation.organizer, invitation.uid, invitation.sequence, invitation.attendees.at(0).email,
      partstat);
}

// The exit status of `narada mail receive` with the file as its standard input.
int receive(const fs::path& folder, const std::string& database, const fs::path& input) {
  const auto command = fmt::format(
      "NARADA_DATABASE='{}' NARADA_DATA='{}' NARADA_SECRET_FILE='{}' "
      "NARADA_MAIL_FROM=spotkania@narada.example NARADA_REPLY_MAILBOX=narada@narada.example "
      "NARADA_BASE_URL=https://narada.example '{}' mail receive < '{}' 2> '{}'",
      database, folder.string(), (folder / "secret.key").string(),
      NARADA_BINARY_DIR "/service/narada", input.string(), (folder / "log").string());
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("an invitation that was accepted in a calendar shows so on the pages and in the API") {
  WholeSite site;
  const Folder folder;
  site.environment().reply_mailbox = "narada@narada.example";
  site.environment().secret_key = std::string(32, 'k');
  write_file(folder.path() / "secret.key", std::string(32, 'k'));
  fs::permissions(folder.path() / "secret.key", fs::perms::owner_read | fs::perms::owner_write);
  const auto organizer = site.add_person("Olga Organizator", {{domain::Role::organizer, {}}});
  const auto meeting = site.world().publish();
  const auto registration = site.world().enter(meeting.id, 1).registration;
  deliver(site, folder.path() / "mail");
  const auto invitation = invitation_in(folder.path() / "mail");
  CHECK(invitation.uid == meeting.uid);
  CHECK(invitation.organizer.starts_with("narada+r"));

  const auto api = fmt::format("/api/v1/registrations/{}", registration.id.value);
  const auto page = fmt::format("/panel/zgloszenia/{}", registration.id.value);
  auto client = site.api_of(organizer);
  auto browser = site.browser_of(organizer);
  CHECK(client.get(api).body["calendar_answer"].is_null());

  const auto message = folder.path() / "message";
  write_file(message, accepted(invitation, "ACCEPTED"));
  const auto database = site.world().database().url();
  REQUIRE_MESSAGE(receive(folder.path(), database, message) == 0, file_text(folder.path() / "log"));
  CHECK(client.get(api).body["calendar_answer"] == "accepted");
  CHECK(browser.get(page).has("zaproszenie przyjęte"));
  const auto list = fmt::format("/panel/spotkania/{}/zapisy", meeting.id.value);
  CHECK(browser.get(list).has("zaproszenie przyjęte"));
  CHECK(browser.get("/panel/poczta/odebrane").has("Odpowiedź kalendarza"));
  CHECK(browser.get("/panel/poczta").has("/panel/poczta/odebrane"));

  const auto repaired = client.post(api + "/calendar-repair");
  CHECK(repaired.status == 200);
  CHECK(repaired.body["outgoing_mail"].get<std::int64_t>() > 0);
  const auto again = client.post(api + "/calendar-repair");
  CHECK(again.status == 409);
  CHECK(again.body["code"] == "calendar_mail_waits");
  CHECK(client.get(api).body["calendar_answer"] == "accepted");
  const auto all =
      client.post(fmt::format("/api/v1/meetings/{}/calendar-repair", meeting.id.value));
  CHECK(all.status == 202);
  CHECK(all.body["task_id"].get<std::int64_t>() > 0);
}

TEST_CASE("mail deliver sends with all workers, no faster than the rate allows") {
  WholeSite site;
  const Folder folder;
  write_file(folder.path() / "secret.key", std::string(32, 'k'));
  fs::permissions(folder.path() / "secret.key", fs::perms::owner_read | fs::perms::owner_write);
  const auto meeting = site.world().publish();
  for (int number = 1; number <= 30; ++number) site.world().enter(meeting.id, number);
  const auto deliver_at = [&](int rate, int workers) {
    site.world().pool().transact([](storage::Connection& connection) {
      connection.execute(
          "UPDATE outgoing_mail SET not_before = UTC_TIMESTAMP() - INTERVAL 1 MINUTE, give_up_at = "
          "UTC_TIMESTAMP() + INTERVAL 1 DAY WHERE state = 'queued'");
    });
    const auto command = fmt::format(
        "NARADA_DATABASE='{}' NARADA_DATA='{}' NARADA_SECRET_FILE='{}' NARADA_MAIL_RATE={} "
        "NARADA_MAIL_WORKERS={} NARADA_MAIL_FROM=spotkania@narada.example "
        "NARADA_BASE_URL=https://narada.example '{}' mail deliver > '{}' 2>&1",
        site.world().database().url(), folder.path().string(),
        (folder.path() / "secret.key").string(), rate, workers, NARADA_BINARY_DIR "/service/narada",
        (folder.path() / "log").string());
    REQUIRE_MESSAGE(std::system(command.c_str()) == 0, file_text(folder.path() / "log"));
    return file_text(folder.path() / "log");
  };
  // One a minute: however slow the machine is, the next is not allowed before the command ends.
  CHECK(deliver_at(1, 2) == "1 sent, 0 postponed, 0 failed\n");
  CHECK(site.world().count("outgoing_mail WHERE state = 'queued'") == 29);
  CHECK(deliver_at(0, 3) == "29 sent, 0 postponed, 0 failed\n");
}

TEST_CASE("mail receive takes anything, and asks to try again while the database is away") {
  WholeSite site;
  const Folder folder;
  write_file(folder.path() / "secret.key", std::string(32, 'k'));
  fs::permissions(folder.path() / "secret.key", fs::perms::owner_read | fs::perms::owner_write);
  const auto message = folder.path() / "message";
  const auto database = site.world().database().url();
  write_file(message, "");
  CHECK(receive(folder.path(), database, message) == 65);
  write_file(message, "this is no mail at all");
  CHECK(receive(folder.path(), database, message) == 0);
  write_file(message, std::string(6 << 20, 'x'));
  CHECK(receive(folder.path(), database, message) == 0);
  CHECK(receive(folder.path(), "mysql://nobody@localhost/none?socket=/nowhere", message) == 75);
  CHECK(site.world().count("outgoing_mail") == 0);
}

TEST_CASE("organizers handle what came, and open a dead address again") {
  WholeSite site;
  const auto organizer = site.add_person("Olga Organizator", {{domain::Role::organizer, {}}});
  const auto meeting = site.world().publish();
  const auto registration = site.world().enter(meeting.id, 1).registration;
  site.world().pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO inbound_mail (digest, kind, effect, meeting_id, registration_id, body, "
        "received_at) VALUES (UNHEX(SHA2('1', 256)), 'bounce', 'marked', ?, ?, '<b>550</b> no such "
        "user', '2027-01-04')",
        {meeting.id, registration.id});
    connection.execute(
        "INSERT INTO mail_address (email_key, dead_since, changed_at) VALUES "
        "('osoba1@urzad.example', '2027-01-04', '2027-01-04')");
  });
  auto browser = site.browser_of(organizer);
  const std::string path = "/panel/poczta/odebrane/1";
  CHECK(browser.get("/panel/poczta/odebrane?zalatwione=nie").has(path));
  const auto shown = browser.get(path);
  CHECK(shown.has("Zwrot od serwera poczty"));
  CHECK(shown.has("&lt;b&gt;550&lt;/b&gt; no such user"));
  CHECK(browser.post(path, shown.form("do", "revive")).status == 303);
  CHECK(site.world().count("mail_address") == 0);
  CHECK(browser.post(path, browser.get(path).form("do", "handled")).status == 303);
  CHECK(browser.get(path).has("Olga Organizator"));
  CHECK_FALSE(browser.get("/panel/poczta/odebrane?zalatwione=nie").has(path));
  CHECK(browser.get("/panel/poczta/odebrane?zalatwione=tak&rodzaj=bounce").has(path));
  CHECK_FALSE(browser.get("/panel/poczta/odebrane?rodzaj=counter").has(path));
}

TEST_CASE("a substitute that a calendar names comes once a coordinator has confirmed it") {
  WholeSite site;
  const auto meeting = site.world().publish();
  const auto registration = site.world().enter(meeting.id, 1).registration;
  const auto institution = registration.person.institution->id;
  const auto coordinator =
      site.add_person("Kinga Koordynator", {{domain::Role::coordinator, institution}});
  site.world().pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO substitution_proposal (registration_id, inbound_mail_id, full_name, email, "
        "state, created_at) VALUES (?, 1, 'Ewa Żak', 'ewa@urzad.example', 'open', '2027-01-04')",
        {registration.id});
  });
  auto browser = site.browser_of(coordinator);
  const auto shown = browser.get("/zastepstwa/1");
  CHECK(shown.status == 200);
  CHECK(shown.has("Ewa Żak"));
  auto fields = shown.form("do", "accept");
  CHECK(fields["email"] == "ewa@urzad.example");
  fields["full_name"] = "";
  CHECK(browser.post("/zastepstwa/1", fields).status == 422);
  fields = browser.get("/zastepstwa/1").form("do", "accept");
  CHECK(browser.post("/zastepstwa/1", fields).status == 303);
  CHECK(site.world().load(registration.id).status == domain::RegistrationStatus::cancelled);
  CHECK(site.world().count("person WHERE email = 'ewa@urzad.example'") == 1);
  CHECK(site.world().count("substitution_proposal WHERE state = 'accepted'") == 1);
  CHECK(site.visitor().get("/zastepstwa/1").status == 303);
}
