#include <algorithm>
#include <string_view>

#include "sql/id_list.h"
#include "sql/mail_delivery_store.h"

// Which rows a worker takes.
namespace narada::storage {
namespace {

constexpr std::string_view kQueued = "queued";
constexpr std::string_view kAwaitingRetry = "awaiting_retry";
constexpr int kUrgent = 0, kOrdinary = 1, kBulk = 2;

using Ids = std::vector<domain::OutgoingMailId>;

// An older mail of the same registration that is still on its way; what is said to many does not
// keep back what is about the registration itself, which alone goes into calendars, and what goes
// to somebody else (a superior, the organizers) keeps nothing back from the registered person. A
// plain read, so that only the rows that are claimed get locked. Mails of one registration are
// written under the lock of its meeting, so that none with a smaller id can appear later.
constexpr std::string_view kNoOlderMail =
    "NOT EXISTS (SELECT 1 FROM outgoing_mail older WHERE older.registration_id = "
    "mail.registration_id AND older.id < mail.id AND older.priority <= mail.priority AND "
    "older.kind NOT IN ('consent_asked', 'reply_received', 'address_bounced', "
    "'substitution_proposed') AND older.state IN ('queued', 'inflight', 'awaiting_retry'))";

Ids ids_of(const Rows& rows) {
  Ids ids;
  for (const auto row : rows) ids.push_back(row.id<domain::OutgoingMailId>(0));
  return ids;
}

// One state and priority at a time, in the order of an index, so that InnoDB looks at and locks no
// more rows than it returns, however many wait.
Ids lock_due(Connection& connection, std::string_view state, int priority, domain::Instant now,
             int limit) {
  static const std::string kSelect =
      "SELECT mail.id FROM outgoing_mail mail FORCE INDEX (outgoing_mail_ready) WHERE mail.state = "
      "? AND mail.paused = 0 AND mail.priority = ? AND mail.not_before <= ? AND " +
      std::string(kNoOlderMail) +
      " ORDER BY mail.not_before, mail.id LIMIT ? FOR UPDATE SKIP LOCKED";
  if (limit <= 0) return {};
  return ids_of(connection.query(kSelect, {state, priority, now, limit}));
}

Ids lock_abandoned(Connection& connection, domain::Instant now, int limit) {
  constexpr std::string_view kSelect =
      "SELECT id FROM outgoing_mail FORCE INDEX (outgoing_mail_ready) WHERE state = 'inflight' AND "
      "claim_until < ? LIMIT ? FOR UPDATE SKIP LOCKED";
  if (limit <= 0) return {};
  return ids_of(connection.query(kSelect, {now, limit}));
}

void claim_all(Connection& connection, const MailClaim& claim, const Ids& ids) {
  static const std::string kUpdate =
      "UPDATE " + std::string(kEachOfIdList) +
      "outgoing_mail mail FORCE INDEX (PRIMARY) ON mail.id = j.id SET mail.state = 'inflight', "
      "mail.claimed_by = ?, mail.claim_until = ?";
  if (ids.empty()) return;
  connection.execute(kUpdate, {list_of_ids(ids), claim.name, claim.until});
}

// The last priority that may leave: pauses of single meetings stand in their rows.
int lowest_priority(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT COALESCE(MAX(pause_key = 'all'), -1) FROM mail_pause WHERE pause_key IN ('all', "
      "'bulk')";
  switch (connection.query(kSelect)[0].integer(0)) {
    case -1:
      return kBulk;
    case 0:
      return kOrdinary;
    default:
      return kUrgent;
  }
}

std::optional<domain::Instant> find_first(Connection& connection, std::string_view sql,
                                          const std::vector<Parameter>& parameters) {
  const Rows found = connection.query(sql, parameters);
  return found.empty() ? std::nullopt : found[0].find_instant(0);
}

std::optional<domain::Instant> find_first_due(Connection& connection, std::string_view state,
                                              int priority) {
  static const std::string kSelect =
      "SELECT mail.not_before FROM outgoing_mail mail FORCE INDEX (outgoing_mail_ready) WHERE "
      "mail.state = ? AND mail.paused = 0 AND mail.priority = ? AND " +
      std::string(kNoOlderMail) + " ORDER BY mail.not_before, mail.id LIMIT 1";
  return find_first(connection, kSelect, {state, priority});
}

}  // namespace

void claim_due_mails(Connection& connection, const MailClaim& claim, int at_most) {
  // A share for those that wait longest, so that neither a long queue nor many retries starve the
  // other.
  const int share = std::max(1, at_most / 4);
  Ids claimed;
  const auto left = [&] { return at_most - static_cast<int>(claimed.size()); };
  const auto take = [&](const Ids& ids) { claimed.insert(claimed.end(), ids.begin(), ids.end()); };
  for (const auto state : {kQueued, kAwaitingRetry}) {
    take(lock_due(connection, state, kUrgent, claim.now, left()));
  }
  take(lock_abandoned(connection, claim.now, std::min(left(), share)));
  const int lowest = lowest_priority(connection);
  for (int priority = kOrdinary; priority <= lowest; ++priority) {
    take(lock_due(connection, kAwaitingRetry, priority, claim.now, std::min(left(), share)));
    take(lock_due(connection, kQueued, priority, claim.now, left()));
  }
  claim_all(connection, claim, claimed);
}

std::vector<ClaimedMail> load_claimed_mails(Connection& connection, const std::string& claim) {
  constexpr std::string_view kSelect =
      "SELECT id, message_id, kind, to_address, mail_domain, facts, raw, attempts, last_attempt_at "
      "IS NOT NULL, created_at, give_up_at, priority, person_id, meeting_id, registration_id FROM "
      "outgoing_mail WHERE state = 'inflight' AND claimed_by = ? ORDER BY priority, id";
  std::vector<ClaimedMail> mails;
  for (const auto row : connection.query(kSelect, {claim})) {
    ClaimedMail mail;
    mail.id = row.id<domain::OutgoingMailId>(0);
    mail.message_id = row.text(1);
    mail.kind = row.text(2);
    mail.to_address = row.text(3);
    mail.mail_domain = row.text(4);
    mail.facts = row.text(5);
    mail.raw = row.find_text(6);
    mail.attempts = row.small_integer(7);
    mail.attempted_before = row.boolean(8);
    mail.created_at = row.instant(9);
    mail.give_up_at = row.instant(10);
    mail.priority = row.small_integer(11);
    mail.person = row.find_id<domain::PersonId>(12);
    mail.meeting = row.find_id<domain::MeetingId>(13);
    mail.registration = row.find_id<domain::RegistrationId>(14);
    mails.push_back(std::move(mail));
  }
  return mails;
}

std::optional<domain::Instant> find_next_due_mail(Connection& connection) {
  constexpr std::string_view kSelectLease =
      "SELECT MIN(claim_until) FROM outgoing_mail FORCE INDEX (outgoing_mail_ready) WHERE state = "
      "'inflight'";
  std::optional<domain::Instant> next = find_first(connection, kSelectLease, {});
  const int lowest = lowest_priority(connection);
  for (int priority = kUrgent; priority <= lowest; ++priority) {
    for (const auto state : {kQueued, kAwaitingRetry}) {
      const auto due = find_first_due(connection, state, priority);
      if (due && (!next || *due < *next)) next = due;
    }
  }
  return next;
}

}  // namespace narada::storage
