#include <doctest/doctest.h>

#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

// What a person sees in the fields after sending them: the hidden ones are the form's own.
FormData typed_in(const Shown& page) {
  auto fields = page.form();
  fields.erase("form_token");
  fields.erase("operation");
  return fields;
}

FormData with(FormData fields, const FormData& others) {
  for (const auto& [name, value] : others) fields[name] = value;
  return fields;
}

}  // namespace

TEST_CASE("a person registers by the form and lands on the own page") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();

  const auto form = browser.get(path);
  CHECK(form.status == 200);
  CHECK(form.header("Cache-Control") == "no-store");
  CHECK(form.has("<option value=\"Gliwice\">"));

  const auto sent = browser.fill(path, person_fields());
  CHECK(sent.status == 303);
  const auto own = sent.header("Location");
  REQUIRE(own.starts_with("/z/"));
  CHECK(own.ends_with("?nowe=1"));
  CHECK(world.mails() ==
        std::vector<SentMail>{{"registration_confirmed", "Osoba 1", "REQUEST", 0}});

  const auto page = browser.get(own);
  CHECK(page.status == 200);
  CHECK(page.has("<meta name=\"robots\" content=\"noindex\">"));
  CHECK(page.header("Cache-Control") == "no-store");
  CHECK(page.has("Osoba 1"));
  CHECK(page.has("pętla indukcyjna"));
  CHECK(world.find_violations().empty());
}

TEST_CASE("the English form leads to the English page and an English mail") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto sent = browser.fill("/en/spotkania/" + meeting.slug + "/zapisy", person_fields());
  CHECK(sent.status == 303);
  CHECK(sent.header("Location").starts_with("/en/z/"));
  REQUIRE(site.world().facts().size() == 1);
  CHECK(site.world().facts().front().language == domain::Language::en);
  CHECK(browser.get(sent.header("Location")).has("<html lang=\"en\">"));
}

TEST_CASE("what is wrong comes back beside everything that was typed") {
  struct Row {
    const char* name;
    FormData typed;
    std::vector<std::string> fields;  // that the summary leads to
  };
  const Row rows[] = {
      {"nothing at all",
       {{"full_name", ""}, {"email", ""}, {"institution", ""}, {"consent", ""}},
       {"full_name", "email", "institution", "consent"}},
      {"no address", {{"email", "osoba1@"}}, {"email"}},
      {"an address that could add a recipient", {{"email", "a@b.example>"}}, {"email"}},
      {"a body that is not in the list", {{"institution", "Atlantyda <b>"}}, {"institution"}},
      {"two bodies of one name", {{"institution", "Zgierz"}}, {"institution"}},
      {"a name too long", {{"full_name", std::string(201, 'x')}}, {"full_name"}},
      {"a name of one letter", {{"full_name", "x"}}, {"full_name"}},
      {"no consent", {{"consent", ""}}, {"consent"}},
  };
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto typed = with(person_fields(), with({{"needs", "wiersz 1\r\n\"wiersz\" 2 & <3>"},
                                                   {"diet", ""},
                                                   {"diet_other", ""},
                                                   {"access_needs", ""},
                                                   {"interpreter", ""},
                                                   {"interpreter_other", ""}},
                                                  row.typed));
    const auto page = browser.fill(path, typed);
    CHECK(page.status == 422);
    CHECK(page.title().starts_with("Błąd: "));
    CHECK(page.errors().size() == row.fields.size());
    for (const auto& field : row.fields) {
      CHECK(page.has("href=\"#" + field + "\""));
      CHECK(page.has(" id=\"" + field + "\""));
      CHECK(page.has("id=\"" + field + "-e\""));
    }
    auto expected = typed;
    if (expected["consent"].empty()) expected.erase("consent");
    CHECK(typed_in(page) == expected);
  }
  CHECK(site.world().count("registration") == 0);
}

TEST_CASE("the label that tells two bodies of one name apart is understood") {
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  CHECK(browser.get(path).has("<option value=\"Zgierz, gmina wiejska\">"));
  const auto sent =
      browser.fill(path, with(person_fields(), {{"institution", "Zgierz, gmina wiejska"}}));
  CHECK(sent.status == 303);
  CHECK(site.world().load({1}).person.institution->teryt == "1020102");
}

TEST_CASE("the same form sent twice is one registration with one page") {
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  const auto fields = with(browser.get(path).form(), person_fields());
  const auto first = browser.post(path, fields);
  const auto second = browser.post(path, fields);
  CHECK(first.status == 303);
  CHECK(second.status == 303);
  CHECK(second.header("Location") == first.header("Location"));
  CHECK(site.world().count("registration") == 1);
  CHECK(site.world().mails().size() == 1);
}

