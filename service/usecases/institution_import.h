#pragma once

#include <vector>

#include "service/usecases/csv.h"
#include "service/usecases/institutions.h"
#include "sql/connection.h"

namespace narada::usecases {

// What happens to an institution whose TERYT is known already.
enum class Existing { update, keep };

// import_municipalities inside the transaction of the caller: the whole table, or nothing and every
// rule that it breaks, as lines[12].population.
domain::Outcome<ImportReport> import_institution_table(storage::Connection& connection,
                                                       const Environment& environment,
                                                       const Call& call, const CsvTable& table,
                                                       Existing existing);

}  // namespace narada::usecases
