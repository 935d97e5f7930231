#include "service/usecases/practices/practice_mails.h"

#include "notifications/mail_facts.h"
#include "notifications/message_id.h"
#include "service/usecases/mails/quiet_hours.h"
#include "sql/outgoing_mail_store.h"
#include "sql/practice_life_store.h"
#include "sql/practice_proposal_store.h"
#include "sql/practice_store.h"

namespace narada::usecases {
namespace {

using domain::Language;
using domain::PracticeStep;

// What has happened, in one sentence; the comment follows.
std::string_view sentence_of(PracticeStep step, Language language) {
  const bool polish = language == Language::pl;
  switch (step) {
    case PracticeStep::submit:
      return polish ? "Opis czeka na sprawdzenie formalne." : "It now waits for the formal check.";
    case PracticeStep::check:
      return polish ? "Opis przeszedł sprawdzenie formalne i czeka na merytoryczne."
                    : "It has passed the formal check and now waits for the factual one.";
    case PracticeStep::publish:
      return polish ? "Opis jest opublikowany." : "It is published.";
    case PracticeStep::send_back:
      return polish ? "Opis wraca do uzupełnienia." : "It has been sent back for changes.";
    case PracticeStep::archive:
      return polish ? "Opis trafił do archiwum i nie jest już pokazywany."
                    : "It has been archived and is no longer shown.";
    case PracticeStep::bring_back:
      return polish ? "Opis wrócił z archiwum jako szkic."
                    : "It has been brought back from the archive as a draft.";
  }
  return {};
}

}  // namespace

void send_practice_mail(storage::Connection& connection, const Environment& environment,
                        const PracticeMail& mail) {
  const auto kind = notifications::find_mail_kind(mail.kind);
  if (!kind) return;
  notifications::MailFacts facts;
  facts.kind = *kind;
  facts.language = mail.language;
  facts.to_name = mail.name;
  facts.to_address = mail.email;
  facts.ask.emplace();
  facts.ask->url = environment.base_url + (mail.language == Language::en ? "/en" : "") + mail.path;
  facts.meeting_title = mail.about;
  facts.ask->about = mail.proposer;
  facts.ask->text = mail.text;
  storage::NewMail row;
  row.message_id = notifications::make_message_id(environment.base_url);
  row.kind = to_string(facts.kind);
  row.priority = static_cast<int>(notifications::priority_of(facts.kind));
  row.person = mail.person;
  row.to_name = facts.to_name;
  row.to_address = facts.to_address;
  row.language = facts.language;
  row.facts = notifications::serialize(facts);
  row.created_at = environment.clock->now();
  row.not_before = may_leave_at(environment, facts.kind, row.created_at);
  row.give_up_at = row.not_before + std::chrono::hours(environment.mail_give_up_hours);
  storage::save_outgoing_mail(connection, row);
}

void tell_practice_step(storage::Connection& connection, const Environment& environment,
                        const Call& call, domain::PracticeId id, PracticeStep step,
                        const std::string& comment) {
  const auto practice = storage::find_practice(connection, std::to_string(id.value));
  const auto text_in = [&](Language language) {
    std::string text(sentence_of(step, language));
    if (!comment.empty()) text += "\n" + comment;
    return text;
  };
  const bool is_public = step == PracticeStep::publish;
  const std::string public_path = "/praktyki/" + practice->slug;
  const auto author = storage::find_practice_author(connection, id);
  if (author && author->person != call.actor.person)
    send_practice_mail(
        connection, environment,
        {"practice_step_told", author->person, author->name, author->email, author->language,
         is_public ? public_path : "/panel/praktyki/" + std::to_string(id.value), practice->title,
         text_in(author->language)});
  const auto proposal = storage::find_proposal_of(connection, id);
  if (!proposal || proposal->email.empty() || (author && author->email == proposal->email)) return;
  // Their link is a secret that the database does not know; only a published one has an address.
  send_practice_mail(
      connection, environment,
      {"practice_step_told", std::nullopt, proposal->name, proposal->email, proposal->language,
       is_public ? public_path : "/praktyki/zglos", practice->title, text_in(proposal->language)});
}

}  // namespace narada::usecases
