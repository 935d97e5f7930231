#include "sql/survey_store.h"

#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::MessageScope;
using domain::Question;
using domain::SurveyId;

bool is_meeting(const MessageScope& scope) {
  return std::holds_alternative<domain::MeetingId>(scope);
}

std::int64_t number_of(const MessageScope& scope) {
  return std::visit([](auto id) { return id.value; }, scope);
}

constexpr std::string_view kSelect =
    "SELECT id, meeting_id, cycle_id, enabled, hours_after, asked_at, reminded_at, closes_at, "
    "answers, version FROM survey WHERE ";

Question read_question(const Rows::Row& row) {
  Question question;
  question.id = row.id<domain::QuestionId>(0);
  question.kind = stored_enum("survey_question.kind", row.text(1), domain::find_question_kind);
  question.label = row.text(2);
  question.label_en = row.text(3);
  question.options = domain::split_lines(row.text(4));
  question.options_en = domain::split_lines(row.text(5));
  question.required = row.boolean(6);
  return question;
}

domain::Questions list_survey_questions(Connection& connection, SurveyId survey) {
  constexpr std::string_view kQuestions =
      "SELECT id, kind, label, label_en, options, options_en, required FROM survey_question WHERE "
      "survey_id = ? ORDER BY position";
  domain::Questions questions;
  const Rows rows = connection.query(kQuestions, {survey});
  for (const auto row : rows) questions.push_back(read_question(row));
  return questions;
}

std::optional<StoredSurvey> read_survey(Connection& connection, const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  StoredSurvey survey;
  survey.id = row.id<SurveyId>(0);
  if (row.is_null(1)) {
    survey.scope = row.id<domain::CycleId>(2);
  } else {
    survey.scope = row.id<domain::MeetingId>(1);
  }
  survey.enabled = row.boolean(3);
  survey.hours_after = row.small_integer(4);
  survey.asked_at = row.find_instant(5);
  survey.reminded_at = row.find_instant(6);
  survey.closes_at = row.find_instant(7);
  survey.answers = row.small_integer(8);
  survey.version = row.integer(9);
  survey.questions = list_survey_questions(connection, survey.id);
  return survey;
}

std::optional<StoredSurvey> find_of(Connection& connection, const MessageScope& scope,
                                    std::string_view lock) {
  const std::string sql = std::string(kSelect) +
                          (is_meeting(scope) ? "meeting_id = ?" : "cycle_id = ?") +
                          std::string(lock);
  return read_survey(connection, connection.query(sql, {number_of(scope)}));
}

void insert_survey_questions(Connection& connection, StoredSurvey& survey) {
  constexpr std::string_view kInsert =
      "INSERT INTO survey_question (survey_id, position, kind, label, label_en, options, "
      "options_en, required) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  int position = 0;
  for (auto& question : survey.questions) {
    question.id = domain::QuestionId{connection.insert(
        kInsert, {survey.id, ++position, domain::to_string(question.kind), question.label,
                  question.label_en, domain::join_lines(question.options),
                  domain::join_lines(question.options_en), question.required ? 1 : 0})};
  }
}

std::optional<AskedPerson> find_asked_person(Connection& connection, std::string_view hash,
                                             std::string_view lock) {
  const Rows rows = connection.query(
      "SELECT survey_id, registration_id, answered FROM survey_asked WHERE token_hash = ?" +
          std::string(lock),
      {hash});
  if (rows.empty()) return std::nullopt;
  return AskedPerson{rows[0].id<SurveyId>(0), rows[0].id<domain::RegistrationId>(1),
                     rows[0].boolean(2)};
}

std::vector<domain::RegistrationId> read_registrations(const Rows& rows) {
  std::vector<domain::RegistrationId> registrations;
  for (const auto row : rows) registrations.push_back(row.id<domain::RegistrationId>(0));
  return registrations;
}

// Who can be written to.
constexpr std::string_view kReachable =
    " JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL LEFT JOIN mail_address a ON "
    "a.email_key = p.email_key AND a.dead_since IS NOT NULL WHERE a.email_key IS NULL AND ";

}  // namespace

std::optional<StoredSurvey> find_survey(Connection& connection, const MessageScope& scope) {
  return find_of(connection, scope, "");
}

std::optional<StoredSurvey> find_survey(Connection& connection, SurveyId survey) {
  return read_survey(connection, connection.query(std::string(kSelect) + "id = ?", {survey}));
}

std::optional<StoredSurvey> lock_survey(Connection& connection, const MessageScope& scope) {
  return find_of(connection, scope, " FOR UPDATE");
}

std::optional<StoredSurvey> lock_survey(Connection& connection, SurveyId survey) {
  return read_survey(connection,
                     connection.query(std::string(kSelect) + "id = ? FOR UPDATE", {survey}));
}

void insert_survey(Connection& connection, StoredSurvey& survey) {
  constexpr std::string_view kInsert =
      "INSERT INTO survey (meeting_id, cycle_id, enabled, hours_after) VALUES (?, ?, ?, ?) "
      "RETURNING id";
  const Parameter owner = number_of(survey.scope);
  const Parameter none = nullptr;
  survey.id = SurveyId{connection.insert(
      kInsert, {is_meeting(survey.scope) ? owner : none, is_meeting(survey.scope) ? none : owner,
                survey.enabled ? 1 : 0, survey.hours_after})};
  insert_survey_questions(connection, survey);
}

