#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "service/http/edge/descriptor.h"

namespace narada::test {

// The test site in a process of its own (this binary, started anew), for tests that look at a
// server's processor time, memory or descriptors.
class ChildServer {
 public:
  // `variables`: NAME=value, read by the child; see child_server.cpp.
  explicit ChildServer(const std::vector<std::string>& variables = {});
  ~ChildServer();  // as stop()
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  std::uint16_t port() const { return port_; }
  double processor_seconds() const;
  long peak_memory_kib() const;  // resident
  int open_descriptors() const;

  void begin_to_stop();  // tells the child to drain; does not wait
  int stop();            // the child's exit status; waits
  bool running();

 private:
  pid_t pid_ = -1;
  int exit_status_ = -1;
  std::uint16_t port_ = 0;
  http::edge::Descriptor control_;  // closed: stop
};

}  // namespace narada::test
