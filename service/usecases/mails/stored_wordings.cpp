#include "service/usecases/mails/stored_wordings.h"

#include "service/usecases/operations.h"
#include "service/usecases/unavailable.h"
#include "sql/mail_template_store.h"

namespace narada::usecases {
namespace {

constexpr std::chrono::seconds kMemory{10};

}  // namespace

std::optional<notifications::MailWording> StoredWordings::find_wording(
    notifications::MailKind kind, domain::Language language) const {
  const std::lock_guard lock(mutex_);
  const auto age = environment_.clock->now() - loaded_at_;
  if (!remembered_ || age >= kMemory || age < std::chrono::seconds(0)) refresh();
  const auto found = remembered_->find({kind, language});
  if (found == remembered_->end()) return std::nullopt;
  return found->second;
}

void StoredWordings::refresh() const {
  try {
    remembered_ = load();
  } catch (const Unavailable&) {
    if (!remembered_) throw;
  }
  loaded_at_ = environment_.clock->now();
}

StoredWordings::Wordings StoredWordings::load() const {
  Wordings wordings;
  for (const auto& stored : read_database(environment_, storage::list_mail_templates)) {
    const auto kind = notifications::find_mail_kind(stored.kind);
    if (!kind || stored.is_standard) continue;
    wordings[{*kind, stored.language}] = {stored.subject, stored.heading, stored.intro,
                                          stored.closing};
  }
  return wordings;
}

}  // namespace narada::usecases
