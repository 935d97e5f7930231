#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/meetings/held_changes.h"

namespace narada::usecases {

struct HeldChange {
  domain::HeldChangeId id;
  domain::MeetingId meeting;
  ChangeKind kind{};
  std::string made_by;  // "person:12"
  domain::Instant made_at{};
  domain::Instant held_until{};
  int mails = 0;
  std::optional<domain::Instant> undone_at;
  // Why undo_change() would refuse now: its conflict. Found out by trying, so only the moment in
  // between can make it wrong.
  std::string obstacle;
  bool may_undo() const { return obstacle.empty(); }
};
// Newest first, for who may organize the meeting.
domain::Outcome<std::vector<HeldChange>> list_held_changes(const Environment&, const Actor&,
                                                           domain::MeetingId);

struct Undone {
  domain::MeetingId meeting;
  int kept = 0;  // claims that their people have changed meanwhile, which stay as they are
  int told = 0;  // people who have learnt of the change meanwhile and are told that it is off
};
// Everything of the change is put back in one transaction, and its mails are gone. What others did
// meanwhile stays. Conflict: hold_over, undone_before, changed_since (undo the later change first),
// mail_left, somebody_registered (of a publication), places_taken (more people would have or be
// promised a place than there were), cycle_in_bin.
domain::Outcome<Undone> undo_change(const Environment&, const Call&, domain::MeetingId,
                                    domain::HeldChangeId);

// That a whole cycle went into the bin.
struct HeldDeletion {
  domain::Instant held_until{};
  int mails = 0;
  std::string obstacle;  // as that of a HeldChange
};
// Absent: nothing of it is held any more. For who may organize the cycle.
domain::Outcome<std::optional<HeldDeletion>> find_held_deletion(const Environment&, const Actor&,
                                                                domain::CycleId);

struct CycleUndone {
  domain::CycleId cycle;
  int kept = 0;
  int told = 0;
};
// The deletion of a cycle and of its meetings, all of them or none. Conflict as of undo_change();
// not_in_bin.
domain::Outcome<CycleUndone> undo_cycle_deletion(const Environment&, const Call&, domain::CycleId);

}  // namespace narada::usecases
