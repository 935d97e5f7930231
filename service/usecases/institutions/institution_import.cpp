#include "service/usecases/institutions/institution_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/institutions/institution_form.h"
#include "service/usecases/institutions/institution_saving.h"
#include "service/usecases/institutions/institution_table.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug_retry.h"
#include "sql/association_store.h"
#include "sql/institution_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Institution;
using domain::InstitutionRecord;
using domain::Outcome;

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

// Adds the membership to an institution, or changes whether it is certain.
void join(Institution& institution, const domain::Association& association, bool certain) {
  for (auto& membership : institution.associations) {
    if (membership.association != association.id) continue;
    membership.certain = certain;
    return;
  }
  institution.associations.push_back({association.id, association.code, association.name, certain});
}

// Plans the rows of one table, one after the other.
class Planner {
 public:
  Planner(storage::Connection& connection, Existing existing)
      : connection_(connection), existing_(existing) {}

  void read(const CsvRow& row, PlannedRow& planned) {
    FieldChecks checks(planned.errors);
    planned.line = row.line;
    planned.institution = read_institution_row(row, checks);
    const auto& teryt = planned.institution.teryt;
    if (teryt && !teryts_.insert(*teryt).second) checks.add("teryt", "repeated");
    const std::string& certain = row["membership_certain"];
    planned.certain = certain.empty() || certain == "yes" || certain == "tak" || certain == "1";
    if (!row["association"].empty()) read_association(row["association"], checks, planned);
    if (!planned.errors.empty()) planned.step = RowStep::refuse;
  }

  void load_known(storage::RowLock lock) {
    std::vector<std::string> teryts;
    for (const std::string& teryt : teryts_) {
      if (is_teryt(teryt)) teryts.push_back(teryt);
    }
    for (auto& record : storage::find_institution_records(connection_, teryts, lock)) {
      auto teryt = *record.institution.teryt;
      known_.emplace(std::move(teryt), std::move(record));
    }
  }

  void decide(PlannedRow& planned) {
    if (planned.step == RowStep::refuse) return;
    const auto found = known_.find(*planned.institution.teryt);
    if (found == known_.end()) {
      planned.step = RowStep::add;
      if (planned.association) {
        join(planned.institution, *planned.association, planned.certain);
      }
      planned.changes = changes_between({}, planned.institution);
      return;
    }
    const InstitutionRecord& record = found->second;
    if (record.state == domain::InstitutionState::merged) {
      planned.step = RowStep::refuse;
      planned.errors.push_back({"teryt", "institution_merged"});
      return;
    }
    if (existing_ == Existing::update) compare(record.institution, planned);
  }

  std::vector<std::string> take_new_associations() { return std::move(new_associations_); }

 private:
  void read_association(const std::string& code, FieldChecks& checks, PlannedRow& planned) {
    std::string text = code;
    const std::size_t errors_before = planned.errors.size();
    checks.check_text("association", text, {.max = 32});
    if (planned.errors.size() != errors_before) return;
    const auto [known, is_new] = associations_.try_emplace(text);
    if (is_new) known->second = find_or_plan(text);
    planned.association = known->second;
  }

  domain::Association find_or_plan(const std::string& code) {
    if (auto known = storage::find_association(connection_, code)) return std::move(*known);
    new_associations_.push_back(code);
    return {{}, code, code, {}};
  }

  void compare(const Institution& stored, PlannedRow& planned) {
    Institution changed = merge(stored, planned.institution);
    for (const std::string& alias : planned.institution.aliases) {
      if (storage::has_alias(connection_, stored.id, alias)) continue;
      planned.new_aliases.push_back(alias);
      changed.aliases.push_back(alias);
    }
    if (planned.association) join(changed, *planned.association, planned.certain);
    planned.changes = changes_between(stored, changed);
    planned.step = planned.changes.empty() ? RowStep::keep : RowStep::change;
    planned.institution = std::move(changed);
  }

  storage::Connection& connection_;
  const Existing existing_;
  std::set<std::string> teryts_;
  std::map<std::string, domain::Association> associations_;  // by code
  std::vector<std::string> new_associations_;
  std::map<std::string, InstitutionRecord> known_;
};

// The associations that the catalogue does not have yet, by code.
using NewAssociations = std::map<std::string, domain::AssociationId>;

NewAssociations add_associations(storage::Connection& connection, const Environment& environment,
                                 const Call& call, const std::vector<std::string>& codes) {
  NewAssociations added;
  for (const std::string& code : codes) {
    const auto id = storage::insert_association(connection, {{}, code, code, {}});
    record_activity(connection, environment, call, "association.created", "association", id.value);
    added.emplace(code, id);
  }
  return added;
}

