#include "sql/inbound_mail_store.h"

#include "sql/id_list.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::ReceivedEffect;
using domain::ReceivedKind;

ReceivedKind kind_of(const std::string& name) {
  return stored_enum("inbound_mail.kind", name, domain::find_received_kind);
}

ReceivedEffect effect_of(const std::string& name) {
  return stored_enum("inbound_mail.effect", name, domain::find_received_effect);
}

constexpr std::string_view kColumns =
    "i.id, i.kind, i.effect, i.arrivals, i.meeting_id, m.title, m.tzid, i.registration_id, "
    "p.full_name, p.email, i.outgoing_mail_id, o.to_address, i.from_name, i.from_address, "
    "i.subject, i.proposed_starts_at, i.proposed_ends_at, i.received_at, i.handled_at, h.full_name";
constexpr std::string_view kFrom =
    " FROM inbound_mail i LEFT JOIN meeting m ON m.id = i.meeting_id LEFT JOIN registration r ON "
    "r.id = i.registration_id LEFT JOIN person p ON p.id = r.person_id LEFT JOIN outgoing_mail o "
    "ON o.id = i.outgoing_mail_id LEFT JOIN person h ON h.id = i.handled_by WHERE ";

domain::ReceivedMail read_row(const Rows::Row& row) {
  domain::ReceivedMail mail;
  mail.id = row.id<domain::ReceivedMailId>(0);
  mail.kind = kind_of(row.text(1));
  mail.effect = effect_of(row.text(2));
  mail.arrivals = row.small_integer(3);
  mail.meeting = row.find_id<domain::MeetingId>(4);
  mail.meeting_title = row.text_or_empty(5);
  mail.meeting_zone = row.text_or_empty(6);
  mail.registration = row.find_id<domain::RegistrationId>(7);
  mail.person_name = row.text_or_empty(8);
  mail.person_email = row.text_or_empty(9);
  mail.outgoing = row.find_id<domain::OutgoingMailId>(10);
  mail.to_address = row.text_or_empty(11);
  mail.from_name = row.text(12);
  mail.from_address = row.text(13);
  mail.subject = row.text(14);
  mail.proposed_starts = row.find_instant(15);
  mail.proposed_ends = row.find_instant(16);
  mail.received_at = row.instant(17);
  mail.handled_at = row.find_instant(18);
  mail.handled_by = row.text_or_empty(19);
  return mail;
}

Condition condition_of(const InboundMailSelection& selection) {
  Condition condition;
  condition.sql = selection.of_accounts ? "(i.meeting_id IS NULL OR " : "(";
  const Condition of_meeting = meeting_within(selection.within);
  condition.sql += "(m.id IS NOT NULL AND " + of_meeting.sql + "))";
  condition.parameters = of_meeting.parameters;
  const auto restrict_to = [&](const char* sql, Parameter parameter) {
    condition.sql += sql;
    condition.parameters.push_back(std::move(parameter));
  };
  if (selection.kind) restrict_to(" AND i.kind = ?", to_string(*selection.kind));
  if (selection.handled) restrict_to(" AND (i.handled_at IS NOT NULL) = ?", *selection.handled);
  if (selection.registration) restrict_to(" AND i.registration_id = ?", *selection.registration);
  if (selection.before) restrict_to(" AND i.id < ?", *selection.before);
  return condition;
}

std::vector<Recipient> read_recipients(const Rows& rows) {
  std::vector<Recipient> recipients;
  for (const auto row : rows)
    recipients.push_back({row.id<domain::PersonId>(0), row.text(1), row.text(2),
                          domain::language_or_polish(row.text(3))});
  return recipients;
}

constexpr std::string_view kSelectHolders =
    "SELECT DISTINCT p.id, p.full_name, p.email, p.language FROM person_role r JOIN person p ON "
    "p.id = r.person_id AND p.erased_at IS NULL WHERE ";

}  // namespace

domain::ReceivedMailId save_inbound_mail(Connection& connection, const NewInboundMail& mail) {
  constexpr std::string_view kInsert =
      "INSERT INTO inbound_mail (digest, kind, effect, meeting_id, registration_id, "
      "outgoing_mail_id, from_name, from_address, subject, body, proposed_starts_at, "
      "proposed_ends_at, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  return domain::ReceivedMailId{connection.insert(
      kInsert, {mail.digest, to_string(mail.kind), to_string(mail.effect), mail.meeting,
                mail.registration, mail.outgoing, mail.from_name, mail.from_address, mail.subject,
                mail.body, mail.proposed_starts, mail.proposed_ends, mail.received_at})};
}

std::optional<KnownInboundMail> note_arrival(Connection& connection, const std::string& digest) {
  const Rows rows =
      connection.query("SELECT id, kind, effect FROM inbound_mail WHERE digest = ?", {digest});
  if (rows.empty()) return std::nullopt;
  const auto id = rows[0].id<domain::ReceivedMailId>(0);
  connection.execute("UPDATE inbound_mail SET arrivals = arrivals + 1 WHERE id = ?", {id});
  return KnownInboundMail{id, kind_of(rows[0].text(1)), effect_of(rows[0].text(2))};
}

void save_effect(Connection& connection, domain::ReceivedMailId id, ReceivedEffect effect) {
  connection.execute("UPDATE inbound_mail SET effect = ? WHERE id = ?", {to_string(effect), id});
}

bool has_had_effect(Connection& connection, domain::RegistrationId registration,
                    ReceivedEffect effect, domain::Instant since) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM inbound_mail WHERE registration_id = ? AND effect = ? AND received_at >= ? "
      "LIMIT 1";
  return !connection.query(kSelect, {registration, to_string(effect), since}).empty();
}

