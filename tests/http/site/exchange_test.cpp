// What other bases harvest and what everybody may download.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <memory>
#include <set>

#include "service/http/pages/oai_records.h"
#include "service/http/pages/oai_request.h"
#include "service/usecases/practices/practices.h"
#include "sql/pool.h"
#include "tests/http/site/whole_site.h"

using namespace narada;
using namespace narada::testing;

namespace {

struct Repository {
  WholeSite site;

  domain::PracticeId add(const std::string& title, const std::string& status,
                         const std::string& changed_at = "2027-01-01 10:00:00") {
    usecases::PracticeForm form;
    form.title = title;
    form.lead = "=1+1; \"cytat\" & <b>";
    form.type = domain::PracticeType::investment;
    form.implementation_year = 2024;
    form.institutions = {"2466011"};
    const auto draft =
        usecases::create_practice(site.environment(), site.world().organizer(), form);
    REQUIRE(draft.ok());
    site.environment().pool->transact([&](storage::Connection& connection) {
      connection.execute(
          "UPDATE practice SET status = ?, updated_at = ?,"
          " published_at = IF(? = 'draft', NULL, '2027-01-01 10:00:00') WHERE id = ?",
          {status, changed_at, status, draft->id});
    });
    site.environment().catalogue->note_write();
    return draft->id;
  }
  std::string ask(const std::string& query) {
    const auto answer = site.visitor().get("/oai?" + query);
    CHECK(answer.status == 200);
    return answer.html;
  }
};

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto begin = text.find(before);
  if (begin == std::string::npos) return "";
  const auto start = begin + before.size();
  return text.substr(start, text.find(after, start) - start);
}

std::vector<std::string> identifiers(const std::string& text) {
  std::vector<std::string> found;
  for (auto at = text.find("<identifier>"); at != std::string::npos;
       at = text.find("<identifier>", at + 1))
    found.push_back(between(text.substr(at), "<identifier>", "</identifier>"));
  return found;
}

std::string error_of(const std::string& text) { return between(text, "<error code=\"", "\""); }

bool is_well_formed(const std::string& text) {
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR),
      &xmlFreeDoc);
  return document != nullptr;
}

// Whether the first <practice> in the answer is what its schema says.
bool fits_practice_schema(const std::string& text) {
  const std::string schema_text(http::pages::practice_schema());
  const auto begin = text.find("<practice ");
  if (begin == std::string::npos) return false;
  const std::string end = "</practice>";
  const auto one = text.substr(begin, text.find(end) + end.size() - begin);
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(one.data(), static_cast<int>(one.size()), nullptr, nullptr, XML_PARSE_NONET),
      &xmlFreeDoc);
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
      xmlSchemaNewMemParserCtxt(schema_text.data(), static_cast<int>(schema_text.size())),
      &xmlSchemaFreeParserCtxt);
  const std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema(xmlSchemaParse(parser.get()),
                                                                    &xmlSchemaFree);
  if (document == nullptr || schema == nullptr) return false;
  const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> validator(
      xmlSchemaNewValidCtxt(schema.get()), &xmlSchemaFreeValidCtxt);
  return xmlSchemaValidateDoc(validator.get(), document.get()) == 0;
}

}  // namespace

TEST_CASE("a harvester gets all that is published, each once, and what was withdrawn as deleted") {
  Repository repository;
  std::set<std::string> expected;
  const http::pages::OaiSite site{repository.site.environment().base_url, ""};
  for (int index = 0; index < 60; ++index)
    expected.insert(http::pages::oai_identifier(
        site, repository.add(fmt::format("Praktyka {}", index), "published")));
  const auto withdrawn = repository.add("Wycofana kanarka", "archived", "2027-01-02 10:00:00");
  expected.insert(http::pages::oai_identifier(site, withdrawn));
  repository.add("Szkic kanarka", "draft");
  std::vector<std::string> got;
  std::string query = "verb=ListRecords&metadataPrefix=oai_dc";
  int pages = 0;
  while (!query.empty() && ++pages < 9) {
    const auto text = repository.ask(query);
    CHECK(is_well_formed(text));
    CHECK(text.find("kanarka") == std::string::npos);
    for (const auto& one : identifiers(text)) got.push_back(one);
    const auto element = between(text, "<resumptionToken ", "</OAI-PMH>");
    const auto token = between(element, ">", "<");
    query = element.find("</resumptionToken>") == std::string::npos
                ? ""
                : "verb=ListRecords&resumptionToken=" + token;
  }
  CHECK(pages == 2);
  CHECK(got.size() == expected.size());
  CHECK(std::set<std::string>(got.begin(), got.end()) == expected);
  const auto one = repository.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=" +
                                  http::pages::oai_identifier(site, withdrawn));
  CHECK(one.find("<header status=\"deleted\">") != std::string::npos);
  CHECK(one.find("<metadata>") == std::string::npos);
}

