#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/language.h"
#include "service/domain/permissions.h"
#include "service/domain/received_mail.h"
#include "sql/connection.h"

// What came to the reply mailbox.
namespace narada::storage {

struct NewInboundMail {
  std::string digest;  // 32 octets
  domain::ReceivedKind kind{};
  domain::ReceivedEffect effect{};
  std::optional<domain::MeetingId> meeting = {};
  std::optional<domain::RegistrationId> registration = {};
  std::optional<domain::OutgoingMailId> outgoing = {};
  std::string from_name = {};
  std::string from_address = {};
  std::string subject = {};
  std::string body = {};
  std::optional<domain::Instant> proposed_starts = {};
  std::optional<domain::Instant> proposed_ends = {};
  domain::Instant received_at{};
};
// Throws Duplicate for a digest that is there.
domain::ReceivedMailId save_inbound_mail(Connection& connection, const NewInboundMail& mail);

struct KnownInboundMail {
  domain::ReceivedMailId id;
  domain::ReceivedKind kind{};
  domain::ReceivedEffect effect{};
};
// Counts that the same message has come again; absent: it has not been here.
std::optional<KnownInboundMail> note_arrival(Connection& connection, const std::string& digest);
void save_effect(Connection& connection, domain::ReceivedMailId id, domain::ReceivedEffect effect);
// Whether something of this registration that came since then has had that effect.
bool has_had_effect(Connection& connection, domain::RegistrationId registration,
                    domain::ReceivedEffect effect, domain::Instant since = {});
// Of how many messages about this registration that came since then somebody has been told.
std::int64_t count_told_of(Connection& connection, domain::RegistrationId registration,
                           domain::Instant since);
// That `notice` tells somebody what the message says.
void save_notice(Connection& connection, domain::ReceivedMailId id, domain::OutgoingMailId notice,
                 domain::Instant now);

struct InboundMailSelection {
  domain::Reach within;      // of meetings within it
  bool of_accounts = false;  // and those that are about no meeting
  std::optional<domain::ReceivedKind> kind;
  std::optional<bool> handled;
  std::optional<domain::RegistrationId> registration;
  std::optional<domain::ReceivedMailId> before;  // only rows with a smaller id
};
// Newest first, without the text.
std::vector<domain::ReceivedMail> list_inbound_mails(Connection& connection,
                                                     const InboundMailSelection& selection,
                                                     int limit);
std::int64_t count_unhandled(Connection& connection, const InboundMailSelection& selection);
std::optional<domain::ReceivedMail> find_inbound_mail(Connection& connection,
                                                      domain::ReceivedMailId id);
// Absent `by`: not handled after all. False: it is so already, or not there.
bool save_handled(Connection& connection, domain::ReceivedMailId id,
                  std::optional<domain::PersonId> by, domain::Instant now);

// Somebody to be told.
struct Recipient {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
};
// Who organizes `meeting` by a role for it, its cycle or an institution that answers for it; where
// nobody does, who organizes everything, and where nobody does that either, the admins.
std::vector<Recipient> list_organizers(Connection& connection, const domain::Thing& meeting);
std::vector<Recipient> list_coordinators(Connection& connection, domain::InstitutionId institution);

// A mail of ours that something came back of.
struct SentMail {
  domain::OutgoingMailId id;
  std::string kind;
  std::string state;
  std::string to_address;
  std::optional<domain::PersonId> person;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::RegistrationId> registration;
};
std::optional<SentMail> find_sent_mail(Connection& connection, domain::OutgoingMailId id);
// UID of its calendar entries.
std::optional<std::string> find_meeting_uid(Connection& connection, domain::MeetingId meeting);
bool is_own_message_id(Connection& connection, const std::string& message_id);
// A mail that had been sent turns out not to have arrived.
void save_bounced(Connection& connection, domain::OutgoingMailId id, const std::string& reply);

}  // namespace narada::storage
