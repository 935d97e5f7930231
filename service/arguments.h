#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace narada {

// A command line that does not fit its usage; exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The words after "narada": the command ("token create"), its operands and its options.
struct Arguments {
  std::vector<std::string> operands;
  std::map<std::string, std::string, std::less<>> options;  // without the dashes

  // Throws UsageError when the option is missing.
  const std::string& required(std::string_view option) const;
  std::optional<std::string> find(std::string_view option) const;
};

// --name VALUE and --name=VALUE for the names given, operands otherwise; "--" ends the options.
// Throws UsageError for any other option and for one without its value.
Arguments parse_arguments(const std::vector<std::string>& words,
                          const std::vector<std::string>& names);

}  // namespace narada
