#pragma once

#include <string>
#include <string_view>

#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Where a change came from, as its mail says.
struct ChangeOrigin {
  std::string device = {};   // "Firefox, Windows"; empty: not known, or not the person's own
  std::string network = {};  // "192.0.2.0/24"
};

// Tells the person at their address, in the transaction of the change, that the way into their
// account is another one now: whoever did not do it themselves learns of it at once. `change` is
// the end of a text's name: password_set, password_removed, totp_confirmed, totp_removed,
// codes_renewed, directory_linked, reset. Nobody is told of an erased person.
void tell_credentials_changed(storage::Connection& connection, const Environment& environment,
                              domain::PersonId person, std::string_view change,
                              const ChangeOrigin& origin);

}  // namespace narada::usecases
