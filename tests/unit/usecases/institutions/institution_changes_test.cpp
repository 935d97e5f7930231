#include "service/usecases/institutions/institution_changes.h"

#include <doctest/doctest.h>

#include "service/usecases/institutions/institution_table.h"

using namespace narada;
using namespace narada::usecases;

namespace {

domain::Institution bytom() {
  domain::Institution institution;
  institution.name = "Bytom";
  institution.teryt = "2462011";
  institution.kind = domain::InstitutionKind::urban_municipality;
  institution.population = 146290;
  institution.position = domain::GeoPoint{50.36, 18.87};
  institution.aliases = {"UM Bytom", "Miasto Bytom"};
  institution.associations = {{domain::AssociationId{1}, "GZM", "Metropolia", true}};
  return institution;
}

}  // namespace

TEST_CASE("what changes about an institution is named field by field") {
  auto changed = bytom();
  CHECK(changes_between(bytom(), changed).empty());
  std::swap(changed.aliases[0], changed.aliases[1]);
  CHECK(changes_between(bytom(), changed).empty());
  changed.name = "Bytom \"nowy\"";
  changed.population.reset();
  changed.area_km2 = 69.44;
  changed.position = domain::GeoPoint{50.36, 18.9};
  changed.aliases.push_back("Beuthen");
  changed.associations[0].certain = false;
  const auto changes = changes_between(bytom(), changed);
  CHECK(changes == std::vector<FieldChange>{
                       {"name", "Bytom", "Bytom \"nowy\""},
                       {"population", "146290", ""},
                       {"area_km2", "", "69.44"},
                       {"longitude", "18.87", "18.9"},
                       {"aliases", "Miasto Bytom\nUM Bytom", "Beuthen\nMiasto Bytom\nUM Bytom"},
                       {"associations", "GZM", "GZM ?"}});
  // The log cannot forget, so it keeps nothing that somebody typed.
  CHECK(describe_changes(changes) ==
        R"({"after":{"area_km2":"69.44","associations":"GZM ?","longitude":"18.9",)"
        R"("population":""},"before":{"area_km2":"","associations":"GZM","longitude":"18.87",)"
        R"("population":"146290"},"fields":["aliases","area_km2","associations","longitude",)"
        R"("name","population"]})");
}

TEST_CASE("columns of a file are known by their Polish names too") {
  auto table = parse_csv("TERYT;Nazwa;Rodzaj;Ludność;uwagi\n2462011;Bytom;gmina miejska;1 ;x\n");
  // Only ASCII is folded, and "Ludność" begins with an ASCII letter.
  use_known_columns(table);
  CHECK(table.columns == std::vector<std::string>{"teryt", "name", "kind", "population", "uwagi"});
  CHECK(table.rows[0]["name"] == "Bytom");
  CHECK(table.rows[0]["population"] == "1");
  auto twice = parse_csv("name;nazwa\na;b\n");
  CHECK_THROWS_AS(use_known_columns(twice), CsvError);
}
