#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/domain/questions.h"
#include "service/domain/time.h"

namespace narada::domain {

using SurveyId = Id<struct SurveyTag>;

inline constexpr int kUsualSurveyHours = 3;  // after the end of the meeting
inline constexpr int kMostSurveyHours = 168;
inline constexpr std::chrono::days kSurveyOpen{14};          // from the asking
inline constexpr std::chrono::days kSurveyReminderAfter{5};  // from the asking; the only one
inline constexpr std::size_t kMostSurveyQuestions = 20;
// Fewer answers than that could be told to be somebody's, and are shown to nobody.
inline constexpr int kLeastSurveyAnswers = 3;

// What a survey asks until organizers ask something else.
Questions usual_survey_questions();

// What came of one question. Of a text the answers themselves, in the order of the alphabet, so
// that nothing tells which came first.
struct SurveyResult {
  Question question;
  int answers = 0;
  std::vector<std::pair<std::string, int>> counts;  // "yes" and "no", options, numbers: how many
  std::optional<double> average;                    // where all answers are numbers
  std::vector<std::string> texts;
};
// `answers`: single answers in the form of domain::Answers.
std::vector<SurveyResult> sum_up(const Questions& questions,
                                 const std::vector<std::pair<QuestionId, std::string>>& answers);

// What is wrong with the questions of a survey, under "questions[2].label": required,
// too_few_options, …, no_questions and too_many_questions {max} under "questions", unknown_value
// for a kind that a survey cannot ask.
FieldErrors check_survey_questions(const Questions& questions);

}  // namespace narada::domain
