#include <doctest/doctest.h>

#include "tests/http/pages/page_site.h"

using namespace narada::testing;

namespace {

// A browser at the form, and what it is about to send.
struct AtForm {
  Browser browser;
  std::string path;
  FormData fields;
};

AtForm open_form(PageSite& site) {
  const auto meeting = site.world().publish();
  AtForm at{site.browser(), "/spotkania/" + meeting.slug + "/zapisy", {}};
  at.fields = at.browser.get(at.path).form();
  for (const auto& [name, value] : person_fields()) at.fields[name] = value;
  return at;
}

}  // namespace

TEST_CASE("a form that another site makes a browser send is refused") {
  struct Row {
    const char* name;
    httplib::Headers headers;
  };
  const Row rows[] = {
      {"another site", {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}}},
      {"a neighbour", {{"Sec-Fetch-Site", "same-site"}}},
      {"an old browser at another site",
       {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-origin"}}},
      {"a page without an origin", {{"Origin", "null"}}},
      {"an origin that is none", {{"Origin", "narada"}}},
      {"our name in another's", {{"Origin", "https://narada.example.evil.example"}}},
  };
  PageSite site;
  auto at = open_form(site);
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto refused = at.browser.post(at.path, at.fields, row.headers);
    CHECK(refused.status == 403);
    CHECK(refused.title().starts_with("Formularz z innej strony"));
  }
  CHECK(site.world().count("registration") == 0);
  // The same form from where it stands is good, so that the refusals above are for their origin.
  CHECK(at.browser.post(at.path, at.fields).status == 303);
}

TEST_CASE("a form without the cookie's own token comes back fresh, with all that was typed") {
  struct Row {
    const char* name;
    std::map<std::string, std::string> cookies;
    std::string token;
  };
  PageSite site;
  auto at = open_form(site);
  const auto kept = at.browser.cookies();
  const auto own = kept.at("form_token");
  const std::string foreign(43, 'A');
  const Row rows[] = {
      {"no token", kept, ""},
      {"another tab's token", kept, foreign},
      {"a restarted browser", {}, own},
      {"another cookie", {{"form_token", foreign}}, own},
      {"an empty cookie", {{"form_token", ""}}, ""},
      {"no cookie, no token", {}, ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    at.browser.cookies() = row.cookies;
    auto fields = at.fields;
    fields["form_token"] = row.token;
    const auto page = at.browser.post(at.path, fields);
    CHECK(page.status == 422);
    REQUIRE(page.errors().size() == 1);
    CHECK(
        page.errors().front().starts_with("Formularz wygasł. Sprawdź dane i wyślij jeszcze raz."));
    CHECK(page.has("Nie udało się zapisać:<"));
    auto again = page.form();
    CHECK(again["form_token"] == at.browser.cookies()["form_token"]);
    for (const auto& [name, value] : person_fields())
      if (name != "mode") CHECK(again[name] == value);
  }
  CHECK(site.world().count("registration") == 0);
  // What came back can be sent as it is.
  at.browser.cookies().clear();
  auto again = at.browser.post(at.path, at.fields).form();
  again["consent"] = "yes";
  CHECK(at.browser.post(at.path, again).status == 303);
}

TEST_CASE("two tabs opened on the first visit: the first one is sent again, and both are taken") {
  PageSite site;
  const auto meeting = site.world().publish();
  const std::string path = "/spotkania/" + meeting.slug + "/zapisy";
  auto browser = site.browser();
  auto first = browser.get(path).form();
  browser.cookies().clear();  // both were on their way before either answer came
  auto second = browser.get(path).form();
  for (const auto& [name, value] : person_fields(1)) first[name] = value;
  for (const auto& [name, value] : person_fields(2)) second[name] = value;
  auto again = browser.post(path, first);
  CHECK(again.status == 422);
  CHECK(browser.post(path, again.form()).status == 303);
  CHECK(browser.post(path, second).status == 303);
  CHECK(site.world().count("registration") == 2);
}

TEST_CASE("the token's cookie is out of reach for scripts and other sites, and stays the same") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const auto first = browser.get("/spotkania/" + meeting.slug + "/zapisy");
  const auto cookie = first.header("Set-Cookie");
  CHECK(cookie.find("; HttpOnly") != std::string::npos);
  CHECK(cookie.find("; SameSite=Lax") != std::string::npos);
  CHECK(cookie.find("; Path=/") != std::string::npos);
  const auto second = browser.get("/en/spotkania/" + meeting.slug + "/zapisy");
  CHECK(second.header("Set-Cookie").empty());
  CHECK(second.form()["form_token"] == first.form()["form_token"]);
  CHECK(second.form()["operation"] != first.form()["operation"]);
}

TEST_CASE("pages that are the same for everybody set no cookie") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  for (const auto& path : {std::string("/"), std::string("/kalendarz/lista"),
                           "/spotkania/" + meeting.slug, std::string("/prywatnosc")}) {
    CAPTURE(path);
    CHECK(browser.get(path).header("Set-Cookie").empty());
  }
}

TEST_CASE("what is no form of ours is refused by its kind") {
  PageSite site;
  auto at = open_form(site);
  const char* kForm = "application/x-www-form-urlencoded";
  struct Row {
    std::string name;
    std::string body;
    std::string type;
    int status;
  };
  const Row rows[] = {
      {"text, as a form can send across sites", "a=b", "text/plain", 415},
      {"JSON", "{}", "application/json", 415},
      {"parts without fields", "--x--", "multipart/form-data; boundary=x", 422},
      {"nothing at all", "", kForm, 422},
      {"more than a form can be", std::string(70000, 'a'), kForm, 413},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(at.browser.send(at.path, row.body, row.type).status == row.status);
  }
  CHECK(site.world().count("registration") == 0);
}

TEST_CASE("bytes that are no text are named beside their field") {
  struct Row {
    const char* name;
    const char* encoded;
  };
  const Row rows[] = {
      {"not UTF-8", "%B1%EA"},
      {"a NUL", "Jan%00Nowak"},
      {"a bell", "Jan%07Nowak"},
      {"an escape", "Jan%1B[2J"},
  };
  PageSite site;
  auto at = open_form(site);
  at.fields.erase("full_name");
  std::string rest;
  for (const auto& [name, value] : at.fields)
    rest += "&" + name + "=" + narada::http::pages::encode_component(value);
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto answer = at.browser.send(at.path, "full_name=" + std::string(row.encoded) + rest,
                                        "application/x-www-form-urlencoded");
    CHECK(answer.status == 422);
    CHECK(answer.has("id=\"full_name-e\""));
    CHECK(answer.form()["email"] == "osoba1@urzad.example");
  }
  CHECK(site.world().count("registration") == 0);
}
