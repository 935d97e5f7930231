#include "sql/operation_store.h"

#include "sql/live_person.h"

namespace narada::storage {

void save_operation(Connection& connection, const StoredOperation& operation, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO operation (id, request_hash, kind, result, person_id, created_at) "
      "VALUES (?, ?, ?, ?, ?, ?)";
  const bool keeps = !operation.person || hold_live_person(connection, *operation.person);
  connection.execute(kInsert, {operation.id, operation.request_hash, operation.kind,
                               keeps ? operation.result : std::string(), operation.person, now});
}

std::optional<StoredOperation> find_operation(Connection& connection, std::string_view id) {
  constexpr std::string_view kSelect =
      "SELECT id, request_hash, kind, result FROM operation WHERE id = ? LOCK IN SHARE MODE";
  const Rows rows = connection.query(kSelect, {id});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return StoredOperation{row.text(0), row.text(1), row.text(2), row.text(3)};
}

}  // namespace narada::storage
