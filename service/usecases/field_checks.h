#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"

namespace narada::usecases {

enum class Lines { one, many };
enum class Presence { optional, required };

// How long a text may be, in characters.
struct TextRule {
  std::size_t max = 200;
  Presence presence = Presence::optional;
  Lines lines = Lines::one;
};

// The rules that the fields of one form break. Each check puts its field's text into the form that
// is stored (no blanks around it, line breaks as \n) and adds at most one error; codes: required,
// too_long{max}, not_utf8, control_characters, invalid_url, out_of_range{min,max}, too_many{max}.
class FieldChecks {
 public:
  // `prefix` stands before the name of each field: "meetings[2]."
  explicit FieldChecks(domain::FieldErrors& errors, std::string prefix = {})
      : errors_(errors), prefix_(std::move(prefix)) {}

  // Invisible characters that turn the direction of writing count as control characters.
  void check_text(std::string_view field, std::string& value, const TextRule& rule);
  // Empty, or http(s)://host… of at most 1,000 characters without blanks, quotes or brackets.
  void check_url(std::string_view field, std::string& value);
  void check_range(std::string_view field, std::int64_t value, std::int64_t min, std::int64_t max);
  // False, with an error, when there are more than `max`; their own checks are then left out.
  bool check_count(std::string_view field, std::size_t count, std::size_t max);
  void add(std::string_view field, std::string_view code,
           std::map<std::string, std::string> details = {});

  // The checks of a part: within("places[0].").
  FieldChecks within(const std::string& prefix) const {
    return FieldChecks(errors_, prefix_ + prefix);
  }
  bool all_good() const { return errors_.empty(); }

 private:
  domain::FieldErrors& errors_;
  std::string prefix_;
};

}  // namespace narada::usecases
