#pragma once

#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// For somebody who has lost telephone and recovery codes: password and one-time codes are taken
// away and every session ends, so that a link in a mail signs them in again. Who the roles need
// more of (Environment::strong_sign_in) has to set both up anew. Activity credential.reset.

// By admins, about others: NotFound for the unknown and for oneself, whose own page asks for proof.
struct CredentialsReset {};
domain::Outcome<CredentialsReset> reset_credentials(const Environment&, const Call&,
                                                    domain::PersonId);

// `narada user reset`: of everybody who has this mailbox; how many. NotFound when nobody does.
domain::Outcome<int> reset_mailbox(const Environment&, const Call&, const std::string& email);

}  // namespace narada::usecases
