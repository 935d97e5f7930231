// What leaves of the challenge box: the organizers' answers, and contacts of those who agreed.

#include <fmt/format.h>

#include <algorithm>

#include "notifications/message_id.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/challenges.h"
#include "service/usecases/registrations/contact_withdrawal.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/stored_things.h"
#include "sql/challenge_store.h"
#include "sql/live_person.h"
#include "sql/outgoing_mail_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using domain::Language;
using notifications::MailKind;

// One sending within its transaction.
struct Sending {
  storage::Connection& connection;
  const Environment& environment;
  const storage::SeatedMeeting& seated;
  MailKind kind;
};

std::string site_url(const Environment& environment, Language language, const std::string& path) {
  return environment.base_url + (language == Language::en ? "/en" : "") + path;
}

std::string answer_text(const Environment& environment, const domain::ChallengeGroup& group,
                        Language language) {
  std::string text = group.answer;
  if (group.practices.empty()) return text;
  text += language == Language::en ? "\nGood practices that may help:"
                                   : "\nDobre praktyki, które mogą pomóc:";
  for (const auto& practice : group.practices)
    text += fmt::format("\n{}: {}", practice.title,
                        site_url(environment, language, "/praktyki/" + practice.slug));
  return text;
}

std::string contacts_text(const std::vector<domain::Challenge>& others) {
  std::string text;
  for (const auto& other : others) {
    if (!text.empty()) text += '\n';
    text += write_contact(other.full_name, other.institution_name, other.email);
  }
  return text;
}

// The link to the registration is a new one: no row holds those of earlier mails.
std::optional<notifications::MailFacts> start_facts(const Sending& sending,
                                                    domain::RegistrationId registration) {
  const auto stored = storage::find_registration(sending.connection, registration);
  if (!stored || stored->registration.person.email.empty()) return std::nullopt;
  const std::string token = make_token();
  storage::save_manage_tokens(sending.connection, {{hash_token(token), registration}},
                              sending.environment.clock->now());
  MailCause cause;
  cause.kind = sending.kind;
  auto facts = make_mail_facts(sending.environment, sending.seated, *stored, cause, token);
  facts.online_url.clear();
  facts.queue_position.reset();
  return facts;
}

