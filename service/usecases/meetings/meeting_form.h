#pragma once

#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/meetings/references.h"

namespace narada::usecases {

// The meeting that a form describes, instants derived through its zone; every rule that the form
// breaks is added to `checks` under the field's name in the API, and the meeting is then of no use.
// Id, slug, uid, status, counters and version are not the form's.
domain::Meeting read_meeting_form(MeetingForm form, FieldChecks& checks, References& references);

// The form that a stored meeting came from: reading it again gives the same meeting.
MeetingForm form_of(const domain::Meeting& meeting);

// Names of the API's fields in which the two differ.
std::vector<std::string> changed_fields(const MeetingForm& before, const MeetingForm& after);

}  // namespace narada::usecases
