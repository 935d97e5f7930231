#include "service/arguments.h"

#include <algorithm>

namespace narada {

const std::string& Arguments::required(std::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end()) throw UsageError("--" + std::string(option) + " is missing");
  return found->second;
}

std::optional<std::string> Arguments::find(std::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end()) return std::nullopt;
  return found->second;
}

Arguments parse_arguments(const std::vector<std::string>& words,
                          const std::vector<std::string>& names) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--") {
      arguments.operands.insert(arguments.operands.end(),
                                words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (!word.starts_with("--")) {
      arguments.operands.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const auto name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw UsageError("unknown option --" + name);
    if (equals != std::string::npos) {
      arguments.options[name] = word.substr(equals + 1);
    } else {
      if (i + 1 == words.size()) throw UsageError("--" + name + " needs a value");
      arguments.options[name] = words[++i];
    }
  }
  return arguments;
}

}  // namespace narada
