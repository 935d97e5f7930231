#include "service/usecases/institutions/institution_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "service/usecases/institutions/institution_form.h"

namespace narada::usecases {
namespace {

using domain::Institution;
using domain::InstitutionKind;

struct KindName {
  std::string_view name;
  InstitutionKind kind;
};
constexpr std::array<KindName, 5> kPolishKinds{{
    {"miasto na prawach powiatu", InstitutionKind::city_with_county_rights},
    {"gmina miejska", InstitutionKind::urban_municipality},
    {"gmina miejsko-wiejska", InstitutionKind::urban_rural_municipality},
    {"gmina wiejska", InstitutionKind::rural_municipality},
    {"inna", InstitutionKind::other},
}};

std::optional<InstitutionKind> find_kind(std::string_view name) {
  for (const auto& [polish, kind] : kPolishKinds) {
    if (polish == name) return kind;
  }
  return domain::find_institution_kind(name);
}

// Digits with an optional minus and fraction; the decimal comma of spreadsheets too.
std::optional<double> find_number(std::string text) {
  for (char& c : text) {
    if (c == ',') c = '.';
  }
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

// Reads the cells of one row; a cell that is empty or not there is absence.
class RowReader {
 public:
  RowReader(const CsvRow& row, FieldChecks& checks) : row_(row), checks_(checks) {}

  std::optional<double> number(std::string_view column) {
    const std::string& cell = row_[column];
    if (cell.empty()) return std::nullopt;
    const auto value = find_number(cell);
    if (!value) checks_.add(column, "not_a_number");
    return value;
  }

  std::optional<std::int64_t> integer(std::string_view column) {
    const auto value = number(column);
    if (!value) return std::nullopt;
    if (*value != std::floor(*value) || std::abs(*value) > 1e12) {
      checks_.add(column, "not_a_number");
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*value);
  }

 private:
  const CsvRow& row_;
  FieldChecks& checks_;
};

struct ColumnName {
  std::string_view polish;
  std::string_view name;
};
constexpr std::array<ColumnName, 14> kPolishColumns{{
    {"nazwa", "name"},
    {"rodzaj", "kind"},
    {"powiat", "county"},
    {"województwo", "voivodeship"},
    {"szerokość", "latitude"},
    {"długość", "longitude"},
    {"ludność", "population"},
    {"rok ludności", "population_year"},
    {"powierzchnia", "area_km2"},
    {"strona", "website"},
    {"aliasy", "aliases"},
    {"związek", "association"},
    {"pewność", "membership_certain"},
    {"kod teryt", "teryt"},
}};

// ASCII only: what is known of the names is in lower case.
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string column_name(const std::string& written) {
  const std::string name = lower(written);
  for (const auto& [polish, known] : kPolishColumns) {
    if (polish == name) return std::string(known);
  }
  return name;
}

}  // namespace

void use_known_columns(CsvTable& table) {
  std::vector<std::string> names;
  for (const std::string& column : table.columns) names.push_back(column_name(column));
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    throw CsvError{1, "duplicate_column"};
  }
  for (CsvRow& row : table.rows) {
    decltype(row.cells) cells;
    for (std::size_t index = 0; index < names.size(); ++index) {
      cells[names[index]] = std::move(row.cells[table.columns[index]]);
    }
    row.cells = std::move(cells);
  }
  table.columns = std::move(names);
}

Institution read_institution_row(const CsvRow& row, FieldChecks& checks) {
  RowReader cells(row, checks);
  InstitutionForm form;
  form.name = row["name"];
  form.county = row["county"];
  form.voivodeship = row["voivodeship"];
  form.website = row["website"];
  form.population = cells.integer("population");
  const auto latitude = cells.number("latitude");
  const auto longitude = cells.number("longitude");
  if (latitude && longitude) form.position = domain::GeoPoint{*latitude, *longitude};
  if (row["latitude"].empty() != row["longitude"].empty()) {
    checks.add(latitude ? "longitude" : "latitude", "required");
  }
  if (row["teryt"].empty()) {
    checks.add("teryt", "required");
  } else {
    form.teryt = row["teryt"];
  }
  form.aliases = split_cell(row["aliases"]);
  const auto kind = find_kind(row["kind"]);
  if (!kind) checks.add("kind", row["kind"].empty() ? "required" : "unknown_kind");
  form.kind = kind.value_or(InstitutionKind::other);
  Institution institution = read_institution_form(form, checks);
  if (const auto year = cells.integer("population_year")) {
    checks.check_range("population_year", *year, 1900, 2200);
    institution.population_year = static_cast<int>(*year);
  }
  institution.area_km2 = cells.number("area_km2");
  if (institution.area_km2 && *institution.area_km2 < 0) {
    checks.add("area_km2", "out_of_range", {{"min", "0"}, {"max", "100000"}});
  }
  return institution;
}

}  // namespace narada::usecases
