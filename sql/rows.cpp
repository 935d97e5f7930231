// Parameter and Rows: the shapes in which values travel to and from the server.
#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <stdexcept>

#include "sql/connection.h"
#include "sql/error.h"

namespace narada::storage {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;
using std::chrono::seconds;
using std::chrono::sys_days;

std::string date_text(domain::Date date) {
  const int year = static_cast<int>(date.year());
  if (!date.ok() || year < 1 || year > 9999) {
    throw std::out_of_range("a date outside the years 1 to 9999 cannot be stored");
  }
  return fmt::format("{:04}-{:02}-{:02}", year, static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

// DATETIME(0) of a point on a time line that counts in seconds.
template <class Days, class Point>
std::string datetime_text(Point point) {
  const auto day = floor<days>(point);
  const std::chrono::hh_mm_ss<seconds> time(point - day);
  return fmt::format("{} {:02}:{:02}:{:02}", date_text(domain::Date(Days(day))),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

[[noreturn]] void throw_shape(std::string_view shape, const std::string& cell) {
  throw Error(0, fmt::format("a cell is not {}: \"{}\"", shape, cell.substr(0, 40)));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// `width` decimal digits at `offset`.
std::optional<int> parse_digits(std::string_view text, std::size_t offset, std::size_t width) {
  int number = 0;
  for (const char digit : text.substr(offset, width)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return number;
}

// "YYYY-MM-DD" at the start of `text`.
std::optional<domain::Date> parse_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text, 0, 4);
  const auto month = parse_digits(text, 5, 2);
  const auto day = parse_digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const domain::Date date{std::chrono::year(*year),
                          std::chrono::month(static_cast<unsigned>(*month)),
                          std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;  // also the server's 0000-00-00
  return date;
}

// "YYYY-MM-DD hh:mm:ss", a fraction of a second is cut off.
std::optional<std::pair<domain::Date, seconds>> parse_datetime(std::string_view text) {
  const auto date = parse_date(text);
  if (!date || text.size() < 19 || text[10] != ' ' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  if (text.size() > 19 && text[19] != '.') return std::nullopt;
  const auto hour = parse_digits(text, 11, 2);
  const auto minute = parse_digits(text, 14, 2);
  const auto second = parse_digits(text, 17, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return std::pair(*date, seconds((*hour * 60 + *minute) * 60 + *second));
}

}  // namespace

Parameter::Parameter(domain::Instant value)
    : kind_(Kind::text), text_(datetime_text<sys_days>(value)) {}

Parameter::Parameter(domain::WallTime value)
    : kind_(Kind::text), text_(datetime_text<local_days>(value)) {}

Parameter::Parameter(domain::Date value) : kind_(Kind::text), text_(date_text(value)) {}

void Parameter::throw_out_of_range() {
  throw std::out_of_range("an integer above 2^63-1 cannot be stored");
}

const std::string& Rows::Row::text(std::size_t column) const {
  if (column >= cells_->size()) throw Error(0, fmt::format("no column {}", column));
  const auto& cell = (*cells_)[column];
  if (!cell) throw Error(0, fmt::format("column {} is NULL", column));
  return *cell;
}

std::int64_t Rows::Row::integer(std::size_t column) const {
  const std::string& cell = text(column);
  const auto number = parse_number<std::int64_t>(cell);
  if (!number) throw_shape("a 64-bit integer", cell);
  return *number;
}

int Rows::Row::small_integer(std::size_t column) const {
  const std::int64_t number = integer(column);
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
    throw_shape("a 32-bit integer", text(column));
  }
  return static_cast<int>(number);
}

double Rows::Row::real(std::size_t column) const {
  const std::string& cell = text(column);
  const auto number = parse_number<double>(cell);
  if (!number) throw_shape("a number", cell);
  return *number;
}

domain::Instant Rows::Row::instant(std::size_t column) const {
  const std::string& cell = text(column);
  const auto parsed = parse_datetime(cell);
  if (!parsed) throw_shape("a date and time", cell);
  return sys_days(parsed->first) + parsed->second;
}

domain::WallTime Rows::Row::wall_time(std::size_t column) const {
  const std::string& cell = text(column);
  const auto parsed = parse_datetime(cell);
  if (!parsed) throw_shape("a date and time", cell);
  return local_days(parsed->first) + parsed->second;
}

domain::Date Rows::Row::date(std::size_t column) const {
  const std::string& cell = text(column);
  const auto parsed = parse_date(cell);
  if (!parsed || cell.size() != 10) throw_shape("a date", cell);
  return *parsed;
}

std::optional<std::int64_t> Rows::Row::find_integer(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> Rows::Row::find_real(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

std::optional<std::string> Rows::Row::find_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<domain::Instant> Rows::Row::find_instant(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

std::optional<domain::WallTime> Rows::Row::find_wall_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return wall_time(column);
}

std::string Rows::Row::text_or_empty(std::size_t column) const {
  return is_null(column) ? std::string() : text(column);
}

}  // namespace narada::storage
