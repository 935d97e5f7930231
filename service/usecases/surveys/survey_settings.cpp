#include <fmt/format.h>

#include <utility>

#include "service/usecases/invitees/invited_to.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_export.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/surveys/surveys.h"
#include "sql/survey_store.h"

namespace narada::usecases {
namespace {

using domain::MessageScope;
using domain::Outcome;

constexpr TextBounds kLabelBounds{0, 300, false, false};
constexpr TextBounds kOptionBounds{0, 200, false, false};

// Of the meeting's own, or its cycle's, or else what is usual.
SurveySettings settings_in(storage::Connection& connection, const InvitedTo& to) {
  SurveySettings settings;
  settings.scope = to.scope;
  settings.title = to.title;
  auto stored = storage::find_survey(connection, to.scope);
  if (!stored && std::holds_alternative<domain::MeetingId>(to.scope) && to.meeting->cycle) {
    stored = storage::find_survey(connection, to.meeting->cycle->id);
    settings.of_cycle = stored.has_value();
  }
  if (!stored) {
    settings.questions = domain::usual_survey_questions();
    return settings;
  }
  settings.enabled = stored->enabled;
  settings.hours_after = stored->hours_after;
  settings.questions = std::move(stored->questions);
  if (settings.of_cycle) return settings;
  settings.asked_at = stored->asked_at;
  settings.closes_at = stored->closes_at;
  settings.asked = storage::count_asked(connection, stored->id);
  settings.answers = stored->answers;
  settings.version = stored->version;
  return settings;
}

domain::Questions check_typed(const domain::Questions& typed, domain::FieldErrors& errors) {
  domain::Questions questions;
  for (std::size_t index = 0; index < typed.size(); ++index) {
    const auto field = [&](const char* name) {
      return fmt::format("questions[{}].{}", index, name);
    };
    domain::Question question;
    question.kind = typed[index].kind;
    question.required = typed[index].required;
    question.label = check_text(typed[index].label, field("label"), kLabelBounds, errors);
    question.label_en = check_text(typed[index].label_en, field("label_en"), kLabelBounds, errors);
    const bool has_options = question.kind == domain::QuestionKind::choice ||
                             question.kind == domain::QuestionKind::several;
    if (has_options) {
      for (const auto& option : typed[index].options)
        question.options.push_back(check_text(option, field("options"), kOptionBounds, errors));
      for (const auto& option : typed[index].options_en)
        question.options_en.push_back(
            check_text(option, field("options_en"), kOptionBounds, errors));
    }
    questions.push_back(std::move(question));
  }
  if (errors.empty()) errors = domain::check_survey_questions(questions);
  return questions;
}

Outcome<storage::StoredSurvey> check_form(const MessageScope& scope, const SurveyForm& form) {
  domain::FieldErrors errors;
  storage::StoredSurvey survey;
  survey.scope = scope;
  survey.enabled = form.enabled;
  survey.hours_after = form.hours_after;
  survey.questions = check_typed(form.questions, errors);
  if (form.hours_after < 0 || form.hours_after > domain::kMostSurveyHours)
    errors.push_back({"hours_after",
                      "out_of_range",
                      {{"min", "0"}, {"max", std::to_string(domain::kMostSurveyHours)}}});
  if (!errors.empty()) return errors;
  return survey;
}

Outcome<domain::SurveyId> save_in(storage::Connection& connection, const Environment& environment,
                                  const Call& call, storage::StoredSurvey survey,
                                  std::int64_t version) {
  const auto before = storage::lock_survey(connection, survey.scope);
  if (before && before->asked_at) return domain::Conflict{"survey_asked"};
  if ((before ? before->version : 0) != version) return domain::Stale{};
  if (before) {
    survey.id = before->id;
    survey.version = before->version;
    storage::save_survey(connection, survey);
  } else {
    storage::insert_survey(connection, survey);
  }
  record_of_list(
      connection, environment, call, "survey.changed", survey.scope,
      fmt::format(R"({{"enabled":{},"questions":{}}})", survey.enabled, survey.questions.size()));
  return survey.id;
}

std::string words(std::string_view polish, std::string_view english, domain::Language language) {
  return std::string(language == domain::Language::en && !english.empty() ? english : polish);
}

}  // namespace

Outcome<SurveySettings> find_survey_settings(const Environment& environment, const Actor& actor,
                                             const MessageScope& scope) {
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<SurveySettings> {
        const auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
        if (!to) return to.failure();
        return settings_in(connection, *to);
      });
}

Outcome<domain::SurveyId> save_survey_settings(const Environment& environment, const Call& call,
                                               const MessageScope& scope, const SurveyForm& form) {
  return run_once_for_id<domain::SurveyId>(
      environment, call, "save_survey",
      [&](storage::Connection& connection) -> Outcome<domain::SurveyId> {
        const auto to =
            find_invited_to(connection, environment, call.actor, Action::organize, scope);
        if (!to) return to.failure();
        auto checked = check_form(scope, form);
        if (!checked) return checked.failure();
        return save_in(connection, environment, call, std::move(checked).value(), form.version);
      });
}

Outcome<SurveyResults> load_survey_results(const Environment& environment, const Actor& actor,
                                           domain::MeetingId meeting) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<SurveyResults> {
    const auto thing = check_meeting(connection, actor, Action::see_numbers, meeting);
    if (!thing) return thing.failure();
    const auto to = find_invited_to(connection, environment, meeting);
    if (!to) return to.failure();
    SurveyResults results;
    results.title = to->title;
    const auto survey = storage::find_survey(connection, domain::MessageScope(meeting));
    if (!survey) return results;
    results.asked = storage::count_asked(connection, survey->id);
    results.answers = survey->answers;
    if (results.answers < domain::kLeastSurveyAnswers) return results;
    results.results =
        domain::sum_up(survey->questions, storage::list_survey_answers(connection, survey->id));
    return results;
  });
}

Outcome<std::string> export_survey_results(const Environment& environment, const Actor& actor,
                                           domain::MeetingId meeting, domain::Language language) {
  const auto found = load_survey_results(environment, actor, meeting);
  if (!found) return found.failure();
  const bool english = language == domain::Language::en;
  std::string file = english ? "\xEF\xBB\xBFQuestion;Answer;How many\r\n"
                             : "\xEF\xBB\xBFPytanie;Odpowiedź;Ile osób\r\n";
  const auto add_row = [&](const std::string& label, const std::string& answer, int count) {
    file += fmt::format("{};{};{}\r\n", csv_cell(label), csv_cell(answer), count);
  };
  for (const auto& result : found->results) {
    const auto label = words(result.question.label, result.question.label_en, language);
    for (const auto& [answer, count] : result.counts) add_row(label, answer, count);
    for (const auto& text : result.texts) add_row(label, text, 1);
  }
  return file;
}

}  // namespace narada::usecases
