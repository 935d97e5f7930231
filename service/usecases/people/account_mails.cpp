#include "service/usecases/people/account_mails.h"

#include "calendar/zone.h"
#include "notifications/message_id.h"
#include "sql/outgoing_mail_store.h"

namespace narada::usecases {

domain::WallTime polish_time(domain::Instant instant) {
  return calendar::to_wall_time(instant, domain::kDefaultZone);
}

domain::OutgoingMailId send_account_mail(storage::Connection& connection,
                                         const Environment& environment, const AccountMail& mail) {
  notifications::MailFacts facts;
  facts.kind = mail.kind;
  facts.language = mail.language;
  facts.to_name = mail.to_name;
  facts.to_address = mail.to_address;
  facts.tzid = domain::kDefaultZone;
  facts.account = mail.facts;
  storage::NewMail row;
  row.message_id = notifications::make_message_id(environment.base_url);
  row.kind = notifications::to_string(mail.kind);
  row.priority = static_cast<int>(notifications::priority_of(mail.kind));
  row.person = mail.person;
  row.to_name = mail.to_name;
  row.to_address = mail.to_address;
  row.language = mail.language;
  row.facts = notifications::serialize(facts);
  row.created_at = environment.clock->now();
  row.not_before = row.created_at;
  row.give_up_at =
      mail.give_up_at.value_or(row.created_at + std::chrono::hours(environment.mail_give_up_hours));
  return storage::save_outgoing_mail(connection, row);
}

}  // namespace narada::usecases
