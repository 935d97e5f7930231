#pragma once

#include "service/domain/cycle.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/references.h"

namespace narada::usecases {

// The cycle that a form describes, without its meetings; every rule that the form breaks is added
// to `checks` under the field's name in the API, and the cycle is then of no use.
domain::Cycle read_cycle_form(CycleForm form, FieldChecks& checks, References& references);

// The form that a stored cycle came from, without its meetings.
CycleForm form_of(const domain::Cycle& cycle);

// The form of session `number` (from 1) of a cycle, completed with what it takes over from it: the
// topic where it names none, and a title.
MeetingForm session_form(const CycleForm& cycle, int number);

}  // namespace narada::usecases
