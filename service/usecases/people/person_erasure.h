#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Forgetting somebody for good (RODO art. 17), by themself or by an admin (Action::manage_privacy);
// NotFound for everybody else, and for somebody unknown or erased already.
//
// Registrations stay where they are, with their meeting, institution, status and times, so that
// what has been counted stays counted; they point to a row without a name. What is still to come is
// cancelled as by the person: the place is offered to the next in line, and the calendars are told.
// Nothing typed stays: name, e-mail, telephone, position, needs, questions, the words of mails,
// what the activity log knows beside its ids. The experts of the catalogue are public entries of
// their own and no accounts; they stay.

// What would happen, to be read before it is done.
struct ErasurePlan {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  int upcoming = 0;       // registrations that would be cancelled
  int registrations = 0;  // all, which stay as numbers
  int mails = 0;
  bool last_admin = false;  // cannot be erased before somebody else is an admin
};
domain::Outcome<ErasurePlan> plan_erasure(const Environment&, const Actor&, domain::PersonId);

// One transaction: all of it or nothing. `typed_email` confirms who is meant (FieldErrors email
// "confirmation_differs"). Conflict last_admin for the admin without whom nobody could grant roles.
// A last mail says that it is done; it and the cancellations lose every trace when they have left.
domain::Outcome<domain::PersonId> erase_person(const Environment&, const Call&, domain::PersonId,
                                               const std::string& typed_email);

}  // namespace narada::usecases
