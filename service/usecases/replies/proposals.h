#pragma once

#include "service/domain/outcome.h"
#include "service/domain/received_mail.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/registrations.h"
#include "service/usecases/registrations/substitution.h"

namespace narada::usecases {

// Somebody's calendar names another person to come instead. Nothing changes until whoever may
// change the registration says so: who speaks for the institution, who organizes the meeting, or
// the person themself.
struct ProposalView {
  domain::SubstitutionProposalId id;
  RegistrationView found;
  std::string full_name;  // as the calendar wrote it; may be empty
  std::string email;
  bool is_open = false;  // not decided yet, and the registration still holds or claims a place
};
domain::Outcome<ProposalView> find_proposal(const Environment&, const Actor&,
                                            domain::SubstitutionProposalId);

// As substitute(), with what the decider has completed. Conflict proposal_decided besides.
domain::Outcome<Substituted> accept_proposal(const Environment&, const Call&,
                                             domain::SubstitutionProposalId, const SubstituteForm&);
// The registration stays as it is; its person is told, with the entry of the calendar once more,
// unless they have refused it themself. Twice is once; Conflict proposal_decided once it was
// accepted.
domain::Outcome<domain::SubstitutionProposalId> refuse_proposal(const Environment&, const Call&,
                                                                domain::SubstitutionProposalId);

}  // namespace narada::usecases
