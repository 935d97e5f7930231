#pragma once

#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/sessions.h"

namespace narada::usecases {

// Signing in by what a person knows or carries, instead of their mailbox or after it.

struct PasswordClaim {
  std::string email;
  std::string password;
  std::string address;  // of the client, whose tries are counted; empty: they are not
};
// Public. Whether the mailbox is known, has a password or gave a wrong one looks the same and takes
// the same time: FieldErrors in "password": wrong_sign_in. Of the people of one mailbox one at most
// has a password. Conflict too_many_tries as limit_password says, or sign_in_busy
// when too many passwords are being checked at once; nobody can lock somebody else out.
domain::Outcome<NewSession> sign_in_with_password(const Environment&, const Call&,
                                                  const PasswordClaim&, const Device&,
                                                  std::string_view replaced);

// Whether the session of this cookie waits for its one-time code.
bool is_code_due(const Environment&, std::string_view token);

// Opens the session that waits, under a new token. A code of an application counts once, a recovery
// code too. FieldErrors in "code": wrong_code; NotFound when the session does not wait (any more);
// Conflict too_many_tries as limit_one_time_code says of the address (empty: not counted).
domain::Outcome<NewSession> give_code(const Environment&, const Call&, std::string_view token,
                                      const std::string& code, const std::string& address);

}  // namespace narada::usecases
