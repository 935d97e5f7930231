#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/domain/organizer_message.h"
#include "sql/connection.h"

namespace narada::storage {

struct StoredOrganizerMessage {
  domain::OrganizerMessageId id;
  domain::MessageScope scope;
  std::vector<domain::MessageGroup> groups;
  std::optional<domain::AttendanceMode> mode;
  std::string institution_name;  // empty: of any
  domain::MessageTexts texts;
  std::string written_by;  // "person:12"
  domain::Instant created_at{};
  domain::Instant leaves_at{};
  std::optional<domain::Instant> taken_back_at;
  int people = 0;
  int left_out = 0;
  std::optional<domain::TaskId> task;
};

// Everybody who is registered and has neither cancelled nor been declined, by name. Of a cycle: at
// any of its meetings that has been published.
std::vector<domain::MessageCandidate> list_registered_candidates(Connection& connection,
                                                                 const domain::MessageScope& scope);
// Those on the list of invitees whose address mail has come back from for good.
std::set<domain::InviteeId> find_dead_invitees(Connection& connection,
                                               const domain::MessageScope& scope);

// Sets the id.
void insert_organizer_message(Connection& connection, StoredOrganizerMessage& message);
void save_message_task(Connection& connection, domain::OrganizerMessageId message,
                       domain::TaskId task);
std::optional<StoredOrganizerMessage> find_organizer_message(Connection& connection,
                                                             domain::OrganizerMessageId message);
// Locked until the end of the transaction.
std::optional<StoredOrganizerMessage> lock_organizer_message(Connection& connection,
                                                             domain::OrganizerMessageId message);
void save_message_taken_back(Connection& connection, domain::OrganizerMessageId message,
                             domain::Instant now);

// One person whom a message is for.
struct MessagePerson {
  int number = 0;  // from 1
  std::optional<domain::RegistrationId> registration;
  std::optional<domain::InviteeId> invitee;
};
void save_message_people(Connection& connection, domain::OrganizerMessageId message,
                         const std::vector<MessagePerson>& people);
// Those to whom no mail has been written yet. Precondition: the message is locked.
std::vector<MessagePerson> list_unwritten(Connection& connection,
                                          domain::OrganizerMessageId message, int limit);
int count_written(Connection& connection, domain::OrganizerMessageId message);
// The row forgets whom it is about. Without a mail: the person cannot be written to any more.
void save_person_written(Connection& connection, domain::OrganizerMessageId message, int number,
                         const std::optional<domain::OutgoingMailId>& mail);

// What became of its mails. Those that are not kept any more count as sent.
struct MessageDelivery {
  int unwritten = 0;
  int waiting = 0;
  int sent = 0;
  int failed = 0;
  int stopped = 0;
  int skipped = 0;  // whom it could not be written to after all
};
MessageDelivery count_deliveries(Connection& connection, domain::OrganizerMessageId message);
std::vector<domain::OutgoingMailId> list_message_mails(Connection& connection,
                                                       domain::OrganizerMessageId message);
// Newest first.
std::vector<StoredOrganizerMessage> list_organizer_messages(Connection& connection,
                                                            const domain::MessageScope& scope,
                                                            int limit);

}  // namespace narada::storage
