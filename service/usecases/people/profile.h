#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/credentials.h"

namespace narada::usecases {

// What a person is told besides what is necessary; each can be switched off. Of some there is how:
// "meeting_announced.daily" and "digest.weekly" say that what would come at once comes with a daily
// summary, and what would come daily weekly; "reminder.7d" is one of the reminders of this
// installation, "reminder" all of them.
struct NotificationKind {
  std::string name;     // of notification_choice.kind
  bool wanted = false;  // unless the person has chosen
};
std::vector<NotificationKind> notification_kinds(const Environment&);

struct NotificationChoice {
  std::string kind;
  bool wanted = false;
  friend bool operator==(const NotificationChoice&, const NotificationChoice&) = default;
};

// What the person may see and change about themself.
struct Profile {
  domain::Person person;
  std::int64_t version = 1;
  std::vector<NotificationChoice> notifications;  // one of each kind
  std::vector<domain::TopicId> topics;            // whose new meetings are announced by mail
};
// Absent: nobody, or erased.
std::optional<Profile> find_profile(const Environment&, domain::PersonId);

struct ProfileForm {
  std::string full_name;    // 2..200 characters
  std::string position;     // at most 200
  std::string unit;         // at most 200
  std::string institution;  // as in RegistrationForm; empty: none
  domain::Language language = domain::Language::pl;
  std::vector<std::string> notifications;  // the kinds that are wanted; the others are not
  std::vector<std::string> topics;         // slugs
};
// The person's own. Stale when `version` is not the current one. Another name keeps the person: all
// that hangs on them stays theirs, and what has been sent stays as it was. FieldErrors full_name
// "identity_taken" when somebody else has this name at the same address. Nothing is written when
// nothing differs. Writes activity person.changed, before and after in its erasable part.
domain::Outcome<Profile> change_profile(const Environment&, const Call&, domain::PersonId,
                                        std::int64_t version, const ProfileForm&);

// Sends a link to the new address; the old one stays until the link is used. The answer does not
// tell whether somebody has the new address already. Whoever has the mailbox has the account, so it
// takes the proof of credentials.h, `current` being the password as typed. FieldErrors email: no
// address, or "same_email". Writes activity person.email_change_requested.
struct EmailChangeRequested {
  std::string email;
};
domain::Outcome<EmailChangeRequested> request_email_change(const Environment&, const Call&,
                                                           const Owner&, const std::string& email,
                                                           const std::string& current);
// Uses such a link up, in one transaction: the address is the person's, all their other links are
// void, their sessions but `kept` are over, and the old address is told. It signs nobody in and
// works only for its own person, signed in (`call`): Forbidden for others, because a mistyped
// address must not hand the account to whoever reads that mailbox. NotFound for unknown, used,
// expired and for links of another purpose. Conflict "email_taken" when that mailbox has somebody
// of the same name, mailbox_has_password as set_password says. Writes activity
// person.email_changed.
struct EmailChanged {};
domain::Outcome<EmailChanged> confirm_email_change(const Environment&, const Call&,
                                                   std::string_view token, domain::SessionId kept);

}  // namespace narada::usecases
