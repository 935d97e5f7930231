#pragma once

#include <string_view>
#include <vector>

#include "sql/connection.h"
#include "sql/error.h"

namespace narada::storage {

// INSERT … RETURNING of a claim whose person is given as
// (SELECT id FROM person WHERE id = ? AND erased_at IS NULL LOCK IN SHARE MODE): whoever was
// forgotten since the caller looked is no person any more, and the caller begins anew (Conflict).
inline Rows insert_claim(Connection& connection, std::string_view sql,
                         const std::vector<Parameter>& parameters) {
  constexpr int kColumnCannotBeNull = 1048;  // ER_BAD_NULL_ERROR
  try {
    return connection.query(sql, parameters);
  } catch (const Error& error) {
    if (error.code() != kColumnCannotBeNull) throw;
    throw Conflict(kColumnCannotBeNull, "the person has been forgotten meanwhile");
  }
}

// False for somebody forgotten or unknown; until the end of the transaction nobody forgets the
// person.
inline bool hold_live_person(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT id FROM person WHERE id = ? AND erased_at IS NULL LOCK IN SHARE MODE";
  return !connection.query(kSelect, {person}).empty();
}

// Before something is written about a person whom the caller has read earlier.
inline void require_live_person(Connection& connection, domain::PersonId person) {
  if (!hold_live_person(connection, person))
    throw Conflict(0, "the person has been forgotten meanwhile");
}

}  // namespace narada::storage
