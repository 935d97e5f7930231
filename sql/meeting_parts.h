#pragma once

#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// Fills places, experts, presenting and program of a meeting whose own columns are read; five
// statements, four where it has no program.
void load_meeting_parts(Connection& connection, domain::Meeting& meeting);

// Makes the stored places, experts, presenting institutions and program those of `meeting`.
void replace_meeting_parts(Connection& connection, const domain::Meeting& meeting);

}  // namespace narada::storage
