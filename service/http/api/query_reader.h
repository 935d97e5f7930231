#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/domain/time.h"
#include "service/http/message.h"
#include "service/usecases/lists.h"

namespace narada::http::api {

// "2027-01-31"; absent for anything else.
std::optional<domain::Date> parse_date(std::string_view text);

// Reads the query parameters of a list and notes every bad one; parameters that nobody asks for are
// ignored. One that is given twice is refused, because readers differ on which one counts. Keeps a
// reference to the request.
class QueryReader {
 public:
  explicit QueryReader(const Request& request) : request_(request) {}

  // Empty when absent.
  std::string text(std::string_view name, std::size_t max_bytes = 500);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<bool> flag(std::string_view name);  // true, false
  std::optional<domain::Date> date(std::string_view name);
  template <class Enum>
  std::optional<Enum> name(std::string_view parameter,
                           std::optional<Enum> (*by_name)(std::string_view)) {
    const std::string word = text(parameter);
    if (word.empty()) return std::nullopt;
    const auto found = by_name(word);
    if (!found) refuse(parameter, "unknown_value");
    return found;
  }
  // limit, and a cursor that this list (usecases/list_names.h) made; page_with_own_cursor() leaves
  // the cursor to the caller.
  usecases::PageRequest page(std::string_view list);
  usecases::PageRequest page_with_own_cursor();

  void refuse(std::string_view name, std::string code,
              std::map<std::string, std::string> details = {});
  // Throws Error 422 when anything was noted.
  void check() const;

 private:
  const Request& request_;
  domain::FieldErrors errors_;
};

}  // namespace narada::http::api
