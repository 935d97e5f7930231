#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/surveys/surveys.h"
#include "sql/meeting_store.h"
#include "sql/survey_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;

constexpr TextBounds kAnswerBounds{0, 2000, false, true};

SurveyStanding standing_of(const storage::StoredSurvey& survey, const storage::AskedPerson& person,
                           domain::Instant now) {
  if (person.answered) return SurveyStanding::answered;
  const bool open = survey.closes_at && now < *survey.closes_at;
  return open ? SurveyStanding::open : SurveyStanding::closed;
}

domain::Answers check_given(const domain::Questions& questions, const domain::Answers& given,
                            domain::FieldErrors& errors) {
  domain::Answers trimmed;
  for (const auto& [question, value] : given) {
    auto text = check_text(value, domain::answer_field(question), kAnswerBounds, errors);
    if (!text.empty()) trimmed[question] = std::move(text);
  }
  auto answers = domain::check_answers(questions, domain::AttendanceMode::onsite, trimmed, errors);
  if (errors.empty() && answers.empty()) errors.push_back({"", "nothing_answered"});
  return answers;
}

// Nothing that would tell whose answer it was, or by which request it came.
void record_answer(storage::Connection& connection, const Environment& environment,
                   domain::MeetingId meeting) {
  record_activity(connection, environment, Call{}, "survey.answered", "meeting", meeting.value,
                  meeting);
}

Outcome<domain::MeetingId> answer_in(storage::Connection& connection,
                                     const Environment& environment, std::string_view token,
                                     const domain::Answers& given) {
  const auto person = storage::lock_asked(connection, hash_token(token));
  if (!person) return domain::NotFound{};
  const auto survey = storage::lock_survey(connection, person->survey);
  if (!survey) return domain::NotFound{};
  const auto standing = standing_of(*survey, *person, environment.clock->now());
  if (standing == SurveyStanding::answered) return domain::Conflict{"survey_answered"};
  if (standing == SurveyStanding::closed) return domain::Conflict{"survey_closed"};
  domain::FieldErrors errors;
  const auto answers = check_given(survey->questions, given, errors);
  if (!errors.empty()) return errors;
  storage::save_survey_answers(connection, *person, answers);
  const auto meeting = std::get<domain::MeetingId>(survey->scope);
  record_answer(connection, environment, meeting);
  return meeting;
}

}  // namespace

Outcome<SurveySheet> find_survey_sheet(const Environment& environment, std::string_view token) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<SurveySheet> {
    const auto person = storage::find_asked(connection, hash_token(token));
    if (!person) return domain::NotFound{};
    const auto survey = storage::find_survey(connection, person->survey);
    if (!survey) return domain::NotFound{};
    auto meeting = storage::find_meeting(connection, std::get<domain::MeetingId>(survey->scope));
    if (!meeting || meeting->status != domain::MeetingStatus::published) return domain::NotFound{};
    return SurveySheet{*std::move(meeting), survey->questions,
                       standing_of(*survey, *person, environment.clock->now()), survey->closes_at};
  });
}

Outcome<domain::MeetingId> answer_survey(const Environment& environment, const Call& call,
                                         std::string_view token, const domain::Answers& given) {
  return run_once_for_id<domain::MeetingId>(
      environment, call, "answer_survey", [&](storage::Connection& connection) {
        return answer_in(connection, environment, token, given);
      });
}

}  // namespace narada::usecases
