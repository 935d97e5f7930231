#include "service/usecases/people/person_erasure.h"

#include <fmt/format.h>

#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/registrations/contact_withdrawal.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/challenge_store.h"
#include "sql/enrolment_store.h"
#include "sql/error.h"
#include "sql/privacy_store.h"
#include "sql/role_store.h"

namespace narada::usecases {
namespace {

bool may_erase(const Actor& actor, domain::PersonId person) {
  return actor.person == person || can(actor, Action::manage_privacy, Thing{});
}

// Locks as every withdrawal does: cycles and enrolments, then meetings by id.
int withdraw_all(const Change& change, const storage::OpenClaims& claims) {
  int withdrawn = 0;
  for (const auto enrolment : claims.enrolments) {
    const auto state = storage::lock_enrolment(change.connection, enrolment);
    if (state && state->active) storage::cancel_enrolment(change.connection, enrolment, change.now);
  }
  for (const auto& place : claims.places) {
    auto meeting = LockedMeeting::lock(change, place.meeting);
    auto stored = storage::find_registration(change.connection, place.registration);
    if (!meeting || !stored || !domain::is_active(stored->registration.status)) continue;
    meeting->cancel(*stored);
    meeting->finish();
    ++withdrawn;
  }
  return withdrawn;
}

// What came in between reading the claims and locking the person is withdrawn by another try.
void require_no_claim(const Change& change, domain::PersonId person) {
  const auto claims = storage::find_open_claims(change.connection, person, change.now);
  if (!claims.enrolments.empty() || !claims.places.empty())
    throw storage::Conflict(0, "the person has registered meanwhile");
}

void say_farewell(const Change& change, const storage::RememberedPerson& person) {
  AccountMail mail;
  mail.kind = notifications::MailKind::account_erased;
  mail.person = person.id;
  mail.to_name = person.full_name;
  mail.to_address = person.email;
  mail.language = person.language;
  mail.facts.happened = polish_time(change.now);
  send_account_mail(change.connection, change.environment, mail);
}

// Others are to be told of the person no more, and copies that told of them go.
void withdraw_contacts(const Change& change, domain::PersonId person) {
  for (const auto& contact : storage::list_contacts_of(change.connection, person))
    withdraw_contact(change.connection, contact.meeting, contact.registration);
}

// Under another name that the person once typed, with an address of then or now, and of whom
// nothing else is left.
void forget_leftovers(const Change& change, domain::PersonId person,
                      const std::vector<std::string>& addresses) {
  for (const auto& address : addresses) {
    for (const auto leftover :
         storage::find_leftover_people(change.connection, make_email_key(address), person)) {
      if (!storage::lock_remembered_person(change.connection, leftover)) continue;
      withdraw_contacts(change, leftover);
      storage::forget_person(change.connection, leftover, make_token(), change.now);
    }
  }
}

// Those that nobody else has; after the leftovers, which would count as somebody else.
std::vector<std::string> keep_own(const Change& change, domain::PersonId person,
                                  const std::vector<std::string>& addresses) {
  std::vector<std::string> own;
  for (const auto& address : addresses)
    if (!storage::is_shared_mailbox(change.connection, make_email_key(address), person))
      own.push_back(address);
  return own;
}

domain::Outcome<domain::PersonId> erase_in(const Change& change, domain::PersonId id,
                                           const std::string& typed_email) {
  const auto seen = storage::find_remembered_person(change.connection, id);
  if (!seen) return domain::NotFound{};
  if (make_email_key(typed_email) != seen->email_key)
    return domain::FieldErrors{{"email", "confirmation_differs"}};
  if (storage::is_last_admin(change.connection, id)) return domain::Conflict{"last_admin"};
  const auto claims = storage::find_open_claims(change.connection, id, change.now);
  const int withdrawn = withdraw_all(change, claims);
  const auto person = storage::lock_remembered_person(change.connection, id);
  if (!person) return domain::NotFound{};
  say_farewell(change, *person);
  const auto addresses = storage::list_addresses(change.connection, id);
  withdraw_contacts(change, id);
  forget_leftovers(change, id, addresses);
  const auto mailboxes = keep_own(change, id, addresses);
  storage::forget_person(change.connection, id, make_token(), change.now);
  for (const auto& mailbox : mailboxes)
    storage::forget_mailbox(change.connection, mailbox, make_email_key(mailbox), id);
  require_no_claim(change, id);
  record_activity(change.connection, change.environment, change.call, "person.erased", "person",
                  id.value, {}, fmt::format(R"({{"cancelled":{}}})", withdrawn));
  return id;
}

}  // namespace

domain::Outcome<ErasurePlan> plan_erasure(const Environment& environment, const Actor& actor,
                                          domain::PersonId id) {
  if (!may_erase(actor, id)) return domain::NotFound{};
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<ErasurePlan> {
        const auto person = storage::find_remembered_person(connection, id);
        if (!person) return domain::NotFound{};
        const auto traces = storage::count_traces(connection, id, environment.clock->now());
        ErasurePlan plan;
        plan.person = id;
        plan.full_name = person->full_name;
        plan.email = person->email;
        plan.upcoming = traces.upcoming;
        plan.registrations = traces.registrations;
        plan.mails = traces.mails;
        plan.last_admin = storage::is_last_admin(connection, id);
        return plan;
      });
}

domain::Outcome<domain::PersonId> erase_person(const Environment& environment, const Call& call,
                                               domain::PersonId id,
                                               const std::string& typed_email) {
  if (!may_erase(call.actor, id)) return domain::NotFound{};
  auto outcome = run_once_for_id<domain::PersonId>(
      environment, call, "erase_person", [&](storage::Connection& connection) {
        return erase_in({connection, environment, call, environment.clock->now()}, id, typed_email);
      });
  if (outcome) note_catalogue_write(environment);
  return outcome;
}

}  // namespace narada::usecases
