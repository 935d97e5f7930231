#include "service/http/api/query_reader.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "service/http/errors.h"
#include "service/usecases/list_names.h"

namespace narada::http::api {
namespace {

constexpr std::size_t kLongestCursor = 2000;  // bytes
constexpr int kDefaultLimit = 50;
constexpr int kMostItems = 200;

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<domain::Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole_number<int>(text.substr(0, 4));
  const auto month = whole_number<unsigned>(text.substr(5, 2));
  const auto day = whole_number<unsigned>(text.substr(8, 2));
  if (!year || !month || !day || *year < 0) return std::nullopt;
  const domain::Date date{std::chrono::year{*year}, std::chrono::month{*month},
                          std::chrono::day{*day}};
  return date.ok() ? std::optional(date) : std::nullopt;
}

void QueryReader::refuse(std::string_view name, std::string code,
                         std::map<std::string, std::string> details) {
  errors_.push_back({std::string(name), std::move(code), std::move(details)});
}

std::string QueryReader::text(std::string_view name, std::size_t max_bytes) {
  const auto given = std::count_if(request_.query.begin(), request_.query.end(),
                                   [&](const auto& parameter) { return parameter.first == name; });
  if (given > 1) refuse(name, "repeated");
  std::string value = request_.query_value(name);
  if (value.size() > max_bytes) {
    refuse(name, "too_long", {{"max", std::to_string(max_bytes)}});
    return {};
  }
  return value;
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  if (!request_.find_query(name)) return std::nullopt;
  const auto number = whole_number<std::int64_t>(text(name));
  if (!number || *number < min || *number > max) {
    refuse(name, "out_of_range", {{"min", std::to_string(min)}, {"max", std::to_string(max)}});
    return std::nullopt;
  }
  return number;
}

std::optional<bool> QueryReader::flag(std::string_view name) {
  const std::string word = text(name);
  if (word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  if (!word.empty()) refuse(name, "unknown_value");
  return std::nullopt;
}

std::optional<domain::Date> QueryReader::date(std::string_view name) {
  const std::string value = text(name);
  if (value.empty()) return std::nullopt;
  const auto date = parse_date(value);
  if (!date) refuse(name, "invalid_date");
  return date;
}

usecases::PageRequest QueryReader::page_with_own_cursor() {
  usecases::PageRequest page;
  page.limit = static_cast<int>(integer("limit", 1, kMostItems).value_or(kDefaultLimit));
  if (auto cursor = text("cursor", kLongestCursor); !cursor.empty()) {
    page.cursor = std::move(cursor);
  }
  return page;
}

usecases::PageRequest QueryReader::page(std::string_view list) {
  auto page = page_with_own_cursor();
  if (page.cursor && !usecases::is_cursor_of(list, *page.cursor)) {
    refuse("cursor", "invalid_cursor");
  }
  return page;
}

void QueryReader::check() const {
  if (!errors_.empty()) throw Error(problem_of(errors_));
}

}  // namespace narada::http::api
