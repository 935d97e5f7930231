#include "sql/mail_delivery_store.h"

#include <string_view>

namespace narada::storage {
namespace {

// What a mail that has ended keeps (the reply and the message are bound here), and nothing of it
// when its person has been erased meanwhile. Assigned from left to right: the others see `forget`
// as set.
constexpr std::string_view kKeepOrForget =
    "forget = IF(EXISTS (SELECT 1 FROM person p WHERE p.id = outgoing_mail.person_id AND "
    "p.erased_at IS NOT NULL), 1, forget), "
    "last_reply = IF(forget = 1, '', ?), facts = '', raw = IF(forget = 1, NULL, ?), "
    "to_name = IF(forget = 1, '', to_name), to_address = IF(forget = 1, '', to_address), "
    "subject = IF(forget = 1, '', subject)";

bool holds(Connection& connection, const std::string& claim, domain::OutgoingMailId id) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM outgoing_mail WHERE id = ? AND claimed_by = ? AND state = 'inflight'";
  return !connection.query(kSelect, {id, claim}).empty();
}

}  // namespace

bool begin_attempt(Connection& connection, const MailClaim& claim, domain::OutgoingMailId id) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET claim_until = ?, last_attempt_at = ? WHERE id = ? AND claimed_by = "
      "? AND state = 'inflight'";
  // The row may hold these values already, which counts as no change.
  return connection.execute(kUpdate, {claim.until, claim.now, id, claim.name}) == 1 ||
         holds(connection, claim.name, id);
}

bool begin_first_attempt(Connection& connection, const MailClaim& claim, domain::OutgoingMailId id,
                         const std::string& subject, const std::string& raw) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET subject = ?, raw = ?, claim_until = ?, last_attempt_at = ? WHERE "
      "id = ? AND claimed_by = ? AND state = 'inflight' AND raw IS NULL";
  return connection.execute(kUpdate, {subject, raw, claim.until, claim.now, id, claim.name}) == 1;
}

void save_delivered(Connection& connection, domain::OutgoingMailId id, const AttemptRecord& record,
                    domain::Instant now) {
  static const std::string kUpdate =
      "UPDATE outgoing_mail SET state = 'sent', sent_at = ?, attempts = attempts + 1, "
      "last_code = ?, claimed_by = '', claim_until = NULL, " +
      std::string(kKeepOrForget) + " WHERE id = ? AND state <> 'sent'";
  connection.execute(kUpdate, {now, record.code, record.reply, record.kept_message, id});
}

void save_postponed(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                    const AttemptRecord& record, domain::Instant not_before) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = 'awaiting_retry', not_before = ?, attempts = attempts + ?, "
      "last_code = ?, last_reply = ?, claimed_by = '', claim_until = NULL WHERE id = ? AND "
      "claimed_by = ? AND state = 'inflight'";
  connection.execute(kUpdate,
                     {not_before, record.counts ? 1 : 0, record.code, record.reply, id, claim});
}

void save_failed(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                 const AttemptRecord& record) {
  static const std::string kUpdate =
      "UPDATE outgoing_mail SET state = 'failed', attempts = attempts + ?, last_code = ?, "
      "claimed_by = '', claim_until = NULL, " +
      std::string(kKeepOrForget) + " WHERE id = ? AND claimed_by = ? AND state = 'inflight'";
  connection.execute(
      kUpdate, {record.counts ? 1 : 0, record.code, record.reply, record.kept_message, id, claim});
}

void save_aborted(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                  std::string_view reason, const std::optional<std::string>& kept_message) {
  static const std::string kUpdate =
      "UPDATE outgoing_mail SET state = 'aborted', stop_reason = ?, claimed_by = '', claim_until = "
      "NULL, " +
      std::string(kKeepOrForget) + " WHERE id = ? AND claimed_by = ? AND state = 'inflight'";
  connection.execute(kUpdate, {reason, "", kept_message, id, claim});
}

void release_claim(Connection& connection, const std::string& claim) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = IF(last_attempt_at IS NULL, 'queued', 'awaiting_retry'), "
      "claimed_by = '', claim_until = NULL WHERE state = 'inflight' AND claimed_by = ?";
  connection.execute(kUpdate, {claim});
}

void postpone_domain(Connection& connection, const std::string& mail_domain, domain::Instant now,
                     domain::Instant not_before) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET not_before = ? WHERE state IN ('queued', 'awaiting_retry') AND "
      "not_before <= ? AND mail_domain = ?";
  connection.execute(kUpdate, {not_before, now, mail_domain});
}

void spread_domain(Connection& connection, const MailBacklog& backlog, domain::Instant now) {
  // Joined in this order, so that only the rows that are found are looked up, and locked.
  constexpr std::string_view kUpdate =
      "UPDATE (SELECT id, ROW_NUMBER() OVER (ORDER BY not_before, id) AS place FROM outgoing_mail "
      "FORCE INDEX (outgoing_mail_domain) WHERE mail_domain = ? AND state = ? AND priority = ? AND "
      "not_before <= ? ORDER BY not_before, id LIMIT ?) late STRAIGHT_JOIN outgoing_mail mail ON "
      "mail.id = late.id SET mail.not_before = ? + INTERVAL FLOOR((late.place - 1) * ? / 1000) "
      "SECOND WHERE mail.state = ?";
  constexpr int kMostAtOnce = 1000;
  for (const std::string_view state : {"queued", "awaiting_retry"}) {
    connection.execute(kUpdate, {backlog.mail_domain, state, backlog.priority, now, kMostAtOnce,
                                 backlog.free_at, backlog.every.count(), state});
  }
}

}  // namespace narada::storage
