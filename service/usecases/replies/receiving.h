#pragma once

#include <optional>
#include <string>

#include "notifications/received_message.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/replies/classification.h"
#include "sql/inbound_mail_store.h"

// What the steps of receive_mail() share.
namespace narada::usecases {

// A message in the transaction that takes it, with what it is proved to be about; the meeting of
// the registration is locked.
struct Receiving {
  const Change& change;  // by the holder of the registration, where there is one
  const notifications::ReceivedMessage& message;
  const Classified& what;
  std::optional<storage::SentMail> sent;  // proved by the address of its envelope
  LockedMeeting* meeting = nullptr;
  const storage::StoredRegistration* stored = nullptr;
  domain::ReceivedMailId id = {};
};

// What a calendar says: kinds reply, counter, delegation and refresh.
domain::ReceivedEffect take_calendar_reply(const Receiving& receiving);
// What mail servers say: kinds bounce and complaint.
domain::ReceivedEffect take_bounce(const Receiving& receiving);
domain::ReceivedEffect take_complaint(const Receiving& receiving);

// A mail to each who organizes the meeting: what somebody says, with the way to its page and to
// that person; at most five an hour for one registration, so that nobody floods them. Precondition:
// there is a registration.
void tell_organizers(const Receiving& receiving, notifications::MailKind kind,
                     const std::string& text_pl, const std::string& text_en);
// The same to those who may decide about a substitution, with the way to the proposal, and
// within the same five.
void tell_of_proposal(const Receiving& receiving, domain::SubstitutionProposalId proposal,
                      const std::string& text);

}  // namespace narada::usecases
