#include "service/usecases/people/credential_mails.h"

#include "service/usecases/people/account_mails.h"
#include "sql/session_store.h"

namespace narada::usecases {

void tell_credentials_changed(storage::Connection& connection, const Environment& environment,
                              domain::PersonId person, std::string_view change,
                              const ChangeOrigin& origin) {
  const auto holder = storage::find_account_holder(connection, person);
  if (!holder) return;
  AccountMail mail;
  mail.kind = notifications::MailKind::credentials_changed;
  mail.person = person;
  mail.to_name = holder->full_name;
  mail.to_address = holder->email;
  mail.language = holder->language;
  mail.facts.change = change;
  mail.facts.device = origin.device;
  mail.facts.network = origin.network;
  mail.facts.happened = polish_time(environment.clock->now());
  const bool is_english = mail.language == domain::Language::en;
  mail.facts.url =
      environment.base_url + (is_english ? "/en/moje/bezpieczenstwo" : "/moje/bezpieczenstwo");
  send_account_mail(connection, environment, mail);
}

}  // namespace narada::usecases
