#include "tests/storage/calendar_client.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

extern char** environ;

namespace narada::testing {
namespace {

void write_all(int file, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0) throw std::runtime_error("the calendar client takes nothing any more");
    written += static_cast<std::size_t>(count);
  }
}

}  // namespace

CalendarClient::CalendarClient() {
  signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> in{}, out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for the calendar client");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  // python3-icalendar is a package of the system's own Python.
  std::string python = "/usr/bin/python3";
  std::string script = std::string(NARADA_SOURCE_DIR) + "/tests/scripts/calendar_client.py";
  std::array<char*, 3> arguments{python.data(), script.data(), nullptr};
  const int failure =
      posix_spawn(&process_, python.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (failure != 0 || read_line() != "ready") {
    throw std::runtime_error("the calendar client does not start");
  }
}

CalendarClient::~CalendarClient() {
  close(input_);
  close(output_);
  if (process_ > 0) {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
}

std::string CalendarClient::read_line() {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    std::array<char, 65536> part{};
    const auto count = ::read(output_, part.data(), part.size());
    if (count <= 0) throw std::runtime_error("the calendar client has ended");
    buffer_.append(part.data(), static_cast<std::size_t>(count));
  }
}

nlohmann::json CalendarClient::read(const std::vector<ArrivedMail>& mails) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& mail : mails) list.push_back({mail.person, mail.message});
  write_all(input_, nlohmann::json{{"mails", list}}.dump() + "\n");
  return nlohmann::json::parse(read_line());
}

}  // namespace narada::testing
