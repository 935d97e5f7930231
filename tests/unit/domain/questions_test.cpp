#include "service/domain/questions.h"

#include <doctest/doctest.h>

namespace narada::domain {
namespace {

Question make_question(std::int64_t id, QuestionKind kind, bool required = false) {
  Question question;
  question.id = QuestionId{id};
  question.kind = kind;
  question.label = "Pytanie";
  question.required = required;
  if (kind == QuestionKind::choice || kind == QuestionKind::several)
    question.options = {"autobus", "pociąg", "rower"};
  return question;
}

Question follower(std::int64_t id, std::int64_t on, const std::string& value) {
  auto question = make_question(id, QuestionKind::text, true);
  question.depends_on = QuestionId{on};
  question.depends_value = value;
  return question;
}

std::string text_of(const FieldErrors& errors) {
  std::string text;
  for (const auto& error : errors)
    text += (text.empty() ? "" : ", ") + error.field + ":" + error.code;
  return text;
}

std::string text_of(const Answers& answers) {
  std::string text;
  for (const auto& [id, value] : answers)
    text += (text.empty() ? "" : ", ") + std::to_string(id.value) + "=" + value;
  return text;
}

TEST_CASE("an answer is kept in one form, or refused with its rule") {
  struct Row {
    const char* name;
    QuestionKind kind;
    bool required;
    std::string given;
    std::string kept;
    std::string errors;
  };
  const std::vector<Row> rows = {
      {"a text", QuestionKind::text, true, "Tak, z psem", "1=Tak, z psem", ""},
      {"no text where one is required", QuestionKind::text, true, "", "", "answers.1:required"},
      {"no text where none is", QuestionKind::text, false, "", "", ""},
      {"an option", QuestionKind::choice, true, "pociąg", "1=pociąg", ""},
      {"an option that is none", QuestionKind::choice, true, "samolot", "",
       "answers.1:unknown_option"},
      {"two options where one is asked for", QuestionKind::choice, false, "autobus\nrower", "",
       "answers.1:unknown_option"},
      {"options in another order, one twice", QuestionKind::several, true, "rower\nautobus\nrower",
       "1=autobus\nrower", ""},
      {"one of several that is none", QuestionKind::several, false, "rower\nsamolot", "",
       "answers.1:unknown_option"},
      {"a number", QuestionKind::number, true, "12", "1=12", ""},
      {"a number with a comma and spaces", QuestionKind::number, true, "1 200,50", "1=1200.50", ""},
      {"a negative number", QuestionKind::number, true, "-3", "1=-3", ""},
      {"a number with a unit", QuestionKind::number, true, "12 osób", "", "answers.1:not_a_number"},
      {"a number that ends in a comma", QuestionKind::number, true, "12,", "",
       "answers.1:not_a_number"},
      {"a number of two commas", QuestionKind::number, true, "1,2,3", "", "answers.1:not_a_number"},
      {"a number too long", QuestionKind::number, true, "1234567890123456", "",
       "answers.1:not_a_number"},
      {"a minus alone", QuestionKind::number, true, "-", "", "answers.1:not_a_number"},
      {"yes", QuestionKind::yes_no, true, "yes", "1=yes", ""},
      {"no", QuestionKind::yes_no, true, "no", "1=no", ""},
      {"perhaps", QuestionKind::yes_no, true, "perhaps", "", "answers.1:not_yes_or_no"},
      {"a file by its name", QuestionKind::file, true, "zgoda.pdf", "1=zgoda.pdf", ""},
      {"no file", QuestionKind::file, true, "", "", "answers.1:required"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    FieldErrors errors;
    Answers given;
    if (!row.given.empty()) given[QuestionId{1}] = row.given;
    const auto kept = check_answers({make_question(1, row.kind, row.required)},
                                    AttendanceMode::onsite, given, errors);
    CHECK(text_of(kept) == row.kept);
    CHECK(text_of(errors) == row.errors);
  }
}

TEST_CASE("a number is taken from its range alone") {
  struct Row {
    std::optional<int> least, most;
    std::string given;
    std::string errors;
  };
  const std::vector<Row> rows = {{1, 5, "1", ""},
                                 {1, 5, "5", ""},
                                 {1, 5, "5,01", "answers.1:above_most"},
                                 {1, 5, "0,99", "answers.1:below_least"},
                                 {1, {}, "1000000", ""},
                                 {1, {}, "-1", "answers.1:below_least"},
                                 {{}, 0, "-0,5", ""},
                                 {{}, 0, "1", "answers.1:above_most"},
                                 {-3, -1, "-2", ""},
                                 {1, 5, "pięć", "answers.1:not_a_number"}};
  for (const auto& row : rows) {
    CAPTURE(row.given);
    auto question = make_question(1, QuestionKind::number, true);
    question.least = row.least;
    question.most = row.most;
    FieldErrors errors;
    check_answers({question}, AttendanceMode::onsite, {{QuestionId{1}, row.given}}, errors);
    CHECK(text_of(errors) == row.errors);
  }
  auto turned = make_question(1, QuestionKind::number);
  turned.least = 5;
  turned.most = 1;
  CHECK(text_of(check_question({}, turned)) == "most:most_below_least");
  turned.most = 5;
  CHECK(text_of(check_question({}, turned)) == "");
}

TEST_CASE("what is asked follows from the mode and from other answers") {
  auto parking = make_question(2, QuestionKind::yes_no, true);
  parking.mode = AttendanceMode::onsite;
  auto gone = make_question(5, QuestionKind::text, true);
  gone.retired = true;
  const Questions questions = {parking, follower(3, 2, "yes"),
                               make_question(4, QuestionKind::choice), follower(6, 4, "rower"),
                               gone};
  struct Row {
    const char* name;
    AttendanceMode mode;
    Answers given;
    std::string kept;
    std::string errors;
  };
  const QuestionId two{2}, three{3}, four{4}, six{6};
  const std::vector<Row> rows = {
      {"nothing answered on site", AttendanceMode::onsite, {}, "", "answers.2:required"},
      {"nothing answered online", AttendanceMode::online, {}, "", ""},
      {"no car", AttendanceMode::onsite, {{two, "no"}}, "2=no", ""},
      {"a car without its number",
       AttendanceMode::onsite,
       {{two, "yes"}},
       "2=yes",
       "answers.3:required"},
      {"a car with its number",
       AttendanceMode::onsite,
       {{two, "yes"}, {three, "SK 1"}},
       "2=yes, 3=SK 1",
       ""},
      {"a number though there is no car",
       AttendanceMode::onsite,
       {{two, "no"}, {three, "SK 1"}},
       "2=no",
       ""},
      {"a car of somebody online", AttendanceMode::online, {{two, "yes"}, {three, "SK 1"}}, "", ""},
      {"one option leads on",
       AttendanceMode::online,
       {{four, "rower"}},
       "4=rower",
       "answers.6:required"},
      {"another does not", AttendanceMode::online, {{four, "pociąg"}, {six, "x"}}, "4=pociąg", ""},
      {"a withdrawn question", AttendanceMode::online, {{QuestionId{5}, "x"}}, "", ""},
      {"a question that is not there", AttendanceMode::online, {{QuestionId{99}, "x"}}, "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    FieldErrors errors;
    CHECK(text_of(check_answers(questions, row.mode, row.given, errors)) == row.kept);
    CHECK(text_of(errors) == row.errors);
  }
}

TEST_CASE("only required questions that are asked are missing") {
  const Questions questions = {make_question(1, QuestionKind::yes_no, true), follower(2, 1, "no"),
                               make_question(3, QuestionKind::text)};
  using Ids = std::vector<QuestionId>;
  const QuestionId one{1}, two{2};
  CHECK(find_unanswered(questions, AttendanceMode::onsite, {}) == Ids{one});
  CHECK(find_unanswered(questions, AttendanceMode::onsite, {{one, "yes"}}) == Ids{});
  CHECK(find_unanswered(questions, AttendanceMode::onsite, {{one, "no"}}) == Ids{two});
}

TEST_CASE("a question is refused with every rule that it breaks") {
  const Questions others = {make_question(1, QuestionKind::choice), follower(2, 1, "rower"),
                            make_question(3, QuestionKind::text)};
  const auto with = [](Question question, auto change) {
    change(question);
    return question;
  };
  const auto fresh = make_question(0, QuestionKind::choice);
  struct Row {
    const char* name;
    Question question;
    std::string errors;
  };
  const std::vector<Row> rows = {
      {"a good one", fresh, ""},
      {"one without words", with(fresh, [](auto& q) { q.label.clear(); }), "label:required"},
      {"one option", with(fresh, [](auto& q) { q.options.resize(1); }), "options:too_few_options"},
      {"too many options",
       with(fresh,
            [](auto& q) {
              for (std::size_t n = 0; n < kMostOptions; ++n) q.options.push_back(std::to_string(n));
            }),
       "options:too_many_options"},
      {"an option twice", with(fresh, [](auto& q) { q.options.push_back("rower"); }),
       "options:repeated_option"},
      {"fewer options in English", with(fresh, [](auto& q) { q.options_en = {"bus"}; }),
       "options_en:option_count_differs"},
      {"a condition on nothing", follower(0, 9, "yes"), "depends_on:unknown_question"},
      {"a condition on a text", follower(0, 3, "x"), "depends_on:unknown_question"},
      {"a condition on itself", follower(4, 4, "yes"), "depends_on:unknown_question"},
      {"a condition on an answer that cannot be given", follower(0, 1, "samolot"),
       "depends_value:unknown_value"},
      {"a condition on a good answer", follower(0, 1, "pociąg"), ""},
      {"one that others wait for without their answer",
       with(make_question(1, QuestionKind::choice),
            [](auto& q) {
              q.options = {"a", "b"};
            }),
       "options:has_followers"},
      {"one that others wait for as a text", make_question(1, QuestionKind::text),
       "kind:has_followers"},
      {"one that others wait for, under a condition",
       with(make_question(1, QuestionKind::choice),
            [](auto& q) {
              q.depends_on = QuestionId{3};
              q.depends_value = "x";
            }),
       "depends_on:unknown_question"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(text_of(check_question(others, row.question)) == row.errors);
  }
}

TEST_CASE("conditions are one deep, whichever question is changed") {
  auto second = follower(2, 1, "yes");
  second.kind = QuestionKind::yes_no;
  const Questions others = {make_question(1, QuestionKind::yes_no), second,
                            make_question(3, QuestionKind::yes_no)};
  CHECK(text_of(check_question(others, follower(0, 2, "yes"))) ==
        "depends_on:condition_on_condition");
  auto first = make_question(1, QuestionKind::yes_no);
  first.depends_on = QuestionId{3};
  first.depends_value = "no";
  CHECK(text_of(check_question(others, first)) == "depends_on:has_followers");
}

TEST_CASE("a meeting has no more questions than people bear") {
  Questions others;
  for (std::size_t id = 1; id < kMostQuestions; ++id)
    others.push_back(make_question(static_cast<std::int64_t>(id), QuestionKind::text));
  const auto fresh = make_question(0, QuestionKind::text);
  CHECK(text_of(check_question(others, fresh)) == "");
  others.push_back(make_question(static_cast<std::int64_t>(kMostQuestions), QuestionKind::text));
  CHECK(text_of(check_question(others, fresh)) == ":too_many_questions");
  CHECK(text_of(check_question(others, others.front())) == "");
  others.back().retired = true;
  CHECK(text_of(check_question(others, fresh)) == "");
}

TEST_CASE("lines are told apart without their white space") {
  using Lines = std::vector<std::string>;
  CHECK(split_lines(" a \r\n\r\n\tb\n") == Lines{"a", "b"});
  CHECK(split_lines("") == Lines{});
  CHECK(join_lines({"a", "b"}) == "a\nb");
}

}  // namespace
}  // namespace narada::domain
