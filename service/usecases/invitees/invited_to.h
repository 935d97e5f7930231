#pragma once

#include <optional>
#include <string>

#include "service/domain/invitee.h"
#include "service/domain/meeting.h"
#include "service/usecases/stored_things.h"

namespace narada::usecases {

// What a list of invitees is for, as it stands now.
struct InvitedTo {
  domain::InviteeScope scope;
  Thing thing;
  std::string title;
  std::string slug;
  std::string path;  // "/spotkania/{slug}", "/cykle/{slug}"
  // The meeting, or the next one of the cycle whose day is known.
  std::optional<domain::Meeting> meeting;
  int sessions = 0;                     // still to come, of a cycle
  std::optional<std::string> obstacle;  // the rule by which nobody can be invited now
};
domain::Outcome<InvitedTo> find_invited_to(storage::Connection&, const Environment&,
                                           const domain::InviteeScope&);
// Once the actor may do this to it.
domain::Outcome<InvitedTo> find_invited_to(storage::Connection&, const Environment&, const Actor&,
                                           Action, const domain::InviteeScope&);

// The activity of a change to its list: "invitees.added" of "meeting:12".
void record_of_list(storage::Connection&, const Environment&, const Call&, std::string_view verb,
                    const domain::InviteeScope&, std::string details);

}  // namespace narada::usecases
