#include "service/domain/survey.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace narada::domain {
namespace {

Question scale(std::string label, std::string label_en) {
  Question question;
  question.kind = QuestionKind::choice;
  question.label = std::move(label);
  question.label_en = std::move(label_en);
  question.options = {"1", "2", "3", "4", "5"};
  return question;
}

Question open(std::string label, std::string label_en) {
  Question question;
  question.label = std::move(label);
  question.label_en = std::move(label_en);
  return question;
}

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void count(std::vector<std::pair<std::string, int>>& counts, const std::string& value) {
  for (auto& [name, number] : counts) {
    if (name == value) {
      ++number;
      return;
    }
  }
  counts.emplace_back(value, 1);
}

bool is_smaller(const std::pair<std::string, int>& one, const std::pair<std::string, int>& other) {
  return number_of(one.first).value_or(0) < number_of(other.first).value_or(0);
}

void add_average(const std::vector<std::string>& values, SurveyResult& result) {
  double sum = 0;
  for (const auto& value : values) {
    const auto number = number_of(value);
    if (!number) return;
    sum += *number;
  }
  if (!values.empty()) result.average = sum / static_cast<double>(values.size());
}

SurveyResult sum_up_one(const Question& question, std::vector<std::string> values) {
  SurveyResult result;
  result.question = question;
  result.answers = static_cast<int>(values.size());
  if (question.kind == QuestionKind::text) {
    std::sort(values.begin(), values.end());
    result.texts = std::move(values);
    return result;
  }
  if (question.kind == QuestionKind::yes_no) result.counts = {{"yes", 0}, {"no", 0}};
  for (const auto& option : question.options) result.counts.emplace_back(option, 0);
  if (question.kind == QuestionKind::several) {
    for (const auto& value : values)
      for (const auto& line : split_lines(value)) count(result.counts, line);
    return result;
  }
  for (const auto& value : values) count(result.counts, value);
  if (question.kind == QuestionKind::number)
    std::sort(result.counts.begin(), result.counts.end(), is_smaller);
  if (question.kind != QuestionKind::yes_no) add_average(values, result);
  return result;
}

}  // namespace

Questions usual_survey_questions() {
  Question again;
  again.kind = QuestionKind::yes_no;
  again.label = "Czy chcesz przyjść na kolejne takie spotkanie?";
  again.label_en = "Would you come to another meeting like this?";
  return {scale("Na ile spotkanie przyda się w Twojej pracy? (1 – wcale, 5 – bardzo)",
                "How useful is the meeting for your work? (1 – not at all, 5 – very)"),
          scale("Jak oceniasz organizację? (1 – źle, 5 – bardzo dobrze)",
                "How well was it organised? (1 – badly, 5 – very well)"),
          open("Co wykorzystasz u siebie?", "What will you use at your office?"),
          open("Czego zabrakło?", "What was missing?"), again};
}

std::vector<SurveyResult> sum_up(const Questions& questions,
                                 const std::vector<std::pair<QuestionId, std::string>>& answers) {
  std::map<QuestionId, std::vector<std::string>> values;
  for (const auto& [question, value] : answers) values[question].push_back(value);
  std::vector<SurveyResult> results;
  for (const auto& question : questions)
    results.push_back(sum_up_one(question, values[question.id]));
  return results;
}

FieldErrors check_survey_questions(const Questions& questions) {
  if (questions.empty()) return {{"questions", "no_questions"}};
  if (questions.size() > kMostSurveyQuestions)
    return {{"questions", "too_many_questions", {{"max", std::to_string(kMostSurveyQuestions)}}}};
  FieldErrors errors;
  for (std::size_t index = 0; index < questions.size(); ++index) {
    const std::string prefix = "questions[" + std::to_string(index) + "].";
    if (questions[index].kind == QuestionKind::file)
      errors.push_back({prefix + "kind", "unknown_value"});
    for (auto& error : check_question({}, questions[index]))
      errors.push_back({prefix + error.field, error.code, error.details});
  }
  return errors;
}

}  // namespace narada::domain
