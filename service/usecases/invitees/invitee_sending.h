#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notifications/mail_facts.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/invitees/invitees.h"

namespace narada::usecases {

inline constexpr std::size_t kLongestInvitationMessage = 2000;  // characters

struct InvitationOrder {
  bool remind = false;  // those who have not answered; else those to whom nothing was sent
  std::string message;  // typed for this mail; may be empty
  std::vector<domain::InviteeId> only = {};  // empty: everybody it is for
};

// What would leave: to how many, and one of the mails as facts. Conflicts: nobody_to_invite,
// meeting_not_published, meeting_cancelled, meeting_past, date_not_fixed, cycle_without_dates.
struct InvitationPreview {
  std::vector<Invitee> recipients;
  notifications::MailFacts sample;  // without the key of a real link
};
domain::Outcome<InvitationPreview> preview_invitations(const Environment&, const Actor&,
                                                       const InviteeScope&, const InvitationOrder&);

// One mail with a key of its own to each; the mails are held as those of a change. Nobody gets a
// second one without being reminded, and no reminder sooner than a day after the last. How many.
domain::Outcome<int> send_invitations(const Environment&, const Call&, const InviteeScope&,
                                      const InvitationOrder&);
// Those that are still held will not be sent, and their invitees are only listed again. How many.
domain::Outcome<int> take_back_invitations(const Environment&, const Call&, const InviteeScope&);

// What the holder of a key sees: themself, as they were listed, and what they are invited to.
struct InvitationView {
  Invitee invitee;
  std::string title;
  std::string path;  // "/spotkania/{slug}", "/cykle/{slug}"
};
// NotFound for an unknown key, and for what is no longer published.
domain::Outcome<InvitationView> find_invitation(const Environment&, std::string_view key);
// "I do not come"; may be said again in other words, and be taken back by registering. Conflict
// invitee_registered.
domain::Outcome<domain::InviteeId> decline_invitation(const Environment&, const Call&,
                                                      std::string_view key,
                                                      const std::string& reason);
// No more invitations to this address: it goes from every list, and what is kept recognizes it
// without holding it.
domain::Outcome<domain::InviteeId> object_to_invitations(const Environment&, const Call&,
                                                         std::string_view key);
// That somebody registered by the link. Nothing for a key of something else, or an unknown one.
void note_invitee_registered(const Environment&, const Call&, std::string_view key,
                             const InviteeScope&);

// By what an address that wants no invitations is recognized.
std::string objection_digest(const Environment&, std::string_view email_key);

}  // namespace narada::usecases
