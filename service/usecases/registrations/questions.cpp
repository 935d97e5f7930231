#include "service/usecases/registrations/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/domain/enum_names.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_memory.h"
#include "service/usecases/stored_things.h"
#include "sql/question_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::Question;
using domain::QuestionId;
using domain::Questions;

constexpr TextBounds kLabelBounds{0, 300, false, false};
constexpr TextBounds kHintBounds{0, 500, false, false};
constexpr TextBounds kOptionBounds{0, 200, false, false};
constexpr int kMostSources = 200;
constexpr domain::EnumNames<QuestionStep, 5> kSteps{{"up", "down", "retire", "restore", "remove"}};
static_assert(is_complete(kSteps, QuestionStep::remove));

// The questions of a meeting whose row this transaction has locked.
struct Held {
  domain::MeetingId meeting;
  Questions questions;
};

domain::Outcome<domain::MeetingId> find_organized(storage::Connection& connection,
                                                  const Actor& actor, std::string_view key) {
  const auto thing = check_meeting(connection, actor, Action::organize, key);
  if (!thing) return thing.failure();
  return *thing->meeting;
}

// Runs `step` (Connection&, Held& → Outcome<Result>) once. `what` names it in the log.
template <class Result, class Step>
domain::Outcome<Result> change_held(const Environment& environment, const Call& call,
                                    std::string_view key, std::string_view what, Step step) {
  auto outcome = run_once_for_id<Result>(
      environment, call, "meeting_questions",
      [&](storage::Connection& connection) -> domain::Outcome<Result> {
        const auto meeting = find_organized(connection, call.actor, key);
        if (!meeting) return meeting.failure();
        if (!storage::lock_meeting(connection, *meeting)) return domain::NotFound{};
        Held held{*meeting, storage::list_questions(connection, *meeting)};
        auto result = step(connection, held);
        if (!result) return result;
        storage::raise_meeting_version(connection, held.meeting, environment.clock->now());
        record_activity(connection, environment, call, "meeting.questions_changed", "meeting",
                        held.meeting.value, held.meeting,
                        fmt::format(R"({{"step":"{}","question":{}}})", what, result->value));
        return result;
      });
  if (outcome) {
    environment.registrations->forget_all();
    note_catalogue_write(environment);
  }
  return outcome;
}

std::vector<std::string> check_options(const std::vector<std::string>& options,
                                       std::string_view field, domain::FieldErrors& errors) {
  std::vector<std::string> kept;
  for (const auto& option : options) {
    auto text = check_text(option, field, kOptionBounds, errors);
    if (!text.empty()) kept.push_back(std::move(text));
  }
  return kept;
}

bool has_options(const Question& question) {
  return question.kind == domain::QuestionKind::choice ||
         question.kind == domain::QuestionKind::several;
}

// The question as it is kept, with what is wrong.
Question check_typed(const Question& typed, const Questions& others, domain::FieldErrors& errors) {
  Question question = typed;
  question.label = check_text(typed.label, "label", kLabelBounds, errors);
  question.label_en = check_text(typed.label_en, "label_en", kLabelBounds, errors);
  question.hint = check_text(typed.hint, "hint", kHintBounds, errors);
  question.hint_en = check_text(typed.hint_en, "hint_en", kHintBounds, errors);
  if (has_options(typed)) {
    question.options = check_options(typed.options, "options", errors);
    question.options_en = check_options(typed.options_en, "options_en", errors);
  } else {
    question.options.clear();
    question.options_en.clear();
  }
  if (question.kind != domain::QuestionKind::number) question.least = question.most = {};
  if (!question.depends_on) question.depends_value.clear();
  if (errors.empty()) errors = domain::check_question(others, question);
  return question;
}

bool has_followers(const Questions& questions, QuestionId id) {
  return std::any_of(questions.begin(), questions.end(),
                     [&](const Question& one) { return !one.retired && one.depends_on == id; });
}

bool is_pointed_at(const Questions& questions, QuestionId id) {
  return std::any_of(questions.begin(), questions.end(),
                     [&](const Question& one) { return one.depends_on == id; });
}

// Changes places with the one before or after it that is asked at the same place.
void shift(storage::Connection& connection, Questions& questions, QuestionId id, bool up) {
  if (up) std::reverse(questions.begin(), questions.end());
  const auto is_it = [&](const Question& one) { return one.id == id; };
  const auto it = std::find_if(questions.begin(), questions.end(), is_it);
  const auto next = std::find_if(it + 1, questions.end(), [&](const Question& one) {
    return !one.retired && one.depends_on == it->depends_on;
  });
  if (next != questions.end()) std::swap(*it, *next);
  if (up) std::reverse(questions.begin(), questions.end());
  std::vector<QuestionId> order;
  for (const auto& question : questions) order.push_back(question.id);
  storage::save_question_order(connection, order);
}

domain::Outcome<QuestionId> take_away(storage::Connection& connection, Held& held,
                                      Question question, QuestionStep step) {
  if (has_followers(held.questions, question.id)) return domain::Conflict{"has_followers"};
  const auto answered = storage::count_answers(connection, held.meeting);
  const bool deletes = step == QuestionStep::remove && !answered.contains(question.id) &&
                       !is_pointed_at(held.questions, question.id);
  if (deletes) {
    storage::delete_question(connection, question.id);
  } else {
    question.retired = true;
    storage::save_question(connection, question);
  }
  return question.id;
}

