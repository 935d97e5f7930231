#include "sql/form_draft_store.h"

namespace narada::storage {

std::optional<StoredFormDraft> find_form_draft(Connection& connection, const FormDraftKey& key) {
  constexpr std::string_view kSelect =
      "SELECT fields, saved_at FROM form_draft WHERE person_id = ? AND form = ? AND subject = ?";
  const Rows rows = connection.query(kSelect, {key.person, key.form, key.subject});
  if (rows.empty()) return std::nullopt;
  return StoredFormDraft{rows[0].text(0), rows[0].instant(1)};
}

void save_form_draft(Connection& connection, const FormDraftKey& key, std::string_view fields,
                     domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO form_draft (person_id, form, subject, fields, saved_at)"
      " VALUES (?, ?, ?, ?, ?)"
      " ON DUPLICATE KEY UPDATE fields = VALUES(fields), saved_at = VALUES(saved_at)";
  connection.execute(kSave, {key.person, key.form, key.subject, fields, now});
}

void delete_form_draft(Connection& connection, const FormDraftKey& key) {
  constexpr std::string_view kDelete =
      "DELETE FROM form_draft WHERE person_id = ? AND form = ? AND subject = ?";
  connection.execute(kDelete, {key.person, key.form, key.subject});
}

}  // namespace narada::storage
