#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// An expert comes in without a password: by a link in a mail, which opens the workspace of the
// meeting. Whoever organizes the meeting sends it, as often as it takes.

// Somebody who leads, named in the program and invited in one step.
struct ExpertInvitation {
  std::string expert;  // slug or id; or a name, of a new one where the actor may edit_catalogue
  std::string email;
  std::string full_name;        // of the person; empty: the expert's own name
  std::optional<int> position;  // of the program item, from 0; absent: of the meeting as a whole
};
// Names the expert in the meeting unless it does already, makes the person of that address (or
// finds them) one who acts for the expert, gives them the role for this meeting, and sends the
// link. FieldErrors, also expert: unknown_expert; and where the actor may not edit_catalogue
// expert_has_account (somebody else acts for them), expert_of_catalogue (nobody does, but the entry
// was not made for this meeting, or something else names it).
domain::Outcome<domain::PersonId> invite_expert(const Environment&, const Call&, domain::MeetingId,
                                                const ExpertInvitation&);
// The link once more to somebody who acts for an expert of the meeting; the role comes with it.
domain::Outcome<domain::PersonId> send_expert_link(const Environment&, const Call&,
                                                   domain::MeetingId, domain::ExpertId,
                                                   domain::PersonId);
// Who acts for the expert, in the order of adding. For those who may edit_catalogue.
struct ExpertPerson {
  domain::PersonId person;
  std::string full_name;
  std::string email;
};
domain::Outcome<std::vector<ExpertPerson>> list_expert_people(const Environment&, const Actor&,
                                                              domain::ExpertId);
// They no longer act for the expert. For those who may edit_catalogue, and for themselves.
domain::Outcome<domain::PersonId> remove_expert_person(const Environment&, const Call&,
                                                       domain::ExpertId, domain::PersonId);
// What somebody who acts for an expert agrees to.
struct MemberChoices {
  bool is_shown = false;        // named beside the organization
  bool shares_contact = false;  // with those who lead the same meetings
};
domain::Outcome<MemberChoices> find_own_choices(const Environment&, const Actor&, domain::ExpertId);
domain::Outcome<domain::ExpertId> save_own_choices(const Environment&, const Call&,
                                                   domain::ExpertId, const MemberChoices&);

}  // namespace narada::usecases
