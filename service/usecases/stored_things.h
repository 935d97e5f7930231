#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/usecases/things.h"
#include "sql/connection.h"
#include "sql/registration_store.h"
#include "sql/thing_store.h"

namespace narada::usecases {

// As in things.h, inside a transaction, about the row that it has locked.
domain::Outcome<Thing> check_meeting(storage::Connection&, const Actor&, Action,
                                     std::string_view id_or_slug);
domain::Outcome<Thing> check_meeting(storage::Connection&, const Actor&, Action, domain::MeetingId);
domain::Outcome<Thing> check_cycle(storage::Connection&, const Actor&, Action,
                                   std::string_view id_or_slug);
domain::Outcome<Thing> check_cycle(storage::Connection&, const Actor&, Action, domain::CycleId);
domain::Outcome<Thing> check_practice(storage::Connection&, const Actor&, Action,
                                      std::string_view id_or_slug);
// Who may organize them, also while they lie in the bin, where nobody else finds them.
domain::Outcome<Thing> check_stored_meeting(storage::Connection&, const Actor&, domain::MeetingId);
domain::Outcome<Thing> check_stored_cycle(storage::Connection&, const Actor&, domain::CycleId);

// A registration as it is stored. NotFound for who may not see that registration, whatever they may
// see of its meeting. One's own costs no statement.
domain::Outcome<Thing> check_registration(storage::Connection&, const Actor&, Action,
                                          const domain::Registration&);
// A claim to a whole cycle; `registrations` are those that came of it.
domain::Outcome<Thing> check_enrolment(
    storage::Connection&, const Actor&, Action, domain::EnrolmentId,
    const std::vector<storage::StoredRegistration>& registrations);

// Whether the actor may make `after` of `before`, which they may organize; absent: a new one. It
// must be theirs afterwards too, and so must be the cycle that it comes to or leaves: by a meeting
// that somebody hosts they get no hold of another's cycle. A cycle that they may not see is
// unknown.
domain::Outcome<Thing> check_meeting_change(storage::Connection&, const Actor&,
                                            const std::optional<domain::CycleId>& cycle_before,
                                            const domain::Meeting& after);

}  // namespace narada::usecases
