#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "files/inspection/limits.h"

namespace {

// What a confined process could do nevertheless, a letter each.
std::string try_everything() {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    narada::files::inspection::confine_this_process(10);
    std::string done;
    if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) done += 'i';
    if (::socket(AF_UNIX, SOCK_STREAM, 0) >= 0) done += 'u';
    char word[] = "true";
    char* const words[] = {word, nullptr};
    if (::kill(::getppid(), 0) == 0) done += 'k';
    if (::execv("/bin/true", words) != -1 || errno != EPERM) done += 'e';
    if (::open("/proc/self/status", O_RDONLY) >= 0) done += 'r';
    (void)!::write(ends[1], done.data(), done.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string done(16, '\0');
  const auto got = ::read(ends[0], done.data(), done.size());
  done.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  return done;
}

}  // namespace

TEST_CASE("who looks into a file reaches no network, starts no program and signals nobody") {
  CHECK(try_everything() == "r");
}
