#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/organizer_message.h"
#include "service/domain/survey.h"
#include "sql/connection.h"

namespace narada::storage {

struct StoredSurvey {
  domain::SurveyId id;
  domain::MessageScope scope;
  bool enabled = false;
  int hours_after = domain::kUsualSurveyHours;
  std::optional<domain::Instant> asked_at;
  std::optional<domain::Instant> reminded_at;
  std::optional<domain::Instant> closes_at;
  int answers = 0;
  std::int64_t version = 1;
  domain::Questions questions;
};

std::optional<StoredSurvey> find_survey(Connection& connection, const domain::MessageScope& scope);
std::optional<StoredSurvey> find_survey(Connection& connection, domain::SurveyId survey);
// Both locked until the end of the transaction.
std::optional<StoredSurvey> lock_survey(Connection& connection, const domain::MessageScope& scope);
std::optional<StoredSurvey> lock_survey(Connection& connection, domain::SurveyId survey);

// Sets its id and those of its questions. Throws Duplicate when the scope has one.
void insert_survey(Connection& connection, StoredSurvey& survey);
// Everything but scope, counters and what the asking has set; the questions in place of those
// before. Precondition: nobody has been asked.
void save_survey(Connection& connection, StoredSurvey& survey);
void save_survey_asked(Connection& connection, domain::SurveyId survey, domain::Instant now,
                       domain::Instant closes_at);
void save_survey_reminded(Connection& connection, domain::SurveyId survey, domain::Instant now);

// Meetings that have ended as long ago as their survey, or their cycle's, says, and whose people
// have not been asked; none that ended before `oldest`.
std::vector<domain::MeetingId> list_due_surveys(Connection& connection, domain::Instant now,
                                                domain::Instant oldest, int limit);
// Asked before `asked_before`, not reminded, and open beyond `open_until`.
std::vector<domain::SurveyId> list_surveys_to_remind(Connection& connection,
                                                     domain::Instant asked_before,
                                                     domain::Instant open_until, int limit);

// Who is asked after the meeting: those marked present or, where nobody has been marked, those with
// a confirmed place. None who has been erased, none whose address is dead.
std::vector<domain::RegistrationId> list_people_to_ask(Connection& connection,
                                                       domain::MeetingId meeting);
// Of those who were asked: who has not answered, again without the erased and the dead addresses.
std::vector<domain::RegistrationId> list_silent(Connection& connection, domain::SurveyId survey);
void save_asked(Connection& connection, domain::SurveyId survey,
                domain::RegistrationId registration, std::string_view token_hash);
int count_asked(Connection& connection, domain::SurveyId survey);

// Whom a link is for.
struct AskedPerson {
  domain::SurveyId survey;
  domain::RegistrationId registration;
  bool answered = false;
};
std::optional<AskedPerson> find_asked(Connection& connection, std::string_view token_hash);
// Locked until the end of the transaction.
std::optional<AskedPerson> lock_asked(Connection& connection, std::string_view token_hash);
// The answers go where nothing connects them with the person, or with one another.
void save_survey_answers(Connection& connection, const AskedPerson& person,
                         const domain::Answers& answers);
std::vector<std::pair<domain::QuestionId, std::string>> list_survey_answers(
    Connection& connection, domain::SurveyId survey);

}  // namespace narada::storage
