#include "service/usecases/institutions/institutions.h"

#include <doctest/doctest.h>

#include "service/usecases/list_cursor.h"
#include "sql/association_store.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;

namespace {

std::vector<std::string> names(const std::vector<domain::InstitutionRef>& institutions) {
  std::vector<std::string> names;
  for (const auto& institution : institutions) names.push_back(institution.name);
  return names;
}

struct WithAssociation : Catalogue {
  WithAssociation() {
    environment.pool->transact([](storage::Connection& connection) {
      storage::insert_association(connection, {{}, "GZM", "Metropolia", "https://example.org"});
      return true;
    });
  }
};

constexpr std::string_view kCsv =
    "\xEF\xBB\xBF"
    "teryt;name;kind;county;voivodeship;latitude;longitude;population;area_km2;association;"
    "membership_certain;aliases\r\n"
    "2462011;Bytom;miasto na prawach powiatu;Bytom;śląskie;50,36;18,87;146290;69,48;GZM;yes;"
    "Miasto Bytom|UM Bytom\r\n"
    "2401042;\"Bobrowniki; \"\"nowe\"\"\";gmina wiejska;będziński;śląskie;;;12554;;GZM;no;\r\n";

}  // namespace

TEST_CASE("institutions stand in the order of the Polish alphabet") {
  Catalogue catalogue;
  // Ę follows e, ł follows l, ś follows s, ż follows ź.
  const std::vector<std::string> ordered = {"Będzin",   "Bytom",     "Chorzów",        "Lędziny",
                                            "Łaziska",  "Sosnowiec", "Świętochłowice", "Zabrze",
                                            "Źródlany", "Żory"};
  int number = 1000000;
  for (auto name = ordered.rbegin(); name != ordered.rend(); ++name) {
    catalogue.add_municipality(*name, std::to_string(number++));
  }
  CHECK(names(all_institutions(catalogue.environment)) == ordered);
  std::vector<std::string> paged;
  PageRequest request{.limit = 3, .cursor = {}};
  do {
    const auto page = list_institutions(catalogue.environment, {}, request);
    for (const auto& institution : page.items) paged.push_back(institution.name);
    request.cursor = page.next;
  } while (request.cursor);
  CHECK(paged == ordered);
}

TEST_CASE("an institution is found by TERYT, by id and by address") {
  Catalogue catalogue;
  catalogue.add_municipality("Piekary Śląskie", "2471011");
  const auto by_teryt = find_institution(catalogue.environment, "2471011");
  REQUIRE(by_teryt);
  CHECK(by_teryt->slug == "piekary-slaskie");
  CHECK(find_institution(catalogue.environment, std::to_string(by_teryt->id.value))->name ==
        "Piekary Śląskie");
  CHECK(find_institution(catalogue.environment, "piekary-slaskie")->teryt == "2471011");
  for (const char* key : {"2471012", "piekary", "", "\xFF", "Piekary Śląskie"}) {
    CAPTURE(key);
    CHECK(failed_with<domain::NotFound>(find_institution(catalogue.environment, key)));
  }
}

TEST_CASE("two municipalities of one name have addresses of their own") {
  Catalogue catalogue;
  catalogue.add_municipality("Pruszcz Gdański", "2204011");
  catalogue.add_municipality("Pruszcz Gdański", "2204042");
  CHECK(find_institution(catalogue.environment, "2204042")->slug == "pruszcz-gdanski-2");
  InstitutionForm form = catalogue.municipality("Pruszcz Gdański", "2204042");
  CHECK(errors_of(create_institution(catalogue.environment, catalogue.organizer, form)) ==
        std::vector<std::string>{"teryt: taken"});
}

TEST_CASE("a form of an institution names each bad field") {
  WithAssociation catalogue;
  InstitutionForm form;
  form.teryt = "12";
  form.website = "x";
  form.position = domain::GeoPoint{91, 181};
  form.population = -1;
  form.aliases = {"a\x01"};
  form.associations = {"GZM", "XYZ"};
  CHECK(errors_of(create_institution(catalogue.environment, catalogue.organizer, form)) ==
        std::vector<std::string>{"name: required", "teryt: invalid_teryt", "website: invalid_url",
                                 "latitude: out_of_range", "longitude: out_of_range",
                                 "population: out_of_range", "aliases[0]: control_characters",
                                 "associations[1]: unknown_association"});
}

TEST_CASE("a search looks into names, aliases and counties") {
  Catalogue catalogue;
  auto bytom = catalogue.municipality("Bytom", "2462011");
  bytom.aliases = {"Urząd Miejski w Bytomiu"};
  auto psary = catalogue.municipality("Psary", "2401062");
  psary.county = "będziński";
  for (const auto* form : {&bytom, &psary}) {
    REQUIRE(create_institution(catalogue.environment, catalogue.organizer, *form));
  }
  const auto found = [&](const std::string& q) {
    std::vector<std::string> matches;
    InstitutionFilter filter;
    filter.q = q;
    for (const auto& it : list_institutions(catalogue.environment, filter, {}).items) {
      matches.push_back(it.name);
    }
    return matches;
  };
  using Names = std::vector<std::string>;
  CHECK(found("byt") == Names{"Bytom"});
  CHECK(found("bytomiu") == Names{"Bytom"});
  CHECK(found("BĘDZ") == Names{"Psary"});
  CHECK(found("100%") == Names{});
  CHECK(found("\xFF") == Names{});
}

