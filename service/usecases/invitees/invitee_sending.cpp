#include "service/usecases/invitees/invitee_sending.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "notifications/message_id.h"
#include "service/usecases/invitees/invited_to.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/invitee_store.h"
#include "sql/mail_queue_store.h"
#include "sql/outgoing_mail_store.h"

namespace narada::usecases {
namespace {

using domain::Language;

std::string site_url(const Environment& environment, Language language, const std::string& path) {
  return environment.base_url + (language == Language::en ? "/en" : "") + path;
}

// The dates below are those of the first session; the invitation is to all of them.
std::string cycle_line(const InvitedTo& to, Language language) {
  if (std::holds_alternative<domain::MeetingId>(to.scope)) return {};
  return language == Language::en
             ? fmt::format(
                   "The invitation is to the whole cycle. Sessions to come: {}. The time "
                   "given is that of the next one.",
                   to.sessions)
             : fmt::format(
                   "Zapraszamy na cały cykl. Liczba spotkań przed nami: {}. Podany termin "
                   "to termin najbliższego.",
                   to.sessions);
}

notifications::MailFacts make_facts(const Environment& environment, const InvitedTo& to,
                                    const Invitee& invitee, const std::string& message,
                                    const std::string& key) {
  storage::Subscriber reader;
  reader.full_name = invitee.full_name;
  reader.email = invitee.email;
  reader.language = invitee.language;
  auto facts = make_announcement(environment, *to.meeting, reader);
  facts.kind = notifications::MailKind::meeting_invitation;
  const std::string query = "?zaproszenie=" + key;
  facts.meeting_url = site_url(environment, invitee.language, to.path);
  facts.manage_url = site_url(environment, invitee.language, "/zaproszenie" + query);
  facts.unsubscribe_url = site_url(environment, invitee.language, "/wypisz/" + key);
  if (std::holds_alternative<domain::CycleId>(to.scope)) {
    facts.meeting_title = to.title;
    facts.cycle_title.clear();
  }
  notifications::AskFacts ask;
  ask.url = facts.meeting_url + "/zapisy" + query;
  ask.text = cycle_line(to, invitee.language);
  if (!ask.text.empty() && !message.empty()) ask.text += '\n';
  ask.text += message;
  ask.origin = domain::to_string(invitee.source);
  facts.ask = std::move(ask);
  return facts;
}

storage::NewMail make_mail(const Environment& environment, const InvitedTo& to,
                           const Invitee& invitee, const notifications::MailFacts& facts,
                           domain::Instant now) {
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = invitee.person;
  mail.meeting = to.meeting->id;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before =
      may_leave_at(environment, facts.kind, now + std::chrono::seconds(environment.hold_seconds));
  mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
  mail.created_at = now;
  return mail;
}

bool is_recipient(const Invitee& invitee, const InvitationOrder& order, domain::Instant now) {
  const bool is_meant = order.only.empty() || std::find(order.only.begin(), order.only.end(),
                                                        invitee.id) != order.only.end();
  if (!is_meant) return false;
  return order.remind ? domain::may_remind(invitee, now) : invitee.state == InviteeState::listed;
}

// Whoever has objected since they were listed is on no list any more.
std::vector<Invitee> choose(const std::vector<Invitee>& invitees, const InvitationOrder& order,
                            domain::Instant now) {
  std::vector<Invitee> chosen;
  for (const auto& invitee : invitees)
    if (is_recipient(invitee, order, now)) chosen.push_back(invitee);
  return chosen;
}

struct ReadyOrder {
  InvitedTo to;
  std::string message;
};
domain::Outcome<ReadyOrder> check_order(storage::Connection& connection,
                                        const Environment& environment, const Actor& actor,
                                        const InviteeScope& scope, const InvitationOrder& order) {
  auto to = find_invited_to(connection, environment, actor, Action::organize, scope);
  if (!to) return to.failure();
  domain::FieldErrors errors;
  const auto message =
      check_text(order.message, "message", {0, kLongestInvitationMessage, false, true}, errors);
  if (!errors.empty()) return errors;
  if (to->obstacle) return domain::Conflict{*to->obstacle};
  return ReadyOrder{std::move(*to), message};
}

domain::Outcome<InvitationPreview> preview_in(storage::Connection& connection,
                                              const Environment& environment, const Actor& actor,
                                              const InviteeScope& scope,
                                              const InvitationOrder& order) {
  const auto ready = check_order(connection, environment, actor, scope, order);
  if (!ready) return ready.failure();
  InvitationPreview preview;
  preview.recipients = choose(storage::list_invitees(connection, scope, kMostInvitees), order,
                              environment.clock->now());
  if (preview.recipients.empty()) return domain::Conflict{"nobody_to_invite"};
  preview.sample =
      make_facts(environment, ready->to, preview.recipients.front(), ready->message, "***");
  return preview;
}

domain::Outcome<int> send_in(storage::Connection& connection, const Environment& environment,
                             const Call& call, const InviteeScope& scope,
                             const InvitationOrder& order) {
  const auto ready = check_order(connection, environment, call.actor, scope, order);
  if (!ready) return ready.failure();
  const auto now = environment.clock->now();
  std::vector<domain::InviteeId> ids;
  for (const auto& invitee :
       choose(storage::list_invitees(connection, scope, kMostInvitees), order, now))
    ids.push_back(invitee.id);
  // Once more under the lock: two organizers press at the same time.
  const auto recipients = choose(storage::lock_invitees(connection, scope, ids), order, now);
  if (recipients.empty()) return domain::Conflict{"nobody_to_invite"};
  std::vector<storage::NewMail> mails;
  std::vector<std::string> hashes;
  for (const auto& invitee : recipients) {
    const std::string key = make_token();
    hashes.push_back(hash_token(key));
    const auto facts = make_facts(environment, ready->to, invitee, ready->message, key);
    mails.push_back(make_mail(environment, ready->to, invitee, facts, now));
  }
  const auto saved = storage::save_outgoing_mails(connection, mails);
  for (std::size_t index = 0; index < recipients.size(); ++index)
    storage::save_invited(connection, recipients[index].id, hashes[index], saved[index], now,
                          order.remind);
  const auto verb = order.remind ? "invitees.reminded" : "invitees.invited";
  record_of_list(connection, environment, call, verb, scope,
                 fmt::format(R"({{"mails":{}}})", saved.size()));
  return static_cast<int>(saved.size());
}

domain::Outcome<int> take_back_in(storage::Connection& connection, const Environment& environment,
                                  const Call& call, const InviteeScope& scope) {
  const auto to = find_invited_to(connection, environment, call.actor, Action::organize, scope);
  if (!to) return to.failure();
  const auto now = environment.clock->now();
  std::vector<domain::OutgoingMailId> stopped;
  for (const auto id : storage::list_held_mails(connection, scope, now)) {
    const auto mail = storage::lock_mail_row(connection, id);
    if (!mail || mail->state != "queued" || mail->not_before <= now) continue;
    storage::save_stopped(connection, id, std::nullopt);
    stopped.push_back(id);
  }
  if (stopped.empty()) return domain::Conflict{"nothing_held"};
  storage::save_taken_back(connection, stopped);
  record_of_list(connection, environment, call, "invitees.taken_back", scope,
                 fmt::format(R"({{"mails":{}}})", stopped.size()));
  return static_cast<int>(stopped.size());
}

template <class Work>
domain::Outcome<int> run_for_number(const Environment& environment, const Call& call,
                                    std::string_view kind, Work work) {
  return run_once<int>(
      environment, call, kind, std::move(work), [](int number) { return std::to_string(number); },
      [](const std::string& text) { return std::stoi(text); });
}

}  // namespace

domain::Outcome<InvitationPreview> preview_invitations(const Environment& environment,
                                                       const Actor& actor,
                                                       const InviteeScope& scope,
                                                       const InvitationOrder& order) {
  return read_database(environment, [&](storage::Connection& connection) {
    return preview_in(connection, environment, actor, scope, order);
  });
}

domain::Outcome<int> send_invitations(const Environment& environment, const Call& call,
                                      const InviteeScope& scope, const InvitationOrder& order) {
  return run_for_number(environment, call, "send_invitations",
                        [&](storage::Connection& connection) {
                          return send_in(connection, environment, call, scope, order);
                        });
}

domain::Outcome<int> take_back_invitations(const Environment& environment, const Call& call,
                                           const InviteeScope& scope) {
  return run_for_number(environment, call, "take_back_invitations",
                        [&](storage::Connection& connection) {
                          return take_back_in(connection, environment, call, scope);
                        });
}

}  // namespace narada::usecases
