#include "sql/invitee_store.h"

#include "sql/id_list.h"
#include "sql/privacy_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::InviteeScope;

bool is_meeting(const InviteeScope& scope) {
  return std::holds_alternative<domain::MeetingId>(scope);
}

std::int64_t number_of(const InviteeScope& scope) {
  return std::visit([](auto id) { return id.value; }, scope);
}

// "v.meeting_id = ?" or "v.cycle_id = ?".
std::string within(const InviteeScope& scope, std::string_view alias = "v.") {
  return std::string(alias) + (is_meeting(scope) ? "meeting_id = ?" : "cycle_id = ?");
}

constexpr std::string_view kSelect =
    "SELECT v.id, v.meeting_id, v.cycle_id, v.email, v.full_name, v.job_title, v.institution_id, "
    "i.slug, i.teryt, i.name, i.kind, v.person_id, v.language, v.source, CASE "
    "WHEN v.state = 'registered' THEN v.state "
    "WHEN EXISTS (SELECT 1 FROM person p JOIN registration r ON r.person_id = p.id "
    "WHERE p.email_key = v.email_key AND (v.full_name = '' OR p.full_name = v.full_name) "
    "AND r.meeting_id = v.meeting_id AND r.status NOT IN ('cancelled', 'declined')) "
    "THEN 'registered' "
    "WHEN EXISTS (SELECT 1 FROM person p JOIN enrolment e ON e.person_id = p.id "
    "WHERE p.email_key = v.email_key AND (v.full_name = '' OR p.full_name = v.full_name) "
    "AND e.cycle_id = v.cycle_id AND e.status = 'active') THEN 'registered' "
    "ELSE v.state END, v.created_at, v.invited_at, v.reminded_at, v.decline_reason "
    "FROM invitee v LEFT JOIN institution i ON i.id = v.institution_id WHERE ";

std::optional<domain::InstitutionRef> read_institution(const Rows::Row& row) {
  if (row.is_null(7)) return std::nullopt;
  domain::InstitutionRef institution;
  institution.id = row.id<domain::InstitutionId>(6);
  institution.slug = row.text(7);
  institution.teryt = row.find_text(8);
  institution.name = row.text(9);
  institution.kind = stored_enum("institution.kind", row.text(10), domain::find_institution_kind);
  return institution;
}

domain::Invitee read_invitee(const Rows::Row& row) {
  domain::Invitee invitee;
  invitee.id = row.id<domain::InviteeId>(0);
  if (row.is_null(1)) {
    invitee.scope = row.id<domain::CycleId>(2);
  } else {
    invitee.scope = row.id<domain::MeetingId>(1);
  }
  invitee.email = row.text(3);
  invitee.full_name = row.text(4);
  invitee.job_title = row.text(5);
  invitee.institution = read_institution(row);
  invitee.person = row.find_id<domain::PersonId>(11);
  invitee.language = domain::language_or_polish(row.text(12));
  invitee.source = stored_enum("invitee.source", row.text(13), domain::find_invitee_source);
  invitee.state = stored_enum("invitee.state", row.text(14), domain::find_invitee_state);
  invitee.created_at = row.instant(15);
  invitee.invited_at = row.find_instant(16);
  invitee.reminded_at = row.find_instant(17);
  invitee.decline_reason = row.text(18);
  return invitee;
}

std::vector<domain::Invitee> read_invitees(const Rows& rows) {
  std::vector<domain::Invitee> invitees;
  for (const auto row : rows) invitees.push_back(read_invitee(row));
  return invitees;
}

}  // namespace

int save_invitees(Connection& connection, const InviteeScope& scope,
                  const std::vector<NewInvitee>& invitees, const std::string& created_by,
                  domain::Instant now) {
  // An entry that is there already is left, and counts as no row. Somebody forgotten since the
  // caller looked is entered as nobody known.
  constexpr std::string_view kInsert =
      "INSERT INTO invitee (meeting_id, cycle_id, email, email_key, full_name, job_title, "
      "institution_id, person_id, language, source, state, created_by, created_at) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, (SELECT id FROM person WHERE id = ? AND erased_at IS NULL), ?, ?, "
      "'listed', ?, ?) ON DUPLICATE KEY UPDATE invitee.id = invitee.id";
  const Parameter meeting = is_meeting(scope) ? Parameter(number_of(scope)) : Parameter(nullptr);
  const Parameter cycle = is_meeting(scope) ? Parameter(nullptr) : Parameter(number_of(scope));
  int added = 0;
  for (const auto& invitee : invitees) {
    const auto changed =
        connection.execute(kInsert, {meeting, cycle, invitee.email, invitee.email_key,
                                     invitee.full_name, invitee.job_title, invitee.institution,
                                     invitee.person, domain::to_string(invitee.language),
                                     domain::to_string(invitee.source), created_by, now});
    added += changed == 1 ? 1 : 0;
  }
  return added;
}

