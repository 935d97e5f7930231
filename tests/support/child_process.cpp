#include "tests/support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace narada::testing {
namespace {

// In the child of a fork: only what may be called there.
[[noreturn]] void become(char* const* arguments, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  dup2(output, 1);
  execvp(arguments[0], arguments);
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::vector<std::string> words = command;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ == 0) become(pointers.data(), ends[1], parent);
  close(ends[1]);
  output_ = ends[0];
  if (process_ < 0) throw std::runtime_error("no process");
}

ChildProcess::~ChildProcess() {
  kill_hard();
  close(output_);
}

std::string ChildProcess::read_line() {
  std::string line;
  for (;;) {
    pollfd waiting{output_, POLLIN, 0};
    char character = 0;
    constexpr int kPatience = 10'000;  // ms
    if (poll(&waiting, 1, kPatience) <= 0 || read(output_, &character, 1) != 1) {
      throw std::runtime_error("the child process said no more than: " + line);
    }
    if (character == '\n') return line;
    line += character;
  }
}

void ChildProcess::kill_hard() {
  if (process_ <= 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace narada::testing
