#include <algorithm>
#include <array>

#include "notifications/mail_facts.h"
#include "notifications/mail_kinds.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/replies/receiving.h"
#include "sql/live_person.h"
#include "sql/mail_address_store.h"
#include "sql/profile_store.h"

namespace narada::usecases {
namespace {

using domain::ReceivedEffect;
using notifications::DeliveryReport;
using notifications::MailKind;

// Whose mail it was: of the mail that came back, or, where a server answers to Reply-To, of the
// person who was written to.
std::string address_of(const Receiving& receiving) {
  if (receiving.sent) return receiving.sent->to_address;
  return receiving.stored ? receiving.stored->registration.person.email : std::string();
}

bool is_permanent(const DeliveryReport& report) {
  return report.action == "failed" && report.status.starts_with('5');
}

// A full mailbox, a message that is too long, a rule of the recipient's: the mail did not arrive,
// but somebody has the address.
bool says_address_lives(const DeliveryReport& report) {
  constexpr std::array<std::string_view, 3> kStatuses{"5.2.2", "5.2.3", "5.3.4"};
  return report.status.starts_with("5.7.") ||
         std::find(kStatuses.begin(), kStatuses.end(), report.status) != kStatuses.end();
}

// Not of one to whom that address only hands on.
bool is_about(const DeliveryReport& report, const std::string& email_key) {
  if (report.original_recipient == email_key || report.final_recipient == email_key) return true;
  return report.final_recipient.empty() && report.original_recipient.empty();
}

ReceivedEffect judge(const std::vector<DeliveryReport>& reports, const std::string& email_key,
                     const DeliveryReport** worst) {
  auto effect = ReceivedEffect::delivered;
  for (const auto& report : reports) {
    if (report.action == "delivered" || report.action == "relayed" || report.action == "expanded")
      continue;
    auto found = ReceivedEffect::counted;
    if (is_permanent(report)) {
      found = is_about(report, email_key) && !says_address_lives(report) ? ReceivedEffect::marked
                                                                         : ReceivedEffect::bounced;
    }
    const auto weight = [](ReceivedEffect one) {
      return one == ReceivedEffect::marked    ? 3
             : one == ReceivedEffect::bounced ? 2
             : one == ReceivedEffect::counted ? 1
                                              : 0;
    };
    if (weight(found) > weight(effect)) {
      effect = found;
      *worst = &report;
    }
  }
  return effect;
}

std::string words_of(const DeliveryReport& report) {
  if (report.diagnostic.empty()) return report.status;
  const bool names_it = report.diagnostic.find(report.status) != std::string::npos;
  return names_it ? report.diagnostic : report.status + " " + report.diagnostic;
}

// Once for each person and meeting.
bool is_told(const Receiving& receiving) {
  const auto registration = receiving.stored->registration.id;
  auto& connection = receiving.change.connection;
  return storage::has_had_effect(connection, registration, ReceivedEffect::marked) ||
         storage::has_had_effect(connection, registration, ReceivedEffect::bounced);
}

}  // namespace

ReceivedEffect take_bounce(const Receiving& receiving) {
  auto& connection = receiving.change.connection;
  const auto email_key = make_email_key(address_of(receiving));
  if (email_key.empty()) return ReceivedEffect::no_proof;
  const DeliveryReport* worst = nullptr;
  if (receiving.message.reports.empty()) return ReceivedEffect::counted;
  const auto effect = judge(receiving.message.reports, email_key, &worst);
  if (effect == ReceivedEffect::delivered || !worst) return effect;
  const auto words = words_of(*worst);
  if (effect == ReceivedEffect::counted) {
    storage::count_soft_bounce(connection, email_key, words, receiving.change.now);
    return effect;
  }
  if (effect == ReceivedEffect::marked)
    storage::mark_dead(connection, email_key, words, receiving.change.now);
  if (receiving.sent) storage::save_bounced(connection, receiving.sent->id, words);
  if (receiving.stored && !is_told(receiving))
    tell_organizers(receiving, MailKind::address_bounced, words, words);
  return effect;
}

ReceivedEffect take_complaint(const Receiving& receiving) {
  auto& connection = receiving.change.connection;
  std::optional<domain::PersonId> person;
  if (receiving.stored) {
    person = receiving.stored->registration.person.id;
  } else if (receiving.sent && receiving.sent->kind != to_string(MailKind::consent_asked)) {
    person = receiving.sent->person;  // of a mail to a superior the one whom it is about
  }
  if (!person) return ReceivedEffect::no_proof;
  if (!storage::hold_live_person(connection, *person)) return ReceivedEffect::forgotten;
  std::vector<std::pair<std::string, bool>> choices;
  for (const auto kind : notifications::all_mail_kinds()) {
    if (!is_necessary(kind)) choices.emplace_back(to_string(kind), false);
  }
  storage::save_notification_choices(connection, *person, choices, receiving.change.now);
  return ReceivedEffect::opted_out;
}

}  // namespace narada::usecases
