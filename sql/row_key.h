#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace narada::storage {

// The id that a key of digits alone names; absent for a slug, which always has a letter. Too large
// a number is no row's id: 0.
inline std::optional<std::int64_t> find_row_id(std::string_view key) {
  if (key.empty() || key.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
  return error == std::errc{} ? id : 0;
}

}  // namespace narada::storage
