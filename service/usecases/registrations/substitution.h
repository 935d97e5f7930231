#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Who comes instead.
struct SubstituteForm {
  std::string full_name;
  std::string email;
  std::string position;
  // Asked where the institution wants a superior's consent; absent there: whoever was asked about
  // the other.
  std::string superior_name;
  std::string superior_email;
  // Set: somebody of the institution's reserve, and nothing of the above but the superior counts.
  std::optional<domain::PersonId> reserve;
};

struct Substituted {
  domain::Registration from;  // cancelled
  domain::Registration to;
};

// One person for another of the same institution, in one transaction: the first one's calendar
// entry is taken back, the second is invited, and the place is nobody else's in between. Whoever
// waits or awaits approval hands over that. By who may change_registration, so also by the person
// themself. Conflict not_active, meeting_past; FieldErrors of full_name: already_registered,
// earlier_registration (declined here before), same_person; no_institution without one.
domain::Outcome<Substituted> substitute(const Environment&, const Call&, domain::RegistrationId,
                                        const SubstituteForm&);
// The same, with a step in the same transaction, the meeting being locked; what it fails with is
// the outcome, and then nothing has happened.
using SubstitutionStep = std::function<std::optional<domain::Failure>(storage::Connection&)>;
domain::Outcome<Substituted> substitute(const Environment&, const Call&, domain::RegistrationId,
                                        const SubstituteForm&, const SubstitutionStep&);

}  // namespace narada::usecases
