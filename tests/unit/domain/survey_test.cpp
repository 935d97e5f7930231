// What comes of a survey.
#include "service/domain/survey.h"

#include <doctest/doctest.h>

using namespace narada::domain;

namespace {

Question question(int id, QuestionKind kind, std::vector<std::string> options = {}) {
  Question question;
  question.id = QuestionId{id};
  question.kind = kind;
  question.label = "Pytanie";
  question.options = std::move(options);
  return question;
}

using Counts = std::vector<std::pair<std::string, int>>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("answers are counted by option, and options nobody chose are there too") {
  const Questions questions = {question(1, QuestionKind::choice, {"1", "2", "3"}),
                               question(2, QuestionKind::several, {"a", "b"}),
                               question(3, QuestionKind::yes_no), question(4, QuestionKind::number),
                               question(5, QuestionKind::text)};
  const auto results = sum_up(questions, {{QuestionId{1}, "3"},
                                          {QuestionId{1}, "3"},
                                          {QuestionId{1}, "1"},
                                          {QuestionId{2}, "a\nb"},
                                          {QuestionId{2}, "b"},
                                          {QuestionId{3}, "no"},
                                          {QuestionId{4}, "10"},
                                          {QuestionId{4}, "2.5"},
                                          {QuestionId{5}, "zima"},
                                          {QuestionId{5}, "lato"}});
  REQUIRE(results.size() == 5);
  CHECK(results[0].counts == Counts{{"1", 1}, {"2", 0}, {"3", 2}});
  CHECK(results[0].average.value() == doctest::Approx(7.0 / 3));
  CHECK(results[1].counts == Counts{{"a", 1}, {"b", 2}});
  CHECK(results[1].answers == 2);
  CHECK_FALSE(results[1].average);
  CHECK(results[2].counts == Counts{{"yes", 0}, {"no", 1}});
  CHECK_FALSE(results[2].average);
  CHECK(results[3].counts == Counts{{"2.5", 1}, {"10", 1}});
  CHECK(results[3].average.value() == doctest::Approx(6.25));
  CHECK(results[4].texts == Texts{"lato", "zima"});
  CHECK(results[4].counts.empty());
}

TEST_CASE("an average is of numbers alone") {
  const auto results = sum_up({question(1, QuestionKind::choice, {"5 – bardzo", "1"})},
                              {{QuestionId{1}, "5 – bardzo"}, {QuestionId{1}, "1"}});
  CHECK_FALSE(results.front().average);
}

TEST_CASE("the usual questions can be asked, and a survey asks for no file and not for nothing") {
  CHECK(check_survey_questions(usual_survey_questions()).empty());
  CHECK(check_survey_questions({}) == FieldErrors{{"questions", "no_questions"}});
  CHECK(check_survey_questions({question(0, QuestionKind::file)}) ==
        FieldErrors{{"questions[0].kind", "unknown_value"}});
  CHECK(check_survey_questions(
            {question(0, QuestionKind::text), question(0, QuestionKind::choice, {"jedno"})}) ==
        FieldErrors{{"questions[1].options", "too_few_options"}});
  CHECK(check_survey_questions(
            Questions(kMostSurveyQuestions + 1, question(0, QuestionKind::text))) ==
        FieldErrors{{"questions", "too_many_questions", {{"max", "20"}}}});
}