TEST_CASE("harvesters ask for times and sets, and get records that fit their schema") {
  Repository repository;
  repository.add("Dawna", "published", "2027-01-01 10:00:00");
  repository.add("Nowa", "published", "2027-01-02 23:59:59");
  const auto count = [&](const std::string& query) {
    return identifiers(repository.ask("verb=ListIdentifiers&metadataPrefix=oai_dc" + query)).size();
  };
  CHECK(count("") == 2);
  CHECK(count("&from=2027-01-02") == 1);
  CHECK(count("&until=2027-01-02") == 2);
  CHECK(count("&until=2027-01-01T10:00:00Z") == 1);
  CHECK(count("&from=2027-01-01T10:00:01Z&until=2027-01-02T23:59:58Z") == 0);
  CHECK(count("&set=type:investment") == 2);
  CHECK(count("&set=type") == 2);
  CHECK(count("&set=topic") == 0);
  const auto records = repository.ask("verb=ListRecords&metadataPrefix=narada_practice");
  CHECK(is_well_formed(records));
  CHECK(fits_practice_schema(records));
  CHECK(repository.ask("verb=ListSets").find("<setSpec>type:investment</setSpec>") !=
        std::string::npos);
  CHECK(repository.ask("verb=Identify")
            .find("<earliestDatestamp>2027-01-01T10:00:00Z</earliestDatestamp>") !=
        std::string::npos);
}

TEST_CASE("what a harvester asks wrongly is named by the protocol's errors") {
  Repository repository;
  repository.add("Jedna", "published");
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"", "badVerb"},
      {"verb=Nic", "badVerb"},
      {"verb=Identify&verb=Identify", "badVerb"},
      {"verb=Identify&x=1", "badArgument"},
      {"verb=ListRecords", "badArgument"},
      {"verb=GetRecord&metadataPrefix=oai_dc", "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&from=wczoraj", "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&from=2027-13-01", "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-02&until=2027-01-01", "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-01&until=2027-01-02T10:00:00Z",
       "badArgument"},
      {"verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"},
      {"verb=ListRecords&resumptionToken=x", "badResumptionToken"},
      {"verb=ListSets&resumptionToken=x", "badResumptionToken"},
      {"verb=ListRecords&resumptionToken=1!oai_dc!!!!2027-01-01T10:00:00Z!1!1!2020-01-01T10:00:00Z",
       "badResumptionToken"},
      {"verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"},
      {"verb=ListRecords&metadataPrefix=oai_dc&set=nic", "noRecordsMatch"},
      {"verb=ListRecords&metadataPrefix=oai_dc&from=2030-01-01", "noRecordsMatch"},
      {"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", "idDoesNotExist"},
      {"verb=ListMetadataFormats&identifier=oai:x:1", "idDoesNotExist"},
  };
  for (const auto& [query, code] : kCases) {
    CAPTURE(query);
    const auto text = repository.ask(query);
    CHECK(is_well_formed(text));
    CHECK(error_of(text) == code);
    const bool echoes = text.find("<request>") == std::string::npos;
    CHECK(echoes == (code != "badVerb" && code != "badArgument"));
  }
}

TEST_CASE("text that XML cannot say is left out of it") {
  CHECK(http::pages::xml_text("a\x01<b>&\xEF\xBF\xBF\n\xC5\xBC") == "a&lt;b&gt;&amp;\n\xC5\xBC");
}

TEST_CASE("everybody downloads what is published, and no spreadsheet runs it") {
  Repository repository;
  repository.add("Zielona", "published");
  repository.add("Szkic kanarka", "draft");
  repository.add("Wycofana kanarka", "archived");
  auto visitor = repository.site.visitor();
  const auto csv = visitor.get("/eksport/praktyki.csv").html;
  CHECK(csv.starts_with("\xEF\xBB\xBFid;url;changed_at;title;"));
  CHECK(csv.find(R"("Zielona";"'=1+1; ""cytat"" & <b>")") != std::string::npos);
  for (const std::string name : {"praktyki.csv", "praktyki.json", "praktyki.jsonld"}) {
    const auto text = visitor.get("/eksport/" + name).html;
    CHECK(text.find("Zielona") != std::string::npos);
    CHECK(text.find("kanarka") == std::string::npos);
  }
  const auto graph = web::View::parse(visitor.get("/eksport/praktyki.jsonld").html)["@graph"];
  REQUIRE(graph.size() == 1);
  CHECK(graph[0]["@type"] == "Article");
  CHECK_FALSE(graph[0].contains("articleBody"));
  const auto page = visitor.get("/eksport");
  CHECK(page.has("href=\"/eksport/praktyki.csv\""));
}
