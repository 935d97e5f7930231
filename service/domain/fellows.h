#pragma once

#include <optional>

#include "service/domain/ids.h"
#include "service/domain/registration.h"

namespace narada::domain {

// One registration at a meeting, as far as it decides who sees whom.
struct Participation {
  PersonId person;
  std::optional<InstitutionId> institution;  // given for this meeting
  RegistrationStatus status = RegistrationStatus::pending;
  bool visible = false;  // agreed that other participants see name and office
};

// Whether somebody who takes part may be told that the other does too, by name and institution:
// both have a place, and the other one has agreed. The institution is what each has typed, so being
// of the same one opens nothing. Nobody is told about themself.
bool may_see_fellow(const Participation& viewer, const Participation& other);

}  // namespace narada::domain
