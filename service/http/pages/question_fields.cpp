#include "service/http/pages/question_fields.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "service/http/edge/url_encoding.h"
#include "service/http/multipart.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using domain::Answers;
using domain::Question;
using domain::QuestionId;
using domain::QuestionKind;
using domain::Questions;

constexpr std::string_view kAnswerPrefix = "answers.";
constexpr std::size_t kMostShortOctets = 64 << 10;  // of a form without a file
constexpr std::size_t kMostRadios = 7;              // more options are a list to open
constexpr std::size_t kMostNumbered = 8;            // as many as the style sheet knows

std::optional<QuestionId> question_of(std::string_view field) {
  if (!field.starts_with(kAnswerPrefix)) return std::nullopt;
  field.remove_prefix(kAnswerPrefix.size());
  QuestionId id;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), id.value);
  if (error != std::errc() || end != field.data() + field.size() || id.value < 1)
    return std::nullopt;
  return id;
}

bool is_text(const std::string& content) {
  return edge::is_utf8(content) &&
         !edge::has_control_characters(content, edge::LineBreaks::allowed);
}

PostedForm read_parts(const Page& page, std::vector<FormPart> parts) {
  FormFields fields;
  PostedForm posted;
  for (auto& part : parts) {
    if (part.file_name) {
      const auto question = question_of(part.name);
      if (!question || part.content.empty()) continue;
      // The file counts in what tells one sending from another.
      fields.fields.emplace_back("file." + part.name, usecases::hash_token(part.content));
      posted.files[*question] = {std::move(*part.file_name), std::move(part.content)};
    } else if (is_text(part.name) && is_text(part.content)) {
      fields.fields.emplace_back(std::move(part.name), std::move(part.content));
    } else {
      fields.invalid.push_back(is_text(part.name) ? std::move(part.name) : std::string());
    }
  }
  posted.fields = check_own_form(page, std::move(fields));
  return posted;
}

std::string in_language(const Page& page, const std::string& text, const std::string& english) {
  return page.english() && !english.empty() ? english : text;
}

// The language in which the organizer's words stand there, where it is another than the page's.
std::string words_of(const Page& page, const std::string& english) {
  return page.english() && !english.empty() ? "en" : "pl";
}

std::string option_label(const Page& page, const Question& question, std::size_t index) {
  const bool translated = page.english() && index < question.options_en.size();
  return translated ? question.options_en[index] : question.options[index];
}

std::string value_text(const Page& page, const Question& question, const std::string& value) {
  if (question.kind == QuestionKind::yes_no)
    return page.text(value == "yes" ? "questions.yes" : "questions.no");
  const auto found = std::find(question.options.begin(), question.options.end(), value);
  if (found == question.options.end()) return value;
  return option_label(page, question, static_cast<std::size_t>(found - question.options.begin()));
}

// Of which answer to the question before it this one is asked: 1, 2, …; "more" beyond what the
// style sheet knows, which is then always shown.
std::string place_among(const Question& on, const std::string& value) {
  const auto values = domain::values_to_depend_on(on);
  const auto found = std::find(values.begin(), values.end(), value);
  const auto place = static_cast<std::size_t>(found - values.begin()) + 1;
  return place > kMostNumbered ? "more" : std::to_string(place);
}

// "(tylko na miejscu)", "(jeśli „Czy …”: tak)"; empty for what everybody is asked.
std::string condition_text(const Page& page, const Question& question, const Questions& all) {
  std::string text;
  if (question.depends_on) {
    if (const auto* on = domain::find_question(all, *question.depends_on))
      text = page.text("questions.if_answer",
                       {{"question", question_label(page, *on)},
                        {"answer", value_text(page, *on, question.depends_value)}});
  }
  if (question.mode) {
    const auto only = page.text("questions.only_" + std::string(to_string(*question.mode)));
    text += (text.empty() ? "" : " ") + only;
  }
  return text;
}

std::string range_text(const Page& page, const Question& question) {
  if (!question.least && !question.most) return {};
  const char* key = !question.most    ? "questions.at_least"
                    : !question.least ? "questions.at_most"
                                      : "questions.from_to";
  return page.text(key, {{"least", std::to_string(question.least.value_or(0))},
                         {"most", std::to_string(question.most.value_or(0))}});
}

web::View option_views(const Page& page, const Question& question, const std::string& answer,
                       bool leads) {
  web::View options = web::View::array();
  const auto field = domain::answer_field(question.id);
  const auto chosen = domain::split_lines(answer);
  const auto add = [&](const std::string& value, const std::string& label) {
    const auto n = std::to_string(options.size() + 1);
    const bool checked = std::find(chosen.begin(), chosen.end(), value) != chosen.end();
    options.push_back({{"id", options.empty() && leads ? field + ".1" : field + "." + n},
                       {"name", field},
                       {"type", question.kind == QuestionKind::several ? "checkbox" : "radio"},
                       {"value", value},
                       {"label", label},
                       {"n", n},
                       {"checked", checked}});
  };
  if (question.kind == QuestionKind::yes_no) {
    add("yes", page.text("questions.yes"));
    add("no", page.text("questions.no"));
  }
  for (std::size_t index = 0; index < question.options.size(); ++index)
    add(question.options[index], option_label(page, question, index));
  return options;
}

// Where nobody waits for its answer, a long choice is a list to open.
bool is_list(const Question& question, bool leads) {
  return question.kind == QuestionKind::choice && question.options.size() > kMostRadios && !leads;
}

