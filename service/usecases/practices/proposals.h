#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/usecases/environment.h"
#include "service/usecases/practices/practices.h"

// Practices that people without an account propose. A secret link opens their description until it
// is with those who verify; somebody of the institution confirms it before that.
namespace narada::usecases {

struct ProposalStart {
  std::string name, email;
  std::string title;
  std::string institution;  // TERYT, slug or id
};
// A draft, and a mail with the link to it. FieldErrors name, email, title, institution.
domain::Outcome<domain::PracticeId> begin_proposal(const Environment&, const Call&,
                                                   const ProposalStart&);

enum class ProposalStanding { writing, awaiting_confirmation, with_verifiers, published, archived };
struct Proposal {
  domain::Practice practice;
  ProposalStanding standing = ProposalStanding::writing;
  std::string comment;           // of who sent it back last
  bool has_coordinator = false;  // so that nobody has to be named
};
// NotFound for a token that opens none.
domain::Outcome<Proposal> find_proposal(const Environment&, std::string_view token);
// While it is written. Stale as change_practice.
domain::Outcome<domain::PracticeId> save_proposal(const Environment&, const Call&,
                                                  std::string_view token, std::int64_t version,
                                                  const PracticeForm&);
// Asks the institution's coordinators to confirm it or, where it has none, `representative`: an
// address under the domain of its website. FieldErrors: what the description lacks ("required");
// representative: required, invalid_email, not_of_institution.
domain::Outcome<domain::PracticeId> submit_proposal(const Environment&, const Call&,
                                                    std::string_view token,
                                                    const std::string& representative);

// What the representative is asked about; the standing says whether it is open still.
domain::Outcome<Proposal> find_confirmation(const Environment&, std::string_view token);
// Twice is once. `version`: of the description that was read; Stale when it has changed since.
domain::Outcome<domain::PracticeId> confirm_proposal(const Environment&, const Call&,
                                                     std::string_view token, std::int64_t version);

// Whether the address belongs to who has this website: anna@um.bytom.pl for https://www.bytom.pl.
bool is_address_of(std::string_view email, std::string_view website);

}  // namespace narada::usecases
