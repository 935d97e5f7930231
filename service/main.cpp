// narada: the event and workshop system for the thematic meetings of local governments.

#include <csignal>
#include <string>
#include <vector>

#include "files/inspection.h"
#include "service/commands.h"

int main(int argc, char** argv) {
  if (const auto status = narada::files::run_as_inspection_child(argc, argv)) return *status;
  // A client that goes away must not take the program with it.
  std::signal(SIGPIPE, SIG_IGN);
  return narada::run_command(std::vector<std::string>(argv + 1, argv + argc));
}
