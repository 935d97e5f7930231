#pragma once

#include <string_view>

#include "service/usecases/sessions.h"
#include "sql/connection.h"

namespace narada::usecases {

// begin_session() inside the transaction of `connection`, for use cases that prove who somebody is
// in the same step. The person is not erased.
NewSession begin_session_in(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::PersonId person, SignInMethod method,
                            const Device& device, std::string_view replaced);

// A new session as run_once keeps it for a form that comes twice.
std::string write_new_session(const NewSession& session);
NewSession read_new_session(const std::string& text);

}  // namespace narada::usecases