TEST_CASE("whoever is in already learns it, and gets neither a second place nor the link") {
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  REQUIRE(browser.fill(path, person_fields()).status == 303);
  const auto again = site.browser().fill(path, person_fields());
  CHECK(again.status == 303);
  CHECK(again.header("Location") == path + "/gotowe");
  const auto page = browser.get(again.header("Location"));
  CHECK(page.status == 200);
  CHECK_FALSE(page.has("/z/"));
  CHECK(site.world().count("registration") == 1);
  CHECK(site.world().mails().size() == 1);
}

TEST_CASE("a form sent again with other words comes back and says that the first one counts") {
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  const auto fields = with(browser.get(path).form(), person_fields());
  REQUIRE(browser.post(path, fields).status == 303);
  const auto back = browser.post(path, with(fields, person_fields(2)));
  CHECK(back.status == 422);
  REQUIRE(back.errors().size() == 1);
  CHECK(back.errors().front().find("był już wysłany") != std::string::npos);
  auto again = back.form();
  CHECK(again["email"] == "osoba2@urzad.example");
  CHECK(again["operation"] != fields.at("operation"));
  CHECK(site.world().count("registration") == 1);
  CHECK(browser.post(path, again).status == 303);
  CHECK(site.world().count("registration") == 2);
}

TEST_CASE("whoever was declined does not read that they are registered") {
  PageSite site;
  auto& world = site.world();
  auto form = world.meeting_form();
  form.approval = true;
  const auto meeting = world.publish(form);
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  REQUIRE(browser.fill(path, person_fields()).status == 303);
  REQUIRE(usecases::decline_registration(world.environment(), world.organizer(), {1}, ""));
  const auto again = browser.fill(path, person_fields());
  REQUIRE(again.header("Location") == path + "/gotowe");
  const auto page = browser.get(again.header("Location"));
  CHECK(page.title().starts_with("Mamy już zgłoszenie tej osoby"));
  CHECK_FALSE(page.has("zapisana"));
}

TEST_CASE(
    "when places have run out the form offers the waiting list, and says the number in line") {
  PageSite site;
  const auto meeting = site.world().publish(1);
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  site.world().enter(meeting.id, 9);
  auto browser = site.browser();
  CHECK(browser.get(path).has("ds-alert"));
  const auto sent = browser.fill(path, person_fields());
  CHECK(sent.status == 303);
  const auto own = browser.get(sent.header("Location"));
  CHECK(own.has("miejsce w kolejce: 1"));
}

TEST_CASE("where nobody can register there is no form, and a late one is answered with the rule") {
  PageSite site;
  auto& world = site.world();
  auto form = world.meeting_form();
  form.window.closes_at = world.clock().now() + std::chrono::hours(1);
  const auto meeting = world.publish(form);
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  const auto fields = with(browser.get(path).form(), person_fields());

  world.clock().advance(std::chrono::hours(2));
  CHECK(browser.get(path).form().empty());
  const auto late = browser.post(path, fields);
  CHECK(late.status == 422);
  REQUIRE(late.errors().size() == 1);
  CHECK(late.errors().front().find("Zapisy już się skończyły") != std::string::npos);
  CHECK(world.count("registration") == 0);
}

TEST_CASE("a draft, a past and an unknown meeting have no way in") {
  PageSite site;
  auto& world = site.world();
  const auto draft =
      usecases::create_meeting(world.environment(), world.organizer(), world.meeting_form());
  REQUIRE(draft);
  auto browser = site.browser();
  for (const auto& slug : {draft->slug, std::string("nie-ma")})
    for (const auto* rest : {"", "/zapisy", "/zapisy/gotowe", ".ics"}) {
      CAPTURE(slug + rest);
      CHECK(browser.get("/spotkania/" + slug + rest).status == 404);
    }
  const auto meeting = world.publish();
  world.clock().advance(std::chrono::days(60));
  const auto past = browser.get("/spotkania/" + meeting.slug);
  CHECK(past.status == 200);
  CHECK_FALSE(past.has("/zapisy"));
}

TEST_CASE("looking changes nothing") {
  PageSite site;
  auto& world = site.world();
  const auto meeting = world.publish();
  auto browser = site.browser();
  const auto own =
      browser.fill("/spotkania/" + meeting.slug + "/zapisy", person_fields()).header("Location");
  const auto count_all = [&] {
    return std::vector<std::int64_t>{world.count("registration"), world.count("activity"),
                                     world.count("outgoing_mail"), world.count("operation")};
  };
  const auto before = count_all();
  for (const auto& path : {own, own + "&do=cancel", "/spotkania/" + meeting.slug + "/zapisy",
                           "/spotkania/" + meeting.slug + "/zapisy?full_name=x&consent=yes"}) {
    CAPTURE(path);
    CHECK(browser.get(path).status == 200);
  }
  CHECK(count_all() == before);
  CHECK(world.load({1}).status == domain::RegistrationStatus::confirmed);
}