std::int64_t count_told_of(Connection& connection, domain::RegistrationId registration,
                           domain::Instant since) {
  constexpr std::string_view kSelect =
      "SELECT COUNT(DISTINCT i.id) FROM inbound_mail i JOIN inbound_mail_notice n ON "
      "n.inbound_mail_id = i.id WHERE i.registration_id = ? AND i.received_at >= ?";
  return connection.query(kSelect, {registration, since})[0].integer(0);
}

void save_notice(Connection& connection, domain::ReceivedMailId id, domain::OutgoingMailId notice,
                 domain::Instant now) {
  connection.execute(
      "INSERT INTO inbound_mail_notice (outgoing_mail_id, inbound_mail_id, written_at) VALUES (?, "
      "?, ?)",
      {notice, id, now});
}

std::vector<domain::ReceivedMail> list_inbound_mails(Connection& connection,
                                                     const InboundMailSelection& selection,
                                                     int limit) {
  Condition condition = condition_of(selection);
  condition.parameters.emplace_back(limit);
  std::string sql = "SELECT ";
  sql.append(kColumns).append(kFrom).append(condition.sql).append(" ORDER BY i.id DESC LIMIT ?");
  std::vector<domain::ReceivedMail> mails;
  for (const auto row : connection.query(sql, condition.parameters)) mails.push_back(read_row(row));
  return mails;
}

std::int64_t count_unhandled(Connection& connection, const InboundMailSelection& selection) {
  const Condition condition = condition_of(selection);
  // What nobody has to do anything about does not wait for anybody.
  const std::string sql =
      "SELECT COUNT(*)" + std::string(kFrom) + condition.sql +
      " AND i.handled_at IS NULL AND i.effect IN ('told', 'place_gone', 'other_person', "
      "'proposed', 'marked', 'bounced', 'no_proof')";
  return connection.query(sql, condition.parameters)[0].integer(0);
}

std::optional<domain::ReceivedMail> find_inbound_mail(Connection& connection,
                                                      domain::ReceivedMailId id) {
  std::string sql = "SELECT ";
  sql.append(kColumns).append(", i.body").append(kFrom).append("i.id = ?");
  const Rows rows = connection.query(sql, {id});
  if (rows.empty()) return std::nullopt;
  domain::ReceivedMail mail = read_row(rows[0]);
  mail.text = rows[0].text(20);
  return mail;
}

bool save_handled(Connection& connection, domain::ReceivedMailId id,
                  std::optional<domain::PersonId> by, domain::Instant now) {
  constexpr std::string_view kSet =
      "UPDATE inbound_mail SET handled_at = ?, handled_by = ? WHERE id = ? AND handled_at IS NULL";
  constexpr std::string_view kUnset =
      "UPDATE inbound_mail SET handled_at = NULL, handled_by = NULL WHERE id = ? AND handled_at IS "
      "NOT NULL";
  if (by) return connection.execute(kSet, {now, *by, id}) == 1;
  return connection.execute(kUnset, {id}) == 1;
}

std::vector<Recipient> list_organizers(Connection& connection, const domain::Thing& meeting) {
  static const std::string kOfIt =
      std::string(kSelectHolders) +
      "r.role = 'organizer' AND ((r.scope_kind = 'meeting' AND r.scope_id = ?) OR (r.scope_kind = "
      "'cycle' AND r.scope_id = ?) OR (r.scope_kind = 'institution' AND r.scope_id" +
      std::string(kInIdList) + ")) ORDER BY p.id LIMIT 50";
  static const std::string kOfAll = std::string(kSelectHolders) +
                                    "r.role = ? AND r.scope_kind = 'everywhere' ORDER BY p.id "
                                    "LIMIT 50";
  auto found = read_recipients(
      connection.query(kOfIt, {meeting.meeting, meeting.cycle, list_of_ids(meeting.responsible)}));
  for (const std::string_view role : {"organizer", "admin"})
    if (found.empty()) found = read_recipients(connection.query(kOfAll, {role}));
  return found;
}

std::vector<Recipient> list_coordinators(Connection& connection,
                                         domain::InstitutionId institution) {
  static const std::string kSelect =
      std::string(kSelectHolders) +
      "r.role = 'coordinator' AND r.scope_kind = 'institution' AND r.scope_id = ? ORDER BY p.id "
      "LIMIT 50";
  return read_recipients(connection.query(kSelect, {institution}));
}

std::optional<SentMail> find_sent_mail(Connection& connection, domain::OutgoingMailId id) {
  const Rows rows = connection.query(
      "SELECT id, kind, state, to_address, person_id, meeting_id, registration_id FROM "
      "outgoing_mail WHERE id = ?",
      {id});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return SentMail{row.id<domain::OutgoingMailId>(0),
                  row.text(1),
                  row.text(2),
                  row.text(3),
                  row.find_id<domain::PersonId>(4),
                  row.find_id<domain::MeetingId>(5),
                  row.find_id<domain::RegistrationId>(6)};
}

std::optional<std::string> find_meeting_uid(Connection& connection, domain::MeetingId meeting) {
  const Rows rows = connection.query("SELECT uid FROM meeting WHERE id = ?", {meeting});
  if (rows.empty()) return std::nullopt;
  return rows[0].text(0);
}

bool is_own_message_id(Connection& connection, const std::string& message_id) {
  return !connection.query("SELECT 1 FROM outgoing_mail WHERE message_id = ? LIMIT 1", {message_id})
              .empty();
}

void save_bounced(Connection& connection, domain::OutgoingMailId id, const std::string& reply) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = 'bounced', last_reply = IF(forget = 1, '', ?) WHERE id = ? "
      "AND state = 'sent'";
  connection.execute(kUpdate, {reply, id});
}

}  // namespace narada::storage
