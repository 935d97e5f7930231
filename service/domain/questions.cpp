#include "service/domain/questions.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<QuestionKind, 6> kKinds{
    {"text", "choice", "several", "number", "yes_no", "file"}};
static_assert(is_complete(kKinds, QuestionKind::file));

constexpr std::size_t kMostDigits = 15;

bool has_options(const Question& question) {
  return question.kind == QuestionKind::choice || question.kind == QuestionKind::several;
}

bool has_option(const Question& question, const std::string& text) {
  return std::find(question.options.begin(), question.options.end(), text) !=
         question.options.end();
}

bool has_followers(const Questions& questions, QuestionId id) {
  return std::any_of(questions.begin(), questions.end(),
                     [&](const Question& one) { return !one.retired && one.depends_on == id; });
}

// "1 200,50" is kept as "1200.50"; absent: no number.
std::optional<std::string> number_of(const std::string& typed) {
  std::string number;
  std::size_t digits = 0;
  bool point = false;
  for (const char c : typed) {
    if (c == ' ') continue;
    if (c >= '0' && c <= '9') {
      ++digits;
      number += c;
    } else if ((c == ',' || c == '.') && !point && digits > 0) {
      point = true;
      number += '.';
    } else if (c == '-' && number.empty()) {
      number += c;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || digits > kMostDigits || number.back() == '.') return std::nullopt;
  return number;
}

// The options named, each once and in their order; absent: one that is none.
std::optional<std::string> options_of(const Question& question, const std::string& typed) {
  const auto named = split_lines(typed);
  std::vector<std::string> kept;
  for (const auto& option : question.options) {
    if (std::find(named.begin(), named.end(), option) != named.end()) kept.push_back(option);
  }
  const bool all = std::all_of(named.begin(), named.end(),
                               [&](const std::string& one) { return has_option(question, one); });
  if (!all) return std::nullopt;
  return join_lines(kept);
}

// The answer as it is kept, or the rule that it breaks.
struct Read {
  std::string value;
  std::string broken;
  std::map<std::string, std::string> details{};
};

Read read_number(const Question& question, const std::string& typed) {
  auto number = number_of(typed);
  if (!number) return {{}, "not_a_number"};
  const double value = std::strtod(number->c_str(), nullptr);
  if (question.least && value < *question.least) {
    return {{}, "below_least", {{"min", std::to_string(*question.least)}}};
  }
  if (question.most && value > *question.most) {
    return {{}, "above_most", {{"max", std::to_string(*question.most)}}};
  }
  return {*std::move(number), {}};
}

Read read(const Question& question, const std::string& typed) {
  switch (question.kind) {
    case QuestionKind::text:
    case QuestionKind::file:
      return {typed, {}};
    case QuestionKind::choice:
      if (has_option(question, typed)) return {typed, {}};
      return {{}, "unknown_option"};
    case QuestionKind::several:
      if (auto options = options_of(question, typed)) return {*std::move(options), {}};
      return {{}, "unknown_option"};
    case QuestionKind::number:
      return read_number(question, typed);
    case QuestionKind::yes_no:
      if (typed == "yes" || typed == "no") return {typed, {}};
      return {{}, "not_yes_or_no"};
  }
  return {};
}

void check_options(const Question& question, FieldErrors& errors) {
  if (!has_options(question)) return;
  const auto& options = question.options;
  if (options.size() < 2) errors.push_back({"options", "too_few_options"});
  if (options.size() > kMostOptions) {
    errors.push_back({"options", "too_many_options", {{"max", std::to_string(kMostOptions)}}});
  }
  if (std::set<std::string>(options.begin(), options.end()).size() != options.size()) {
    errors.push_back({"options", "repeated_option"});
  }
  if (!question.options_en.empty() && question.options_en.size() != options.size()) {
    errors.push_back({"options_en", "option_count_differs"});
  }
}

void check_condition(const Questions& others, const Question& question, FieldErrors& errors) {
  if (!question.depends_on) return;
  const Question* on = find_question(others, *question.depends_on);
  if (!on || on->id == question.id || values_to_depend_on(*on).empty()) {
    errors.push_back({"depends_on", "unknown_question"});
    return;
  }
  if (on->depends_on) errors.push_back({"depends_on", "condition_on_condition"});
  if (question.id && has_followers(others, question.id)) {
    errors.push_back({"depends_on", "has_followers"});
  }
  const auto values = values_to_depend_on(*on);
  if (std::find(values.begin(), values.end(), question.depends_value) == values.end()) {
    errors.push_back({"depends_value", "unknown_value"});
  }
}

// Others wait for answers that this one would no longer offer.
void check_followers(const Questions& others, const Question& question, FieldErrors& errors) {
  if (!question.id) return;
  const auto values = values_to_depend_on(question);
  const bool lost = std::any_of(others.begin(), others.end(), [&](const Question& one) {
    return !one.retired && one.depends_on == question.id &&
           std::find(values.begin(), values.end(), one.depends_value) == values.end();
  });
  if (lost) errors.push_back({has_options(question) ? "options" : "kind", "has_followers"});
}

}  // namespace

