#include "service/http/api/object_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace narada::http::api {
namespace {

constexpr std::size_t kMostElements = 200;  // of a list

std::map<std::string, std::string> bounds(std::int64_t min, std::int64_t max) {
  return {{"min", std::to_string(min)}, {"max", std::to_string(max)}};
}

}  // namespace

const web::View* ObjectReader::find(std::string_view name) const {
  known_.emplace(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

std::string ObjectReader::full_name(std::string_view name) const {
  return prefix_ + std::string(name);
}

bool ObjectReader::has(std::string_view name) const { return find(name) != nullptr; }

bool ObjectReader::is_null(std::string_view name) {
  const web::View* value = find(name);
  return value != nullptr && value->is_null();
}

void ObjectReader::refuse(std::string_view name, std::string code,
                          std::map<std::string, std::string> details) {
  errors_.push_back({full_name(name), std::move(code), std::move(details)});
}

void ObjectReader::refuse_type(std::string_view name, std::string_view expected) {
  refuse(name, "wrong_type", {{"expected", std::string(expected)}});
}

void ObjectReader::require(std::string_view name) {
  const web::View* value = find(name);
  if (value == nullptr || value->is_null()) refuse(name, "required");
}

bool ObjectReader::read_word(std::string_view name, std::string& target) {
  const web::View& value = *find(name);
  if (!value.is_string()) {
    refuse_type(name, "string");
    return false;
  }
  target = value.get<std::string>();
  return true;
}

void ObjectReader::read(std::string_view name, std::string& target) {
  if (!has(name)) return;
  if (is_null(name)) {
    target.clear();
    return;
  }
  read_word(name, target);
}

void ObjectReader::read(std::string_view name, std::optional<std::string>& target) {
  if (!has(name)) return;
  std::string text;
  if (is_null(name)) {
    target.reset();
  } else if (read_word(name, text)) {
    target = std::move(text);
  }
}

void ObjectReader::read(std::string_view name, bool& target) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (value->is_boolean()) {
    target = value->get<bool>();
  } else {
    refuse_type(name, "boolean");
  }
}

std::optional<std::int64_t> ObjectReader::read_integer(std::string_view name,
                                                       const web::View& value, IntegerRange range) {
  if (!value.is_number_integer()) {
    refuse_type(name, "integer");
    return std::nullopt;
  }
  // An unsigned number beyond int64 is out of every range.
  const bool huge =
      value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  const std::int64_t number = huge ? INT64_MAX : value.get<std::int64_t>();
  if (huge || number < range.min || number > range.max) {
    refuse(name, "out_of_range", bounds(range.min, range.max));
    return std::nullopt;
  }
  return number;
}

void ObjectReader::read(std::string_view name, int& target, IntegerRange range) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (const auto number = read_integer(name, *value, range)) target = static_cast<int>(*number);
}

void ObjectReader::read(std::string_view name, std::optional<int>& target, IntegerRange range) {
  std::optional<std::int64_t> number;
  if (target) number = *target;
  read(name, number, range);
  target.reset();
  if (number) target = static_cast<int>(*number);
}

void ObjectReader::read(std::string_view name, std::optional<std::int64_t>& target,
                        IntegerRange range) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (value->is_null()) {
    target.reset();
  } else if (const auto number = read_integer(name, *value, range)) {
    target = number;
  }
}

void ObjectReader::read(std::string_view name, double& target, double min, double max) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (!value->is_number()) return refuse_type(name, "number");
  const auto number = value->get<double>();
  if (number >= min && number <= max) {
    target = number;
  } else {
    refuse(name, "out_of_range",
           bounds(static_cast<std::int64_t>(min), static_cast<std::int64_t>(max)));
  }
}

void ObjectReader::read_key(std::string_view name, std::string& target) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (!value->is_number_integer()) return read(name, target);
  if (const auto id = read_integer(name, *value, {1, INT64_MAX})) target = std::to_string(*id);
}

void ObjectReader::read_text_list(std::string_view name, std::vector<std::string>& target,
                                  bool numbers_too) {
  const web::View* value = find(name);
  if (value == nullptr) return;
  if (value->is_null()) return target.clear();
  if (!value->is_array()) return refuse_type(name, "array");
  if (value->size() > kMostElements) {
    return refuse(name, "too_many", {{"max", std::to_string(kMostElements)}});
  }
  std::vector<std::string> texts;
  for (std::size_t index = 0; index < value->size(); ++index) {
    const web::View element = {{"element", (*value)[index]}};
    domain::FieldErrors errors;
    ObjectReader reader(element, errors);
    std::string text;
    reader.require("element");
    if (numbers_too) {
      reader.read_key("element", text);
    } else {
      reader.read("element", text);
    }
    for (domain::FieldError& error : errors) {
      error.field = full_name(name) + "[" + std::to_string(index) + "]";
      errors_.push_back(std::move(error));
    }
    texts.push_back(std::move(text));
  }
  target = std::move(texts);
}

void ObjectReader::read(std::string_view name, std::vector<std::string>& target) {
  read_text_list(name, target, false);
}

void ObjectReader::read_keys(std::string_view name, std::vector<std::string>& target) {
  read_text_list(name, target, true);
}

bool ObjectReader::read_objects(std::string_view name,
                                const std::function<void(ObjectReader&)>& read_element) {
  const web::View* value = find(name);
  if (value == nullptr || value->is_null()) return true;
  if (!value->is_array()) {
    refuse_type(name, "array");
    return false;
  }
  if (value->size() > kMostElements) {
    refuse(name, "too_many", {{"max", std::to_string(kMostElements)}});
    return false;
  }
  for (std::size_t index = 0; index < value->size(); ++index) {
    const std::string element = std::string(name) + "[" + std::to_string(index) + "]";
    if (!(*value)[index].is_object()) {
      refuse_type(element, "object");
      continue;
    }
    ObjectReader reader((*value)[index], errors_, full_name(element) + ".");
    read_element(reader);
    reader.refuse_unknown();
  }
  return true;
}

bool ObjectReader::read_object(std::string_view name,
                               const std::function<void(ObjectReader&)>& read_fields) {
  const web::View* value = find(name);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is_object()) {
    refuse_type(name, "object");
    return false;
  }
  ObjectReader reader(*value, errors_, full_name(name) + ".");
  read_fields(reader);
  reader.refuse_unknown();
  return true;
}

void ObjectReader::read_members(
    std::string_view name, const std::function<bool(const std::string&, const web::View&)>& take) {
  const web::View* value = find(name);
  if (value == nullptr || value->is_null()) return;
  if (!value->is_object()) {
    refuse_type(name, "object");
    return;
  }
  for (const auto& [member, content] : value->items()) {
    if (!take(member, content)) refuse(std::string(name) + "." + member, "wrong_type");
  }
}

std::optional<std::string> ObjectReader::find_text(std::string_view name) {
  if (!has(name) || is_null(name)) return std::nullopt;
  std::string text;
  if (!read_word(name, text)) return std::nullopt;
  return text;
}

void ObjectReader::refuse_unknown() {
  for (const auto& [name, value] : object_.items()) {
    if (known_.find(name) != known_.end()) continue;
    // A name may be as long as the body; the answer repeats only its beginning, whole characters.
    std::size_t end = std::min<std::size_t>(name.size(), 60);
    while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
      --end;
    }
    refuse(std::string_view(name).substr(0, end), "unknown_field");
  }
}

}  // namespace narada::http::api
