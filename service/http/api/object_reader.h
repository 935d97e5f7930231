#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/outcome.h"
#include "web/render.h"

namespace narada::http::api {

struct IntegerRange {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int32_t>::max();
};

// Takes the fields of one JSON object apart and notes every bad one. A read leaves its target alone
// when the field is absent, so that the same reading fills a new form and merges into a stored one;
// null empties a text, a list or an optional and is of the wrong type for anything else. Call
// refuse_unknown() last. Keeps references to the object and to the errors.
class ObjectReader {
 public:
  ObjectReader(const web::View& object, domain::FieldErrors& errors, std::string prefix = {})
      : object_(object), errors_(errors), prefix_(std::move(prefix)) {}

  bool has(std::string_view name) const;
  // Notes "required" unless the field is there and not null.
  void require(std::string_view name);

  void read(std::string_view name, std::string& target);
  void read(std::string_view name, std::optional<std::string>& target);
  void read(std::string_view name, bool& target);
  void read(std::string_view name, int& target, IntegerRange range);
  void read(std::string_view name, std::optional<int>& target, IntegerRange range);
  void read(std::string_view name, std::optional<std::int64_t>& target, IntegerRange range);
  void read(std::string_view name, double& target, double min, double max);
  void read(std::string_view name, std::vector<std::string>& target);
  // What names another thing: a text (TERYT, slug, id) or a whole number (id).
  void read_key(std::string_view name, std::string& target);
  void read_keys(std::string_view name, std::vector<std::string>& target);

  // One of an enumeration's names; `by_name` is its find_ function.
  template <class Enum>
  void read_name(std::string_view name, Enum& target,
                 std::optional<Enum> (*by_name)(std::string_view)) {
    std::string text;
    if (!has(name)) return;
    if (!read_word(name, text)) return;
    if (const auto found = by_name(text)) {
      target = *found;
    } else {
      refuse(name, "unknown_value");
    }
  }
  template <class Enum>
  void read_name(std::string_view name, std::optional<Enum>& target,
                 std::optional<Enum> (*by_name)(std::string_view)) {
    if (is_null(name)) {
      target.reset();
      return;
    }
    Enum value{};
    const std::size_t before = errors_.size();
    if (!has(name)) return;
    read_name(name, value, by_name);
    if (errors_.size() == before) target = value;
  }

  // Calls `read_element` with a reader for each object of a list, or of one object; false, and
  // noted, when the shape is another. Null is an empty list and no object at all.
  bool read_objects(std::string_view name, const std::function<void(ObjectReader&)>& read_element);
  bool read_object(std::string_view name, const std::function<void(ObjectReader&)>& read_fields);

  // Calls `take` with each name and value of an object; a value that it does not take is of the
  // wrong type.
  void read_members(std::string_view name,
                    const std::function<bool(const std::string&, const web::View&)>& take);

  // A field whose meaning the caller checks: absent when it is missing, null or no text.
  std::optional<std::string> find_text(std::string_view name);
  bool is_null(std::string_view name);
  void refuse(std::string_view name, std::string code,
              std::map<std::string, std::string> details = {});

  // Notes "unknown_field" for whatever nobody has asked for.
  void refuse_unknown();

 private:
  // The field's value, or null when it is absent; remembers the name as known.
  const web::View* find(std::string_view name) const;
  std::string full_name(std::string_view name) const;
  void refuse_type(std::string_view name, std::string_view expected);
  bool read_word(std::string_view name, std::string& target);
  std::optional<std::int64_t> read_integer(std::string_view name, const web::View& value,
                                           IntegerRange range);
  void read_text_list(std::string_view name, std::vector<std::string>& target, bool numbers_too);

  const web::View& object_;
  domain::FieldErrors& errors_;
  std::string prefix_;  // "places[0]." or empty
  mutable std::set<std::string, std::less<>> known_;
};

}  // namespace narada::http::api
