#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada {

// One command of the program: "token create".
struct Command {
  std::string_view name;
  std::string_view usage;    // options and operands after the name
  std::string_view meaning;  // one line
  // The words after the name. Returns the exit status; throws UsageError (2) and any other
  // std::exception (1) with a text for standard error.
  int (*run)(const std::vector<std::string>& words);
};

const std::vector<Command>& commands();

// Finds the command that the words start with, runs it and turns what it throws into an exit
// status: 0 ok, 1 failed, 2 usage.
int run_command(const std::vector<std::string>& words);

}  // namespace narada
