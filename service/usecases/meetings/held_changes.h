#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "sql/held_change_store.h"

namespace narada::usecases {

// A change that organizers make waits: until Environment::hold_seconds have gone by its mails stay
// where they are, and it can be undone as if it had never been made. 0: no hold, nothing to undo.

enum class ChangeKind { changed, cancelled, published, binned };
std::string_view to_string(ChangeKind kind);
std::optional<ChangeKind> find_change_kind(std::string_view name);

// Whether what this call changes is held.
bool is_held(const Environment&, const Call&);

// Follows one change of a meeting inside its transaction, from the lock of its row on. finish()
// stores what undoing it needs, and tells Call::rehearsal, where there is one, what the change came
// to.
class ChangeWatch {
 public:
  ChangeWatch(const Change& change, const domain::Meeting& before, ChangeKind kind);

  // After everything of the change is written.
  void finish(const WrittenMails& written);

 private:
  void tell_rehearsal(const WrittenMails& written, const std::vector<storage::Standing>& after);
  void store(const WrittenMails& written, const std::vector<storage::Standing>& after);

  Change change_;
  domain::MeetingSummary before_;
  std::int64_t version_;
  ChangeKind kind_;
  bool held_;
  std::vector<storage::Standing> standings_;
  std::string snapshot_;
};

}  // namespace narada::usecases
