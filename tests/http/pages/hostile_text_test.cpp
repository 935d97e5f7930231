#include <doctest/doctest.h>

#include <regex>

#include "tests/http/pages/catalogue.h"
#include "tests/http/pages/page_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

// What no template writes into a tag.
const std::regex kForeign("^</?(xss|img|iframe|object|b)\\b|onerror|onload|^<script>",
                          std::regex::icase);

// Tags of the document that no template wrote. The values of attributes are no part of them.
std::vector<std::string> foreign_tags(const std::string& html) {
  const auto markup = std::regex_replace(html, std::regex("\"[^\"]*\""), "\"\"");
  const std::regex tag("<[^<>]*>");
  std::vector<std::string> foreign;
  for (auto at = std::sregex_iterator(markup.begin(), markup.end(), tag);
       at != std::sregex_iterator(); ++at)
    if (std::regex_search(at->str(), kForeign)) foreign.push_back(at->str());
  return foreign;
}

const std::vector<std::string> kNone;

std::vector<std::string> json_ld_of(const std::string& html) {
  std::vector<std::string> found;
  const std::string start = "<script type=\"application/ld+json\">";
  for (auto at = html.find(start); at != std::string::npos; at = html.find(start, at + 1)) {
    const auto from = at + start.size();
    found.push_back(html.substr(from, html.find("</script>", from) - from));
  }
  return found;
}

}  // namespace

TEST_CASE("the look for foreign tags sees them") {
  CHECK(foreign_tags("<p><xss></p>") == std::vector<std::string>{"<xss>"});
  CHECK(foreign_tags("<a title=\"\" onerror=\"x\">") ==
        std::vector<std::string>{"<a title=\"\" onerror=\"\">"});
  CHECK(foreign_tags("<a title=\"&quot; onerror=&quot;<xss>\">onerror= &lt;xss&gt;</a>") == kNone);
}

TEST_CASE("whatever organizers type stays text on every page") {
  struct Row {
    const char* name;
    const char* text;
  };
  const Row rows[] = {
      {"an element", "Ala <xss>ma</xss> kota"},
      {"the end of an attribute", "Ala\" onerror=\"x\" y=\""},
      {"an image", "<img src=x onerror=alert(1)>"},
      {"the end of the title", "</title><xss>"},
      {"the end of a script", "</script><script>alert(1)</script>"},
      {"the start of a comment", "<!--<xss>-->"},
      {"a section of XML", "]]><xss>"},
      {"entities", "&lt;xss&gt; &amp;quot;"},
      {"a template's own braces", "{{t_nav__home}} {{#xs}} %}"},
      {"an argument's braces", "{count, plural, one {x}}"},
      {"an address", "javascript:alert(1)"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    PageSite site;
    const auto catalogue = fill_catalogue(site.world(), row.text);
    auto browser = site.browser();
    for (const auto& path :
         {catalogue.meeting, catalogue.cycle, catalogue.practice, catalogue.institution,
          catalogue.meeting + "/zapisy", catalogue.cycle + "/zapisy", std::string("/"),
          std::string("/kalendarz/2027/01"), std::string("/kalendarz/lista"), std::string("/cykle"),
          std::string("/praktyki"), std::string("/gminy"), std::string("/mapa-serwisu"),
          "/en" + catalogue.meeting, "/szukaj?q=" + http::pages::encode_component(row.text)}) {
      CAPTURE(path);
      const auto page = browser.get(path);
      CHECK(page.status == 200);
      CHECK(foreign_tags(page.html) == kNone);
      for (const auto& address : page.addresses()) CHECK_FALSE(address.starts_with("javascript:"));
      CHECK(page.title().find("[") == std::string::npos);
    }
    const auto own = browser.get(catalogue.meeting);
    CHECK(own.title().starts_with(row.text));
    const auto descriptions = json_ld_of(own.html);
    REQUIRE(descriptions.size() == 1);
    CHECK(web::View::parse(descriptions.front())["name"] == row.text);
  }
}

TEST_CASE("what a visitor sends stays text too") {
  PageSite site;
  const auto meeting = site.world().publish();
  auto browser = site.browser();
  const std::string text = "\"><xss onerror=\"a\">'</textarea></title>";
  auto fields = person_fields();
  for (const auto* name : {"full_name", "institution", "position", "needs", "question"})
    fields[name] = text;
  fields["email"] = text;
  const auto refused = browser.fill("/spotkania/" + meeting.slug + "/zapisy", fields);
  CHECK(refused.status == 422);
  CHECK(refused.form()["needs"] == text);
  CHECK(refused.form()["email"] == text);
  CHECK(foreign_tags(refused.html) == kNone);

  auto good = person_fields();
  good["full_name"] = good["needs"] = good["position"] = good["question"] = text;
  const auto own = browser.fill("/spotkania/" + meeting.slug + "/zapisy", good);
  REQUIRE(own.status == 303);
  const auto page = browser.get(own.header("Location"));
  CHECK(page.form("full_name")["question"] == text);
  CHECK(foreign_tags(page.html) == kNone);
  for (const auto* path : {"/nie-ma/%22%3E%3Cxss%3E", "/kalendarz/lista?q=%22%3E%3Cxss%3E",
                           "/praktyki?q=%3Cxss%3E", "/gminy?q=%3C%2Ftitle%3E%3Cxss%3E"}) {
    CAPTURE(path);
    CHECK(foreign_tags(browser.get(path).html) == kNone);
  }
}
