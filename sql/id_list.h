#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::storage {

// Any number of ids as one parameter of one constant statement:
// … WHERE x.id IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)
inline constexpr std::string_view kInIdList =
    " IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)";

// For statements that lock what they find: with the form above the server walks the whole table and
// locks each row on the way, other meetings' too. Here it takes the rows of the ids alone:
// UPDATE {kEachOfIdList} registration r FORCE INDEX (PRIMARY) ON r.id = j.id SET …
inline constexpr std::string_view kEachOfIdList =
    "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j STRAIGHT_JOIN ";

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
