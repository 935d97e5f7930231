#pragma once

#include "service/domain/institution.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/files/csv.h"

namespace narada::usecases {

// Columns by the names that read_institution_row() knows: in lower case, and the Polish ones
// ("nazwa", "powiat") by their own. Throws CsvError when two then have one name.
void use_known_columns(CsvTable& table);

// What a row says of an institution, without its association; every rule that a cell breaks is
// added to `checks` under the name of its column.
domain::Institution read_institution_row(const CsvRow& row, FieldChecks& checks);

}  // namespace narada::usecases
