#pragma once

#include "service/domain/work_outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/outcomes/outcomes.h"
#include "sql/connection.h"

namespace narada::usecases {

// An address of a document: empty or https.
void check_https(FieldChecks& checks, std::string_view field, std::string& url);

// Fills `outcome`, whose id and owner are set, from the form; what breaks a rule is noted.
// `kept`: as it stands now, whose practice and materials may be named still whoever asks.
domain::WorkOutcome read_outcome_form(storage::Connection&, const Environment&, const Actor&,
                                      OutcomeForm, FieldChecks&, const domain::WorkOutcome& kept);
OutcomeForm to_outcome_form(const domain::WorkOutcome&);

}  // namespace narada::usecases
