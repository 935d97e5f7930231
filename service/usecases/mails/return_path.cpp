#include "service/usecases/mails/return_path.h"

#include <algorithm>

namespace narada::usecases {

std::string local_return_path(std::string_view path) {
  constexpr std::size_t kLongest = 500;
  if (path.size() > kLongest || !path.starts_with('/') || path.starts_with("//")) return {};
  const bool is_plain = std::all_of(path.begin(), path.end(),
                                    [](char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
  // A second slash inside the path would be resolved away by nobody, but "/.//host" would.
  const auto only_path = path.substr(0, path.find_first_of("?#"));
  if (!is_plain || only_path.find("//") != std::string_view::npos) return {};
  return std::string(path);
}

}  // namespace narada::usecases
