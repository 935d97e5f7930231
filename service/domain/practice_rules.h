#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"

namespace narada::domain {

// What the facts of a practice contradict, by the field: not_for_procedural (budget_pln,
// ended_year), ended_before_implementation (ended_year), required (the year of a month).
FieldErrors broken_practice_rules(const Practice& practice);

// "1234", "1234,5", "1234.50", also with blanks between the digits: złoty with two places for
// grosze, "1234.50". At most 13 digits before the point. Absent for anything else.
std::optional<std::string> find_budget(std::string_view text);

// One thing that a description needs before it is submitted. `field` as in the API.
struct PracticeNeed {
  std::string_view field;
  bool met = false;
};
// Everything that this one needs, in the order of the form: an investment a budget, too.
std::vector<PracticeNeed> practice_needs(const Practice& practice);
bool is_complete(const Practice& practice);
// Whether a source stands for what it does not say.
bool is_sourced(const Practice& practice);

// What readers may not see of it is gone: person, e-mail and phone without consent, and who told of
// the consent.
void hide_private(Practice& practice);

// A step in the life of a description.
enum class PracticeStep { submit, check, publish, send_back, archive, bring_back };
std::string_view to_string(PracticeStep step);
std::optional<PracticeStep> find_practice_step(std::string_view name);
// The state that the step leads to; absent where it cannot be taken.
std::optional<PracticeStatus> status_after(PracticeStatus status, PracticeStep step);
// Whether it takes who verifies; submitting is its editors'.
bool is_verification(PracticeStep step);
// The steps from here, in the order in which they are offered.
std::vector<PracticeStep> steps_from(PracticeStatus status);

}  // namespace narada::domain
