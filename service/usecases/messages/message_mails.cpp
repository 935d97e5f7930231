#include "service/usecases/messages/message_mails.h"

#include <chrono>

#include "notifications/message_id.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/invitee_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::Language;

const domain::MessageText& text_for(const domain::MessageTexts& texts, Language language) {
  return language == Language::en ? texts.english : texts.polish;
}

std::string site_url(const Environment& environment, Language language, const std::string& path) {
  return environment.base_url + (language == Language::en ? "/en" : "") + path;
}

void fill_in(const domain::MessageText& text, const std::string& link,
             notifications::MailFacts& facts) {
  facts.subject = domain::fill_message(text.subject, facts.to_name, link);
  if (!facts.ask) facts.ask.emplace();
  facts.ask->text = domain::fill_message(text.body, facts.to_name, link);
}

}  // namespace

std::optional<MessageMail> make_registered_mail(storage::Connection& connection,
                                                const Environment& environment,
                                                domain::RegistrationId id,
                                                const domain::MessageTexts& texts,
                                                const std::string& token) {
  auto stored = storage::find_registration(connection, id);
  if (!stored || stored->registration.person.email.empty()) return std::nullopt;
  const auto seated = storage::find_seated_meeting(connection, stored->registration.meeting);
  if (!seated) return std::nullopt;
  auto& person = stored->registration.person;
  person.language = domain::message_language(texts, person.language);
  MailCause cause;
  cause.kind = notifications::MailKind::organizer_message;
  cause.ask = notifications::AskFacts{};
  MessageMail mail{make_mail_facts(environment, *seated, *stored, cause, token), id, person.id,
                   seated->meeting.id};
  fill_in(text_for(texts, person.language), mail.facts.manage_url, mail.facts);
  return mail;
}

std::optional<MessageMail> make_invitee_mail(storage::Connection& connection,
                                             const Environment& environment, const InvitedTo& to,
                                             domain::InviteeId id,
                                             const domain::MessageTexts& texts) {
  if (!to.meeting) return std::nullopt;
  const auto found = storage::lock_invitees(connection, to.scope, {id});
  if (found.empty()) return std::nullopt;
  const auto& invitee = found.front();
  storage::Subscriber reader;
  reader.full_name = invitee.full_name;
  reader.email = invitee.email;
  reader.language = domain::message_language(texts, invitee.language);
  MessageMail mail{make_announcement(environment, *to.meeting, reader), {}, {}, to.meeting->id};
  if (invitee.person) mail.person = *invitee.person;
  auto& facts = mail.facts;
  facts.kind = notifications::MailKind::organizer_message;
  facts.unsubscribe_url.clear();
  facts.meeting_url = site_url(environment, reader.language, to.path);
  facts.manage_url.clear();
  fill_in(text_for(texts, reader.language), facts.meeting_url + "/zapisy", facts);
  return mail;
}

storage::NewMail make_mail_row(const Environment& environment, const MessageMail& written,
                               domain::Instant now, domain::Instant leaves_at) {
  const auto& facts = written.facts;
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  if (written.person) mail.person = written.person;
  if (written.registration) mail.registration = written.registration;
  mail.meeting = written.meeting;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before = leaves_at;
  mail.give_up_at = leaves_at + std::chrono::hours(environment.mail_give_up_hours);
  mail.created_at = now;
  return mail;
}

}  // namespace narada::usecases
