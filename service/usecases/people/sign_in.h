#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/sessions.h"

namespace narada::usecases {

// Signing in by a link in a mail: it proves the mailbox, opens a page with a button, works once and
// for 15 minutes (an invitation for 7 days). Every address gets the same mail, known here or not:
// whoever holds the link may become a new person of that mailbox, so nothing tells from outside who
// is known. A mailbox that several people share lets its reader say which of them it is.

// Public. Always the same answer; FieldErrors only for what is no address. `return_to` is a path of
// this site or empty.
struct SignInRequest {
  std::string email;
  std::string return_to;
};
struct LinkSent {};
domain::Outcome<LinkSent> request_sign_in(const Environment&, const Call&, const SignInRequest&);

struct LinkPerson {
  domain::PersonId id;
  std::string full_name;
  std::string institution;
};
enum class LinkPurpose { sign_in, invitation, email_change };
struct OpenLink {
  LinkPurpose purpose = LinkPurpose::sign_in;
  std::string email;
  std::string return_to;
  std::vector<LinkPerson> people;  // of this mailbox; of an invitation the one invited
  domain::Instant expires_at{};
};
// What the page behind the link shows; changes nothing. NotFound for unknown, used, expired.
domain::Outcome<OpenLink> find_open_link(const Environment&, std::string_view token);

// Who the holder says they are: one of OpenLink::people, or a new name.
struct LinkClaim {
  std::optional<domain::PersonId> person;
  std::string full_name;        // of a new person
  bool accepts_clause = false;  // a new person has read the information clause: else FieldErrors
};
// Uses the link up and begins a session, in one transaction. FieldErrors leave the link as it was.
// The mailbox is proved from now on. An email_change link signs nobody in: NotFound here, see
// confirm_email_change in profile.h.
domain::Outcome<NewSession> use_link(const Environment&, const Call&, std::string_view token,
                                     const LinkClaim&, const Device&, std::string_view replaced);

// For `narada sign-in-link` and tests: the address of a new link, without a mail. NotFound when
// nobody has the e-mail.
domain::Outcome<std::string> make_sign_in_link(const Environment&, const Call&,
                                               const std::string& email);

}  // namespace narada::usecases
