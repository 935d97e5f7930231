#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// The way of an outgoing mail's row through delivery. A worker claims rows under a lease: state
// inflight, claimed_by its claim, claim_until the end of the lease, after which another worker may
// claim them. Every later step is one statement that may be repeated; it names the claim and does
// nothing to a row that is no longer held by it. All times come from the callers' clocks, which may
// differ by less than the length of a lease.
namespace narada::storage {

struct MailClaim {
  std::string name;  // at most 80 octets, another one for every round of every worker
  domain::Instant now{};
  domain::Instant until{};
};

// Claims at most `at_most` rows: due ones, and those of claims that have run out. By priority, and
// nothing that is paused. Of a registration only the oldest of its priority or above that is not
// finished: a cancellation never overtakes its invitation, and does not wait for a reminder. Rows
// that another worker is claiming at the same moment are passed over. Call it in a transaction, and
// send nothing before that has been committed.
void claim_due_mails(Connection& connection, const MailClaim& claim, int at_most);

struct ClaimedMail {
  domain::OutgoingMailId id;
  std::string message_id;
  std::string kind;
  std::string to_address;
  std::string mail_domain;  // of the address, in lower case
  std::string facts;
  std::optional<std::string> raw;  // absent: not composed yet
  int attempts = 0;               // that ended with an answer of the recipient's server, or unknown
  bool attempted_before = false;  // an attempt was begun, whatever came of it
  domain::Instant created_at{};
  domain::Instant give_up_at{};
  int priority = 1;  // 0: urgent, and worth nothing once given up; 2: the same to many
  std::optional<domain::PersonId> person;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::RegistrationId> registration;
};
// What the claim holds, by priority, then in the order of the ids.
std::vector<ClaimedMail> load_claimed_mails(Connection& connection, const std::string& claim);

// Before every attempt: prolongs the lease. False: the claim has lost the row, and nothing may be
// sent.
bool begin_attempt(Connection& connection, const MailClaim& claim, domain::OutgoingMailId id);
// The same for a row that is not composed yet, with the message that every attempt will send.
bool begin_first_attempt(Connection& connection, const MailClaim& claim, domain::OutgoingMailId id,
                         const std::string& subject, const std::string& raw);

struct AttemptRecord {
  std::optional<int> code;
  std::string reply;   // at most 1000 characters of UTF-8
  bool counts = true;  // as an attempt of the mail
  // Where this was the last attempt: what stays of the message. Absent: it was never composed.
  std::optional<std::string> kept_message = {};
};
// The end of a mail: its facts and the message that was sent open its registration, so neither
// stays; the row keeps record.kept_message. Of somebody who was erased meanwhile it keeps neither
// name, address, subject, reply nor message.

// The server has taken the mail. Holds even when the claim has lost the row meanwhile: what was
// delivered must not be sent again.
void save_delivered(Connection& connection, domain::OutgoingMailId id, const AttemptRecord& record,
                    domain::Instant now);
void save_postponed(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                    const AttemptRecord& record, domain::Instant not_before);
void save_failed(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                 const AttemptRecord& record);
// The mail will not be sent, for that reason, a code of the program.
void save_aborted(Connection& connection, const std::string& claim, domain::OutgoingMailId id,
                  std::string_view reason, const std::optional<std::string>& kept_message);
// Gives back rows of the claim that were not attempted, as they were.
void release_claim(Connection& connection, const std::string& claim);

// Puts off every due mail to `mail_domain` that nobody holds: a server that hangs on one recipient
// of a domain hangs on the others.
void postpone_domain(Connection& connection, const std::string& mail_domain, domain::Instant now,
                     domain::Instant not_before);

// Mails to a domain that takes no more of them for now.
struct MailBacklog {
  std::string mail_domain;
  int priority = 1;
  domain::Instant free_at{};          // when the next one may leave
  std::chrono::milliseconds every{};  // and those after it
};
// Puts off the first thousand that are due and that nobody holds, each to its turn, so that others
// are not searched for among them. It promises nothing: who comes at that time asks again.
void spread_domain(Connection& connection, const MailBacklog& backlog, domain::Instant now);

// When a mail is due next that nothing but time holds back; absent when there is none.
std::optional<domain::Instant> find_next_due_mail(Connection& connection);

}  // namespace narada::storage