web::View question_view(Page& page, const Question& question, const Questions& all,
                        const Answers& given) {
  const bool leads = std::any_of(
      all.begin(), all.end(), [&](const Question& one) { return one.depends_on == question.id; });
  const auto field = domain::answer_field(question.id);
  const auto answer = given.find(question.id);
  const auto value = answer == given.end() ? std::string() : answer->second;
  const auto error_name = "error_answers_" + std::to_string(question.id.value);
  const auto error = page.view().value(error_name, std::string());
  const bool list = is_list(question, leads);
  const bool single = list || question.kind == QuestionKind::text ||
                      question.kind == QuestionKind::number || question.kind == QuestionKind::file;
  const bool file = question.kind == QuestionKind::file;
  const auto condition = condition_text(page, question, all);
  const auto hint = in_language(page, question.hint, question.hint_en);
  std::string described;
  const auto describe = [&](bool shown, const char* part) {
    if (shown) described += (described.empty() ? "" : " ") + field + part;
  };
  describe(!condition.empty(), "-c");
  describe(!hint.empty(), "-d");
  const auto range = range_text(page, question);
  describe(!range.empty(), "-r");
  describe(file, "-f");
  describe(!error.empty(), "-e");
  web::View view = {{"field", field},
                    {"label", question_label(page, question)},
                    {"words", words_of(page, question.label_en)},
                    {"hint", hint},
                    {"hint_words", words_of(page, question.hint_en)},
                    {"condition", condition},
                    {"range", range},
                    {"optional", !question.required},
                    {"single", single},
                    {"text", question.kind == QuestionKind::text},
                    {"number", question.kind == QuestionKind::number},
                    {"select", list},
                    {"file", file},
                    {"value", value},
                    {"error", error},
                    {"described", described},
                    {"of_mode", question.mode ? std::string(to_string(*question.mode)) : ""}};
  view["options"] =
      single && !list ? web::View::array() : option_views(page, question, value, leads);
  if (file) {
    view["file_hint"] = page.text(value.empty() ? "questions.file_hint" : "questions.file_given",
                                  {{"name", value}});
    view["has_file"] = !value.empty();
    view["keep_name"] = "keep." + std::to_string(question.id.value);
    view["drop_name"] = "drop." + std::to_string(question.id.value);
  }
  return view;
}

bool is_for(const Question& question, const std::vector<domain::AttendanceMode>& modes) {
  return !question.retired &&
         (!question.mode || std::find(modes.begin(), modes.end(), *question.mode) != modes.end());
}

}  // namespace

PostedForm read_posted_form(const Page& page) {
  const auto& request = page.request();
  const auto type = request.header("content-type");
  if (!type.starts_with("multipart/form-data")) {
    if (request.body.size() > kMostShortOctets) throw Error(413);
    return {read_own_form(page), {}};
  }
  auto parts = parse_multipart_form(type, request.body);
  if (!parts) throw Error(400, "a malformed multipart body");
  return read_parts(page, std::move(*parts));
}

usecases::GivenAnswers read_answers(const PostedForm& posted, const Questions& questions,
                                    const Answers& before) {
  usecases::GivenAnswers given;
  for (const auto& [name, value] : posted.fields.fields) {
    const auto id = question_of(name);
    const auto* question = id ? domain::find_question(questions, *id) : nullptr;
    if (!question || question->kind == QuestionKind::file || value.empty()) continue;
    auto& answer = given.values[*id];
    if (question->kind == QuestionKind::several && !answer.empty()) {
      answer += '\n' + value;
    } else {
      answer = value;
    }
  }
  for (const auto& question : questions) {
    if (question.kind != QuestionKind::file) continue;
    const auto id = std::to_string(question.id.value);
    const auto kept = before.find(question.id);
    const bool keeps = kept != before.end() && posted.fields.value("keep." + id) == "yes" &&
                       posted.fields.value("drop." + id) != "yes";
    if (keeps) given.values[question.id] = kept->second;
  }
  given.files = posted.files;
  return given;
}

void fill_questions(Page& page, const Questions& questions,
                    const std::vector<domain::AttendanceMode>& modes, const Answers& given) {
  web::View views = web::View::array();
  bool has_files = false;
  for (const auto& question : questions) {
    if (!is_for(question, modes)) continue;
    has_files = has_files || question.kind == QuestionKind::file;
    if (question.depends_on) continue;
    auto view = question_view(page, question, questions, given);
    web::View followers = web::View::array();
    for (const auto& follower : questions) {
      if (follower.depends_on != question.id || !is_for(follower, modes)) continue;
      followers.push_back(question_view(page, follower, questions, given));
      followers.back()["n"] = place_among(question, follower.depends_value);
    }
    view["followers"] = std::move(followers);
    views.push_back(std::move(view));
  }
  page.view()["questions"] = std::move(views);
  page.view()["has_files"] = has_files;
}

void name_answer_errors(Page& page, const Questions& questions) {
  auto& view = page.view();
  if (!view.contains("errors")) return;
  for (auto& error : view["errors"]) {
    const auto id = question_of(error["field"].get<std::string>());
    const auto* question = id ? domain::find_question(questions, *id) : nullptr;
    if (question) error["label"] = question_label(page, *question);
  }
}

std::string question_label(const Page& page, const Question& question) {
  return in_language(page, question.label, question.label_en);
}

std::string answer_text(const Page& page, const Question& question, const std::string& answer) {
  if (question.kind == QuestionKind::text || question.kind == QuestionKind::file) return answer;
  std::string text;
  for (const auto& value : domain::split_lines(answer))
    text += (text.empty() ? "" : "; ") + value_text(page, question, value);
  return text;
}

}  // namespace narada::http::pages
