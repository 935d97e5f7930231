#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/domain/questions.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

inline constexpr std::size_t kMostFileOctets = 5 << 20;

// A file as it came. Its name is only ever shown.
struct GivenFile {
  std::string name;
  std::string content;
};

// What somebody answers, as typed.
struct GivenAnswers {
  domain::Answers values;  // of a file that was given before: its name, to keep it
  std::map<domain::QuestionId, GivenFile> files;
  bool replaces_all = true;  // false: what is not named stays as it was; empty takes it back
  bool takes_files = true;   // false: where no file can come along (the API)
};

// What a meeting asks whoever registers beside the fields of every form.
struct AskedQuestions {
  bool challenge = false;       // "with what problem do you come?"
  domain::Questions questions;  // those retired are left out
};
// For who may see the meeting.
domain::Outcome<AskedQuestions> find_asked_questions(const Environment&, const Actor&,
                                                     std::string_view meeting_id_or_slug);

// What somebody answered, for themself and for who may see_needs of the registration (else
// NotFound); questions that were retired are among them where they were answered.
struct AnsweredQuestions {
  bool challenge = false;
  domain::Questions questions;
  domain::Answers answers;
  bool open = false;                           // may still be changed: registration has not closed
  std::vector<domain::QuestionId> unanswered;  // required ones
};
domain::Outcome<AnsweredQuestions> find_answers(const Environment&, const Actor&,
                                                domain::RegistrationId);

// A file that somebody answered with, for who may see_needs of the registration.
struct AnswerFile {
  std::string name;
  std::string media_type;  // by its content
  std::string content;
};
domain::Outcome<AnswerFile> find_answer_file(const Environment&, const Actor&,
                                             domain::RegistrationId, domain::QuestionId);

// What a file is by its octets: PDF, PNG, JPEG, DOCX or ODT; absent: none of them.
std::optional<std::string> find_media_type(const std::string& content);

}  // namespace narada::usecases