std::vector<domain::Invitee> list_invitees(Connection& connection, const InviteeScope& scope,
                                           int limit) {
  const std::string sql =
      std::string(kSelect) + within(scope) + " ORDER BY i.name, v.full_name, v.email_key LIMIT ?";
  return read_invitees(connection.query(sql, {number_of(scope), limit}));
}

std::vector<domain::Invitee> lock_invitees(Connection& connection, const InviteeScope& scope,
                                           const std::vector<domain::InviteeId>& ids) {
  const std::string list = list_of_ids(ids);
  const std::string some = within(scope, "") + " AND id" + std::string(kInIdList) + " ORDER BY id";
  connection.query("SELECT id FROM invitee WHERE " + some + " FOR UPDATE",
                   {number_of(scope), list});
  const std::string sql = std::string(kSelect) + within(scope) + " AND v.id" +
                          std::string(kInIdList) + " ORDER BY v.id";
  return read_invitees(connection.query(sql, {number_of(scope), list}));
}

int remove_invitees(Connection& connection, const InviteeScope& scope,
                    const std::vector<domain::InviteeId>& ids) {
  const std::string sql =
      "DELETE FROM invitee WHERE " + within(scope, "") + " AND id" + std::string(kInIdList);
  return static_cast<int>(connection.execute(sql, {number_of(scope), list_of_ids(ids)}));
}

void save_invited(Connection& connection, domain::InviteeId id, std::string_view key_hash,
                  domain::OutgoingMailId mail, domain::Instant now, bool is_reminder) {
  constexpr std::string_view kFirst =
      "UPDATE invitee SET state = 'invited', key_hash = ?, outgoing_mail_id = ?, invited_at = ? "
      "WHERE id = ?";
  constexpr std::string_view kReminder =
      "UPDATE invitee SET key_hash = ?, outgoing_mail_id = ?, reminded_at = ? WHERE id = ?";
  connection.execute(is_reminder ? kReminder : kFirst, {key_hash, mail, now, id});
}

std::vector<domain::OutgoingMailId> list_held_mails(Connection& connection,
                                                    const InviteeScope& scope,
                                                    domain::Instant now) {
  const std::string sql =
      "SELECT m.id FROM invitee v JOIN outgoing_mail m ON m.id = v.outgoing_mail_id WHERE " +
      within(scope) +
      " AND v.state = 'invited' AND v.reminded_at IS NULL AND m.state = 'queued' "
      "AND m.not_before > ? ORDER BY m.id";
  std::vector<domain::OutgoingMailId> mails;
  const Rows rows = connection.query(sql, {number_of(scope), now});
  for (const auto row : rows) mails.push_back(row.id<domain::OutgoingMailId>(0));
  return mails;
}

void save_taken_back(Connection& connection, const std::vector<domain::OutgoingMailId>& mails) {
  constexpr std::string_view kUpdate =
      "UPDATE invitee SET state = 'listed', key_hash = NULL, outgoing_mail_id = NULL, "
      "invited_at = NULL WHERE outgoing_mail_id = ? AND state = 'invited'";
  for (const auto mail : mails) connection.execute(kUpdate, {mail});
}

std::optional<domain::Invitee> find_invitee(Connection& connection, std::string_view key_hash) {
  const Rows rows = connection.query(std::string(kSelect) + "v.key_hash = ?", {key_hash});
  if (rows.empty()) return std::nullopt;
  return read_invitee(rows[0]);
}

void save_answer(Connection& connection, domain::InviteeId id, domain::InviteeState state,
                 const std::string& reason) {
  constexpr std::string_view kUpdate =
      "UPDATE invitee SET state = ?, decline_reason = ? WHERE id = ?";
  connection.execute(kUpdate, {domain::to_string(state), reason, id});
}

void forget_invitees_of(Connection& connection, const std::string& email,
                        std::string_view email_key) {
  constexpr std::string_view kMails =
      "SELECT id FROM outgoing_mail WHERE to_address = ? AND kind = 'meeting_invitation' "
      "ORDER BY id";
  const Rows mails = connection.query(kMails, {email});
  for (const auto mail : mails) forget_mail(connection, mail.id<domain::OutgoingMailId>(0));
  connection.execute("DELETE FROM invitee WHERE email_key = ?", {email_key});
}

void save_objection(Connection& connection, std::string_view digest, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO invitation_objection (address_digest, objected_at) VALUES (?, ?) "
      "ON DUPLICATE KEY UPDATE address_digest = address_digest";
  connection.execute(kInsert, {digest, now});
}

std::set<std::string> find_objections(Connection& connection,
                                      const std::vector<std::string>& digests) {
  constexpr std::string_view kSelectOne =
      "SELECT address_digest FROM invitation_objection WHERE address_digest = ?";
  std::set<std::string> found;
  for (const auto& digest : digests)
    if (!connection.query(kSelectOne, {digest}).empty()) found.insert(digest);
  return found;
}

}  // namespace narada::storage
