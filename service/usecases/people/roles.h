#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/people.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Who may do what is decided by the roles that stand in the database at the moment of the request:
// what is granted or revoked here counts from the next request on. All of it takes
// Action::manage_people; otherwise Forbidden.

// Field errors: "scope" wrong_scope when the role cannot be held for that, unknown_scope when there
// is no such thing (or an institution out of use). NotFound for somebody unknown or erased. What
// they hold already stays as it is.
domain::Outcome<domain::PersonId> grant_role(const Environment&, const Call&, domain::PersonId,
                                             const RoleGrant&);

// NotFound when it is gone; Conflict last_admin for the role without which nobody could grant any.
// The person who held it.
domain::Outcome<domain::PersonId> revoke_role(const Environment&, const Call&, domain::RoleGrantId);
// NotFound when it is gone.
domain::Outcome<domain::HeldRole> find_held_role(const Environment&, const Actor&,
                                                 domain::RoleGrantId);

// Somebody by e-mail and name, known or made now, with a role, and a mail with a link by which they
// sign in for the first time; it works once and for 7 days.
struct RoleInvitation {
  std::string email;
  std::string full_name;
  RoleGrant grant;
};
domain::Outcome<domain::PersonId> invite(const Environment&, const Call&, const RoleInvitation&);

// {"role":"organizer","scope":"cycle:5"}; of a role for everything "scope" is "everywhere".
std::string describe_grant(const RoleGrant& grant);

}  // namespace narada::usecases
