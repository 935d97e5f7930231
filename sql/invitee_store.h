#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/invitee.h"
#include "sql/connection.h"

namespace narada::storage {

// The lists of those whom organizers invite, to one meeting or to a whole cycle.

struct NewInvitee {
  std::string email;
  std::string email_key;
  std::string full_name;
  std::string job_title;
  std::optional<domain::InstitutionId> institution;
  std::optional<domain::PersonId> person;
  domain::Language language = domain::Language::pl;
  domain::InviteeSource source = domain::InviteeSource::typed;
};
// How many were added: somebody who is on the list stays as they are.
int save_invitees(Connection& connection, const domain::InviteeScope& scope,
                  const std::vector<NewInvitee>& invitees, const std::string& created_by,
                  domain::Instant now);

// By institution and name, at most `limit`. Who is in under the address and name of an invitee is
// registered, by whatever way they came.
std::vector<domain::Invitee> list_invitees(Connection& connection,
                                           const domain::InviteeScope& scope, int limit);
// The same of these alone, locked until the end of the transaction, in the order of ids.
std::vector<domain::Invitee> lock_invitees(Connection& connection,
                                           const domain::InviteeScope& scope,
                                           const std::vector<domain::InviteeId>& ids);
// How many were there.
int remove_invitees(Connection& connection, const domain::InviteeScope& scope,
                    const std::vector<domain::InviteeId>& ids);

// That a mail with this key has been written: the first, or a reminder, whose key takes the place
// of the one before.
void save_invited(Connection& connection, domain::InviteeId id, std::string_view key_hash,
                  domain::OutgoingMailId mail, domain::Instant now, bool is_reminder);

// Takes back what was written and still lies in the outbox, held: their mails will not be sent and
// the invitees are only listed again; a reminder leaves them invited. The mails of it.
std::vector<domain::OutgoingMailId> list_held_mails(Connection& connection,
                                                    const domain::InviteeScope& scope,
                                                    domain::Instant now);
void save_taken_back(Connection& connection, const std::vector<domain::OutgoingMailId>& mails);

// Whose key has this SHA-256.
std::optional<domain::Invitee> find_invitee(Connection& connection, std::string_view key_hash);
void save_answer(Connection& connection, domain::InviteeId id, domain::InviteeState state,
                 const std::string& reason);

// From every list, with the mails that invited: none of them leaves any more, and no words of them
// stay.
void forget_invitees_of(Connection& connection, const std::string& email,
                        std::string_view email_key);

// Who wants no invitations, by a keyed digest of the address.
void save_objection(Connection& connection, std::string_view digest, domain::Instant now);
std::set<std::string> find_objections(Connection& connection,
                                      const std::vector<std::string>& digests);

}  // namespace narada::storage
