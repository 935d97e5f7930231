#pragma once

#include <optional>
#include <string>

#include "notifications/mail_facts.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// A mail about an account, on its way to somebody.
struct AccountMail {
  notifications::MailKind kind = notifications::MailKind::sign_in_link;
  std::optional<domain::PersonId> person;  // of the row in outgoing_mail
  std::string to_name;                     // empty: who reads the mailbox is not known
  std::string to_address;
  domain::Language language = domain::Language::pl;
  notifications::AccountFacts facts;
  std::optional<domain::Instant> give_up_at;  // absent: as every mail
};
// Writes its row, due at once, in the transaction of `connection`.
domain::OutgoingMailId send_account_mail(storage::Connection& connection,
                                         const Environment& environment, const AccountMail& mail);

// What a mail says of a moment: the clock on a Polish wall.
domain::WallTime polish_time(domain::Instant instant);

}  // namespace narada::usecases
