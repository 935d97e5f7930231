#pragma once

#include <stdexcept>

namespace narada::usecases {

// The database cannot be reached just now and nothing of the call stays: try again later. what() is
// for the log, never for a client.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace narada::usecases
