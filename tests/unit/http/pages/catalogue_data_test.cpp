#include "service/http/pages/catalogue_data.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "service/http/pages/structured_data.h"
#include "tests/unit/http/pages/page_of.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::http::pages;
using web::View;

namespace {

// Of schema.org 28.1: what Narada says of a type, with the inherited properties that it uses, and
// what search engines ask for at least.
struct SchemaType {
  std::set<std::string> required;
  std::set<std::string> allowed;
};
const std::map<std::string, SchemaType>& vocabulary() {
  static const std::set<std::string> kThing = {
      "name",   "description",      "url",          "identifier", "image",
      "sameAs", "mainEntityOfPage", "alternateName"};
  static const std::set<std::string> kWork = {
      "headline",     "about",          "author",     "publisher",     "datePublished",
      "dateModified", "keywords",       "inLanguage", "isBasedOn",     "isAccessibleForFree",
      "license",      "encodingFormat", "version",    "articleSection"};
  static const std::set<std::string> kEvent = {
      "startDate",   "endDate",           "location",           "organizer",
      "subEvent",    "superEvent",        "inLanguage",         "isAccessibleForFree",
      "eventStatus", "previousStartDate", "eventAttendanceMode"};
  const auto joined = [](std::set<std::string> left, const std::set<std::string>& right) {
    left.insert(right.begin(), right.end());
    return left;
  };
  static const std::map<std::string, SchemaType> kTypes = {
      {"Article", {{"headline", "url", "datePublished", "publisher"}, joined(kThing, kWork)}},
      {"Event", {{"name", "startDate"}, joined(kThing, kEvent)}},
      {"EventSeries", {{"name", "url"}, joined(kThing, kEvent)}},
      {"Organization", {{"name"}, joined(kThing, {"location", "memberOf", "address"})}},
      {"GovernmentOrganization", {{"name"}, joined(kThing, {"location", "memberOf", "address"})}},
      {"Place", {{"name"}, joined(kThing, {"address", "geo"})}},
      {"VirtualLocation", {{"url"}, kThing}},
      {"GeoCoordinates", {{"latitude", "longitude"}, {"latitude", "longitude"}}},
      {"PropertyValue", {{"propertyID", "value"}, joined(kThing, {"propertyID", "value"})}},
      {"BreadcrumbList", {{"itemListElement"}, joined(kThing, {"itemListElement"})}},
      {"ListItem", {{"position", "name", "item"}, joined(kThing, {"position", "item"})}},
  };
  return kTypes;
}

void find_faults(const View& node, const std::string& place, std::vector<std::string>& faults) {
  if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i)
      find_faults(node[i], place + "/" + std::to_string(i), faults);
    return;
  }
  if (!node.is_object()) return;
  const auto type = vocabulary().find(node.value("@type", ""));
  if (type == vocabulary().end()) {
    faults.push_back(place + ": no type of schema.org");
    return;
  }
  for (const auto& name : type->second.required)
    if (!node.contains(name)) faults.push_back(place + ": lacks " + name);
  for (const auto& [name, value] : node.items()) {
    if (name != "@type" && name != "@context" && type->second.allowed.count(name) == 0)
      faults.push_back(place + ": " + type->first + " has no " + name);
    if (value.is_null() || value == "") faults.push_back(place + ": nothing said as " + name);
    find_faults(value, place + "/" + name, faults);
  }
}

std::vector<std::string> faults_of(const View& data) {
  std::vector<std::string> faults;
  find_faults(data, "", faults);
  return faults;
}

domain::InstitutionRef gliwice() {
  return {domain::InstitutionId{1},
          "gliwice",
          "2466011",
          "Gliwice",
          domain::InstitutionKind::city_with_county_rights,
          domain::GeoPoint{50.29, 18.67}};
}

