#include <fmt/format.h>

#include <chrono>
#include <set>

#include "notifications/address.h"
#include "notifications/message_id.h"
#include "service/domain/text_within.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/replies/receiving.h"
#include "sql/outgoing_mail_store.h"
#include "sql/thing_store.h"

namespace narada::usecases {
namespace {

using notifications::MailKind;

constexpr int kMostAnHour = 5;  // messages about one registration that others get mail about
constexpr std::size_t kMostWords = 3'000;  // octets of what somebody wrote, in a mail

struct Note {
  MailKind kind{};
  std::string path;  // of the page that the button opens
  std::string text_pl;
  std::string text_en;
};

std::string shortened(const std::string& text) {
  if (text.size() <= kMostWords) return text;
  return domain::text_within(text, kMostWords) + " …";
}

notifications::MailFacts facts_of(const Receiving& receiving, const Note& note,
                                  const storage::Recipient& to) {
  const auto& environment = receiving.change.environment;
  auto facts = make_announcement(environment, receiving.meeting->meeting(),
                                 {to.person, to.full_name, to.email, to.language});
  const bool english = to.language == domain::Language::en;
  facts.kind = note.kind;
  facts.manage_url.clear();
  facts.unsubscribe_url.clear();
  // An answer to this mail goes to the person whom it is about.
  const auto& person = receiving.stored->registration.person;
  if (note.kind == MailKind::reply_received && notifications::is_deliverable_address(person.email))
    facts.reply_address = person.email;
  facts.ask = notifications::AskFacts{};
  facts.ask->url = environment.base_url + (english ? "/en" : "") + note.path;
  facts.ask->about = person.full_name;
  facts.ask->text = shortened(english ? note.text_en : note.text_pl);
  return facts;
}

// Whatever comes besides stands in the panel. The meeting is locked: nobody else counts now.
bool is_too_much(const Receiving& receiving) {
  const auto& change = receiving.change;
  return storage::count_told_of(change.connection, receiving.stored->registration.id,
                                change.now - std::chrono::hours(1)) >= kMostAnHour;
}

void write_to(const Receiving& receiving, const Note& note, const storage::Recipient& to) {
  const auto& change = receiving.change;
  const auto facts = facts_of(receiving, note, to);
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(change.environment.base_url);
  mail.kind = to_string(note.kind);
  mail.person = to.person;
  mail.meeting = receiving.meeting->meeting().id;
  mail.to_name = to.full_name;
  mail.to_address = to.email;
  mail.language = to.language;
  mail.facts = notifications::serialize(facts);
  mail.created_at = change.now;
  mail.not_before = change.now;
  mail.give_up_at = change.now + std::chrono::hours(change.environment.mail_give_up_hours);
  const auto id = storage::save_outgoing_mail(change.connection, mail);
  storage::save_notice(change.connection, receiving.id, id, change.now);
}

std::vector<storage::Recipient> organizers_of(const Receiving& receiving) {
  const auto things = storage::find_meeting_things(
      receiving.change.connection, receiving.meeting->meeting().id, storage::Bin::included);
  if (!things) return {};
  return storage::list_organizers(receiving.change.connection, things->meeting);
}

}  // namespace

void tell_organizers(const Receiving& receiving, MailKind kind, const std::string& text_pl,
                     const std::string& text_en) {
  // What a server says is told once for each registration (returned_mail.cpp).
  if (kind != MailKind::address_bounced && is_too_much(receiving)) return;
  const Note note{kind, fmt::format("/panel/poczta/odebrane/{}", receiving.id.value), text_pl,
                  text_en};
  for (const auto& organizer : organizers_of(receiving)) write_to(receiving, note, organizer);
}

void tell_of_proposal(const Receiving& receiving, domain::SubstitutionProposalId proposal,
                      const std::string& text) {
  if (is_too_much(receiving)) return;
  const Note note{MailKind::substitution_proposed, fmt::format("/zastepstwa/{}", proposal.value),
                  text, text};
  std::set<domain::PersonId> told;
  const auto& institution = receiving.stored->registration.person.institution;
  auto people = organizers_of(receiving);
  if (institution) {
    const auto more = storage::list_coordinators(receiving.change.connection, institution->id);
    people.insert(people.begin(), more.begin(), more.end());
  }
  for (const auto& one : people)
    if (told.insert(one.person).second) write_to(receiving, note, one);
}

}  // namespace narada::usecases
