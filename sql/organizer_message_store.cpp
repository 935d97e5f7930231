#include "sql/organizer_message_store.h"

#include "sql/line_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::MessageScope;
using domain::OrganizerMessageId;

bool is_meeting(const MessageScope& scope) {
  return std::holds_alternative<domain::MeetingId>(scope);
}

std::int64_t number_of(const MessageScope& scope) {
  return std::visit([](auto id) { return id.value; }, scope);
}

std::string within(const MessageScope& scope, std::string_view meeting_column,
                   std::string_view cycle_column) {
  return std::string(is_meeting(scope) ? meeting_column : cycle_column) + " = ?";
}

constexpr std::string_view kSelect =
    "SELECT id, meeting_id, cycle_id, audience, mode, institution_name, subject, body, subject_en, "
    "body_en, written_by, created_at, leaves_at, taken_back_at, people, left_out, task_id FROM "
    "organizer_message WHERE ";

StoredOrganizerMessage read_message(const Rows::Row& row) {
  StoredOrganizerMessage message;
  message.id = row.id<OrganizerMessageId>(0);
  if (row.is_null(1)) {
    message.scope = row.id<domain::CycleId>(2);
  } else {
    message.scope = row.id<domain::MeetingId>(1);
  }
  for (const auto& name : split_lines(row.text(3), ','))
    message.groups.push_back(
        stored_enum("organizer_message.audience", name, domain::find_message_group));
  message.mode =
      stored_enum("organizer_message.mode", row.find_text(4), domain::find_attendance_mode);
  message.institution_name = row.text(5);
  message.texts = {{row.text(6), row.text(7)}, {row.text(8), row.text(9)}};
  message.written_by = row.text(10);
  message.created_at = row.instant(11);
  message.leaves_at = row.instant(12);
  message.taken_back_at = row.find_instant(13);
  message.people = row.small_integer(14);
  message.left_out = row.small_integer(15);
  message.task = row.find_id<domain::TaskId>(16);
  return message;
}

std::optional<StoredOrganizerMessage> find_one(Connection& connection, OrganizerMessageId id,
                                               std::string_view lock) {
  const Rows rows = connection.query(std::string(kSelect) + "id = ?" + std::string(lock), {id});
  if (rows.empty()) return std::nullopt;
  return read_message(rows[0]);
}

domain::MessageCandidate read_candidate(const Rows::Row& row) {
  domain::MessageCandidate candidate;
  candidate.registration = row.id<domain::RegistrationId>(0);
  candidate.person = row.id<domain::PersonId>(1);
  candidate.full_name = row.text(2);
  candidate.email = row.text(3);
  candidate.language = domain::language_or_polish(row.text(4));
  candidate.status =
      stored_enum("registration.status", row.text(5), domain::find_registration_status);
  candidate.mode = stored_enum("registration.mode", row.text(6), domain::find_attendance_mode);
  candidate.institution = row.find_id<domain::InstitutionId>(7);
  candidate.starts_at = row.instant(8);
  candidate.is_dead_address = row.boolean(9);
  return candidate;
}

std::string names_of(const std::vector<domain::MessageGroup>& groups) {
  std::string names;
  for (const auto group : groups) {
    if (!names.empty()) names += ',';
    names += domain::to_string(group);
  }
  return names;
}

}  // namespace

std::vector<domain::MessageCandidate> list_registered_candidates(Connection& connection,
                                                                 const MessageScope& scope) {
  const std::string sql =
      "SELECT r.id, r.person_id, p.full_name, p.email, r.language, r.status, r.mode, "
      "r.institution_id, m.starts_at, a.dead_since IS NOT NULL FROM registration r JOIN meeting m "
      "ON m.id = r.meeting_id JOIN person p ON p.id = r.person_id LEFT JOIN mail_address a ON "
      "a.email_key = p.email_key WHERE " +
      within(scope, "m.id", "m.cycle_id") +
      " AND m.status IN ('published', 'cancelled') AND r.status NOT IN ('cancelled', 'declined') "
      "ORDER BY p.full_name, r.person_id, m.starts_at";
  std::vector<domain::MessageCandidate> candidates;
  const Rows rows = connection.query(sql, {number_of(scope)});
  for (const auto row : rows) candidates.push_back(read_candidate(row));
  return candidates;
}

std::set<domain::InviteeId> find_dead_invitees(Connection& connection, const MessageScope& scope) {
  const std::string sql =
      "SELECT v.id FROM invitee v JOIN mail_address a ON a.email_key = v.email_key AND "
      "a.dead_since IS NOT NULL WHERE " +
      within(scope, "v.meeting_id", "v.cycle_id");
  std::set<domain::InviteeId> dead;
  const Rows rows = connection.query(sql, {number_of(scope)});
  for (const auto row : rows) dead.insert(row.id<domain::InviteeId>(0));
  return dead;
}

void insert_organizer_message(Connection& connection, StoredOrganizerMessage& message) {
  constexpr std::string_view kInsert =
      "INSERT INTO organizer_message (meeting_id, cycle_id, audience, mode, institution_name, "
      "subject, body, subject_en, body_en, written_by, created_at, leaves_at, people, left_out) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  const Parameter owner = number_of(message.scope);
  const Parameter none = nullptr;
  std::optional<std::string> mode;
  if (message.mode) mode = domain::to_string(*message.mode);
  message.id = OrganizerMessageId{connection.insert(
      kInsert, {is_meeting(message.scope) ? owner : none, is_meeting(message.scope) ? none : owner,
                names_of(message.groups), mode, message.institution_name,
                message.texts.polish.subject, message.texts.polish.body,
                message.texts.english.subject, message.texts.english.body, message.written_by,
                message.created_at, message.leaves_at, message.people, message.left_out})};
}

