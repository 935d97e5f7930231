#pragma once

#include <optional>
#include <string>

#include "notifications/mail_facts.h"
#include "service/domain/organizer_message.h"
#include "service/usecases/environment.h"
#include "service/usecases/invitees/invited_to.h"
#include "sql/connection.h"
#include "sql/outgoing_mail_store.h"

namespace narada::usecases {

// The mail of one person with an organizers' message, and the link in it.
struct MessageMail {
  notifications::MailFacts facts;
  domain::RegistrationId registration;  // 0: an invitee's
  domain::PersonId person;              // 0: nobody known
  domain::MeetingId meeting;
};

// As somebody registered gets it; `token` opens their registration. Absent: nobody to write to any
// more.
std::optional<MessageMail> make_registered_mail(storage::Connection&, const Environment&,
                                                domain::RegistrationId, const domain::MessageTexts&,
                                                const std::string& token);
// As an invitee gets it, with the form that is open to everybody: a key of its own would replace
// the one in their invitation. Absent: not on the list, or nothing to come to.
std::optional<MessageMail> make_invitee_mail(storage::Connection&, const Environment&,
                                             const InvitedTo&, domain::InviteeId,
                                             const domain::MessageTexts&);

storage::NewMail make_mail_row(const Environment&, const MessageMail&, domain::Instant now,
                               domain::Instant leaves_at);

}  // namespace narada::usecases
