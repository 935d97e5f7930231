#pragma once

#include <string>

#include "sql/connection.h"
#include "sql/pool.h"

// Two accounts keep the activity log append-only: the owner of the schema changes it (narada
// migrate), and the one that serves may only read and write rows, and of the log read and add.
// Whoever gets hold of the serving account can hide nothing that has been logged.
namespace narada::storage {

// Grants the account of `serving` what serving needs and takes schema-wide rights from it, with the
// owner's connections; harmless to repeat, while processes serve too. False, with nothing done,
// when both are the same account. Throws storage::Error when the serving account cannot sign in or
// keeps rights that no grant of the owner's can take back.
bool grant_serving_rights(Pool& owner, const DatabaseAddress& serving);

// Whether the server refuses these connections to change what the activity log holds.
bool is_log_append_only(Pool& pool);

}  // namespace narada::storage
