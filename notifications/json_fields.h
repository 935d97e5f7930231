#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/enum_names.h"
#include "service/domain/time.h"

namespace narada::notifications {

// "2027-01-19T10:00:00"; an instant ends with Z.
std::string write_wall_time(domain::WallTime time);
std::string write_instant(domain::Instant instant);

// The fields of one JSON object, each read once and within bounds; lengths are in octets. Every
// function throws std::invalid_argument that names the field. Only .cpp files of this folder
// include this header, for the sake of the third-party type in it.
class JsonFields {
 public:
  // The object that `text` is.
  static JsonFields parse(std::string_view text);

  bool has(const char* name) const { return object_.contains(name); }
  std::string text(const char* name, std::size_t longest);
  bool boolean(const char* name);
  int integer(const char* name, int lowest, int highest);
  double real(const char* name, double lowest, double highest);
  domain::WallTime wall_time(const char* name);
  domain::Instant instant(const char* name);
  JsonFields object(const char* name);
  std::vector<JsonFields> objects(const char* name, std::size_t most);
  std::vector<std::string> texts(const char* name, std::size_t most, std::size_t longest);
  std::vector<int> integers(const char* name, std::size_t most, int lowest, int highest);

  template <class Enum, std::size_t count>
  Enum enumerator(const char* name, const domain::EnumNames<Enum, count>& names) {
    const auto value = names.find(text(name, 64));
    if (!value) throw_invalid(name);
    return *value;
  }

  // Throws when the object has a field that was not read.
  void expect_nothing_else() const;

 private:
  explicit JsonFields(nlohmann::json object);
  const nlohmann::json& take(const char* name);
  const nlohmann::json& take_array(const char* name, std::size_t most);
  [[noreturn]] static void throw_invalid(std::string_view name);

  nlohmann::json object_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace narada::notifications
