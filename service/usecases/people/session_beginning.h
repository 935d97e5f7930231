#pragma once

#include <string_view>
#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/people/sessions.h"
#include "sql/connection.h"

namespace narada::usecases {

// begin_session() inside the transaction of `connection`, for use cases that prove who somebody is
// in the same step. The person is not erased.
NewSession begin_session_in(storage::Connection& connection, const Environment& environment,
                            const Call& call, domain::PersonId person, SignInMethod method,
                            const Device& device, std::string_view replaced);

// A new session as run_once keeps it for a form that comes twice.
std::string write_new_session(const NewSession& session, domain::Instant now);
// With an empty token when it began too long ago to be handed out once more.
NewSession read_new_session(const std::string& text, domain::Instant now);

// run_once for a sign-in. A form that is sent twice gets the session that it began, for a few
// minutes: later it is nobody's double click, and OperationReused.
template <class Work>
domain::Outcome<NewSession> sign_in_once(const Environment& environment, const Call& call,
                                         std::string_view kind, Work work) {
  const auto now = environment.clock->now();
  auto begun = run_once<NewSession>(
      environment, call, kind, std::move(work),
      [now](const NewSession& session) { return write_new_session(session, now); },
      [now](const std::string& text) { return read_new_session(text, now); });
  if (begun.ok() && begun->token.empty()) return domain::OperationReused{};
  return begun;
}

}  // namespace narada::usecases
