#include "service/usecases/account_mails.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/profile.h"
#include "service/usecases/registration_input.h"
#include "service/usecases/sign_in_links.h"
#include "sql/profile_store.h"

namespace narada::usecases {
namespace {

domain::Outcome<EmailChangeRequested> send_link(storage::Connection& connection,
                                                const Environment& environment, const Call& call,
                                                domain::PersonId person, const std::string& email) {
  const auto profile = storage::find_profile(connection, person);
  if (!profile) return domain::NotFound{};
  if (profile->person.email == email) return domain::FieldErrors{{"email", "same_email"}};
  LinkOrder order;
  order.purpose = LinkPurpose::email_change;
  order.email = email;
  order.person = person;
  order.return_to = call.language == domain::Language::en ? "/en/moje/dane" : "/moje/dane";
  const auto link = make_link(connection, environment, order, call.language);
  AccountMail mail;
  mail.kind = notifications::MailKind::email_change;
  mail.person = person;
  mail.to_name = profile->person.full_name;
  mail.to_address = email;
  mail.language = call.language;
  mail.facts.url = link.url;
  mail.facts.until = polish_time(link.expires_at);
  mail.give_up_at = link.expires_at;  // a dead link is no use to anybody
  send_account_mail(connection, environment, mail);
  record_activity(connection, environment, call, "person.email_change_requested", "person",
                  person.value);
  return EmailChangeRequested{email};
}

}  // namespace

domain::Outcome<EmailChangeRequested> request_email_change(const Environment& environment,
                                                           const Call& call,
                                                           domain::PersonId person,
                                                           const std::string& email) {
  domain::FieldErrors errors;
  const auto checked = check_email(email, errors);
  if (!errors.empty()) return errors;
  return run_once<EmailChangeRequested>(
      environment, call, "request_email_change",
      [&](storage::Connection& connection) {
        return send_link(connection, environment, call, person, checked);
      },
      [](const EmailChangeRequested& requested) { return requested.email; },
      [](const std::string& text) { return EmailChangeRequested{text}; }, AlwaysWrote{},
      [&](const EmailChangeRequested&) { return call.actor.person; });
}

}  // namespace narada::usecases
