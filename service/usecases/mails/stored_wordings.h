#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "notifications/mail_wording.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The wordings that admins have saved, as every process of the installation reads them from the
// database: remembered for ten seconds, and for as long as the database is away.
class StoredWordings final : public notifications::MailWordings {
 public:
  // `environment` outlives the object.
  explicit StoredWordings(const Environment& environment) : environment_(environment) {}

  // Throws Unavailable when the database has never been reached.
  std::optional<notifications::MailWording> find_wording(notifications::MailKind kind,
                                                         domain::Language language) const override;

 private:
  using Key = std::pair<notifications::MailKind, domain::Language>;
  using Wordings = std::map<Key, notifications::MailWording>;
  Wordings load() const;
  void refresh() const;

  const Environment& environment_;
  mutable std::mutex mutex_;
  mutable std::optional<Wordings> remembered_;  // guarded by mutex_
  mutable domain::Instant loaded_at_{};         // guarded by mutex_
};

}  // namespace narada::usecases
