#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/permissions.h"
#include "service/domain/questions.h"
#include "sql/connection.h"

namespace narada::storage {

// In the order in which they are asked, those retired among them.
domain::Questions list_questions(Connection& connection, domain::MeetingId meeting);
// Of several meetings, those without any left out.
std::map<domain::MeetingId, domain::Questions> list_questions(
    Connection& connection, const std::vector<domain::MeetingId>& meetings);

// Whether the meeting asks "with what problem do you come?".
bool asks_challenge(Connection& connection, domain::MeetingId meeting);
void save_asks_challenge(Connection& connection, domain::MeetingId meeting, bool asks);

// At the end of its meeting's. Sets the id.
void insert_question(Connection& connection, domain::MeetingId meeting, domain::Question& question);
void save_question(Connection& connection, const domain::Question& question);
// Precondition: nobody has answered it and no question depends on it.
void delete_question(Connection& connection, domain::QuestionId question);
void save_question_order(Connection& connection, const std::vector<domain::QuestionId>& order);
// How many have answered each question of the meeting that anybody has answered.
std::map<domain::QuestionId, std::int64_t> count_answers(Connection& connection,
                                                         domain::MeetingId meeting);
// What people with a confirmed place need: how many said the same. kind: diet, interpreter,
// access_needs, needs.
struct CountedNeed {
  std::string kind;
  std::string need;
  std::int64_t people = 0;
};
std::vector<CountedNeed> count_needs(Connection& connection, domain::MeetingId meeting);

// Meetings within the reach that have questions, the latest first: {id, title and day}.
struct AskingMeeting {
  domain::MeetingId id;
  std::string title;
  domain::WallTime starts{};
};
std::vector<AskingMeeting> list_asking_meetings(Connection& connection, const domain::Reach& within,
                                                domain::MeetingId except, int limit);
// The meeting's version + 1, so that whoever remembers it reads it anew.
void raise_meeting_version(Connection& connection, domain::MeetingId meeting, domain::Instant now);

domain::Answers find_answers(Connection& connection, domain::RegistrationId registration);
std::map<domain::RegistrationId, domain::Answers> list_answers(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations);
// Those and no others; the files of answers that stay, stay.
void save_answers(Connection& connection, domain::RegistrationId registration,
                  const domain::Answers& answers);
void forget_answers(Connection& connection, domain::RegistrationId registration);

// A file that somebody answered with.
struct AnswerFile {
  std::string name;
  std::string media_type;
  std::string content;
};
// Precondition: the answer is stored.
void save_answer_file(Connection& connection, domain::RegistrationId registration,
                      domain::QuestionId question, const AnswerFile& file, domain::Instant now);
std::optional<AnswerFile> find_answer_file(Connection& connection,
                                           domain::RegistrationId registration,
                                           domain::QuestionId question);

}  // namespace narada::storage