void save_membership(storage::Connection& connection, const PlannedRow& row,
                     domain::InstitutionId institution, const NewAssociations& added) {
  if (!row.association) return;
  const auto found = added.find(row.association->code);
  storage::save_membership(connection, found == added.end() ? row.association->id : found->second,
                           institution, row.certain);
}

void add(storage::Connection& connection, const Environment& environment, const Call& call,
         const PlannedRow& row, const NewAssociations& added) {
  const auto id = add_institution(connection, environment, call, row.institution);
  save_membership(connection, row, id, added);
}

void change(storage::Connection& connection, const Environment& environment, const Call& call,
            const PlannedRow& row, const NewAssociations& added) {
  const auto id = row.institution.id;
  for (const std::string& alias : row.new_aliases) storage::save_alias(connection, id, alias);
  save_membership(connection, row, id, added);
  storage::update_institution(connection, row.institution, environment.clock->now());
  record_activity(connection, environment, call, "institution.changed", "institution", id.value, {},
                  describe_changes(row.changes));
}

}  // namespace

FieldErrors TablePlan::errors() const {
  FieldErrors all;
  for (const PlannedRow& row : rows) {
    for (domain::FieldError error : row.errors) {
      error.field.insert(0, "lines[" + std::to_string(row.line) + "].");
      all.push_back(std::move(error));
    }
  }
  return all;
}

Outcome<CsvTable> read_institution_csv(std::string_view csv) {
  CsvTable table;
  try {
    table = parse_csv(csv);
    use_known_columns(table);
  } catch (const CsvError& error) {
    return FieldErrors{{"lines[" + std::to_string(error.line) + "]", error.code}};
  }
  FieldErrors errors;
  for (const std::string_view column : {"teryt", "name", "kind"}) {
    if (!table.has_column(column)) errors.push_back({std::string(column), "missing_column"});
  }
  if (!errors.empty()) return errors;
  return table;
}

TablePlan plan_institution_table(storage::Connection& connection, const CsvTable& table,
                                 Existing existing, storage::RowLock lock) {
  Planner planner(connection, existing);
  TablePlan plan;
  for (const CsvRow& row : table.rows) planner.read(row, plan.rows.emplace_back());
  planner.load_known(lock);
  for (PlannedRow& row : plan.rows) planner.decide(row);
  plan.new_associations = planner.take_new_associations();
  return plan;
}

ImportReport apply_plan(storage::Connection& connection, const Environment& environment,
                        const Call& call, const TablePlan& plan) {
  ImportReport report;
  report.new_associations = plan.new_associations;
  const auto added = add_associations(connection, environment, call, plan.new_associations);
  for (const PlannedRow& row : plan.rows) {
    if (row.step == RowStep::add) {
      add(connection, environment, call, row, added);
      ++report.added;
    } else if (row.step == RowStep::change) {
      change(connection, environment, call, row, added);
      ++report.changed;
    } else {
      ++report.unchanged;
    }
  }
  return report;
}

Outcome<ImportReport> import_institution_table(storage::Connection& connection,
                                               const Environment& environment, const Call& call,
                                               const CsvTable& table, Existing existing) {
  const auto plan = plan_institution_table(connection, table, existing, storage::RowLock::update);
  if (auto errors = plan.errors(); !errors.empty()) return errors;
  return apply_plan(connection, environment, call, plan);
}

std::string to_text(const ImportReport& report) {
  std::string text = std::to_string(report.added) + ' ' + std::to_string(report.changed) + ' ' +
                     std::to_string(report.unchanged);
  for (const std::string& code : report.new_associations) text.append("\n").append(code);
  return text;
}

ImportReport parse_report(const std::string& text) {
  ImportReport report;
  std::istringstream lines(text);
  lines >> report.added >> report.changed >> report.unchanged;
  std::string code;
  std::getline(lines, code);  // the rest of the counts' line
  while (std::getline(lines, code)) report.new_associations.push_back(code);
  return report;
}

Outcome<ImportReport> import_municipalities(const Environment& environment, const Call& call,
                                            std::string_view csv) {
  if (!can(call.actor, Action::edit_catalogue, {})) return domain::Forbidden{};
  const auto table = read_institution_csv(csv);
  if (!table) return table.failure();
  auto report = retry_taken_slug([&] {
    return run_once<ImportReport>(
        environment, call, "import_municipalities",
        [&](storage::Connection& connection) {
          return import_institution_table(connection, environment, call, *table, Existing::update);
        },
        to_text, parse_report);
  });
  if (report) note_catalogue_write(environment);
  return report;
}

}  // namespace narada::usecases
