#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/error.h"

namespace narada::storage {

// The enumerator behind the name in a row. Throws Error when no enumerator has that name: the row
// was written by a newer program or by hand.
template <class Enum>
Enum stored_enum(std::string_view column, const std::string& name,
                 std::optional<Enum> (*find)(std::string_view)) {
  if (const auto value = find(name)) return *value;
  throw Error(0, std::string(column) + " holds the unknown value \"" + name + "\"");
}

// The same where NULL is absence.
template <class Enum>
std::optional<Enum> stored_enum(std::string_view column, const std::optional<std::string>& name,
                                std::optional<Enum> (*find)(std::string_view)) {
  if (!name) return std::nullopt;
  return stored_enum(column, *name, find);
}

}  // namespace narada::storage
