#pragma once

#include <vector>

#include "service/usecases/csv.h"
#include "service/usecases/institutions.h"
#include "sql/connection.h"

namespace narada::usecases {

// import_municipalities inside the transaction of the caller: the whole table, or nothing and every
// rule that it breaks, as lines[12].population.
domain::Outcome<ImportReport> import_institution_table(storage::Connection& connection,
                                                       const Environment& environment,
                                                       const Call& call, const CsvTable& table);

}  // namespace narada::usecases
