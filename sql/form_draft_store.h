#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Which form of somebody's a draft is of.
struct FormDraftKey {
  domain::PersonId person;
  std::string form;     // "cycle"
  std::string subject;  // "new", or the id
};
struct StoredFormDraft {
  std::string fields;
  domain::Instant saved_at{};
};
std::optional<StoredFormDraft> find_form_draft(Connection& connection, const FormDraftKey& key);
// In place of an earlier one.
void save_form_draft(Connection& connection, const FormDraftKey& key, std::string_view fields,
                     domain::Instant now);
void delete_form_draft(Connection& connection, const FormDraftKey& key);

}  // namespace narada::storage
