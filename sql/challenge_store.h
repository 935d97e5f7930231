#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/challenge.h"
#include "sql/connection.h"

namespace narada::storage {

// The challenge box of a meeting. Whether its form asks is in question_store.h.

// Of everybody who is in and typed one, in the order of arrival.
std::vector<domain::Challenge> list_challenges(Connection& connection, domain::MeetingId meeting);
// In their order, with practices and without challenges.
std::vector<domain::ChallengeGroup> list_challenge_groups(Connection& connection,
                                                          domain::MeetingId meeting);
// The same of one, locked until the end of the transaction; absent: none of this meeting.
std::optional<domain::ChallengeGroup> lock_challenge_group(Connection& connection,
                                                           domain::MeetingId meeting,
                                                           domain::ChallengeGroupId id);

// Behind the others.
domain::ChallengeGroupId insert_challenge_group(Connection& connection, domain::MeetingId meeting,
                                                const std::string& title);
// Title, answer and practices; raises the version.
void save_challenge_group(Connection& connection, const domain::ChallengeGroup& group);
// Its challenges are in no group then.
void delete_challenge_group(Connection& connection, domain::ChallengeGroupId id);
// In the order of `ids`.
void save_group_order(Connection& connection, const std::vector<domain::ChallengeGroupId>& ids);
// Puts those of the meeting into the group, or into none; how many.
int assign_challenges(Connection& connection, domain::MeetingId meeting,
                      const std::vector<domain::RegistrationId>& registrations,
                      std::optional<domain::ChallengeGroupId> group);

void save_answer_sent(Connection& connection, domain::ChallengeGroupId id, domain::Instant now);
void save_contacts_shared(Connection& connection, domain::ChallengeGroupId id, domain::Instant now);

// A mail of a meeting that tells people of each other and has not left.
struct ContactMail {
  domain::OutgoingMailId id;
  std::string facts;
  std::vector<domain::RegistrationId> told;  // whom each line tells of
};
std::vector<ContactMail> list_contact_mails(Connection& connection, domain::MeetingId meeting);
// Whom each line of a new mail tells of.
void save_contacts_told(Connection& connection, domain::OutgoingMailId mail,
                        const std::vector<domain::RegistrationId>& told);
// Says this instead from now on. Whoever is about to send it begins anew; what leaves at this very
// moment is forgotten when it has.
void rewrite_contact_mail(Connection& connection, const ContactMail& mail);
// Does not leave any more, and keeps nothing of what it said.
void abort_contact_mail(Connection& connection, domain::OutgoingMailId mail);
// Those of the meeting that have ended keep nothing of what they said: it can be read in no row who
// is in them.
void forget_contact_copies(Connection& connection, domain::MeetingId meeting);
// Registrations of the person whose meetings have such mails; by the id of the meeting.
struct ContactOf {
  domain::MeetingId meeting;
  domain::RegistrationId registration;
};
std::vector<ContactOf> list_contacts_of(Connection& connection, domain::PersonId person);

// The answer that was sent to whoever registered so; absent while there is none.
std::optional<domain::ChallengeGroup> find_challenge_answer(Connection& connection,
                                                            domain::RegistrationId registration);

}  // namespace narada::storage
