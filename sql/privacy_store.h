#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/language.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// Forgetting somebody: the row of a person becomes a tombstone, without anything typed and with
// keys that nobody can type, to which registrations go on pointing so that they are still counted.
// Whoever registers meanwhile is not lost: a claim is written only for a person who is not a
// tombstone.
namespace narada::storage {

// Who somebody is until they are forgotten.
struct RememberedPerson {
  domain::PersonId id;
  std::string full_name;
  std::string email;
  std::string email_key;
  domain::Language language = domain::Language::pl;
};
// Absent for somebody unknown or erased.
std::optional<RememberedPerson> find_remembered_person(Connection& connection,
                                                       domain::PersonId person);
// The same with the row locked until the end of the transaction. After the meetings: registrations
// lock meetings first.
std::optional<RememberedPerson> lock_remembered_person(Connection& connection,
                                                       domain::PersonId person);

// What a person holds that is still to come, in the order in which it is locked.
struct OpenClaims {
  struct Place {
    domain::MeetingId meeting;
    domain::RegistrationId registration;
  };
  std::vector<domain::EnrolmentId> enrolments;
  std::vector<Place> places;  // by meeting
};
OpenClaims find_open_claims(Connection& connection, domain::PersonId person, domain::Instant now);

// How much is known of a person, for whoever decides about forgetting them.
struct PersonTraces {
  int upcoming = 0;       // registrations that would be cancelled
  int registrations = 0;  // all
  int mails = 0;
  int sessions = 0;
};
PersonTraces count_traces(Connection& connection, domain::PersonId person, domain::Instant now);

// The acceptances of the information clause, the latest first, with the title of the meeting or
// cycle that each was for.
struct StoredAcceptance {
  int version = 0;
  std::string subject;
  std::string title;
  domain::Instant accepted_at{};
};
std::vector<StoredAcceptance> list_acceptances(Connection& connection, domain::PersonId person);

// Every address that the person has had mail at, their present one first; without those that they
// only asked to change to, which may be somebody else's.
std::vector<std::string> list_addresses(Connection& connection, domain::PersonId person);
// Whether somebody else than `person` has this mailbox.
bool is_shared_mailbox(Connection& connection, std::string_view email_key, domain::PersonId person);
// People of the mailbox besides `person` of whom nothing is left but the row: no claim, role,
// session, key or proof of the mailbox.
std::vector<domain::PersonId> find_leftover_people(Connection& connection,
                                                   std::string_view email_key,
                                                   domain::PersonId person);

// Forgets a person whose row is locked and who holds nothing that is still to come. Mails that have
// ended lose address and words now, those on their way when they end (mail_delivery_store.h),
// except that what is not about a meeting, nor the last farewell, does not leave any more. `key` is
// random and stands for the two keys of the identity.
void forget_person(Connection& connection, domain::PersonId person, std::string_view key,
                   domain::Instant now);
// One mail, as said above.
void forget_mail(Connection& connection, domain::OutgoingMailId mail);
// Mails to an address and links for it, for `person` or for nobody by name.
void forget_mailbox(Connection& connection, std::string_view address, std::string_view email_key,
                    domain::PersonId person);

}  // namespace narada::storage
