#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace narada::domain {

// The names of an enumeration's values, in the order of its enumerators, which start at 0 and leave
// no gap. The one table behind each pair of to_string and find_.
template <class Enum, std::size_t count>
struct EnumNames {
  std::array<std::string_view, count> names;

  // Empty for a value that is no enumerator, as a cast from a damaged row may give.
  constexpr std::string_view name_of(Enum value) const {
    const auto index = static_cast<std::size_t>(value);
    return index < count ? names[index] : std::string_view{};
  }

  constexpr std::optional<Enum> find(std::string_view name) const {
    for (std::size_t index = 0; index < count; ++index) {
      if (names[index] == name) return static_cast<Enum>(index);
    }
    return std::nullopt;
  }
};

// True when a table of `count` names ends with the enumeration's last value.
template <class Enum, std::size_t count>
constexpr bool is_complete(const EnumNames<Enum, count>&, Enum last) {
  return static_cast<std::size_t>(last) + 1 == count;
}

}  // namespace narada::domain
