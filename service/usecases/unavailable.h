#pragma once

#include <stdexcept>

namespace narada::usecases {

// The database cannot be reached just now: try again later. Nothing of the call stays, unless it
// was lost while what had been committed was read back; the same call with its Idempotency-Key then
// gets the first result. what() is for the log, never for a client.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The database went away during COMMIT and stays away, so nobody can say whether the call counts.
// The same call with its Idempotency-Key tells, and does it if it does not.
class OutcomeUnknown : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

}  // namespace narada::usecases