std::string_view to_string(QuestionKind kind) { return kKinds.name_of(kind); }

std::optional<QuestionKind> find_question_kind(std::string_view name) { return kKinds.find(name); }

const Question* find_question(const Questions& questions, QuestionId id) {
  const auto found = std::find_if(questions.begin(), questions.end(),
                                  [&](const Question& one) { return one.id == id; });
  return found == questions.end() ? nullptr : &*found;
}

bool is_asked(const Questions& questions, const Question& question, AttendanceMode mode,
              const Answers& answers) {
  if (question.retired || (question.mode && question.mode != mode)) return false;
  if (!question.depends_on) return true;
  const Question* on = find_question(questions, *question.depends_on);
  if (!on || on->retired || (on->mode && on->mode != mode)) return false;
  const auto answer = answers.find(on->id);
  return answer != answers.end() && answer->second == question.depends_value;
}

Answers check_answers(const Questions& questions, AttendanceMode mode, const Answers& given,
                      FieldErrors& errors) {
  Answers kept;
  for (const auto& question : questions) {
    if (!is_asked(questions, question, mode, given)) continue;
    const auto typed = given.find(question.id);
    if (typed == given.end() || typed->second.empty()) {
      if (question.required) errors.push_back({answer_field(question.id), "required"});
      continue;
    }
    Read answer = read(question, typed->second);
    if (!answer.broken.empty()) {
      errors.push_back(
          {answer_field(question.id), std::move(answer.broken), std::move(answer.details)});
    } else {
      kept[question.id] = std::move(answer.value);
    }
  }
  return kept;
}

std::vector<QuestionId> find_unanswered(const Questions& questions, AttendanceMode mode,
                                        const Answers& answers) {
  std::vector<QuestionId> missing;
  for (const auto& question : questions) {
    if (question.required && is_asked(questions, question, mode, answers) &&
        !answers.contains(question.id)) {
      missing.push_back(question.id);
    }
  }
  return missing;
}

std::vector<std::string> values_to_depend_on(const Question& question) {
  if (question.kind == QuestionKind::yes_no) return {"yes", "no"};
  if (question.kind == QuestionKind::choice) return question.options;
  return {};
}

FieldErrors check_question(const Questions& others, const Question& question) {
  FieldErrors errors;
  const auto asked = std::count_if(others.begin(), others.end(), [&](const Question& one) {
    return !one.retired && one.id != question.id;
  });
  if (static_cast<std::size_t>(asked) >= kMostQuestions) {
    errors.push_back({"", "too_many_questions", {{"max", std::to_string(kMostQuestions)}}});
  }
  if (question.label.empty()) errors.push_back({"label", "required"});
  check_options(question, errors);
  if (question.least && question.most && *question.most < *question.least) {
    errors.push_back({"most", "most_below_least"});
  }
  check_condition(others, question, errors);
  check_followers(others, question, errors);
  return errors;
}

std::string answer_field(QuestionId question) {
  return "answers." + std::to_string(question.value);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    lines.emplace_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
  }
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace narada::domain
