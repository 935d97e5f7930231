#include "service/http/pages/oai_records.h"

#include <fmt/format.h>

#include <charconv>

#include "service/http/pages/oai_request.h"
#include "web/safe_html.h"

namespace narada::http::pages {
namespace {

using domain::HarvestedPractice;

constexpr std::string_view kSchemaText = R"(<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:narada:practice:1"
  targetNamespace="urn:narada:practice:1" elementFormDefault="qualified">
<xs:annotation><xs:documentation xml:lang="en">A good practice of a municipality. What its source
does not say is not there.</xs:documentation></xs:annotation>
<xs:element name="practice"><xs:complexType><xs:sequence>
<xs:element name="url" type="xs:anyURI"/>
<xs:element name="title" type="xs:string"/>
<xs:element name="titleEnglish" type="xs:string" minOccurs="0"/>
<xs:element name="lead" type="xs:string" minOccurs="0"/>
<xs:element name="leadEnglish" type="xs:string" minOccurs="0"/>
<xs:element name="type" type="xs:string" minOccurs="0"/>
<xs:element name="area" type="xs:string" minOccurs="0"/>
<xs:element name="topic" type="xs:string" minOccurs="0"/>
<xs:element name="origin" type="xs:string" minOccurs="0"/>
<xs:element name="state" type="xs:string" minOccurs="0"/>
<xs:element name="implemented" minOccurs="0"><xs:simpleType><xs:union memberTypes="xs:gYear xs:gYearMonth"/></xs:simpleType></xs:element>
<xs:element name="budgetPln" type="xs:decimal" minOccurs="0"/>
<xs:element name="institution" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
<xs:element name="situationBefore" type="xs:string" minOccurs="0"/>
<xs:element name="aim" type="xs:string" minOccurs="0"/>
<xs:element name="description" type="xs:string" minOccurs="0"/>
<xs:element name="results" type="xs:string" minOccurs="0"/>
<xs:element name="lessons" type="xs:string" minOccurs="0"/>
<xs:element name="financing" type="xs:string" minOccurs="0"/>
<xs:element name="source" type="xs:string" minOccurs="0"/>
<xs:element name="legacyUrl" type="xs:string" minOccurs="0"/>
<xs:element name="caveat" type="xs:string" minOccurs="0"/>
</xs:sequence></xs:complexType></xs:element>
</xs:schema>
)";

// `<name>text</name>`, or nothing where the source says nothing.
std::string element(std::string_view name, std::string_view text,
                    std::string_view attributes = "") {
  if (text.empty()) return "";
  return fmt::format("<{}{}>{}</{}>\n", name, attributes, xml_text(text), name);
}

std::string implemented(const HarvestedPractice& practice) {
  if (!practice.implementation_year) return "";
  if (!practice.implementation_month) return fmt::format("{:04}", *practice.implementation_year);
  return fmt::format("{:04}-{:02}", *practice.implementation_year, *practice.implementation_month);
}

std::string page_of(const OaiSite& site, const HarvestedPractice& practice) {
  return site.base + "/praktyki/" + practice.slug;
}

// Elements of one kind for each institution, or for what the source calls it.
std::string institutions(std::string_view name, const HarvestedPractice& practice) {
  std::string text;
  for (const auto& institution : practice.institutions) text += element(name, institution);
  return text.empty() ? element(name, practice.institution_text) : text;
}

std::string write_dublin_core(const OaiSite& site, const HarvestedPractice& practice) {
  constexpr std::string_view kPolish = " xml:lang=\"pl\"", kEnglish = " xml:lang=\"en\"";
  return "<oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\""
         " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
         " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
         " xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/oai_dc/"
         " http://www.openarchives.org/OAI/2.0/oai_dc.xsd\">\n" +
         element("dc:title", practice.title, kPolish) +
         element("dc:title", practice.english_title, kEnglish) +
         institutions("dc:creator", practice) +
         element("dc:subject", practice.topic_name, kPolish) +
         element("dc:description", practice.lead, kPolish) +
         element("dc:description", practice.english_lead, kEnglish) +
         element("dc:description", practice.description, kPolish) +
         element("dc:publisher", site.publisher) + element("dc:date", implemented(practice)) +
         element("dc:type", practice.type) + element("dc:identifier", page_of(site, practice)) +
         element("dc:source", practice.source_url) + element("dc:language", "pl") +
         "</oai_dc:dc>\n";
}

std::string write_practice(const OaiSite& site, const HarvestedPractice& practice) {
  return fmt::format(
             "<practice xmlns=\"{0}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
             " xsi:schemaLocation=\"{0} {1}/oai/praktyka.xsd\">\n",
             kPracticeNamespace, xml_text(site.base)) +
         element("url", page_of(site, practice)) + element("title", practice.title) +
         element("titleEnglish", practice.english_title) + element("lead", practice.lead) +
         element("leadEnglish", practice.english_lead) + element("type", practice.type) +
         element("area", practice.area) + element("topic", practice.topic_name) +
         element("origin", practice.origin) + element("state", practice.state) +
         element("implemented", implemented(practice)) + element("budgetPln", practice.budget_pln) +
         institutions("institution", practice) +
         element("situationBefore", practice.situation_before) + element("aim", practice.aim) +
         element("description", practice.description) + element("results", practice.results) +
         element("lessons", practice.lessons) + element("financing", practice.financing) +
         element("source", practice.source_url) + element("legacyUrl", practice.legacy_url) +
         element("caveat", practice.caveat) + "</practice>\n";
}

std::string prefix_of_identifiers(const OaiSite& site) {
  auto host =
      site.base.substr(site.base.find("://") == std::string::npos ? 0 : site.base.find("://") + 3);
  host = host.substr(0, host.find_first_of(":/"));
  return "oai:" + host + ":praktyki/";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') continue;
    // U+FFFE and U+FFFF
    if (const auto three = text.substr(at, 3); three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
      at += 2;
      continue;
    }
    clean += text[at];
  }
  return web::escape_html(clean);
}

