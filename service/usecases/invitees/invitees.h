#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/invitee.h"
#include "service/domain/outcome.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "service/usecases/invitees/invitee_paste.h"

namespace narada::usecases {

using domain::Invitee;
using domain::InviteeScope;
using domain::InviteeSource;
using domain::InviteeState;

// Lists of people to be invited to a meeting or to a whole cycle, for who may organize it. They are
// people who have never agreed to anything: the list is kept for a time after the meeting, and
// whoever wants no invitations is on none.

// Where people to be invited come from.
struct InviteeSelection {
  InviteeSource source = InviteeSource::pasted;
  std::string text;         // typed, pasted: see parse_invitees
  std::string institution;  // institution: id, TERYT, slug or name
  std::string association;  // coordinators: of its members; empty: of the cycle's institutions
  std::string edition;      // edition: "cycle:12" or "meeting:5"
  bool attended_only = false;
  // coordinators: addresses typed for institutions without one.
  std::map<domain::InstitutionId, std::string> addresses = {};
  // Takes the institution that an address suggests, where none was typed.
  bool accept_suggestions = false;
  domain::Language language = domain::Language::pl;  // of who is not known
};

// What becomes of one who was found: `fresh` ones are added, the others left out.
enum class CandidateVerdict { fresh, repeated, listed, present, objected, wrong };
std::string_view to_string(CandidateVerdict verdict);

struct Candidate {
  int line = 0;      // of the text; 0: not from a text
  std::string text;  // as it stands there
  std::string full_name;
  std::string email;
  std::string job_title;
  std::optional<domain::InstitutionRef> institution;
  bool is_suggestion = false;  // the institution, by the domain of the address
  std::optional<domain::PersonId> person;
  domain::Language language = domain::Language::pl;
  CandidateVerdict verdict = CandidateVerdict::fresh;
  domain::FieldErrors errors;  // of a wrong one
  std::string meant_domain;    // what the address should probably end in
};

struct InviteePreview {
  std::vector<Candidate> candidates;  // in the order of the source
  std::vector<domain::InstitutionRef> without_address;
  std::map<CandidateVerdict, int> counts;
};
// Who would be added. FieldErrors of the selection's fields; NotFound for what is not theirs.
domain::Outcome<InviteePreview> preview_invitees(const Environment&, const Actor&,
                                                 const InviteeScope&, const InviteeSelection&);

struct InviteesAdded {
  int added = 0;
  int left_out = 0;  // on the list already, in already, twice, or wanting no invitations
  std::vector<Candidate> wrong;
};
// Adds the fresh ones; what is wrong comes back to be corrected. With an Idempotency-Key the same
// call gives the numbers of the first, without `wrong`.
domain::Outcome<InviteesAdded> add_invitees(const Environment&, const Call&, const InviteeScope&,
                                            const InviteeSelection&);

struct InviteeFilter {
  std::optional<InviteeState> state;
  std::string q;  // anywhere in name, address or institution
};
// How many of one institution are where.
struct InviteeNumbers {
  std::optional<domain::InstitutionRef> institution;
  std::map<InviteeState, int> counts;
};
inline constexpr int kMostInvitees = 5000;  // of one list
struct InviteeList {
  InviteeScope scope;
  std::string title;
  std::string slug;
  std::string path;                     // of its public page
  std::optional<std::string> obstacle;  // why nothing can be sent: a rule's name
  std::vector<Invitee> invitees;        // of the filter; by institution and name
  std::map<InviteeState, int> counts;   // of all
  std::vector<InviteeNumbers> institutions;
  int to_remind = 0;  // have not answered, and may be reminded today
  int held = 0;       // whose mail has not left yet, and can be taken back
};
domain::Outcome<InviteeList> list_invitees(const Environment&, const Actor&, const InviteeScope&,
                                           const InviteeFilter& = {});
// How many were removed; a mail that lies in the outbox still leaves.
domain::Outcome<int> remove_invitees(const Environment&, const Call&, const InviteeScope&,
                                     const std::vector<domain::InviteeId>&);

// Other meetings and cycles whose participants the actor may see, the latest first, at most a
// hundred.
struct InviteeEdition {
  std::string key;  // "cycle:12"
  std::string title;
  domain::WallTime starts{};
};
std::vector<InviteeEdition> list_editions(const Environment&, const Actor&, const InviteeScope&);

// "meeting:12", "cycle:3".
std::optional<InviteeScope> find_invitee_scope(std::string_view text);
std::string to_text(const InviteeScope&);

}  // namespace narada::usecases
