#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// The trace of one write that has happened.
struct StoredOperation {
  std::string id;            // 32 bytes
  std::string request_hash;  // 32 bytes
  std::string kind;
  std::string result;
  std::optional<domain::PersonId> person = {};  // whom the result tells of; not read back
};

// Without the result when its person has been forgotten, whom nobody forgets until the end of the
// transaction otherwise. Throws Duplicate when an operation of that id has happened; waits for one
// that is under way.
void save_operation(Connection& connection, const StoredOperation& operation, domain::Instant now);

// Waits for a transaction under way that has written this id, so that absence means it did not
// happen and no longer can.
std::optional<StoredOperation> find_operation(Connection& connection, std::string_view id);

}  // namespace narada::storage