void save_message_task(Connection& connection, OrganizerMessageId message, domain::TaskId task) {
  connection.execute("UPDATE organizer_message SET task_id = ? WHERE id = ?", {task, message});
}

std::optional<StoredOrganizerMessage> find_organizer_message(Connection& connection,
                                                             OrganizerMessageId message) {
  return find_one(connection, message, "");
}

std::optional<StoredOrganizerMessage> lock_organizer_message(Connection& connection,
                                                             OrganizerMessageId message) {
  return find_one(connection, message, " FOR UPDATE");
}

void save_message_taken_back(Connection& connection, OrganizerMessageId message,
                             domain::Instant now) {
  connection.execute(
      "UPDATE organizer_message SET taken_back_at = ? WHERE id = ? AND taken_back_at IS NULL",
      {now, message});
  connection.execute(
      "UPDATE organizer_message_person SET registration_id = NULL, invitee_id = NULL "
      "WHERE message_id = ?",
      {message});
}

void save_message_people(Connection& connection, OrganizerMessageId message,
                         const std::vector<MessagePerson>& people) {
  constexpr std::string_view kInsert =
      "INSERT INTO organizer_message_person (message_id, number, registration_id, invitee_id) "
      "SELECT ?, j.number, j.registration, j.invitee FROM JSON_TABLE(?, '$[*]' COLUMNS (number INT "
      "PATH '$[0]', registration BIGINT PATH '$[1]', invitee BIGINT PATH '$[2]')) j";
  const auto number = [](const auto& id) {
    return id ? std::to_string(id->value) : std::string("null");
  };
  std::string list = "[";
  for (const auto& person : people) {
    if (list.size() > 1) list += ',';
    list += '[' + std::to_string(person.number) + ',' + number(person.registration) + ',' +
            number(person.invitee) + ']';
  }
  connection.execute(kInsert, {message, list + ']'});
}

std::vector<MessagePerson> list_unwritten(Connection& connection, OrganizerMessageId message,
                                          int limit) {
  constexpr std::string_view kUnwritten =
      "SELECT number, registration_id, invitee_id FROM organizer_message_person WHERE message_id = "
      "? AND written = 0 ORDER BY number LIMIT ?";
  std::vector<MessagePerson> people;
  const Rows rows = connection.query(kUnwritten, {message, limit});
  for (const auto row : rows) {
    people.push_back({row.small_integer(0), row.find_id<domain::RegistrationId>(1),
                      row.find_id<domain::InviteeId>(2)});
  }
  return people;
}

int count_written(Connection& connection, OrganizerMessageId message) {
  constexpr std::string_view kCount =
      "SELECT COUNT(*) FROM organizer_message_person WHERE message_id = ? AND written = 1";
  return connection.query(kCount, {message})[0].small_integer(0);
}

void save_person_written(Connection& connection, OrganizerMessageId message, int number,
                         const std::optional<domain::OutgoingMailId>& mail) {
  constexpr std::string_view kUpdate =
      "UPDATE organizer_message_person SET written = 1, outgoing_mail_id = ?, registration_id = "
      "NULL, invitee_id = NULL WHERE message_id = ? AND number = ?";
  connection.execute(kUpdate, {mail, message, number});
}

MessageDelivery count_deliveries(Connection& connection, OrganizerMessageId message) {
  constexpr std::string_view kCount =
      "SELECT CASE WHEN p.written = 0 THEN 'unwritten' WHEN p.outgoing_mail_id IS NULL THEN "
      "'skipped' WHEN o.id IS NULL THEN 'sent' WHEN o.state IN ('failed', 'bounced') THEN 'failed' "
      "WHEN o.state = 'aborted' THEN 'stopped' WHEN o.state = 'sent' THEN 'sent' ELSE 'waiting' "
      "END AS stands, COUNT(*) FROM organizer_message_person p LEFT JOIN outgoing_mail o ON o.id = "
      "p.outgoing_mail_id WHERE p.message_id = ? GROUP BY stands";
  MessageDelivery delivery;
  const Rows rows = connection.query(kCount, {message});
  for (const auto row : rows) {
    const auto& stands = row.text(0);
    const int count = row.small_integer(1);
    if (stands == "unwritten") delivery.unwritten = count;
    if (stands == "waiting") delivery.waiting = count;
    if (stands == "sent") delivery.sent = count;
    if (stands == "failed") delivery.failed = count;
    if (stands == "stopped") delivery.stopped = count;
    if (stands == "skipped") delivery.skipped = count;
  }
  return delivery;
}

std::vector<domain::OutgoingMailId> list_message_mails(Connection& connection,
                                                       OrganizerMessageId message) {
  constexpr std::string_view kMails =
      "SELECT outgoing_mail_id FROM organizer_message_person WHERE message_id = ? AND "
      "outgoing_mail_id IS NOT NULL ORDER BY outgoing_mail_id";
  std::vector<domain::OutgoingMailId> mails;
  const Rows rows = connection.query(kMails, {message});
  for (const auto row : rows) mails.push_back(row.id<domain::OutgoingMailId>(0));
  return mails;
}

std::vector<StoredOrganizerMessage> list_organizer_messages(Connection& connection,
                                                            const MessageScope& scope, int limit) {
  std::vector<StoredOrganizerMessage> messages;
  const Rows rows = connection.query(
      std::string(kSelect) + within(scope, "meeting_id", "cycle_id") + " ORDER BY id DESC LIMIT ?",
      {number_of(scope), limit});
  for (const auto row : rows) messages.push_back(read_message(row));
  return messages;
}

}  // namespace narada::storage
