#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/received_mail.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// Whom somebody's calendar has named to come instead.
namespace narada::storage {

struct SubstitutionProposal {
  domain::SubstitutionProposalId id;
  domain::RegistrationId registration;
  domain::ReceivedMailId mail;
  std::string full_name;
  std::string email;
  std::string state;  // open, accepted, refused
  domain::Instant created_at{};
};
// The one of this registration that is open becomes this one, if there is any: people change their
// mind.
domain::SubstitutionProposalId save_proposal(Connection& connection,
                                             const SubstitutionProposal& proposal);
std::optional<SubstitutionProposal> find_proposal(Connection& connection,
                                                  domain::SubstitutionProposalId id);
// The last one of a registration.
std::optional<SubstitutionProposal> find_proposal_of(Connection& connection,
                                                     domain::RegistrationId registration);
// False: it is not open any more.
bool decide_proposal(Connection& connection, domain::SubstitutionProposalId id,
                     std::string_view state, std::optional<domain::PersonId> by,
                     domain::Instant now);

}  // namespace narada::storage
