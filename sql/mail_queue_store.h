#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/permissions.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// A row of the outbox for people. `raw` is filled by find_mail_row only.
struct MailRow {
  domain::OutgoingMailId id;
  std::string kind;
  std::string state;
  std::optional<domain::MeetingId> meeting;
  std::string meeting_slug;
  std::string meeting_title;
  std::optional<domain::RegistrationId> registration;
  std::string to_name;
  std::string to_address;
  std::string subject;
  int attempts = 0;
  std::optional<int> last_code;
  std::string last_reply;
  std::string stop_reason;  // of an aborted one
  int priority = 1;
  domain::Instant created_at{};
  domain::Instant not_before{};
  std::optional<domain::Instant> last_attempt_at;
  std::optional<domain::Instant> sent_at;
  std::optional<domain::OutgoingMailId> repeated_as;
  std::optional<std::string> raw;
};

struct MailRowSelection {
  domain::Reach within;      // of meetings within it
  bool of_accounts = false;  // and those that are about no meeting
  std::optional<std::string> state;
  bool unsent = false;  // only what has ended without arriving, and was not written anew
  std::optional<domain::RegistrationId> registration;
  std::string meeting;                           // id, slug or a part of the title
  std::string recipient;                         // a part of address or name
  std::optional<domain::OutgoingMailId> before;  // only rows with a smaller id
};
// Newest first, at most `limit`; one statement.
std::vector<MailRow> list_mail_rows(Connection& connection, const MailRowSelection& selection,
                                    int limit);
// By state; the state, the registration and the place of the selection do not count.
std::map<std::string, std::int64_t> count_mail_rows(Connection& connection,
                                                    const MailRowSelection& selection);
std::optional<MailRow> find_mail_row(Connection& connection, domain::OutgoingMailId id);
// The same, locked until the end of the transaction.
std::optional<MailRow> lock_mail_row(Connection& connection, domain::OutgoingMailId id);

// The steps below name rows that lock_mail_row has locked.

// The end of a mail that will not be sent: as of one that was given up, neither its facts nor its
// link stay, and nothing of somebody who has been erased.
void save_stopped(Connection& connection, domain::OutgoingMailId id,
                  const std::optional<std::string>& kept_message);
// Puts the message that the row keeps into the queue once more.
void save_requeued(Connection& connection, domain::OutgoingMailId id, domain::Instant now,
                   domain::Instant give_up_at);
void save_repeated(Connection& connection, domain::OutgoingMailId id,
                   domain::OutgoingMailId repeated_as);

}  // namespace narada::storage
