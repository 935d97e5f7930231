#pragma once

#include <string_view>
#include <vector>

namespace narada::calendar {

// RFC 5545 3.3.
enum class ValueType {
  text,
  text_list,
  date_or_time,
  utc_time,
  local_time,
  uri,
  cal_address,
  integer,
  coordinates,
  duration,
  utc_offset,
  recurrence,
  periods,
  word,  // one of a fixed list
};

struct PropertyRule {
  std::string_view name;
  ValueType type;
  std::vector<std::string_view> parameters;  // that it may have
  std::vector<std::string_view> words = {};  // of ValueType::word
};
// Null: no property of ours.
const PropertyRule* find_property_rule(std::string_view name);

struct ParameterRule {
  std::string_view name;
  std::vector<std::string_view> words = {};  // empty: free text
};
const ParameterRule* find_parameter_rule(std::string_view name);

struct Cardinality {
  std::string_view property;
  int least;
  int most;  // kMany: any number
};
inline constexpr int kMany = 1'000'000;

struct ComponentRule {
  std::string_view component;
  std::string_view parent;
  std::string_view method;  // of the object; empty: any
  std::vector<Cardinality> properties;
};
// What is in no row must not be there.
const ComponentRule* find_component_rule(std::string_view component, std::string_view parent,
                                         std::string_view method);

}  // namespace narada::calendar
