#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::domain {

using ReceivedMailId = Id<struct ReceivedMailTag>;
using SubstitutionProposalId = Id<struct SubstitutionProposalTag>;

// What a message that came to the reply mailbox is.
enum class ReceivedKind {
  reply,       // of a calendar: accepted, tentative, declined
  counter,     // of a calendar: another time is proposed
  delegation,  // of a calendar: somebody else is to come
  refresh,     // of a calendar: it asks for the invitation again
  free_text,   // somebody wrote
  bounce,      // a server could not deliver what we sent, or says how it went
  complaint,   // somebody called our mail unwanted
  auto_reply,  // a program answered by itself
  loop,        // our own mail has come back
  empty,       // nothing was said
  unknown,  // something that is not read: a message in Outlook's own format, another's invitation
};
std::string_view to_string(ReceivedKind kind);
std::optional<ReceivedKind> find_received_kind(std::string_view name);

// What came of it.
enum class ReceivedEffect {
  accepted,
  tentative,
  declined,       // the place is freed when the hold is over
  place_freed,    // that has happened
  place_gone,     // accepted after that; the organizers know
  told,           // the organizers know what it says
  proposed,       // a substitution waits for somebody's decision
  repaired,       // the calendar was sent what is true
  marked,         // nobody has the address: mail to it stops
  bounced,        // this mail did not arrive; others to the address may
  counted,        // it may arrive yet
  delivered,      // a server says that it has arrived
  opted_out,      // no more mail that the person can do without
  automatic,      // nothing: a program wrote it
  looped,         // nothing: we wrote it
  said_nothing,   // nothing
  no_proof,       // nothing: nothing proves that its writer got what it answers
  wrong_meeting,  // nothing: it answers another invitation than it proves to know
  other_person,   // the organizers know: it answers for somebody who was not invited
  stale,          // nothing: it answers an older version
  older,          // nothing: a later answer is known
  withdrawn,      // nothing: the calendar was told to drop the meeting, or never had it
  not_active,     // nothing: the registration, or the meeting, is cancelled or over
  forgotten,      // nothing: the person has been erased
};
std::string_view to_string(ReceivedEffect effect);
std::optional<ReceivedEffect> find_received_effect(std::string_view name);

// A message that came to the reply mailbox, and what came of it.
struct ReceivedMail {
  ReceivedMailId id;
  ReceivedKind kind{};
  ReceivedEffect effect{};
  int arrivals = 1;
  std::optional<MeetingId> meeting;
  std::string meeting_title;
  std::string meeting_zone;
  std::optional<RegistrationId> registration;
  std::string person_name;  // of the registration
  std::string person_email;
  std::optional<OutgoingMailId> outgoing;  // what it is a report of
  std::string to_address;                  // of that
  std::string from_name;
  std::string from_address;
  std::string subject;
  std::string text;  // where one message is asked for
  std::optional<Instant> proposed_starts;
  std::optional<Instant> proposed_ends;
  Instant received_at{};
  std::optional<Instant> handled_at;
  std::string handled_by;
};

// What somebody's calendar says of an invitation.
enum class CalendarAnswer { accepted, tentative, declined, delegated };
std::string_view to_string(CalendarAnswer answer);
std::optional<CalendarAnswer> find_calendar_answer(std::string_view name);

}  // namespace narada::domain
