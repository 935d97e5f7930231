#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/domain/registration.h"

namespace narada::usecases {

// A refused admission as an error of the form, with the detail that its text needs:
// window_not_open and window_closed {date}, in the meeting's own time.
domain::FieldError make_refusal_error(const domain::Refused& refused,
                                      const domain::MeetingSummary& meeting,
                                      domain::Language language);

// The mode that the form means: the one chosen, or the only one offered. Absent, with `required`
// or `mode_not_offered` added to `errors` under "mode", when that says nothing.
std::optional<domain::AttendanceMode> resolve_mode(std::optional<domain::AttendanceMode> chosen,
                                                   const domain::MeetingSummary& meeting,
                                                   domain::FieldErrors& errors);

}  // namespace narada::usecases
