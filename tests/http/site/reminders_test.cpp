// The times at which a meeting reminds, what people want to be told, and the way out of a mail.
#include <doctest/doctest.h>

#include <algorithm>

#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/people/profile.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::MailKind;

namespace {

std::string path_to(const usecases::Environment& environment, domain::PersonId person,
                    MailKind kind) {
  return usecases::unsubscribe_url(environment, person, kind, domain::Language::pl)
      .substr(environment.base_url.size());
}

bool wants(WholeSite& site, domain::PersonId person, const std::string& kind) {
  const auto profile = usecases::find_profile(site.environment(), person);
  REQUIRE(profile.has_value());
  return std::any_of(profile->notifications.begin(), profile->notifications.end(),
                     [&](const auto& choice) { return choice.kind == kind && choice.wanted; });
}

}  // namespace

TEST_CASE("one post from anywhere stops a kind of mail, and reading its link does not") {
  WholeSite site;
  const auto person = site.add_person("Anna Nowak");
  const auto path = path_to(site.environment(), person, MailKind::reminder);
  auto mail_program = site.visitor();
  const auto page = mail_program.get(path);
  CHECK(page.status == 200);
  CHECK(page.has("Czy wyłączyć przypomnienia o spotkaniach?"));
  CHECK(page.has("<button"));
  CHECK(page.header("Cache-Control") == "no-store");
  CHECK(page.header("X-Robots-Tag") == "noindex");
  CHECK(wants(site, person, "reminder"));
  for (int twice = 0; twice < 2; ++twice) {
    const auto done = mail_program.post(path, {{"List-Unsubscribe", "One-Click"}},
                                        {{"Origin", "https://mail.example"}});
    CHECK(done.status == 200);
    CHECK(done.has("Nie będziemy już przypominać o spotkaniach"));
    CHECK_FALSE(done.has("<form class=\"form\""));
  }
  CHECK_FALSE(wants(site, person, "reminder"));
  CHECK(wants(site, person, "digest"));
  CHECK(mail_program.get("/en" + path).has("We will not remind you of meetings any more"));
  for (const auto& line : site.log()) CHECK(line.find(path) == std::string::npos);
}

TEST_CASE("a form that was open before somebody unsubscribed does not bring the mails back") {
  WholeSite site;
  const auto person = site.add_person("Anna Nowak");
  auto browser = site.browser_of(person);
  const auto fields = browser.get("/moje/dane").form("version");
  const auto path = path_to(site.environment(), person, MailKind::meeting_announced);
  REQUIRE(site.visitor().post(path, {}).status == 200);
  CHECK(browser.post("/moje/dane", fields).status == 409);
  CHECK_FALSE(wants(site, person, "meeting_announced"));
}

TEST_CASE("people choose which reminders they get, and how often they hear of new meetings") {
  WholeSite site;
  site.environment().reminders = *domain::parse_reminders("7d,1d,2h");
  const auto person = site.add_person("Anna Nowak");
  auto browser = site.browser_of(person);
  const auto page = browser.get("/moje/dane");
  CHECK(page.has("2 godziny przed spotkaniem"));
  CHECK_FALSE(page.has("Podsumowanie tego, co wymaga uwagi"));
  auto fields = page.form("version");
  fields.erase("notification-reminder.7d");
  fields["often-meeting_announced"] = "daily";
  CHECK(browser.post("/moje/dane", fields).status == 303);
  CHECK(wants(site, person, "reminder"));
  CHECK_FALSE(wants(site, person, "reminder.7d"));
  CHECK(wants(site, person, "reminder.1d"));
  CHECK(wants(site, person, "meeting_announced.daily"));
  CHECK(wants(site, person, "digest"));  // not shown without a role, and kept
  site.grant(person, {domain::Role::organizer, {}});
  CHECK(browser.get("/moje/dane").has("Podsumowanie tego, co wymaga uwagi"));
}

TEST_CASE("an organizer sees when reminders go, tries others and saves them") {
  WholeSite site;
  site.environment().reminders = *domain::parse_reminders("7d,1d,2h");
  const auto meeting = site.world().publish();
  auto browser = site.browser_of(site.add_person("Ola Nowak", {{domain::Role::organizer, {}}}));
  const auto path = "/panel/spotkania/" + std::to_string(meeting.id.value) + "/przypomnienia";
  const auto page = browser.get(path);
  CHECK(page.has("wtorek, 12 stycznia 2027, 10:00 (czas polski)"));
  CHECK(page.has("7 dni, 1 dzień, 2 godziny"));
  auto fields = page.form("version");
  fields["list"] = "own";
  fields["count-1"] = "70";
  CHECK(browser.post(path, fields).status == 422);
  fields["count-1"] = "3";
  fields["count-2"] = "";
  fields["count-3"] = "";
  fields["do"] = "preview";
  const auto preview = browser.post(path, fields);
  CHECK(preview.status == 200);
  CHECK(preview.has("sobota, 16 stycznia 2027, 10:00"));
  CHECK(browser.get(path).has("wtorek, 12 stycznia 2027"));
  fields["do"] = "save";
  CHECK(browser.post(path, fields).status == 303);
  CHECK_FALSE(browser.get(path).has("wtorek, 12 stycznia 2027"));
  CHECK(browser.get(path).has("sobota, 16 stycznia 2027, 10:00"));
}
