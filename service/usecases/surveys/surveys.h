#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/organizer_message.h"
#include "service/domain/outcome.h"
#include "service/domain/survey.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// ---- For who organizes the meeting or cycle; NotFound for others.

struct SurveySettings {
  domain::MessageScope scope;
  std::string title;
  bool of_cycle = false;  // a meeting without one of its own has that of its cycle
  bool enabled = false;
  int hours_after = domain::kUsualSurveyHours;
  domain::Questions questions;
  std::optional<domain::Instant> asked_at;
  std::optional<domain::Instant> closes_at;
  int asked = 0;
  int answers = 0;
  std::int64_t version = 0;  // 0: not saved yet
};
domain::Outcome<SurveySettings> find_survey_settings(const Environment&, const Actor&,
                                                     const domain::MessageScope&);

struct SurveyForm {
  bool enabled = false;
  int hours_after = domain::kUsualSurveyHours;
  domain::Questions questions;
  std::int64_t version = 0;  // that the form was shown with
};
// Stale when somebody else has saved meanwhile; Conflict survey_asked once people have been asked.
// FieldErrors as domain::check_survey_questions, and hours_after.
domain::Outcome<domain::SurveyId> save_survey_settings(const Environment&, const Call&,
                                                       const domain::MessageScope&,
                                                       const SurveyForm&);

// What came of it; `results` is empty while there are fewer answers than kLeastSurveyAnswers.
struct SurveyResults {
  std::string title;
  int asked = 0;
  int answers = 0;
  std::vector<domain::SurveyResult> results;
};
domain::Outcome<SurveyResults> load_survey_results(const Environment&, const Actor&,
                                                   domain::MeetingId);
// Question, answer and how many gave it; free texts one a row.
domain::Outcome<std::string> export_survey_results(const Environment&, const Actor&,
                                                   domain::MeetingId, domain::Language);

// ---- For whoever holds a link from a mail.

enum class SurveyStanding { open, answered, closed };
struct SurveySheet {
  domain::Meeting meeting;
  domain::Questions questions;
  SurveyStanding standing = SurveyStanding::open;
  std::optional<domain::Instant> closes_at;
};
// NotFound for an unknown link.
domain::Outcome<SurveySheet> find_survey_sheet(const Environment&, std::string_view token);
// Once for each link; what was answered is kept apart from whose link it is. Conflict
// survey_answered, survey_closed; FieldErrors as domain::check_answers, and "" nothing_answered.
domain::Outcome<domain::MeetingId> answer_survey(const Environment&, const Call&,
                                                 std::string_view token,
                                                 const domain::Answers& given);

// ---- The job.

// Asks the people of meetings whose time has come, and reminds once who has not answered. Each
// meeting in a transaction that says that it was done. How many mails.
int ask_due_surveys(const Environment&, const std::stop_token& stopping = {});

// The key of one registration's link: the same in the reminder, and never stored as it is.
std::string survey_token(const Environment&, domain::RegistrationId);

}  // namespace narada::usecases
