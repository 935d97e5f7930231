#include "service/usecases/meetings/form_drafts.h"

#include <nlohmann/json.hpp>

#include "service/usecases/operations.h"
#include "sql/form_draft_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

storage::FormDraftKey key_of(const Actor& actor, const FormDraftName& name) {
  return {*actor.person, name.form, name.subject};
}

template <class Write>
void write_draft(const Environment& environment, Write write) {
  try {
    environment.pool->transact([&](storage::Connection& connection) {
      write(connection);
      return true;
    });
  } catch (const storage::Unavailable& error) {
    throw Unavailable(error.what());
  }
}

}  // namespace

domain::Outcome<domain::Instant> save_form_draft(const Environment& environment, const Actor& actor,
                                                 const FormDraftName& name,
                                                 const FieldTexts& texts) {
  if (!actor.person) return domain::Forbidden{};
  const auto now = environment.clock->now();
  const std::string fields = nlohmann::json(texts).dump();
  write_draft(environment, [&](storage::Connection& connection) {
    storage::save_form_draft(connection, key_of(actor, name), fields, now);
  });
  return now;
}

std::optional<FormDraft> find_form_draft(const Environment& environment, const Actor& actor,
                                         const FormDraftName& name) {
  if (!actor.person) return std::nullopt;
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_form_draft(connection, key_of(actor, name));
  });
  if (!stored) return std::nullopt;
  const auto fields = nlohmann::json::parse(stored->fields, nullptr, false);
  if (!fields.is_object()) return std::nullopt;
  FormDraft draft{{}, stored->saved_at};
  for (const auto& [field, text] : fields.items())
    if (text.is_string()) draft.texts[field] = text.get<std::string>();
  return draft;
}

void discard_form_draft(const Environment& environment, const Actor& actor,
                        const FormDraftName& name) {
  if (!actor.person) return;
  write_draft(environment, [&](storage::Connection& connection) {
    storage::delete_form_draft(connection, key_of(actor, name));
  });
}

}  // namespace narada::usecases
