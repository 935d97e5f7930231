#include "service/usecases/registrations/registration_answers.h"

#include <algorithm>
#include <utility>

#include "service/usecases/registrations/registration_input.h"

namespace narada::usecases {
namespace {

constexpr TextBounds kAnswerBounds{0, 2000, false, true};
constexpr TextBounds kLineBounds{0, 2000, false, false};
constexpr TextBounds kFileNameBounds{0, 200, false, false};
constexpr std::size_t kOctetsOfMegabyte = 1 << 20;

// Without the folders that some browsers send.
std::string last_part(const std::string& name) {
  const auto slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

// Only ever shown, so that a name that is no text is no reason to refuse the file.
std::string name_of(const GivenFile& file) {
  domain::FieldErrors errors;
  auto name = check_text(last_part(file.name), "", kFileNameBounds, errors);
  return errors.empty() && !name.empty() ? name : "plik";
}

void check_file(domain::QuestionId question, const GivenFile& given, CheckedAnswers& checked,
                domain::Answers& typed, domain::FieldErrors& errors) {
  if (given.content.empty()) return;  // none was chosen
  const auto field = domain::answer_field(question);
  if (given.content.size() > kMostFileOctets) {
    errors.push_back(
        {field, "file_too_large", {{"max", std::to_string(kMostFileOctets / kOctetsOfMegabyte)}}});
    return;
  }
  auto type = find_media_type(given.content);
  if (!type) {
    errors.push_back({field, "unknown_file_kind"});
    return;
  }
  typed[question] = name_of(given);
  checked.files[question] = {typed[question], *std::move(type), given.content};
}

const std::string* stored(const domain::Answers& before, domain::QuestionId question) {
  const auto found = before.find(question);
  return found == before.end() ? nullptr : &found->second;
}

void check_value(const domain::Question& question, const std::string& value,
                 const domain::Answers& before, const GivenAnswers& given, domain::Answers& typed,
                 domain::FieldErrors& errors) {
  const auto field = domain::answer_field(question.id);
  if (question.kind == domain::QuestionKind::file) {
    const auto* kept = stored(before, question.id);
    if (kept && *kept == value) {
      typed[question.id] = value;
    } else if (!given.takes_files && !value.empty()) {
      errors.push_back({field, "file_only_on_page"});
    }
    return;
  }
  const bool lines =
      question.kind == domain::QuestionKind::text || question.kind == domain::QuestionKind::several;
  auto text = check_text(value, field, lines ? kAnswerBounds : kLineBounds, errors);
  if (!text.empty()) typed[question.id] = std::move(text);
}

// A question is not missed whose answer was wrong in another way.
void drop_second_errors(domain::FieldErrors& errors, std::size_t first) {
  for (std::size_t index = first; index < errors.size(); ++index) {
    for (std::size_t later = errors.size(); later-- > index + 1;) {
      if (errors[later].field == errors[index].field) {
        errors.erase(errors.begin() + static_cast<std::ptrdiff_t>(later));
      }
    }
  }
}

}  // namespace

CheckedAnswers check_given(const domain::Questions& questions, domain::AttendanceMode mode,
                           const GivenAnswers& given, const domain::Answers& before,
                           domain::FieldErrors& errors) {
  CheckedAnswers checked;
  domain::Answers typed;
  const std::size_t first = errors.size();
  for (const auto& [id, value] : given.values) {
    const auto* question = domain::find_question(questions, id);
    if (!question) {
      errors.push_back({domain::answer_field(id), "unknown_question"});
    } else if (!question->retired) {
      check_value(*question, value, before, given, typed, errors);
    }
  }
  for (const auto& [id, file] : given.files) {
    const auto* question = domain::find_question(questions, id);
    if (!question || question->kind != domain::QuestionKind::file) continue;
    if (domain::is_asked(questions, *question, mode, typed)) {
      check_file(id, file, checked, typed, errors);
    }
  }
  checked.values = domain::check_answers(questions, mode, typed, errors);
  for (auto& error : errors) {
    const bool is_file = !given.takes_files && error.code == "required" &&
                         std::any_of(questions.begin(), questions.end(), [&](const auto& one) {
                           return one.kind == domain::QuestionKind::file &&
                                  domain::answer_field(one.id) == error.field;
                         });
    if (is_file) error.code = "file_only_on_page";
  }
  drop_second_errors(errors, first);
  std::erase_if(checked.files,
                [&](const auto& file) { return !checked.values.contains(file.first); });
  // What was answered to questions that are asked no more stays as it is.
  for (const auto& [id, value] : before) {
    const auto* question = domain::find_question(questions, id);
    if (question && question->retired) checked.values[id] = value;
  }
  return checked;
}

void write_answers(const Change& change, domain::RegistrationId registration,
                   const CheckedAnswers& checked) {
  storage::save_answers(change.connection, registration, checked.values);
  for (const auto& [question, file] : checked.files) {
    storage::save_answer_file(change.connection, registration, question, file, change.now);
  }
}

bool may_change_answers(const domain::MeetingSummary& meeting, domain::Instant now) {
  if (meeting.status != domain::MeetingStatus::published) return false;
  return now < meeting.window.closes_at.value_or(meeting.times.starts_at) &&
         now < meeting.times.starts_at;
}

}  // namespace narada::usecases
