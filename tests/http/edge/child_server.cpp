#include "tests/http/edge/child_server.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

constexpr int kControlFd = 3;  // in the child: end of stream means stop
constexpr int kReportFd = 4;   // in the child: takes the port

long variable(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atol(text) : otherwise;
}

// Runs in the child only: NARADA_EDGE_DESCRIPTORS limits the descriptors, NARADA_EDGE_CONNECTIONS
// the connections, NARADA_EDGE_FILE is what /file sends.
TEST_CASE("child process: serve the test site" * doctest::skip()) {
  REQUIRE(std::getenv("NARADA_EDGE_CHILD") != nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (const long most = variable("NARADA_EDGE_DESCRIPTORS", 0); most > 0) {
    const rlimit limit{static_cast<rlim_t>(most), static_cast<rlim_t>(most)};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  auto options = small_server();
  options.max_connections = static_cast<unsigned>(variable("NARADA_EDGE_CONNECTIONS", 8'000));
  const char* file = std::getenv("NARADA_EDGE_FILE");
  TestServer server(options, file != nullptr ? file : "");
  const auto port = std::to_string(server.port()) + "\n";
  REQUIRE(::write(kReportFd, port.data(), port.size()) > 0);
  char byte = 0;
  while (::read(kControlFd, &byte, 1) > 0) {
  }
  CHECK(server.server().stop());
  CHECK(server.server().statistics().connections_open == 0);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void become_server(int control, int report,
                                const std::vector<std::string>& variables) {
  // Both numbers may be in each other's way: move them up first.
  const int high_control = ::fcntl(control, F_DUPFD, 10);
  const int high_report = ::fcntl(report, F_DUPFD, 10);
  ::dup2(high_control, kControlFd);
  ::dup2(high_report, kReportFd);
  ::close(high_control);
  ::close(high_report);
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  std::string child = "NARADA_EDGE_CHILD=1";
  environment.push_back(child.data());
  std::vector<std::string> owned = variables;
  for (auto& entry : owned) environment.push_back(entry.data());
  environment.push_back(nullptr);
  std::string name = "edge-server";
  std::string no_skip = "--no-skip";
  std::string test_case = "--test-case=child process: serve the test site";
  std::string minimal = "--minimal";
  char* arguments[] = {name.data(), no_skip.data(), test_case.data(), minimal.data(), nullptr};
  ::execve("/proc/self/exe", arguments, environment.data());
  ::_exit(127);
}

}  // namespace

ChildServer::ChildServer(const std::vector<std::string>& variables) {
  int control[2];
  int report[2];
  if (::pipe2(control, O_CLOEXEC) != 0 || ::pipe2(report, O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  const http::edge::Descriptor control_read(control[0]);
  control_ = http::edge::Descriptor(control[1]);
  const http::edge::Descriptor report_read(report[0]);
  http::edge::Descriptor report_write(report[1]);
  pid_ = ::fork();
  if (pid_ == 0) become_server(control[0], report[1], variables);
  report_write = http::edge::Descriptor();
  std::string line;
  for (char byte = 0; ::read(report_read.get(), &byte, 1) == 1 && byte != '\n';) line += byte;
  std::from_chars(line.data(), line.data() + line.size(), port_);
  if (port_ == 0) throw std::runtime_error("the child server did not start");
}

ChildServer::~ChildServer() { stop(); }

double ChildServer::processor_seconds() const {
  const auto text = read_file("/proc/" + std::to_string(pid_) + "/stat");
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  long user = 0;
  long system = 0;
  fields >> user >> system;
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

long ChildServer::peak_memory_kib() const {
  const auto text = read_file("/proc/" + std::to_string(pid_) + "/status");
  return std::atol(text.c_str() + text.find("VmHWM:") + 6);
}

int ChildServer::open_descriptors() const {
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid_) + "/fd");
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

void ChildServer::begin_to_stop() { control_ = http::edge::Descriptor(); }

int ChildServer::stop() {
  if (pid_ < 0) return exit_status_;
  begin_to_stop();
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_status_;
}

bool ChildServer::running() { return pid_ >= 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }

}  // namespace narada::test
