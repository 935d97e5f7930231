#include "service/usecases/practices/practice_form.h"

#include <array>

namespace narada::usecases {
namespace {

using domain::Practice;

constexpr std::size_t kMostInstitutions = 50;
constexpr TextRule kLongText{.max = 15'000, .lines = Lines::many};  // TEXT holds 65,535 octets

constexpr std::array<std::string_view, 7> kFoundBy{
    "contest", "exchange_group", "office", "media", "recommendation", "meeting", "cycle"};

// Digits, at most 13 before the point, and two after it; absent when that is not so.
std::optional<std::string> find_amount(std::string_view text) {
  const std::size_t point = text.find_first_of(".,");
  const std::string_view zloty = text.substr(0, point);
  std::string grosze = point == std::string_view::npos ? "00" : std::string(text.substr(point + 1));
  if (grosze.size() == 1) grosze += '0';
  const auto all_digits = [](std::string_view digits) {
    return digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (zloty.empty() || zloty.size() > 13 || grosze.size() != 2) return std::nullopt;
  if (!all_digits(zloty) || !all_digits(grosze)) return std::nullopt;
  return std::string(zloty) + '.' + grosze;
}

void read_texts(PracticeForm& form, FieldChecks& checks, Practice& practice) {
  const auto read = [&](std::string_view field, std::string& from, std::string& to,
                        const TextRule& rule) {
    checks.check_text(field, from, rule);
    to = from;
  };
  read("title", form.title, practice.title, {.max = 300, .presence = Presence::required});
  read("lead", form.lead, practice.lead, {.max = 2000, .lines = Lines::many});
  read("institution_text", form.institution_text, practice.institution_text, {.max = 300});
  read("situation_before", form.situation_before, practice.situation_before, kLongText);
  read("aim", form.aim, practice.aim, kLongText);
  read("description", form.description, practice.description, kLongText);
  read("results", form.results, practice.results, kLongText);
  read("lessons", form.lessons, practice.lessons, kLongText);
  read("contact", form.contact, practice.contact, {.max = 500, .lines = Lines::many});
  read("financing", form.financing, practice.financing, {.max = 500});
  read("caveat", form.caveat, practice.caveat, {.max = 2000, .lines = Lines::many});
  checks.check_url("legacy_url", form.legacy_url);
  practice.legacy_url = form.legacy_url;
  checks.check_url("source_url", form.source_url);
  practice.source_url = form.source_url;
}

void read_facts(const PracticeForm& form, FieldChecks& checks, Practice& practice) {
  if (form.implementation_year) {
    checks.check_range("implementation_year", *form.implementation_year, 1990, 2200);
  }
  if (form.implementation_month) {
    checks.check_range("implementation_month", *form.implementation_month, 1, 12);
    if (!form.implementation_year) checks.add("implementation_year", "required");
  }
  practice.implementation_year = form.implementation_year;
  practice.implementation_month = form.implementation_month;
  if (form.budget_pln && !form.budget_pln->empty()) {
    practice.budget_pln = find_amount(*form.budget_pln);
    if (!practice.budget_pln) checks.add("budget_pln", "invalid_amount");
    // An ordinance of the mayor has no budget of its own.
    if (form.type == domain::PracticeType::procedural) {
      checks.add("budget_pln", "not_for_procedural");
    }
  }
  bool known = form.found_by.empty();
  for (const std::string_view way : kFoundBy) known = known || way == form.found_by;
  if (!known) checks.add("found_by", "unknown_value");
  practice.found_by = form.found_by;
}

}  // namespace

Practice read_practice_form(PracticeForm form, FieldChecks& checks, References& references) {
  Practice practice;
  read_texts(form, checks, practice);
  read_facts(form, checks, practice);
  practice.type = form.type;
  practice.type_from_source = form.type && form.type_from_source;
  practice.area = form.area;
  practice.origin = form.origin;
  practice.state = form.state;
  practice.topic = references.find_topic(checks, "topic", form.topic);
  practice.institutions =
      references.find_institutions(checks, "institutions", form.institutions, kMostInstitutions);
  return practice;
}

}  // namespace narada::usecases
