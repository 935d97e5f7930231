#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace narada::testing {

// A program that the test started. It is killed when this object or the test process dies.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next line of its standard output, without the line break. Throws std::runtime_error when it
  // ends, or is silent for ten seconds.
  std::string read_line();
  void kill_hard();  // SIGKILL, and waits for the end

 private:
  pid_t process_ = 0;
  int output_ = -1;
};

// This test binary.
std::string own_program();

}  // namespace narada::testing
