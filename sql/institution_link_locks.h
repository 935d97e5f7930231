#pragma once

#include "service/domain/ids.h"
#include "sql/connection.h"

namespace narada::storage {

// What a merge of institutions locks and marks as changed besides the rows that it moves.

// Locks what either institution takes part in until the transaction ends: cycles, enrolments,
// meetings, the order of enrolling, which goes through all three.
void lock_things(Connection& connection, domain::InstitutionId one, domain::InstitutionId other);

// An institution holds the places of one meeting and mode in one row: where both have one, that of
// `into` gets the places, names and reserves of the other. They stay there when the merge is
// undone.
void unite_delegations(Connection& connection, domain::InstitutionId from,
                       domain::InstitutionId into);

// Whoever has one of its cycles, meetings or practices open for editing sees that it is not what it
// was.
void raise_versions(Connection& connection, domain::InstitutionId institution);

}  // namespace narada::storage
