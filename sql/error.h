#pragma once

#include <stdexcept>
#include <string>

namespace narada::storage {

// Something the database said. what() is for the log, never for a client.
class Error : public std::runtime_error {
 public:
  Error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }  // the server's or the client library's number; 0: ours

 private:
  int code_;
};

// 1062 duplicate key.
class Duplicate : public Error {
 public:
  using Error::Error;
};

// 1213, 1205, 1020 (and 1615, 2057, 2030): run the transaction again.
class Conflict : public Error {
 public:
  using Error::Error;
};

// No connection, or it was lost before COMMIT was sent: nothing of the transaction stays.
class Unavailable : public Error {
 public:
  using Error::Error;
};

// The connection was lost while COMMIT was under way: look the operation up.
class CommitUnknown : public Error {
 public:
  using Error::Error;
};

}  // namespace narada::storage
