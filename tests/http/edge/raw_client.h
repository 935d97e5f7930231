#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/edge/descriptor.h"

namespace narada::test {

// One answer as it came from the socket; names of headers in lower case.
struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::string header(std::string_view name) const;  // first, or empty
};

enum class BodyExpected { yes, no };  // no: the answer to HEAD

// A client that says exactly what a test wants it to say.
class RawClient {
 public:
  struct Tuning {
    int receive_buffer = 0;  // bytes, 0: the system's choice
    int segment_size = 0;    // bytes, 0: the system's choice
  };

  explicit RawClient(std::uint16_t port) : RawClient(port, Tuning{}) {}
  RawClient(std::uint16_t port, Tuning tuning);

  bool connected() const { return static_cast<bool>(socket_); }
  int socket() const { return socket_.get(); }

  bool send(std::string_view bytes);  // all of it; false: the connection is gone
  bool send_bytewise(std::string_view bytes);
  void finish_sending();
  void close();       // an ordinary end
  void close_hard();  // a reset

  // The next complete answer; nullopt when the time is over or the connection ends first.
  std::optional<Answer> read_answer(std::chrono::milliseconds timeout = std::chrono::seconds(10),
                                    BodyExpected body = BodyExpected::yes);

  // Reads on until the server closes; false when it does not in time.
  bool read_to_end(std::chrono::milliseconds timeout = std::chrono::seconds(10));

  const std::string& unread() const { return received_; }  // received, not part of an answer
  bool receive(std::chrono::milliseconds timeout, std::size_t limit = 65536);

 private:
  http::edge::Descriptor socket_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace narada::test
