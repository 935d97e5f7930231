#include "notifications/json_fields.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

namespace narada::notifications {
namespace {

using nlohmann::json;

// The number that the digits at `offset` are; absent when one of them is no digit.
std::optional<int> digits_at(std::string_view text, std::size_t offset, std::size_t count) {
  int value = 0;
  const char* first = text.data() + offset;
  if (*first == '-' || *first == '+') return std::nullopt;
  const auto [end, error] = std::from_chars(first, first + count, value);
  if (error != std::errc{} || end != first + count) return std::nullopt;
  return value;
}

std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = digits_at(text, 0, 2), minute = digits_at(text, 3, 2),
             second = digits_at(text, 6, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<domain::Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits_at(text, 0, 4), month = digits_at(text, 5, 2),
             day = digits_at(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const domain::Date date{std::chrono::year(*year),
                          std::chrono::month(static_cast<unsigned>(*month)),
                          std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<domain::WallTime> parse_wall_time(std::string_view text) {
  if (text.size() != 19 || text[10] != 'T') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto time = parse_time_of_day(text.substr(11));
  if (!date || !time) return std::nullopt;
  return std::chrono::local_days(*date) + *time;
}

std::optional<int> bounded_integer(const json& value, int lowest, int highest) {
  if (!value.is_number_integer()) return std::nullopt;
  // Numbers above INT64_MAX are kept unsigned and would turn negative as int64.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT32_MAX) return std::nullopt;
  const auto number = value.get<std::int64_t>();
  if (number < lowest || number > highest) return std::nullopt;
  return static_cast<int>(number);
}

std::string padded(int value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

std::string write_wall_time(domain::WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const domain::Date date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return padded(int(date.year()), 4) + "-" + padded(int(unsigned(date.month())), 2) + "-" +
         padded(int(unsigned(date.day())), 2) + "T" + padded(int(clock.hours().count()), 2) + ":" +
         padded(int(clock.minutes().count()), 2) + ":" + padded(int(clock.seconds().count()), 2);
}

std::string write_instant(domain::Instant instant) {
  return write_wall_time(domain::WallTime(instant.time_since_epoch())) + "Z";
}

JsonFields::JsonFields(json object) : object_(std::move(object)) {
  if (!object_.is_object()) throw std::invalid_argument("not a JSON object");
}

JsonFields JsonFields::parse(std::string_view text) {
  return JsonFields(json::parse(text, nullptr, /*allow_exceptions=*/false));
}

void JsonFields::throw_invalid(std::string_view name) {
  throw std::invalid_argument("field missing or out of bounds: " + std::string(name));
}

const json& JsonFields::take(const char* name) {
  const auto found = object_.find(name);
  if (found == object_.end()) throw_invalid(name);
  taken_.insert(name);
  return *found;
}

const json& JsonFields::take_array(const char* name, std::size_t most) {
  const json& value = take(name);
  if (!value.is_array() || value.size() > most) throw_invalid(name);
  return value;
}

std::string JsonFields::text(const char* name, std::size_t longest) {
  const json& value = take(name);
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr || text->size() > longest) throw_invalid(name);
  return *text;
}

bool JsonFields::boolean(const char* name) {
  const json& value = take(name);
  if (!value.is_boolean()) throw_invalid(name);
  return value.get<bool>();
}

int JsonFields::integer(const char* name, int lowest, int highest) {
  const auto number = bounded_integer(take(name), lowest, highest);
  if (!number) throw_invalid(name);
  return *number;
}

double JsonFields::real(const char* name, double lowest, double highest) {
  const json& value = take(name);
  if (!value.is_number()) throw_invalid(name);
  const double number = value.get<double>();
  if (!(number >= lowest && number <= highest)) throw_invalid(name);
  return number;
}

domain::WallTime JsonFields::wall_time(const char* name) {
  const auto time = parse_wall_time(text(name, 19));
  if (!time) throw_invalid(name);
  return *time;
}

domain::Instant JsonFields::instant(const char* name) {
  const std::string value = text(name, 20);
  if (value.size() != 20 || value.back() != 'Z') throw_invalid(name);
  const auto time = parse_wall_time(std::string_view(value).substr(0, 19));
  if (!time) throw_invalid(name);
  return domain::Instant(time->time_since_epoch());
}

JsonFields JsonFields::object(const char* name) {
  const json& value = take(name);
  if (!value.is_object()) throw_invalid(name);
  return JsonFields(value);
}

std::vector<JsonFields> JsonFields::objects(const char* name, std::size_t most) {
  std::vector<JsonFields> result;
  for (const json& element : take_array(name, most)) {
    if (!element.is_object()) throw_invalid(name);
    result.push_back(JsonFields(element));
  }
  return result;
}

std::vector<std::string> JsonFields::texts(const char* name, std::size_t most,
                                           std::size_t longest) {
  std::vector<std::string> result;
  for (const json& element : take_array(name, most)) {
    const auto* text = element.get_ptr<const std::string*>();
    if (text == nullptr || text->size() > longest) throw_invalid(name);
    result.push_back(*text);
  }
  return result;
}

std::vector<int> JsonFields::integers(const char* name, std::size_t most, int lowest, int highest) {
  std::vector<int> result;
  for (const json& element : take_array(name, most)) {
    const auto number = bounded_integer(element, lowest, highest);
    if (!number) throw_invalid(name);
    result.push_back(*number);
  }
  return result;
}

void JsonFields::expect_nothing_else() const {
  for (const auto& [name, value] : object_.items()) {
    if (!taken_.contains(name)) throw std::invalid_argument("unexpected field: " + name);
  }
}

}  // namespace narada::notifications
