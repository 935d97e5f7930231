#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
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

}  // namespace narada::storage
