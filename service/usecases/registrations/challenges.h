#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/challenge.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The challenge box: with what problem people come to a meeting, put into groups for the program
// and answered later. Read by who may see_participants, changed by who may organize the meeting.

struct ChallengeBox {
  domain::MeetingSummary meeting;
  bool asks = false;  // whether the registration form asks for it
  bool may_change = false;
  std::vector<domain::ChallengeGroup> groups;  // in their order, with their challenges
  std::vector<domain::Challenge> ungrouped;
};
domain::Outcome<ChallengeBox> load_challenge_box(const Environment&, const Actor&,
                                                 std::string_view meeting_id_or_slug);

domain::Outcome<domain::MeetingId> set_asks_challenge(const Environment&, const Call&,
                                                      domain::MeetingId, bool asks);

// FieldErrors of title.
domain::Outcome<domain::ChallengeGroupId> create_challenge_group(const Environment&, const Call&,
                                                                 domain::MeetingId,
                                                                 const std::string& title);
struct ChallengeGroupForm {
  std::string title;
  std::string answer;
  std::vector<std::string> practices;  // id, slug or title of published ones
};
// Stale when `version` is not the current one. What was sent before is not sent again.
domain::Outcome<domain::ChallengeGroupId> change_challenge_group(const Environment&, const Call&,
                                                                 domain::MeetingId,
                                                                 domain::ChallengeGroupId,
                                                                 std::int64_t version,
                                                                 const ChallengeGroupForm&);
domain::Outcome<domain::ChallengeGroupId> delete_challenge_group(const Environment&, const Call&,
                                                                 domain::MeetingId,
                                                                 domain::ChallengeGroupId);
// One place up, or down.
domain::Outcome<domain::ChallengeGroupId> move_challenge_group(const Environment&, const Call&,
                                                               domain::MeetingId,
                                                               domain::ChallengeGroupId, bool up);
// Absent group: into none. FieldErrors of "group" for one of another meeting.
domain::Outcome<int> assign_challenges(const Environment&, const Call&, domain::MeetingId,
                                       const std::vector<domain::RegistrationId>&,
                                       std::optional<domain::ChallengeGroupId>);

// The mails, held as those of a change; how many. The answer goes to everybody of the group
// (Conflicts: no_answer, nobody_in_group). With `again` also when it was sent before (else Conflict
// answer_sent).
domain::Outcome<int> send_challenge_answer(const Environment&, const Call&, domain::MeetingId,
                                           domain::ChallengeGroupId, bool again);
// Each of those who agreed learns name, office and address of the others who agreed, of other
// offices. Conflicts: nobody_agreed; contacts_sent unless `again`.
domain::Outcome<int> share_challenge_contacts(const Environment&, const Call&, domain::MeetingId,
                                              domain::ChallengeGroupId, bool again);

// What the organizers have answered to whoever holds this registration; absent while nothing.
std::optional<domain::ChallengeGroup> find_challenge_answer(const Environment&,
                                                            domain::RegistrationId);

}  // namespace narada::usecases
