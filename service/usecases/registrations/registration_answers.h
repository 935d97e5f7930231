#pragma once

#include <map>

#include "service/domain/questions.h"
#include "service/usecases/registrations/answers.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "sql/question_store.h"

namespace narada::usecases {

// Answers as they are kept.
struct CheckedAnswers {
  domain::Answers values;
  std::map<domain::QuestionId, storage::AnswerFile> files;  // those that came now
};

// `before`: what is stored of this registration. What is wrong goes to `errors` under
// "answers.<id>": those of domain::check_answers, too_long, control_characters, not_utf8,
// unknown_question, file_too_large {max}, unknown_file_kind, file_only_on_page.
CheckedAnswers check_given(const domain::Questions& questions, domain::AttendanceMode mode,
                           const GivenAnswers& given, const domain::Answers& before,
                           domain::FieldErrors& errors);

void write_answers(const Change& change, domain::RegistrationId registration,
                   const CheckedAnswers& checked);

// Until when answers can be changed: as long as registration has not closed.
bool may_change_answers(const domain::MeetingSummary& meeting, domain::Instant now);

}  // namespace narada::usecases
