// /delegacja, /zgoda/{token} and the referral, as a coordinator and a superior use them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;
using domain::Role;

namespace {

domain::InstitutionId kGliwice{1};

// What a program says about a file.
std::string output_of(const std::string& command) {
  std::string text;
  auto* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  std::size_t got = 0;
  while ((got = fread(buffer, 1, sizeof buffer, pipe)) > 0) text.append(buffer, got);
  pclose(pipe);
  return text;
}

std::string path_of_last(WholeSite& site, notifications::MailKind kind) {
  std::string path;
  for (const auto& facts : site.world().facts()) {
    if (facts.kind == kind) path = facts.ask->url.substr(facts.ask->url.find('/', 8));
  }
  return path;
}

}  // namespace

TEST_CASE("a coordinator pastes names, and the broken ones stay in the box") {
  WholeSite site;
  const auto meeting = site.world().publish(3);
  auto browser =
      site.browser_of(site.add_person("Ewa Koordynatorka", {{Role::coordinator, kGliwice}}));
  const auto path = fmt::format("/delegacja/{}?instytucja=gliwice", meeting.id.value);
  CHECK(browser.get("/delegacja").has(fmt::format("/delegacja/{}", meeting.id.value)));
  auto typed = browser.get(path).form("do", "places");
  typed["onsite"] = "2";
  CHECK(browser.post(path, typed).status == 303);
  CHECK(browser.get("/moje").has("2 miejsca bez nazwiska"));

  auto names = browser.get(path).form("names", "");
  names["names"] = "Anna Nowak;anna@urzad.example\nJan Lis;jan(at)urzad\n";
  names["do"] = "preview";
  const auto preview = browser.post(path, names);
  CHECK(preview.status == 200);
  CHECK(preview.has("Zapisz 1 osobę"));
  CHECK(site.world().count("registration") == 0);
  names["do"] = "take";
  const auto taken = browser.post(path, names);

  CHECK(taken.status == 200);
  CHECK(taken.has("Jan Lis;jan(at)urzad\n</textarea>"));
  CHECK(taken.has("E-mail: Uzupełnij to pole."));
  CHECK(site.world().count("registration") == 1);
  CHECK(browser.get("/moje").has("1 miejsce bez nazwiska"));
}

TEST_CASE("a superior's consent: the page asks, the button answers, the referral is readable") {
  WholeSite site;
  const auto meeting = site.world().publish(3);
  auto browser =
      site.browser_of(site.add_person("Ewa Koordynatorka", {{Role::coordinator, kGliwice}}));
  auto wish = browser.get("/delegacja").form("institution", "1");
  CHECK(browser.post("/delegacja", wish).status == 303);
  const auto path = fmt::format("/delegacja/{}?instytucja=gliwice", meeting.id.value);
  auto names = browser.get(path).form("names", "");
  names["names"] = "Łucja Żółć;lucja@urzad.example;inspektor;szef@urzad.example";
  names["do"] = "take";
  CHECK(browser.post(path, names).status == 303);
  const auto asked = path_of_last(site, notifications::MailKind::consent_asked);

  auto superior = site.visitor();
  const auto question = superior.get(asked);
  CHECK(question.status == 200);
  CHECK(question.has("Łucja Żółć"));
  CHECK(superior.get(asked).has("Czekamy na Twoją odpowiedź."));
  CHECK(superior.post(asked, question.form("do", "give")).status == 303);
  CHECK(superior.get(asked).has("Zgoda zapisana."));

  const auto sheet = superior.get(path_of_last(site, notifications::MailKind::consent_given));
  REQUIRE(sheet.status == 200);
  CHECK(sheet.header("Content-Type") == "application/pdf");
  const std::string file = "/tmp/narada-referral-" + std::to_string(site.port()) + ".pdf";
  std::ofstream(file, std::ios::binary) << sheet.html;
  const auto about = output_of("pdfinfo " + file);
  const auto text = output_of("pdftotext -layout " + file + " -");
  const auto parts = output_of("pdfinfo -struct-text " + file);
  std::remove(file.c_str());
  CHECK(about.find("Title:           Skierowanie na spotkanie") != std::string::npos);
  CHECK(about.find("Tagged:          yes") != std::string::npos);
  CHECK(about.find("Pages:           1\n") != std::string::npos);
  CHECK(text.find("Łucja Żółć") != std::string::npos);
  CHECK(text.find("szef@urzad.example") != std::string::npos);
  CHECK(parts.find("H1 (block)\n    \"Skierowanie na spotkanie\"") != std::string::npos);
  CHECK(sheet.html.find("/Lang") != std::string::npos);
}
