#pragma once

#include <vector>

#include "service/usecases/outcomes/outcomes.h"
#include "service/usecases/stored_things.h"
#include "sql/connection.h"

namespace narada::usecases {

// Whether the actor may do this to the meeting or cycle.
domain::Outcome<Thing> check_outcome_owner(storage::Connection&, const Actor&, Action,
                                           const domain::OutcomeOwner&);
std::optional<domain::MeetingId> meeting_of_outcome(const domain::OutcomeOwner&);
// With practices and materials by name, as far as they are for the reader.
std::vector<OutcomeEntry> name_outcomes(storage::Connection&, const Environment&, const Actor&,
                                        std::vector<domain::WorkOutcome>, bool organizes);

}  // namespace narada::usecases
