#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"

namespace narada::domain {

// Questions of the organizer's own, asked of whoever registers for a meeting.
enum class QuestionKind { text, choice, several, number, yes_no, file };
std::string_view to_string(QuestionKind kind);
std::optional<QuestionKind> find_question_kind(std::string_view name);

struct Question {
  QuestionId id;
  QuestionKind kind = QuestionKind::text;
  std::string label;
  std::string label_en;  // empty: the Polish one is shown
  std::string hint;
  std::string hint_en;
  std::vector<std::string> options;      // of choice and several; answers hold these texts
  std::vector<std::string> options_en;   // in the same order; empty: the Polish ones are shown
  bool required = false;                 // where it is asked at all
  std::optional<AttendanceMode> mode;    // asked of those alone; absent: of all
  std::optional<QuestionId> depends_on;  // asked when that one is answered by depends_value
  std::string depends_value;             // "yes", "no" or one of its options
  bool retired = false;                  // asked of nobody any more; its answers stay
  std::optional<int> least{};            // of a number
  std::optional<int> most{};
  friend bool operator==(const Question&, const Question&) = default;
};
using Questions = std::vector<Question>;  // in the order in which they are asked

// An answer as it is kept: a text; an option; options one a line, in the order of the question's;
// a number with a point; "yes" or "no"; the name of a file. What is not answered is absent.
using Answers = std::map<QuestionId, std::string>;

inline constexpr std::size_t kMostQuestions = 40;  // of one meeting, those retired apart
inline constexpr std::size_t kMostOptions = 50;

const Question* find_question(const Questions& questions, QuestionId id);

// Whether somebody who comes this way and answers so is asked it: a question that depends on
// another is asked only where that one is asked too.
bool is_asked(const Questions& questions, const Question& question, AttendanceMode mode,
              const Answers& answers);

// The answers that count: those of questions that are asked, each in the form in which it is kept.
// What is wrong stands in `errors` under "answers.<id>": required, unknown_option, not_a_number,
// below_least {min}, above_most {max}, not_yes_or_no. `given` is trimmed text.
Answers check_answers(const Questions& questions, AttendanceMode mode, const Answers& given,
                      FieldErrors& errors);
// The required questions that are asked and not answered.
std::vector<QuestionId> find_unanswered(const Questions& questions, AttendanceMode mode,
                                        const Answers& answers);

// What can be answered to it that others may depend on: "yes" and "no", or its options.
std::vector<std::string> values_to_depend_on(const Question& question);

// What is wrong with a question as it would stand among the others of its meeting (an earlier one
// with its id does not count), by the names of its fields: required, too_few_options,
// most_below_least, too_many_options {max}, repeated_option, option_count_differs,
// unknown_question, condition_on_condition, has_followers, unknown_value, too_many_questions {max}.
FieldErrors check_question(const Questions& others, const Question& question);

std::string answer_field(QuestionId question);  // "answers.12"
// One option a line; blank lines are none.
std::vector<std::string> split_lines(std::string_view text);
std::string join_lines(const std::vector<std::string>& lines);

}  // namespace narada::domain
