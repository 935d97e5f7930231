#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/files/csv.h"
#include "sql/connection.h"

namespace narada::usecases {

// A row of people.csv.
struct SamplePerson {
  std::string name;
  std::string email;
  std::string position;
  std::string institution;  // TERYT or slug; empty: none
  Role role = Role::official;
  std::string cycle;  // the title of the one cycle that the role is for; empty: everywhere
};
// Throws SampleError.
SamplePerson read_person_row(const CsvRow& row);

// In the transaction of `connection`. FieldErrors name what the rest of the data does not have.
domain::Outcome<domain::PersonId> add_sample_person(storage::Connection& connection,
                                                    const Environment& environment,
                                                    const Call& call, const SamplePerson& sample);

}  // namespace narada::usecases
