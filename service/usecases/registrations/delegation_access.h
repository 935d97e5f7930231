#pragma once

#include <string_view>

#include "service/domain/institution.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/stored_things.h"
#include "sql/connection.h"

namespace narada::usecases {

// One institution's people at one meeting, once the actor may do this to them; NotFound otherwise.
struct DelegationThing {
  domain::MeetingId meeting;
  domain::InstitutionRef institution;
  bool organizes = false;  // the actor organizes the meeting
};
domain::Outcome<DelegationThing> check_delegation(storage::Connection&, const Actor&, Action,
                                                  std::string_view meeting,
                                                  std::string_view institution);

// What keeps everybody out, as an error about the whole: only who organizes the meeting goes past
// its registration window.
domain::FieldErrors find_closed(const LockedMeeting& meeting, const DelegationThing& thing,
                                const Change& change);

// Writes that the places of a delegation have changed into the log.
void record_places(LockedMeeting& meeting, domain::DelegationId delegation,
                   domain::AttendanceMode mode, int before, int after);

}  // namespace narada::usecases
