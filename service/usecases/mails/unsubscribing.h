#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notifications/mail_facts.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The way out of mail that people can do without (RFC 8058): /wypisz/{token}, one link per person
// and kind, the same in every mail. The token is 43 characters of base64url: whom it is about, and
// a digest that only this installation can make. It opens nothing else.

// Where one POST stops this kind for this person; empty for kinds that cannot be switched off.
std::string unsubscribe_url(const Environment& environment, domain::PersonId person,
                            notifications::MailKind kind, domain::Language language);
// By which choice of the person a kind is switched off; empty: it cannot be.
std::string_view choice_of(notifications::MailKind kind);

// What a token stops: kinds of mail to a person, or invitations to somebody on a list of invitees,
// whose token is the key of their invitation.
struct Unsubscription {
  notifications::MailKind kind = notifications::MailKind::meeting_invitation;
  bool is_done = false;  // the person does not get them now
};
// NotFound for a token that this installation did not make, and for somebody erased.
domain::Outcome<Unsubscription> find_unsubscription(const Environment& environment,
                                                    std::string_view token);
// Done again it changes nothing. What waits to be sent is stopped before it is. Writes activity
// person.unsubscribed.
domain::Outcome<Unsubscription> unsubscribe(const Environment& environment, const Call& call,
                                            std::string_view token);

}  // namespace narada::usecases
