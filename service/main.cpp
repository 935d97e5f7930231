// narada: the event and workshop system for the thematic meetings of local governments.

#include <csignal>
#include <string>
#include <vector>

#include "service/commands.h"

int main(int argc, char** argv) {
  // A client that goes away must not take the program with it.
  std::signal(SIGPIPE, SIG_IGN);
  return narada::run_command(std::vector<std::string>(argv + 1, argv + argc));
}
