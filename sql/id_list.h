#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::storage {

// Any number of ids as one parameter of one constant statement:
// … WHERE x.id IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)
inline constexpr std::string_view kInIdList =
    " IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)";

// Of ids themselves, and of things that have one.
template <class Ids>
std::string list_of_ids(const Ids& ids) {
  std::string list = "[";
  for (const auto& id : ids) {
    if (list.size() > 1) list += ',';
    list += std::to_string(id.value);
  }
  return list + ']';
}
template <class Item>
std::string id_list_of(const std::vector<Item>& items) {
  std::string list = "[";
  for (const Item& item : items) {
    if (list.size() > 1) list += ',';
    list += std::to_string(item.id.value);
  }
  return list + ']';
}

}  // namespace narada::storage
