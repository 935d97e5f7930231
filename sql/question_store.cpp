#include "sql/question_store.h"

#include "sql/id_list.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Question;

constexpr std::string_view kColumns =
    "SELECT id, kind, label, label_en, hint, hint_en, options, options_en, required, mode, "
    "depends_on, depends_value, retired, number_least, number_most";

Question read_question(const Rows::Row& row) {
  Question question;
  question.id = row.id<domain::QuestionId>(0);
  question.kind = stored_enum("meeting_question.kind", row.text(1), domain::find_question_kind);
  question.label = row.text(2);
  question.label_en = row.text(3);
  question.hint = row.text(4);
  question.hint_en = row.text(5);
  question.options = domain::split_lines(row.text(6));
  question.options_en = domain::split_lines(row.text(7));
  question.required = row.boolean(8);
  question.mode =
      stored_enum("meeting_question.mode", row.find_text(9), domain::find_attendance_mode);
  question.depends_on = row.find_id<domain::QuestionId>(10);
  question.depends_value = row.text(11);
  question.retired = row.boolean(12);
  if (!row.is_null(13)) question.least = row.small_integer(13);
  if (!row.is_null(14)) question.most = row.small_integer(14);
  return question;
}

std::optional<std::string> mode_of(const Question& question) {
  if (!question.mode) return std::nullopt;
  return std::string(domain::to_string(*question.mode));
}

}  // namespace

domain::Questions list_questions(Connection& connection, domain::MeetingId meeting) {
  static const std::string kSelect =
      std::string(kColumns) + " FROM meeting_question WHERE meeting_id = ? ORDER BY position, id";
  domain::Questions questions;
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) questions.push_back(read_question(row));
  return questions;
}

std::map<domain::MeetingId, domain::Questions> list_questions(
    Connection& connection, const std::vector<domain::MeetingId>& meetings) {
  std::map<domain::MeetingId, domain::Questions> questions;
  if (meetings.empty()) return questions;
  const Rows rows = connection.query(std::string(kColumns) +
                                         ", meeting_id FROM meeting_question WHERE meeting_id" +
                                         std::string(kInIdList) + " ORDER BY position, id",
                                     {list_of_ids(meetings)});
  for (const auto row : rows) {
    questions[row.id<domain::MeetingId>(15)].push_back(read_question(row));
  }
  return questions;
}

bool asks_challenge(Connection& connection, domain::MeetingId meeting) {
  const Rows rows = connection.query("SELECT asks_challenge FROM meeting WHERE id = ?", {meeting});
  return !rows.empty() && rows[0].boolean(0);
}

void save_asks_challenge(Connection& connection, domain::MeetingId meeting, bool asks) {
  connection.execute("UPDATE meeting SET asks_challenge = ? WHERE id = ?", {asks, meeting});
}

void insert_question(Connection& connection, domain::MeetingId meeting, Question& question) {
  constexpr std::string_view kLast =
      "SELECT COALESCE(MAX(position), 0) FROM meeting_question WHERE meeting_id = ?";
  constexpr std::string_view kInsert =
      "INSERT INTO meeting_question (meeting_id, position, kind, label, label_en, hint, hint_en, "
      "options, options_en, required, mode, depends_on, depends_value, retired, number_least, "
      "number_most) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  const auto position = connection.query(kLast, {meeting})[0].integer(0) + 1;
  question.id = domain::QuestionId{connection.insert(
      kInsert, {meeting, position, domain::to_string(question.kind), question.label,
                question.label_en, question.hint, question.hint_en,
                domain::join_lines(question.options), domain::join_lines(question.options_en),
                question.required, mode_of(question), question.depends_on, question.depends_value,
                question.retired, question.least, question.most})};
}

void save_question(Connection& connection, const Question& question) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting_question SET kind = ?, label = ?, label_en = ?, hint = ?, hint_en = ?, "
      "options = ?, options_en = ?, required = ?, mode = ?, depends_on = ?, depends_value = ?, "
      "retired = ?, number_least = ?, number_most = ? WHERE id = ?";
  connection.execute(
      kUpdate, {domain::to_string(question.kind), question.label, question.label_en, question.hint,
                question.hint_en, domain::join_lines(question.options),
                domain::join_lines(question.options_en), question.required, mode_of(question),
                question.depends_on, question.depends_value, question.retired, question.least,
                question.most, question.id});
}

void delete_question(Connection& connection, domain::QuestionId question) {
  connection.execute("DELETE FROM meeting_question WHERE id = ?", {question});
}

void save_question_order(Connection& connection, const std::vector<domain::QuestionId>& order) {
  int position = 0;
  for (const auto question : order) {
    connection.execute("UPDATE meeting_question SET position = ? WHERE id = ?",
                       {++position, question});
  }
}

