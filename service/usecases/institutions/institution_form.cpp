#include "service/usecases/institutions/institution_form.h"

#include <algorithm>

namespace narada::usecases {
namespace {

constexpr std::int64_t kMostPeople = 100'000'000;
constexpr std::size_t kMostAliases = 50;

void check_position(FieldChecks& checks, const domain::GeoPoint& position) {
  // NaN is in no range: written so that it fails.
  if (!(position.latitude >= -90 && position.latitude <= 90)) {
    checks.add("latitude", "out_of_range", {{"min", "-90"}, {"max", "90"}});
  }
  if (!(position.longitude >= -180 && position.longitude <= 180)) {
    checks.add("longitude", "out_of_range", {{"min", "-180"}, {"max", "180"}});
  }
}

}  // namespace

bool is_teryt(std::string_view text) {
  return text.size() == 7 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

domain::Institution read_institution_form(InstitutionForm form, FieldChecks& checks) {
  checks.check_text("name", form.name, {.max = 200, .presence = Presence::required});
  if (form.teryt && !is_teryt(*form.teryt)) checks.add("teryt", "invalid_teryt");
  checks.check_text("county", form.county, {.max = 200});
  checks.check_text("voivodeship", form.voivodeship, {.max = 60});
  checks.check_url("website", form.website);
  if (form.website.size() > 500) checks.add("website", "too_long", {{"max", "500"}});
  if (form.position) check_position(checks, *form.position);
  if (form.population) checks.check_range("population", *form.population, 0, kMostPeople);
  domain::Institution institution;
  if (checks.check_count("aliases", form.aliases.size(), kMostAliases)) {
    for (std::size_t index = 0; index < form.aliases.size(); ++index) {
      checks.check_text("aliases[" + std::to_string(index) + "]", form.aliases[index],
                        {.max = 200});
      if (!form.aliases[index].empty()) institution.aliases.push_back(form.aliases[index]);
    }
  }
  institution.teryt = form.teryt;
  institution.name = form.name;
  institution.kind = form.kind;
  institution.county = form.county;
  institution.voivodeship = form.voivodeship;
  institution.position = form.position;
  institution.population = form.population;
  institution.website = form.website;
  return institution;
}

}  // namespace narada::usecases
