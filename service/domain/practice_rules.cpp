#include "service/domain/practice_rules.h"

#include <algorithm>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<PracticeStep, 6> kSteps{
    {"submit", "check", "publish", "send_back", "archive", "bring_back"}};
static_assert(is_complete(kSteps, PracticeStep::bring_back));

constexpr std::size_t kMostZloty = 13;  // digits that DECIMAL(15,2) holds

bool ends_before_it_began(const Practice& practice) {
  if (!practice.ended_year || !practice.implementation_year) return false;
  if (*practice.ended_year != *practice.implementation_year)
    return *practice.ended_year < *practice.implementation_year;
  return practice.ended_month && practice.implementation_month &&
         *practice.ended_month < *practice.implementation_month;
}

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Without blanks, no-break ones (U+00A0, U+202F) among them.
std::string without_blanks(std::string_view text) {
  std::string dense;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ' ') continue;
    if (text.substr(at, 2) == "\u00a0") {
      ++at;
      continue;
    }
    if (text.substr(at, 3) == "\u202f") {
      at += 2;
      continue;
    }
    dense += text[at];
  }
  return dense;
}

bool has_contact(const Practice& practice) {
  const auto& contact = practice.contact_person;
  return !contact.unit.empty() || !contact.person.empty() || !contact.email.empty() ||
         !contact.phone.empty() || !practice.contact.empty();
}

}  // namespace

FieldErrors broken_practice_rules(const Practice& practice) {
  FieldErrors errors;
  if (practice.implementation_month && !practice.implementation_year)
    errors.push_back({"implementation_year", "required"});
  if (practice.ended_month && !practice.ended_year) errors.push_back({"ended_year", "required"});
  if (practice.type == PracticeType::procedural) {
    // An ordinance of the mayor has no budget of its own and stays in force.
    if (practice.budget_pln) errors.push_back({"budget_pln", "not_for_procedural"});
    if (practice.ended_year) errors.push_back({"ended_year", "not_for_procedural"});
  } else if (ends_before_it_began(practice)) {
    errors.push_back({"ended_year", "ended_before_implementation"});
  }
  return errors;
}

std::optional<std::string> find_budget(std::string_view typed) {
  const std::string text = without_blanks(typed);
  const std::size_t point = text.find_first_of(".,");
  const std::string zloty = text.substr(0, point);
  std::string grosze = point == std::string::npos ? "00" : text.substr(point + 1);
  if (grosze.size() == 1) grosze += '0';
  if (zloty.empty() || zloty.size() > kMostZloty || grosze.size() != 2) return std::nullopt;
  if (!all_digits(zloty) || !all_digits(grosze)) return std::nullopt;
  return zloty + '.' + grosze;
}

std::vector<PracticeNeed> practice_needs(const Practice& practice) {
  std::vector<PracticeNeed> needs{
      {"title", !practice.title.empty()},
      {"lead", !practice.lead.empty()},
      {"institutions", !practice.institutions.empty() || !practice.institution_text.empty()},
      {"type", practice.type.has_value()},
      {"area", practice.area.has_value()},
      {"state", practice.state.has_value()},
      {"implementation_year", practice.implementation_year.has_value()},
      {"situation_before", !practice.situation_before.empty()},
      {"aim", !practice.aim.empty()},
      {"description", !practice.description.empty()},
      {"results", !practice.results.empty()},
      {"contact_unit", has_contact(practice)}};
  if (practice.type == PracticeType::investment)
    needs.push_back({"budget_pln", practice.budget_pln.has_value()});
  return needs;
}

bool is_complete(const Practice& practice) {
  const auto needs = practice_needs(practice);
  return std::all_of(needs.begin(), needs.end(), [](const auto& need) { return need.met; });
}

bool is_sourced(const Practice& practice) {
  return !practice.source_url.empty() || !practice.legacy_url.empty() ||
         !practice.source_id.empty();
}

void hide_private(Practice& practice) {
  auto& contact = practice.contact_person;
  contact.consented_by.clear();
  if (contact.consented) return;
  contact.person.clear();
  contact.email.clear();
  contact.phone.clear();
}

std::string_view to_string(PracticeStep step) { return kSteps.name_of(step); }

std::optional<PracticeStep> find_practice_step(std::string_view name) { return kSteps.find(name); }

std::optional<PracticeStatus> status_after(PracticeStatus status, PracticeStep step) {
  using enum PracticeStatus;
  switch (step) {
    case PracticeStep::submit:
      return status == draft ? std::optional(submitted) : std::nullopt;
    case PracticeStep::check:
      return status == submitted ? std::optional(checked) : std::nullopt;
    case PracticeStep::publish:
      return status == checked ? std::optional(published) : std::nullopt;
    case PracticeStep::send_back:
      return status == submitted || status == checked ? std::optional(draft) : std::nullopt;
    case PracticeStep::archive:
      return status == archived ? std::nullopt : std::optional(archived);
    case PracticeStep::bring_back:
      return status == archived ? std::optional(draft) : std::nullopt;
  }
  return std::nullopt;
}

bool is_verification(PracticeStep step) { return step != PracticeStep::submit; }

std::vector<PracticeStep> steps_from(PracticeStatus status) {
  std::vector<PracticeStep> steps;
  for (const auto step : {PracticeStep::submit, PracticeStep::check, PracticeStep::publish,
                          PracticeStep::send_back, PracticeStep::bring_back, PracticeStep::archive})
    if (status_after(status, step)) steps.push_back(step);
  return steps;
}

}  // namespace narada::domain