std::map<domain::QuestionId, std::int64_t> count_answers(Connection& connection,
                                                         domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT q.id, COUNT(*) FROM meeting_question q JOIN registration_answer a ON a.question_id = "
      "q.id WHERE q.meeting_id = ? GROUP BY q.id";
  std::map<domain::QuestionId, std::int64_t> counts;
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) counts[row.id<domain::QuestionId>(0)] = row.integer(1);
  return counts;
}

std::vector<CountedNeed> count_needs(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT n.kind, n.need, COUNT(*) FROM ("
      "SELECT 1 AS place, 'diet' AS kind, diet AS need, status FROM registration "
      "WHERE meeting_id = ? UNION ALL "
      "SELECT 2, 'interpreter', interpreter, status FROM registration WHERE meeting_id = ? "
      "UNION ALL "
      "SELECT 3, 'access_needs', access_needs, status FROM registration WHERE meeting_id = ? "
      "UNION ALL SELECT 4, 'needs', needs, status FROM registration WHERE meeting_id = ?) n "
      "WHERE n.need <> '' AND n.status IN ('confirmed', 'attended') "
      "GROUP BY n.place, n.kind, n.need ORDER BY n.place, COUNT(*) DESC, n.need";
  std::vector<CountedNeed> needs;
  const Rows rows = connection.query(kSelect, {meeting, meeting, meeting, meeting});
  for (const auto row : rows) needs.push_back({row.text(0), row.text(1), row.integer(2)});
  return needs;
}

std::vector<AskingMeeting> list_asking_meetings(Connection& connection, const domain::Reach& within,
                                                domain::MeetingId except, int limit) {
  const Condition condition = meeting_within(within);
  std::vector<Parameter> parameters = condition.parameters;
  parameters.emplace_back(except);
  parameters.emplace_back(limit);
  std::vector<AskingMeeting> meetings;
  const Rows rows = connection.query(
      "SELECT m.id, m.title, m.starts FROM meeting m WHERE " + condition.sql +
          " AND m.id <> ? AND EXISTS (SELECT 1 FROM meeting_question q WHERE q.meeting_id = m.id "
          "AND q.retired = 0) ORDER BY m.starts DESC, m.id DESC LIMIT ?",
      parameters);
  for (const auto row : rows) {
    meetings.push_back({row.id<domain::MeetingId>(0), row.text(1), row.wall_time(2)});
  }
  return meetings;
}

void raise_meeting_version(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  connection.execute("UPDATE meeting SET version = version + 1, updated_at = ? WHERE id = ?",
                     {now, meeting});
}

domain::Answers find_answers(Connection& connection, domain::RegistrationId registration) {
  auto found = list_answers(connection, {registration});
  return found.empty() ? domain::Answers() : std::move(found.begin()->second);
}

std::map<domain::RegistrationId, domain::Answers> list_answers(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations) {
  std::map<domain::RegistrationId, domain::Answers> answers;
  if (registrations.empty()) return answers;
  const Rows rows = connection.query(
      "SELECT registration_id, question_id, value FROM registration_answer WHERE registration_id" +
          std::string(kInIdList),
      {list_of_ids(registrations)});
  for (const auto row : rows) {
    answers[row.id<domain::RegistrationId>(0)][row.id<domain::QuestionId>(1)] = row.text(2);
  }
  return answers;
}

void save_answers(Connection& connection, domain::RegistrationId registration,
                  const domain::Answers& answers) {
  constexpr std::string_view kDelete =
      "DELETE FROM registration_answer WHERE registration_id = ? AND question_id = ?";
  constexpr std::string_view kSave =
      "INSERT INTO registration_answer (registration_id, question_id, value) VALUES (?, ?, ?) "
      "ON DUPLICATE KEY UPDATE value = VALUES(value)";
  for (const auto& [question, value] : find_answers(connection, registration)) {
    if (!answers.contains(question)) connection.execute(kDelete, {registration, question});
  }
  for (const auto& [question, value] : answers) {
    connection.execute(kSave, {registration, question, value});
  }
}

void forget_answers(Connection& connection, domain::RegistrationId registration) {
  connection.execute("DELETE FROM registration_answer WHERE registration_id = ?", {registration});
}

void save_answer_file(Connection& connection, domain::RegistrationId registration,
                      domain::QuestionId question, const AnswerFile& file, domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO registration_file (registration_id, question_id, name, media_type, content, "
      "created_at) VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name), "
      "media_type = VALUES(media_type), content = VALUES(content), "
      "created_at = VALUES(created_at)";
  connection.execute(kSave,
                     {registration, question, file.name, file.media_type, file.content, now});
}

std::optional<AnswerFile> find_answer_file(Connection& connection,
                                           domain::RegistrationId registration,
                                           domain::QuestionId question) {
  constexpr std::string_view kSelect =
      "SELECT name, media_type, content FROM registration_file WHERE registration_id = ? AND "
      "question_id = ?";
  const Rows rows = connection.query(kSelect, {registration, question});
  if (rows.empty()) return std::nullopt;
  return AnswerFile{rows[0].text(0), rows[0].text(1), rows[0].text(2)};
}

}  // namespace narada::storage
