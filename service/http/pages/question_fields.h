#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "service/domain/questions.h"
#include "service/http/pages/form.h"
#include "service/usecases/registrations/answers.h"

namespace narada::http::pages {

// Of a form with its files: two of the largest, or more that are smaller.
inline constexpr std::uint64_t kMostFormOctets = 2 * usecases::kMostFileOctets + (512 << 10);

// A registration form as it was posted; it comes as multipart/form-data where a question asks for a
// file.
struct PostedForm {
  OwnForm fields;
  std::map<domain::QuestionId, usecases::GivenFile> files;
};
// As read_own_form. Throws Error 400 for a malformed multipart body, 413 for a large body of
// another kind.
PostedForm read_posted_form(const Page& page);

// The answers of the fields "answers.<id>". A file of `before` stays where "keep.<id>" says so and
// "drop.<id>" does not.
usecases::GivenAnswers read_answers(const PostedForm& posted, const domain::Questions& questions,
                                    const domain::Answers& before);

// "questions" [{label, …, followers: […]}] of those asked of people of these modes, and
// "has_files". `given` is shown in the fields, and what show_errors() has put into the view beside
// them.
void fill_questions(Page& page, const domain::Questions& questions,
                    const std::vector<domain::AttendanceMode>& modes, const domain::Answers& given);
// The questions' words as their names in the summary of errors.
void name_answer_errors(Page& page, const domain::Questions& questions);

// In the page's language.
std::string question_label(const Page& page, const domain::Question& question);
// An answer in words: "tak", options one after the other.
std::string answer_text(const Page& page, const domain::Question& question,
                        const std::string& answer);

}  // namespace narada::http::pages
