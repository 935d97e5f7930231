#include "service/usecases/registrations/answers.h"

#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_answers.h"
#include "service/usecases/stored_things.h"
#include "sql/question_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

// The registration, for who may see what was answered with it.
domain::Outcome<domain::Registration> find_answered(storage::Connection& connection,
                                                    const Actor& actor, domain::RegistrationId id) {
  auto stored = storage::find_registration(connection, id);
  if (!stored) return domain::NotFound{};
  const auto thing = check_registration(connection, actor, Action::see_needs, stored->registration);
  if (!thing) return domain::NotFound{};
  return std::move(stored->registration);
}

}  // namespace

domain::Outcome<AskedQuestions> find_asked_questions(const Environment& environment,
                                                     const Actor& actor, std::string_view key) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<AskedQuestions> {
        const auto thing = check_meeting(connection, actor, Action::see, key);
        if (!thing) return thing.failure();
        AskedQuestions asked;
        asked.challenge = storage::asks_challenge(connection, *thing->meeting);
        asked.questions = storage::list_questions(connection, *thing->meeting);
        std::erase_if(asked.questions, [](const auto& question) { return question.retired; });
        return asked;
      });
}

domain::Outcome<AnsweredQuestions> find_answers(const Environment& environment, const Actor& actor,
                                                domain::RegistrationId id) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<AnsweredQuestions> {
        const auto registration = find_answered(connection, actor, id);
        if (!registration) return registration.failure();
        const auto seated = storage::find_seated_meeting(connection, registration->meeting);
        if (!seated) return domain::NotFound{};
        AnsweredQuestions answered;
        answered.challenge = storage::asks_challenge(connection, registration->meeting);
        answered.questions = storage::list_questions(connection, registration->meeting);
        answered.answers = storage::find_answers(connection, id);
        answered.open = may_change_answers(seated->meeting, environment.clock->now());
        if (domain::is_active(registration->status) && answered.open) {
          answered.unanswered =
              domain::find_unanswered(answered.questions, registration->mode, answered.answers);
        }
        std::erase_if(answered.questions, [&](const auto& question) {
          return question.retired && !answered.answers.contains(question.id);
        });
        return answered;
      });
}

domain::Outcome<AnswerFile> find_answer_file(const Environment& environment, const Actor& actor,
                                             domain::RegistrationId id,
                                             domain::QuestionId question) {
  return read_database(environment,
                       [&](storage::Connection& connection) -> domain::Outcome<AnswerFile> {
                         const auto registration = find_answered(connection, actor, id);
                         if (!registration) return registration.failure();
                         auto file = storage::find_answer_file(connection, id, question);
                         if (!file) return domain::NotFound{};
                         return AnswerFile{std::move(file->name), std::move(file->media_type),
                                           std::move(file->content)};
                       });
}

}  // namespace narada::usecases
