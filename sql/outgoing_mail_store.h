#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/permissions.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// A mail as its cause writes it, in the causing transaction.
struct NewMail {
  std::string message_id;  // notifications::make_message_id; kept for every attempt
  std::string kind;        // notifications::to_string(MailKind)
  std::optional<domain::PersonId> person;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::RegistrationId> registration;  // its mails leave in the order of their ids
  std::string to_name;
  std::string to_address;
  domain::Language language = domain::Language::pl;
  int priority = 1;              // notifications::priority_of(MailKind): 0 leaves first
  std::string facts;             // notifications::serialize(MailFacts)
  domain::Instant not_before{};  // now, or later by the hold of the change
  domain::Instant give_up_at{};
  domain::Instant created_at{};
};

// Both insert into outgoing_mail with state queued; ids rise in the order of `mails`. A Duplicate
// is a message id that exists.
domain::OutgoingMailId save_outgoing_mail(Connection& connection, const NewMail& mail);
std::vector<domain::OutgoingMailId> save_outgoing_mails(Connection& connection,
                                                        const std::vector<NewMail>& mails);

// A row for readers. `raw` is filled by find_outgoing_mail only.
struct StoredMail {
  domain::OutgoingMailId id;
  std::string message_id;
  std::string kind;
  std::string state;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::RegistrationId> registration;
  std::string to_name;
  std::string to_address;
  std::string subject;  // empty until composed
  int attempts = 0;
  std::optional<int> last_code;
  std::string last_reply;
  domain::Instant created_at{};
  domain::Instant not_before{};
  std::optional<domain::Instant> sent_at;
  std::optional<std::string> raw;
};

struct MailSelection {
  std::optional<std::string> state;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::OutgoingMailId> before;  // only rows with a smaller id
  domain::Reach within;                          // of meetings within it
  bool of_accounts = false;                      // and those that are about no meeting
};
// Newest first, at most `limit`.
std::vector<StoredMail> list_outgoing_mails(Connection& connection, const MailSelection& selection,
                                            int limit);
std::optional<StoredMail> find_outgoing_mail(Connection& connection, domain::OutgoingMailId id);

}  // namespace narada::storage
