#pragma once

#include <optional>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/meeting.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "sql/connection.h"

namespace narada::usecases {

// The parts of a meeting's changes that touch its people, for use cases that change meetings. Each
// is called inside the transaction of the change, after storage::lock_meeting and after the
// meeting's own columns are saved; each writes its activity row and its mails.

// A draft becomes published, the people enrolled in its cycle are registered, and who asked for
// news of its topic gets a mail; of several sessions of a cycle published at once one is enough.
// Nothing happens to a meeting that is published already. True when it was announced.
enum class Announcement { send, omit };
bool publish_locked_meeting(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::MeetingId meeting,
                            Announcement announcement = Announcement::send);

// What change_meeting found when it compared the new columns with the old.
struct MeetingChange {
  // Start, end, zone or a place of a published meeting differ.
  bool moved = false;
  // Set when the start differs, or whether its day is known: the times before.
  std::optional<domain::MeetingTimes> previous;
  // The link of a published meeting, or for whom it is, differs.
  bool rejoining = false;
  // Those beyond the capacity are to wait.
  bool shrinks = false;
  // It is over by the old times and by the new: what is corrected is news to nobody.
  bool over = false;
  // It has come to a cycle: those enrolled who have had no registration here get one.
  bool joins_cycle = false;
};
// Of a moved meeting: SEQUENCE + 1, the start before kept, and a mail to everybody who is in
// (REQUEST to the confirmed, plain to the waiting and pending); activity meeting.moved. A
// half-fixed meeting that gets its day invites the confirmed for the first time; one that loses it
// is taken out of their calendars (see domain/half_fixed.h). Of one that
// stays but whose way in online changes: SEQUENCE + 1 and a REQUEST to the confirmed whose
// calendars show it; activity meeting.way_in_changed. No mail of one that is over. Of any: promotes
// as many as the capacity now allows. The caller has raised `version` and writes the activity row
// of the change itself.
WrittenMails follow_meeting_change(storage::Connection& connection, const Environment& environment,
                                   const Call& call, domain::MeetingId meeting,
                                   const MeetingChange& change);

}  // namespace narada::usecases