// Of no registration, so that it does not leave to somebody who has been forgotten meanwhile.
storage::NewMail to_mail(const Sending& sending, const domain::Challenge& to,
                         const notifications::MailFacts& facts) {
  const auto now = sending.environment.clock->now();
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(sending.environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = to.person;
  mail.meeting = sending.seated.meeting.id;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before = now + std::chrono::seconds(sending.environment.hold_seconds);
  mail.give_up_at = mail.not_before + std::chrono::hours(sending.environment.mail_give_up_hours);
  mail.created_at = now;
  return mail;
}

std::vector<storage::NewMail> write_answers(const Sending& sending,
                                            const domain::ChallengeGroup& group) {
  std::vector<storage::NewMail> mails;
  for (const auto& challenge : group.challenges) {
    auto facts = start_facts(sending, challenge.registration);
    if (!facts) continue;
    notifications::AskFacts ask;
    ask.text = answer_text(sending.environment, group, facts->language);
    if (!group.practices.empty()) ask.url = facts->manage_url;
    if (group.practices.size() == 1)
      ask.url = site_url(sending.environment, facts->language,
                         "/praktyki/" + group.practices.front().slug);
    facts->ask = std::move(ask);
    mails.push_back(to_mail(sending, challenge, *facts));
  }
  return mails;
}

// Mails with whom each line of them tells of.
struct ContactMails {
  std::vector<storage::NewMail> mails;
  std::vector<std::vector<domain::RegistrationId>> told;
};

ContactMails write_contacts(const Sending& sending, const domain::ChallengeGroup& group) {
  ContactMails written;
  // Whoever is erased meanwhile has withdrawn from what has been written by then.
  for (const auto& challenge : group.challenges)
    storage::require_live_person(sending.connection, challenge.person);
  for (const auto& offer : domain::match_contacts(group.challenges)) {
    auto facts = start_facts(sending, offer.to.registration);
    if (!facts) continue;
    notifications::AskFacts ask;
    ask.about = group.title;
    ask.text = contacts_text(offer.others);
    facts->ask = std::move(ask);
    written.mails.push_back(to_mail(sending, offer.to, *facts));
    auto& told = written.told.emplace_back();
    for (const auto& other : offer.others) told.push_back(other.registration);
  }
  return written;
}

// How many.
std::size_t save_contacts(const Sending& sending, const domain::ChallengeGroup& group) {
  const auto written = write_contacts(sending, group);
  const auto ids = storage::save_outgoing_mails(sending.connection, written.mails);
  for (std::size_t index = 0; index < ids.size(); ++index)
    storage::save_contacts_told(sending.connection, ids[index], written.told[index]);
  return ids.size();
}

std::size_t save_answers(const Sending& sending, const domain::ChallengeGroup& group) {
  return storage::save_outgoing_mails(sending.connection, write_answers(sending, group)).size();
}

// The group with those who are in it, locked; checks that the actor may send.
domain::Outcome<domain::ChallengeGroup> lock_group(storage::Connection& connection,
                                                   const Call& call, domain::MeetingId meeting,
                                                   domain::ChallengeGroupId id) {
  const auto thing = check_meeting(connection, call.actor, Action::organize, meeting);
  if (!thing) return thing.failure();
  // Whoever withdraws the consent to be put in touch does it under the same lock.
  if (!storage::lock_meeting(connection, meeting)) return domain::NotFound{};
  auto group = storage::lock_challenge_group(connection, meeting, id);
  if (!group) return domain::NotFound{};
  for (auto& challenge : storage::list_challenges(connection, meeting))
    if (challenge.group == id) group->challenges.push_back(std::move(challenge));
  return std::move(*group);
}

domain::Outcome<int> send_in(storage::Connection& connection, const Environment& environment,
                             const Call& call, domain::MeetingId meeting,
                             domain::ChallengeGroupId id, MailKind kind, bool again) {
  const auto group = lock_group(connection, call, meeting, id);
  if (!group) return group.failure();
  const auto seated = storage::find_seated_meeting(connection, meeting);
  if (!seated) return domain::NotFound{};
  const bool answers = kind == MailKind::challenge_answered;
  if (answers && group->answer.empty() && group->practices.empty())
    return domain::Conflict{"no_answer"};
  if (!again && (answers ? group->answered_at : group->contacts_shared_at))
    return domain::Conflict{answers ? "answer_sent" : "contacts_sent"};
  const Sending sending{connection, environment, *seated, kind};
  const auto mails = answers ? save_answers(sending, *group) : save_contacts(sending, *group);
  if (mails == 0) return domain::Conflict{answers ? "nobody_in_group" : "nobody_agreed"};
  const auto now = environment.clock->now();
  if (answers) {
    storage::save_answer_sent(connection, id, now);
  } else {
    storage::save_contacts_shared(connection, id, now);
  }
  record_activity(connection, environment, call,
                  answers ? "challenge_group.answered" : "challenge_group.contacts_shared",
                  "challenge_group", id.value, meeting, fmt::format(R"({{"mails":{}}})", mails));
  return static_cast<int>(mails);
}

domain::Outcome<int> send(const Environment& environment, const Call& call,
                          domain::MeetingId meeting, domain::ChallengeGroupId id, MailKind kind,
                          bool again) {
  return run_once<int>(
      environment, call, notifications::to_string(kind),
      [&](storage::Connection& connection) {
        return send_in(connection, environment, call, meeting, id, kind, again);
      },
      [](int count) { return std::to_string(count); },
      [](const std::string& text) { return std::stoi(text); });
}

}  // namespace

domain::Outcome<int> send_challenge_answer(const Environment& environment, const Call& call,
                                           domain::MeetingId meeting, domain::ChallengeGroupId id,
                                           bool again) {
  return send(environment, call, meeting, id, MailKind::challenge_answered, again);
}

domain::Outcome<int> share_challenge_contacts(const Environment& environment, const Call& call,
                                              domain::MeetingId meeting,
                                              domain::ChallengeGroupId id, bool again) {
  return send(environment, call, meeting, id, MailKind::contact_shared, again);
}

}  // namespace narada::usecases