domain::Practice full_practice() {
  domain::Practice practice;
  practice.slug = "zielony-przystanek";
  practice.title = "Zielony przystanek </script>";
  practice.lead = "Dach z rozchodnikiem.";
  practice.status = domain::PracticeStatus::published;
  practice.type = domain::PracticeType::investment;
  practice.area = domain::PracticeArea::technical_services;
  practice.topic = domain::TopicRef{domain::TopicId{1}, "zielen", "Zieleń", "Green"};
  practice.institutions = {gliwice()};
  practice.published_at = domain::Instant(std::chrono::seconds(1'800'000'000));
  practice.source_url = "https://example.org/zrodlo";
  return practice;
}

}  // namespace

TEST_CASE("what search engines are told fits the types of schema.org") {
  const PageOf page("/praktyki/zielony-przystanek");
  CHECK(faults_of(View::parse(practice_json_ld(*page, full_practice()))) ==
        std::vector<std::string>{});
  domain::Practice bare;
  bare.slug = "x";
  bare.title = "X";
  CHECK(faults_of(View::parse(practice_json_ld(*page, bare))) == std::vector<std::string>{});

  domain::Cycle cycle;
  cycle.slug = "zielona-szkola";
  cycle.title = "Zielona szkoła";
  cycle.summary = "**Szkoła** prototypowania.";
  cycle.owners = {gliwice()};
  cycle.first_starts = sample_meeting().times.starts;
  cycle.last_ends = sample_meeting().times.ends;
  cycle.meetings = {sample_meeting()};
  CHECK(faults_of(View::parse(cycle_json_ld(*page, cycle))) == std::vector<std::string>{});

  domain::Institution institution;
  institution.slug = "gliwice";
  institution.name = "Gliwice";
  institution.kind = domain::InstitutionKind::city_with_county_rights;
  institution.teryt = "2466011";
  institution.position = domain::GeoPoint{50.29, 18.67};
  institution.website = "https://gliwice.eu";
  institution.associations = {{domain::AssociationId{1}, "GZM", "Metropolia GZM", true},
                              {domain::AssociationId{2}, "X", "Niepewny związek", false}};
  const auto described = View::parse(institution_json_ld(*page, institution));
  CHECK(faults_of(described) == std::vector<std::string>{});
  CHECK(described["memberOf"].size() == 1);
  CHECK(faults_of(View::parse(meeting_json_ld(*page, sample_meeting()))) ==
        std::vector<std::string>{});
}

TEST_CASE("the oracle sees what does not fit") {
  const std::pair<const char*, View> rows[] = {
      {": no type of schema.org", {{"name", "x"}}},
      {": no type of schema.org", {{"@type", "Practice"}}},
      {": lacks startDate", {{"@type", "Event"}, {"name", "x"}}},
      {": Place has no headline", {{"@type", "Place"}, {"name", "x"}, {"headline", "y"}}},
      {": nothing said as name", {{"@type", "Place"}, {"name", ""}}},
      {"/location: lacks name",
       {{"@type", "Organization"}, {"name", "x"}, {"location", {{"@type", "Place"}}}}},
  };
  for (const auto& [fault, data] : rows) {
    CAPTURE(data.dump());
    CHECK(faults_of(data) == std::vector<std::string>{fault});
  }
}

TEST_CASE("a practice is an article about its institutions, and no title ends the script") {
  const PageOf page("/praktyki/zielony-przystanek");
  const auto text = practice_json_ld(*page, full_practice());
  CHECK(text.find('<') == std::string::npos);
  CHECK(View::parse(text) ==
        View{{"@context", "https://schema.org"},
             {"@type", "Article"},
             {"headline", "Zielony przystanek </script>"},
             {"description", "Dach z rozchodnikiem."},
             {"url", "https://narada.example/praktyki/zielony-przystanek"},
             {"mainEntityOfPage", "https://narada.example/praktyki/zielony-przystanek"},
             {"inLanguage", "pl"},
             {"isAccessibleForFree", true},
             {"datePublished", "2027-01-15T09:00:00+01:00"},
             {"publisher",
              {{"@type", "Organization"}, {"name", "Narada"}, {"url", "https://narada.example/"}}},
             {"about",
              {{{"@type", "GovernmentOrganization"},
                {"name", "Gliwice"},
                {"url", "https://narada.example/gminy/2466011-gliwice"}}}},
             {"articleSection", "Zieleń"},
             {"keywords", {"inwestycyjna", "usługi techniczne"}},
             {"isBasedOn", "https://example.org/zrodlo"}});
}

TEST_CASE("the way to a page is a list of crumbs, the page itself last") {
  const PageOf holder("/praktyki/zielony-przystanek");
  Page page = *holder;
  page.title("Zielony przystanek");
  page.crumb("Praktyki", "/praktyki");
  page.view()["json_ld"] = practice_json_ld(page, full_practice());
  add_breadcrumbs(page);
  const auto data = View::parse(page.view()["json_ld"].get<std::string>());
  REQUIRE(data.size() == 2);
  CHECK(faults_of(data) == std::vector<std::string>{});
  std::vector<std::string> items;
  for (const auto& item : data[1]["itemListElement"])
    items.push_back(std::to_string(item["position"].get<int>()) + " " +
                    item["name"].get<std::string>() + " " + item["item"].get<std::string>());
  CHECK(items == std::vector<std::string>{
                     "1 Strona główna https://narada.example/",
                     "2 Praktyki https://narada.example/praktyki",
                     "3 Zielony przystanek https://narada.example/praktyki/zielony-przystanek"});
}
