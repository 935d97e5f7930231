#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/people/owner_proof.h"
#include "service/usecases/people/profile.h"
#include "service/usecases/people/sign_in_links.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/error.h"
#include "sql/profile_store.h"
#include "sql/session_store.h"
#include "sql/sign_in_store.h"

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

// To where the account was until now: its owner may not have asked for the change.
void tell_old_mailbox(storage::Connection& connection, const Environment& environment,
                      const storage::AccountHolder& before) {
  AccountMail mail;
  mail.kind = notifications::MailKind::email_changed;
  mail.person = before.id;
  mail.to_name = before.full_name;
  mail.to_address = before.email;
  mail.language = before.language;
  mail.facts.happened = polish_time(environment.clock->now());
  send_account_mail(connection, environment, mail);
}

domain::Outcome<EmailChanged> change(storage::Connection& connection,
                                     const Environment& environment, const Call& call,
                                     const std::string& hash, domain::SessionId kept) {
  const auto now = environment.clock->now();
  const auto link = storage::lock_open_link(connection, hash, now);
  if (!link || !link->person || link->purpose != to_string(LinkPurpose::email_change))
    return domain::NotFound{};
  if (call.actor.person != link->person) return domain::Forbidden{};
  const auto before = storage::find_account_holder(connection, *link->person);
  if (!before) return domain::NotFound{};
  if (!storage::load_credential(connection, before->id).password_hash.empty() &&
      storage::has_other_password(connection, before->id, link->email_key))
    return domain::Conflict{"mailbox_has_password"};
  try {
    storage::save_email(connection, before->id, link->email, link->email_key, now);
  } catch (const storage::Duplicate&) {
    return domain::Conflict{"email_taken"};
  }
  storage::void_links(connection, before->id, now);
  storage::end_sessions(connection, before->id, kept, now);
  tell_old_mailbox(connection, environment, *before);
  record_activity(connection, environment, call, "person.email_changed", "person",
                  before->id.value);
  return EmailChanged{};
}

}  // namespace

domain::Outcome<EmailChangeRequested> request_email_change(const Environment& environment,
                                                           const Call& call, const Owner& owner,
                                                           const std::string& email,
                                                           const std::string& current) {
  domain::FieldErrors errors;
  const auto checked = check_email(email, errors);
  if (!errors.empty()) return errors;
  if (const auto failure =
          find_missing_proof(environment, owner, find_standing(environment, owner), current))
    return *failure;
  return run_once<EmailChangeRequested>(
      environment, call, "request_email_change",
      [&](storage::Connection& connection) {
        return send_link(connection, environment, call, owner.person, checked);
      },
      [](const EmailChangeRequested& requested) { return requested.email; },
      [](const std::string& text) { return EmailChangeRequested{text}; }, AlwaysWrote{},
      [&](const EmailChangeRequested&) { return call.actor.person; });
}

domain::Outcome<EmailChanged> confirm_email_change(const Environment& environment, const Call& call,
                                                   std::string_view token, domain::SessionId kept) {
  const std::string hash = hash_token(token);
  return run_once<EmailChanged>(
      environment, call, "confirm_email_change",
      [&](storage::Connection& connection) {
        return change(connection, environment, call, hash, kept);
      },
      [](const EmailChanged&) { return std::string("changed"); },
      [](const std::string&) { return EmailChanged{}; });
}

}  // namespace narada::usecases