void save_survey(Connection& connection, StoredSurvey& survey) {
  connection.execute(
      "UPDATE survey SET enabled = ?, hours_after = ?, version = version + 1 WHERE id = ?",
      {survey.enabled ? 1 : 0, survey.hours_after, survey.id});
  connection.execute("DELETE FROM survey_question WHERE survey_id = ?", {survey.id});
  insert_survey_questions(connection, survey);
  ++survey.version;
}

void save_survey_asked(Connection& connection, SurveyId survey, domain::Instant now,
                       domain::Instant closes_at) {
  connection.execute(
      "UPDATE survey SET asked_at = ?, closes_at = ?, version = version + 1 WHERE id = ?",
      {now, closes_at, survey});
}

void save_survey_reminded(Connection& connection, SurveyId survey, domain::Instant now) {
  connection.execute("UPDATE survey SET reminded_at = ? WHERE id = ?", {now, survey});
}

std::vector<domain::MeetingId> list_due_surveys(Connection& connection, domain::Instant now,
                                                domain::Instant oldest, int limit) {
  constexpr std::string_view kDue =
      "SELECT m.id FROM meeting m LEFT JOIN survey s ON s.meeting_id = m.id LEFT JOIN survey c ON "
      "s.id IS NULL AND c.cycle_id = m.cycle_id WHERE m.status = 'published' AND "
      "m.time_precision <> 'month' AND m.ends_at <= ? AND m.ends_at > ? AND COALESCE(s.enabled, "
      "c.enabled, 0) = 1 AND s.asked_at IS NULL AND "
      "DATE_ADD(m.ends_at, INTERVAL COALESCE(s.hours_after, c.hours_after) HOUR) <= ? "
      "ORDER BY m.ends_at, m.id LIMIT ?";
  std::vector<domain::MeetingId> meetings;
  const Rows rows = connection.query(kDue, {now, oldest, now, limit});
  for (const auto row : rows) meetings.push_back(row.id<domain::MeetingId>(0));
  return meetings;
}

std::vector<SurveyId> list_surveys_to_remind(Connection& connection, domain::Instant asked_before,
                                             domain::Instant open_until, int limit) {
  constexpr std::string_view kDue =
      "SELECT id FROM survey WHERE enabled = 1 AND asked_at <= ? AND reminded_at IS NULL AND "
      "closes_at > ? ORDER BY asked_at, id LIMIT ?";
  std::vector<SurveyId> surveys;
  const Rows rows = connection.query(kDue, {asked_before, open_until, limit});
  for (const auto row : rows) surveys.push_back(row.id<SurveyId>(0));
  return surveys;
}

std::vector<domain::RegistrationId> list_people_to_ask(Connection& connection,
                                                       domain::MeetingId meeting) {
  static const std::string kPeople =
      "SELECT r.id FROM registration r" + std::string(kReachable) +
      "r.meeting_id = ? AND r.status = IF(EXISTS (SELECT 1 FROM registration x WHERE x.meeting_id "
      "= ? AND x.status IN ('attended', 'absent')), 'attended', 'confirmed') ORDER BY r.id";
  return read_registrations(connection.query(kPeople, {meeting, meeting}));
}

std::vector<domain::RegistrationId> list_silent(Connection& connection, SurveyId survey) {
  static const std::string kPeople =
      "SELECT r.id FROM survey_asked k JOIN registration r ON r.id = k.registration_id" +
      std::string(kReachable) + "k.survey_id = ? AND k.answered = 0 ORDER BY r.id";
  return read_registrations(connection.query(kPeople, {survey}));
}

void save_asked(Connection& connection, SurveyId survey, domain::RegistrationId registration,
                std::string_view token_hash) {
  connection.execute(
      "INSERT INTO survey_asked (registration_id, survey_id, token_hash) VALUES (?, ?, ?)",
      {registration, survey, token_hash});
}

int count_asked(Connection& connection, SurveyId survey) {
  return connection.query("SELECT COUNT(*) FROM survey_asked WHERE survey_id = ?", {survey})[0]
      .small_integer(0);
}

std::optional<AskedPerson> find_asked(Connection& connection, std::string_view token_hash) {
  return find_asked_person(connection, token_hash, "");
}

std::optional<AskedPerson> lock_asked(Connection& connection, std::string_view token_hash) {
  return find_asked_person(connection, token_hash, " FOR UPDATE");
}

void save_survey_answers(Connection& connection, const AskedPerson& person,
                         const domain::Answers& answers) {
  constexpr std::string_view kInsert =
      "INSERT INTO survey_answer (id, question_id, value) VALUES (RANDOM_BYTES(16), ?, ?)";
  for (const auto& [question, value] : answers) connection.execute(kInsert, {question, value});
  connection.execute("UPDATE survey_asked SET answered = 1 WHERE registration_id = ?",
                     {person.registration});
  connection.execute("UPDATE survey SET answers = answers + 1 WHERE id = ?", {person.survey});
}

std::vector<std::pair<domain::QuestionId, std::string>> list_survey_answers(Connection& connection,
                                                                            SurveyId survey) {
  constexpr std::string_view kAnswers =
      "SELECT a.question_id, a.value FROM survey_answer a JOIN survey_question q ON q.id = "
      "a.question_id WHERE q.survey_id = ? ORDER BY q.position, a.id";
  std::vector<std::pair<domain::QuestionId, std::string>> answers;
  const Rows rows = connection.query(kAnswers, {survey});
  for (const auto row : rows) answers.emplace_back(row.id<domain::QuestionId>(0), row.text(1));
  return answers;
}

}  // namespace narada::storage
