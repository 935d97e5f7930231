#include "sql/mail_delivery_store.h"

#include <algorithm>
#include <string_view>

namespace narada::storage {
namespace {

constexpr std::string_view kQueued = "queued";
constexpr std::string_view kAwaitingRetry = "awaiting_retry";

// Somebody sits and waits for it: it leaves before what else is due.
constexpr std::string_view kUrgentKind = "sign_in_link";

// An older mail of the same registration that is still on its way. A plain read, so that only the
// rows that are claimed get locked. Mails of one registration are written under the lock of its
// meeting, so that none with a smaller id can appear later.
constexpr std::string_view kNoOlderMail =
    "NOT EXISTS (SELECT 1 FROM outgoing_mail older WHERE older.registration_id = "
    "mail.registration_id AND older.id < mail.id AND older.state IN ('queued', 'inflight', "
    "'awaiting_retry'))";

// What a mail that has ended keeps (the reply and the message are bound here), and nothing of it
// when its person has been erased meanwhile. Assigned from left to right: the others see `forget`
// as set.
constexpr std::string_view kKeepOrForget =
    "forget = IF(EXISTS (SELECT 1 FROM person p WHERE p.id = outgoing_mail.person_id AND "
    "p.erased_at IS NOT NULL), 1, forget), "
    "last_reply = IF(forget = 1, '', ?), facts = '', raw = IF(forget = 1, NULL, ?), "
    "to_name = IF(forget = 1, '', to_name), to_address = IF(forget = 1, '', to_address), "
    "subject = IF(forget = 1, '', subject)";

// One state at a time, in the order of an index, so that InnoDB locks no more rows than it returns.
std::vector<domain::OutgoingMailId> lock_due(Connection& connection, std::string_view state,
                                             domain::Instant now, int limit) {
  static const std::string kSelect =
      "SELECT mail.id FROM outgoing_mail mail FORCE INDEX (outgoing_mail_due) WHERE mail.state = ?"
      " AND mail.not_before <= ? AND " +
      std::string(kNoOlderMail) +
      " ORDER BY mail.not_before, mail.id LIMIT ? FOR UPDATE SKIP LOCKED";
  std::vector<domain::OutgoingMailId> ids;
  const Rows found = connection.query(kSelect, {state, now, limit});
  for (const auto row : found) ids.push_back(row.id<domain::OutgoingMailId>(0));
  return ids;
}

std::vector<domain::OutgoingMailId> lock_urgent(Connection& connection, std::string_view state,
                                                domain::Instant now, int limit) {
  constexpr std::string_view kSelect =
      "SELECT id FROM outgoing_mail FORCE INDEX (outgoing_mail_kind_due) WHERE kind = ? AND "
      "state = ? AND not_before <= ? ORDER BY not_before, id LIMIT ? FOR UPDATE SKIP LOCKED";
  std::vector<domain::OutgoingMailId> ids;
  const Rows found = connection.query(kSelect, {kUrgentKind, state, now, limit});
  for (const auto row : found) ids.push_back(row.id<domain::OutgoingMailId>(0));
  return ids;
}

std::vector<domain::OutgoingMailId> lock_abandoned(Connection& connection, domain::Instant now,
                                                   int limit) {
  constexpr std::string_view kSelect =
      "SELECT id FROM outgoing_mail FORCE INDEX (outgoing_mail_due) WHERE state = 'inflight' AND "
      "claim_until < ? ORDER BY not_before, id LIMIT ? FOR UPDATE SKIP LOCKED";
  std::vector<domain::OutgoingMailId> ids;
  const Rows found = connection.query(kSelect, {now, limit});
  for (const auto row : found) ids.push_back(row.id<domain::OutgoingMailId>(0));
  return ids;
}

int claim_all(Connection& connection, const MailClaim& claim,
              const std::vector<domain::OutgoingMailId>& ids) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = 'inflight', claimed_by = ?, claim_until = ? WHERE id = ?";
  for (const auto id : ids) connection.execute(kUpdate, {claim.name, claim.until, id});
  return static_cast<int>(ids.size());
}

bool holds(Connection& connection, const std::string& claim, domain::OutgoingMailId id) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM outgoing_mail WHERE id = ? AND claimed_by = ? AND state = 'inflight'";
  return !connection.query(kSelect, {id, claim}).empty();
}

std::optional<domain::Instant> find_first(Connection& connection, const std::string& sql,
                                          const std::vector<Parameter>& parameters) {
  const Rows found = connection.query(sql, parameters);
  return found.empty() ? std::nullopt : found[0].find_instant(0);
}

std::optional<domain::Instant> find_first_due(Connection& connection, std::string_view state) {
  static const std::string kSelect =
      "SELECT mail.not_before FROM outgoing_mail mail FORCE INDEX (outgoing_mail_due) WHERE "
      "mail.state = ? AND " +
      std::string(kNoOlderMail) + " ORDER BY mail.not_before, mail.id LIMIT 1";
  return find_first(connection, kSelect, {state});
}

}  // namespace

void claim_due_mails(Connection& connection, const MailClaim& claim, int at_most) {
  // A share for those that wait longest, so that neither a long queue nor many retries starve the
  // other.
  const int share = std::max(1, at_most / 4);
  int left = at_most;
  for (const auto state : {kQueued, kAwaitingRetry}) {
    left -= claim_all(connection, claim, lock_urgent(connection, state, claim.now, left));
  }
  left -=
      claim_all(connection, claim, lock_abandoned(connection, claim.now, std::min(left, share)));
  left -= claim_all(connection, claim,
                    lock_due(connection, kAwaitingRetry, claim.now, std::min(left, share)));
  claim_all(connection, claim, lock_due(connection, kQueued, claim.now, left));
}

std::vector<ClaimedMail> load_claimed_mails(Connection& connection, const std::string& claim) {
  constexpr std::string_view kSelect =
      "SELECT id, message_id, to_address, facts, raw, attempts, last_attempt_at IS NOT NULL, "
      "created_at, give_up_at, kind = ? FROM outgoing_mail WHERE state = 'inflight' AND claimed_by "
      "= ? ORDER BY kind = ? DESC, id";
  std::vector<ClaimedMail> mails;
  const Rows found = connection.query(kSelect, {kUrgentKind, claim, kUrgentKind});
  for (const auto row : found) {
    ClaimedMail mail;
    mail.id = row.id<domain::OutgoingMailId>(0);
    mail.message_id = row.text(1);
    mail.to_address = row.text(2);
    mail.facts = row.text(3);
    mail.raw = row.find_text(4);
    mail.attempts = row.small_integer(5);
    mail.attempted_before = row.boolean(6);
    mail.created_at = row.instant(7);
    mail.give_up_at = row.instant(8);
    mail.is_urgent = row.boolean(9);
    mails.push_back(std::move(mail));
  }
  return mails;
}

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
      "not_before <= ? AND SUBSTRING_INDEX(to_address, '@', -1) = ?";
  connection.execute(kUpdate, {not_before, now, mail_domain});
}

std::optional<domain::Instant> find_next_due_mail(Connection& connection) {
  constexpr const char* kSelectLease =
      "SELECT MIN(claim_until) FROM outgoing_mail WHERE state = 'inflight'";
  std::optional<domain::Instant> next;
  for (const auto& due :
       {find_first_due(connection, kQueued), find_first_due(connection, kAwaitingRetry),
        find_first(connection, kSelectLease, {})}) {
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

}  // namespace narada::storage
