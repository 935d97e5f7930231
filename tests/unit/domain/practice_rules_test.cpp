#include "service/domain/practice_rules.h"

#include <doctest/doctest.h>

#include "service/domain/word_changes.h"

using namespace narada::domain;

namespace {

Practice whole() {
  Practice practice;
  practice.title = practice.lead = practice.situation_before = "tekst";
  practice.aim = practice.description = practice.results = "tekst";
  practice.institution_text = "Gmina";
  practice.type = PracticeType::social;
  practice.area = PracticeArea::social_services;
  practice.state = PracticeState::implemented;
  practice.implementation_year = 2020;
  practice.contact_person.unit = "Wydział";
  return practice;
}

std::string missing(const Practice& practice) {
  std::string names;
  for (const auto& need : practice_needs(practice))
    if (!need.met) names += std::string(need.field) + ' ';
  return names;
}

std::string broken(const Practice& practice) {
  std::string text;
  for (const auto& error : broken_practice_rules(practice))
    text += error.field + ":" + error.code + ' ';
  return text;
}

}  // namespace

TEST_CASE("a description is complete when nothing that a submission needs is missing") {
  Practice practice = whole();
  CHECK(missing(practice).empty());
  CHECK(is_complete(practice));
  practice.type = PracticeType::investment;
  CHECK(missing(practice) == "budget_pln ");
  practice.budget_pln = "1.00";
  CHECK(is_complete(practice));
  CHECK(missing(Practice{}) ==
        "title lead institutions type area state implementation_year situation_before aim "
        "description results contact_unit ");
}

TEST_CASE("what kinds of practices contradict is told by the field") {
  Practice practice = whole();
  CHECK(broken(practice).empty());
  practice.ended_year = 2019;
  CHECK(broken(practice) == "ended_year:ended_before_implementation ");
  practice.ended_year = 2020;
  practice.ended_month = 3;
  practice.implementation_month = 4;
  CHECK(broken(practice) == "ended_year:ended_before_implementation ");
  practice.ended_month = 4;
  CHECK(broken(practice).empty());
  practice.type = PracticeType::procedural;
  practice.budget_pln = "1.00";
  CHECK(broken(practice) == "budget_pln:not_for_procedural ended_year:not_for_procedural ");
  Practice months;
  months.implementation_month = months.ended_month = 1;
  CHECK(broken(months) == "implementation_year:required ended_year:required ");
}

TEST_CASE("a budget is read to the grosz or not at all") {
  const std::pair<std::string_view, std::optional<std::string>> kTable[] = {
      {"9881414,4", "9881414.40"},
      {"9881414.42", "9881414.42"},
      {"9 881 414,42", "9881414.42"},
      {"9\u00a0881\u202f414", "9881414.00"},
      {"1234567890123", "1234567890123.00"},
      {"12345678901234", std::nullopt},
      {"1,234", std::nullopt},
      {"1,2,3", std::nullopt},
      {"-1", std::nullopt},
      {"", std::nullopt},
      {",5", std::nullopt},
      {"1e5", std::nullopt}};
  for (const auto& [typed, budget] : kTable) {
    CAPTURE(typed);
    CHECK(find_budget(typed) == budget);
  }
}

TEST_CASE("each state allows its steps and no other") {
  using enum PracticeStatus;
  using Step = PracticeStep;
  const std::tuple<PracticeStatus, Step, std::optional<PracticeStatus>> kTable[] = {
      {draft, Step::submit, submitted},        {draft, Step::check, std::nullopt},
      {draft, Step::publish, std::nullopt},    {draft, Step::send_back, std::nullopt},
      {draft, Step::archive, archived},        {submitted, Step::check, checked},
      {submitted, Step::send_back, draft},     {submitted, Step::publish, std::nullopt},
      {checked, Step::publish, published},     {checked, Step::send_back, draft},
      {checked, Step::submit, std::nullopt},   {published, Step::archive, archived},
      {published, Step::submit, std::nullopt}, {published, Step::send_back, std::nullopt},
      {archived, Step::bring_back, draft},     {archived, Step::archive, std::nullopt}};
  for (const auto& [from, step, to] : kTable) {
    CAPTURE(to_string(from));
    CAPTURE(to_string(step));
    CHECK(status_after(from, step) == to);
  }
}

TEST_CASE("readers see a person, e-mail and phone with consent alone") {
  Practice practice;
  practice.contact_person = {"Anna", "Wydział", "anna@bytom.pl", "32 1", std::nullopt, "mail"};
  hide_private(practice);
  CHECK(practice.contact_person == PracticeContact{"", "Wydział", "", "", std::nullopt, ""});
  const Date day{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{2}};
  practice.contact_person = {"Anna", "Wydział", "anna@bytom.pl", "32 1", day, "mail"};
  hide_private(practice);
  CHECK(practice.contact_person ==
        PracticeContact{"Anna", "Wydział", "anna@bytom.pl", "32 1", day, ""});
}

TEST_CASE("what became of a text is told word by word") {
  using Kind = WordChange::Kind;
  const auto changes = word_changes("Gmina sadzi drzewa.", "Gmina chętnie sadzi krzewy.");
  CHECK(changes == std::vector<WordChange>{{Kind::kept, "Gmina "},
                                           {Kind::added, "chętnie "},
                                           {Kind::kept, "sadzi "},
                                           {Kind::removed, "drzewa."},
                                           {Kind::added, "krzewy."}});
  CHECK(word_changes("", "").empty());
  CHECK(word_changes("a b", "a b") == std::vector<WordChange>{{Kind::kept, "a b"}});
  std::string before, after;
  for (const auto& change : word_changes("jeden  dwa\ntrzy", "dwa\n\ntrzy cztery")) {
    if (change.kind != Kind::added) before += change.text;
    if (change.kind != Kind::removed) after += change.text;
  }
  CHECK(before == "jeden  dwa\ntrzy");
  CHECK(after == "dwa\n\ntrzy cztery");
}
