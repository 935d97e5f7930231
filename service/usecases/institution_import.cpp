#include "service/usecases/institution_import.h"

#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/institution_form.h"
#include "service/usecases/institution_saving.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug_retry.h"
#include "sql/association_store.h"
#include "sql/institution_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Institution;
using domain::InstitutionKind;
using domain::Outcome;

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

Institution read_row(const CsvRow& row, FieldChecks& checks) {
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

// What the file says of a stored institution; what it leaves empty stays.
Institution merge(const Institution& stored, const Institution& read) {
  Institution merged = stored;
  merged.name = read.name;
  merged.kind = read.kind;
  const auto take = [](auto& target, const auto& source) {
    if (source) target = source;
  };
  const auto take_text = [](std::string& target, const std::string& source) {
    if (!source.empty()) target = source;
  };
  take_text(merged.county, read.county);
  take_text(merged.voivodeship, read.voivodeship);
  take_text(merged.website, read.website);
  take(merged.position, read.position);
  take(merged.population, read.population);
  take(merged.population_year, read.population_year);
  take(merged.area_km2, read.area_km2);
  return merged;
}

bool same(const Institution& one, const Institution& other) {
  return one.name == other.name && one.kind == other.kind && one.county == other.county &&
         one.voivodeship == other.voivodeship && one.website == other.website &&
         one.position == other.position && one.population == other.population &&
         one.population_year == other.population_year && one.area_km2 == other.area_km2;
}

struct ReadRow {
  Institution institution;
  std::optional<domain::Association> association;
  bool certain = true;
};

std::vector<ReadRow> read_rows(storage::Connection& connection, const CsvTable& table,
                               FieldErrors& errors) {
  std::vector<ReadRow> rows;
  std::set<std::string> teryts;
  for (const CsvRow& row : table.rows) {
    FieldChecks checks(errors, "lines[" + std::to_string(row.line) + "].");
    ReadRow& read = rows.emplace_back();
    read.institution = read_row(row, checks);
    if (read.institution.teryt && !teryts.insert(*read.institution.teryt).second) {
      checks.add("teryt", "repeated");
    }
    if (const std::string& code = row["association"]; !code.empty()) {
      std::string text = code;
      const std::size_t errors_before = errors.size();
      checks.check_text("association", text, {.max = 32});
      if (errors.size() != errors_before) continue;
      read.association = storage::find_association(connection, code);
      if (!read.association) checks.add("association", "unknown_association");
    }
    const std::string& certain = row["membership_certain"];
    read.certain = certain.empty() || certain == "yes" || certain == "tak" || certain == "1";
  }
  return rows;
}

enum class Saved { added, changed, unchanged };

Saved save_row(storage::Connection& connection, const Environment& environment, const Call& call,
               const ReadRow& row, Existing existing) {
  const auto stored = storage::find_institution(connection, *row.institution.teryt);
  if (!stored || stored->teryt != row.institution.teryt) {
    const auto id = add_institution(connection, environment, call, row.institution);
    if (row.association) {
      storage::save_membership(connection, row.association->id, id, row.certain);
    }
    return Saved::added;
  }
  if (existing == Existing::keep) return Saved::unchanged;
  const Institution merged = merge(*stored, row.institution);
  bool changed = false;
  for (const std::string& alias : row.institution.aliases) {
    changed |= storage::save_alias(connection, stored->id, alias);
  }
  changed |= !same(*stored, merged);
  if (changed) {
    storage::update_institution(connection, merged, environment.clock->now());
    record_activity(connection, environment, call, "institution.changed", "institution",
                    stored->id.value);
  }
  if (row.association) {
    changed |= storage::save_membership(connection, row.association->id, stored->id, row.certain);
  }
  return changed ? Saved::changed : Saved::unchanged;
}

std::string to_line(const ImportReport& report) {
  return std::to_string(report.added) + ' ' + std::to_string(report.changed) + ' ' +
         std::to_string(report.unchanged);
}

ImportReport parse_line(const std::string& line) {
  ImportReport report;
  std::size_t end = 0;
  std::string_view rest = line;
  for (int* count : {&report.added, &report.changed, &report.unchanged}) {
    *count = std::stoi(std::string(rest), &end);
    rest.remove_prefix(end);
  }
  return report;
}

}  // namespace

Outcome<ImportReport> import_institution_table(storage::Connection& connection,
                                               const Environment& environment, const Call& call,
                                               const CsvTable& table, Existing existing) {
  FieldErrors errors;
  for (const std::string_view column : {"teryt", "name", "kind"}) {
    if (!table.has_column(column)) errors.push_back({std::string(column), "missing_column"});
  }
  if (!errors.empty()) return errors;
  const std::vector<ReadRow> rows = read_rows(connection, table, errors);
  if (!errors.empty()) return errors;
  ImportReport report;
  for (const ReadRow& row : rows) {
    const Saved saved = save_row(connection, environment, call, row, existing);
    ++(saved == Saved::added     ? report.added
       : saved == Saved::changed ? report.changed
                                 : report.unchanged);
  }
  return report;
}

Outcome<ImportReport> import_municipalities(const Environment& environment, const Call& call,
                                            std::string_view csv) {
  if (!call.actor.can_organize()) return domain::Forbidden{};
  CsvTable table;
  try {
    table = parse_csv(csv);
  } catch (const CsvError& error) {
    return FieldErrors{{"lines[" + std::to_string(error.line) + "]", error.code}};
  }
  auto report = retry_taken_slug([&] {
    return run_once<ImportReport>(
        environment, call, "import_municipalities",
        [&](storage::Connection& connection) {
          return import_institution_table(connection, environment, call, table, Existing::update);
        },
        to_line, parse_line);
  });
  if (report) note_catalogue_write(environment);
  return report;
}

}  // namespace narada::usecases