std::string oai_identifier(const OaiSite& site, domain::PracticeId id) {
  return prefix_of_identifiers(site) + std::to_string(id.value);
}

std::optional<domain::PracticeId> find_oai_practice(const OaiSite& site,
                                                    std::string_view identifier) {
  const auto prefix = prefix_of_identifiers(site);
  if (!identifier.starts_with(prefix)) return std::nullopt;
  identifier.remove_prefix(prefix.size());
  std::int64_t id = 0;
  const auto [end, error] =
      std::from_chars(identifier.data(), identifier.data() + identifier.size(), id);
  const bool canonical = error == std::errc() && std::to_string(id) == identifier;
  return canonical ? std::optional(domain::PracticeId{id}) : std::nullopt;
}

std::string write_oai_header(const OaiSite& site, const HarvestedPractice& practice) {
  std::string text = practice.withdrawn ? "<header status=\"deleted\">\n" : "<header>\n";
  text += element("identifier", oai_identifier(site, practice.id)) +
          element("datestamp", oai_time(practice.changed_at));
  if (!practice.topic_slug.empty()) text += element("setSpec", "topic:" + practice.topic_slug);
  if (!practice.type.empty()) text += element("setSpec", "type:" + practice.type);
  return text + "</header>\n";
}

std::string write_oai_record(const OaiSite& site, const HarvestedPractice& practice,
                             std::string_view prefix) {
  std::string text = "<record>\n" + write_oai_header(site, practice);
  if (!practice.withdrawn)
    text += "<metadata>\n" +
            (prefix == kDublinCore ? write_dublin_core(site, practice)
                                   : write_practice(site, practice)) +
            "</metadata>\n";
  return text + "</record>\n";
}

std::string_view practice_schema() { return kSchemaText; }

}  // namespace narada::http::pages