domain::Outcome<QuestionId> take_step(storage::Connection& connection, Held& held, QuestionId id,
                                      QuestionStep step) {
  const auto* found = domain::find_question(held.questions, id);
  if (!found) return domain::NotFound{};
  Question question = *found;
  switch (step) {
    case QuestionStep::up:
    case QuestionStep::down:
      shift(connection, held.questions, id, step == QuestionStep::up);
      return id;
    case QuestionStep::retire:
    case QuestionStep::remove:
      return take_away(connection, held, std::move(question), step);
    case QuestionStep::restore:
      break;
  }
  question.retired = false;
  const auto* on =
      question.depends_on ? domain::find_question(held.questions, *question.depends_on) : nullptr;
  if (on && on->retired) return domain::Conflict{"condition_retired"};
  auto errors = domain::check_question(held.questions, question);
  if (!errors.empty()) return domain::Conflict{errors.front().code};
  storage::save_question(connection, question);
  return id;
}

// Those that others depend on come before the others, so that their new ids are known.
void copy_all(storage::Connection& connection, domain::MeetingId to, const Questions& from) {
  std::map<QuestionId, QuestionId> copies;
  for (const bool conditional : {false, true}) {
    for (Question question : from) {
      if (question.retired || question.depends_on.has_value() != conditional) continue;
      const QuestionId original = question.id;
      if (conditional) {
        const auto on = copies.find(*question.depends_on);
        if (on == copies.end()) continue;
        question.depends_on = on->second;
      }
      storage::insert_question(connection, to, question);
      copies[original] = question.id;
    }
  }
}

}  // namespace

std::optional<QuestionStep> find_question_step(std::string_view name) { return kSteps.find(name); }

domain::Outcome<MeetingQuestions> find_meeting_questions(const Environment& environment,
                                                         const Actor& actor, std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingQuestions> {
        const auto meeting = find_organized(connection, actor, key);
        if (!meeting) return meeting.failure();
        const auto seated = storage::find_seated_meeting(connection, *meeting);
        if (!seated) return domain::NotFound{};
        MeetingQuestions found{seated->meeting,
                               storage::asks_challenge(connection, *meeting),
                               storage::list_questions(connection, *meeting),
                               storage::count_answers(connection, *meeting),
                               {}};
        for (auto& source : storage::list_asking_meetings(
                 connection, domain::reach_of(actor, Action::organize), *meeting, kMostSources)) {
          found.sources.push_back({source.id, std::move(source.title), source.starts});
        }
        return found;
      });
}

domain::Outcome<QuestionId> add_question(const Environment& environment, const Call& call,
                                         std::string_view meeting, const Question& typed) {
  return change_held<QuestionId>(
      environment, call, meeting, "added",
      [&](storage::Connection& connection, Held& held) -> domain::Outcome<QuestionId> {
        domain::FieldErrors errors;
        Question question = typed;
        question.id = {};
        question.retired = false;
        question = check_typed(question, held.questions, errors);
        if (!errors.empty()) return errors;
        storage::insert_question(connection, held.meeting, question);
        return question.id;
      });
}

domain::Outcome<QuestionId> change_question(const Environment& environment, const Call& call,
                                            std::string_view meeting, const Question& typed) {
  return change_held<QuestionId>(
      environment, call, meeting, "changed",
      [&](storage::Connection& connection, Held& held) -> domain::Outcome<QuestionId> {
        const auto* before = domain::find_question(held.questions, typed.id);
        if (!before) return domain::NotFound{};
        domain::FieldErrors errors;
        Question question = typed;
        question.retired = before->retired;
        question = check_typed(question, held.questions, errors);
        if (!errors.empty()) return errors;
        if (question.kind != before->kind &&
            storage::count_answers(connection, held.meeting).contains(question.id)) {
          return domain::FieldErrors{{"kind", "has_answers"}};
        }
        storage::save_question(connection, question);
        return question.id;
      });
}

domain::Outcome<QuestionId> move_question(const Environment& environment, const Call& call,
                                          std::string_view meeting, QuestionId question,
                                          QuestionStep step) {
  return change_held<QuestionId>(environment, call, meeting, kSteps.name_of(step),
                                 [&](storage::Connection& connection, Held& held) {
                                   return take_step(connection, held, question, step);
                                 });
}

domain::Outcome<domain::MeetingId> copy_questions(const Environment& environment, const Call& call,
                                                  std::string_view meeting, std::string_view from) {
  return change_held<domain::MeetingId>(
      environment, call, meeting, "copied",
      [&](storage::Connection& connection, Held& held) -> domain::Outcome<domain::MeetingId> {
        const auto source = find_organized(connection, call.actor, from);
        if (!source || *source == held.meeting)
          return domain::FieldErrors{{"from", "unknown_value"}};
        auto questions = storage::list_questions(connection, *source);
        std::erase_if(questions, [](const Question& one) { return one.retired; });
        if (questions.empty()) return domain::FieldErrors{{"from", "nothing_to_copy"}};
        const auto asked = static_cast<std::size_t>(
            std::count_if(held.questions.begin(), held.questions.end(),
                          [](const Question& one) { return !one.retired; }));
        if (asked + questions.size() > domain::kMostQuestions) {
          return domain::FieldErrors{
              {"from", "too_many_questions", {{"max", std::to_string(domain::kMostQuestions)}}}};
        }
        copy_all(connection, held.meeting, questions);
        return held.meeting;
      });
}

}  // namespace narada::usecases
