#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/usecases/files/csv.h"
#include "service/usecases/institutions/institution_changes.h"
#include "service/usecases/institutions/institutions.h"
#include "sql/connection.h"
#include "sql/institution_store.h"

namespace narada::usecases {

// What happens to an institution whose TERYT is known already.
enum class Existing { update, keep };

// What the import does with one row of the file, found out without writing anything.
enum class RowStep { add, change, keep, refuse };
struct PlannedRow {
  int line = 0;
  RowStep step = RowStep::keep;
  domain::Institution institution;  // as it would be stored
  std::vector<FieldChange> changes;
  std::vector<std::string> new_aliases;  // of a known institution
  std::optional<domain::Association> association;
  bool certain = true;
  domain::FieldErrors errors;  // under the names of the columns; of a refused row
};
struct TablePlan {
  std::vector<PlannedRow> rows;
  std::vector<std::string> new_associations;  // codes; those in the rows have the id 0

  // Of all rows, as lines[12].population.
  domain::FieldErrors errors() const;
};

// A file's bytes as a table with known columns, or what is wrong with its shape.
domain::Outcome<CsvTable> read_institution_csv(std::string_view csv);

// With RowLock::update the known institutions stay as they are until the transaction ends.
TablePlan plan_institution_table(storage::Connection& connection, const CsvTable& table,
                                 Existing existing, storage::RowLock lock);
// Precondition: planned in this transaction, and no row is refused.
ImportReport apply_plan(storage::Connection& connection, const Environment& environment,
                        const Call& call, const TablePlan& plan);

// import_municipalities inside the transaction of the caller: the whole table, or nothing and every
// rule that it breaks.
domain::Outcome<ImportReport> import_institution_table(storage::Connection& connection,
                                                       const Environment& environment,
                                                       const Call& call, const CsvTable& table,
                                                       Existing existing);

// For the results of operations: the counts, then each new association in a line of its own.
std::string to_text(const ImportReport& report);
ImportReport parse_report(const std::string& text);

}  // namespace narada::usecases