TEST_CASE("a CSV of municipalities is added, then unchanged, then changed") {
  WithAssociation catalogue;
  const auto import = [&](std::string_view csv) {
    const auto report = import_municipalities(catalogue.environment, catalogue.organizer, csv);
    REQUIRE(report);
    return std::vector<int>{report->added, report->changed, report->unchanged};
  };
  CHECK(import(kCsv) == std::vector<int>{2, 0, 0});
  CHECK(import(kCsv) == std::vector<int>{0, 0, 2});
  const auto bytom = find_institution(catalogue.environment, "2462011");
  REQUIRE(bytom);
  CHECK(bytom->kind == domain::InstitutionKind::city_with_county_rights);
  CHECK(bytom->position == domain::GeoPoint{50.36, 18.87});
  CHECK(bytom->area_km2 == doctest::Approx(69.48));
  CHECK(bytom->aliases == std::vector<std::string>{"Miasto Bytom", "UM Bytom"});
  const auto village = find_institution(catalogue.environment, "2401042");
  REQUIRE(village);
  CHECK(village->name == "Bobrowniki; \"nowe\"");
  CHECK_FALSE(village->associations.front().certain);
  std::string changed(kCsv);
  changed.replace(changed.find("146290"), 6, "146291");
  CHECK(import(changed) == std::vector<int>{0, 1, 1});
  CHECK(find_institution(catalogue.environment, "2462011")->population == 146291);
}

TEST_CASE("an association that the file is the first to name joins the catalogue once") {
  WithAssociation catalogue;
  const std::string csv =
      "teryt,name,kind,association\n"
      "2462011,Bytom,gmina miejska,OMGGS\n"
      "2401042,Bobrowniki,gmina wiejska,OMGGS\n"
      "2466011,Gliwice,gmina miejska,GZM\n";
  const auto import = [&] {
    auto call = catalogue.organizer;
    call.idempotency_key = "jeden-plik";
    call.request_digest = hash_token("jeden-plik");
    return import_municipalities(catalogue.environment, call, csv);
  };
  for (int times = 0; times < 2; ++times) {  // the second answer is the first one's
    const auto report = import();
    REQUIRE(report);
    CHECK(report->added == 3);
    CHECK(report->new_associations == std::vector<std::string>{"OMGGS"});
  }
  const auto again = import_municipalities(catalogue.environment, catalogue.organizer, csv);
  REQUIRE(again);
  CHECK(again->unchanged == 3);
  CHECK(again->new_associations.empty());
  std::vector<std::string> codes;
  for (const auto& association : list_associations(catalogue.environment))
    codes.push_back(association.code);
  CHECK(codes == std::vector<std::string>{"GZM", "OMGGS"});
  const auto bytom = find_institution(catalogue.environment, "2462011");
  REQUIRE(bytom->associations.size() == 1);
  CHECK(bytom->associations[0].code == "OMGGS");
}

TEST_CASE("a CSV with a bad row writes nothing and names each line") {
  WithAssociation catalogue;
  const auto errors = [&](const std::string& csv) {
    return errors_of(import_municipalities(catalogue.environment, catalogue.organizer, csv));
  };
  using Errors = std::vector<std::string>;
  CHECK(errors("teryt,name,kind,population,association\n"
               "2462011,Bytom,gmina miejska,146290,GZM\n"
               "\n"
               "246201,,gmina,wiele," +
               std::string(33, 'X') +
               "\n"
               "2462011,Bytom,gmina miejska,1,\n") ==
        Errors{"lines[4].population: not_a_number", "lines[4].kind: unknown_kind",
               "lines[4].name: required", "lines[4].teryt: invalid_teryt",
               "lines[4].association: too_long", "lines[5].teryt: repeated"});
  CHECK(errors("name\nBytom\n") == Errors{"teryt: missing_column", "kind: missing_column"});
  CHECK(errors("") == Errors{"lines[1]: no_header"});
  CHECK(errors("teryt,name,kind\n2462011,Bytom\n") == Errors{"lines[2]: wrong_number_of_cells"});
  CHECK(errors("teryt,name,kind\n\"2462011,Bytom,x\n") == Errors{"lines[2]: unclosed_quote"});
  CHECK(all_institutions(catalogue.environment).empty());
}

TEST_CASE("topics are unique by name, experts are not") {
  Catalogue catalogue;
  REQUIRE(create_topic(catalogue.environment, catalogue.organizer, "Zieleń", "Greenery"));
  CHECK(errors_of(create_topic(catalogue.environment, catalogue.organizer, "ZIELEŃ", "")) ==
        std::vector<std::string>{"name: taken"});
  ExpertForm form{"Fundacja", domain::ExpertKind::organization, "opis", ""};
  CHECK(create_expert(catalogue.environment, catalogue.organizer, form)->slug == "fundacja");
  CHECK(create_expert(catalogue.environment, catalogue.organizer, form)->slug == "fundacja-2");
  CHECK(find_expert(catalogue.environment, "fundacja-2")->description == "opis");
  CHECK(list_topics(catalogue.environment).size() == 1);
  const auto page = list_experts(catalogue.environment, "fund", {.limit = 1, .cursor = {}});
  REQUIRE(page.next);
  CHECK(list_experts(catalogue.environment, "fund", {.limit = 1, .cursor = page.next})
            .items.front()
            .slug == "fundacja-2");
}
