#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "service/http/message.h"

namespace narada::http::edge {

enum class BodyPolicy { send, omit };  // omit: HEAD
enum class AfterAnswer { keep_open, close };

// One answer on its way to a socket: head, then body from memory, from files, or from
// both in turn.
class Outgoing {
 public:
  enum class Progress { done, blocked, failed };

  // Takes the body over. `minor_version` is the request's: HTTP/1.0 is told that the connection
  // stays. Header fields that are no token or hold CR, LF or NUL are dropped, and so are the ones
  // that only this layer may say (Content-Length, Transfer-Encoding, Connection, Date).
  void prepare(Response&& response, int minor_version, BodyPolicy policy, AfterAnswer after);

  // Writes without blocking; never raises SIGPIPE. blocked: the socket is full, or the burst is
  // used up and others have their turn.
  Progress write_some(int socket);

  bool moved() const { return moved_; }  // whether the last write_some wrote anything
  bool closes() const { return closes_; }

  void clear();  // frees the body

 private:
  void take_body(Response&& response);
  void write_head(const Response& response, int minor_version, std::uint64_t length);
  std::string_view body() const;
  Progress write_memory(int socket);
  Progress write_segments(int socket);

  std::string head_;
  std::variant<std::string, std::shared_ptr<const std::string>> body_;
  std::size_t written_ = 0;       // of head and memory body together
  SegmentedBody segments_;        // after the memory body
  std::size_t segment_ = 0;       // that is being written
  std::size_t text_written_ = 0;  // of it, where it is a text
  bool closes_ = false;
  bool moved_ = false;
};

std::string_view reason_phrase(int status);

}  // namespace narada::http::edge
