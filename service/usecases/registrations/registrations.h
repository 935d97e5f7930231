#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/fair_places.h"
#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"
#include "service/usecases/registrations/answers.h"

namespace narada::usecases {

// What an official types. Shape (UTF-8, lengths) and rules are checked by register_person; every
// bad field is named at once.
struct RegistrationForm {
  std::string full_name;    // 2..200 characters
  std::string email;        // addr-spec, at most 254 octets, no control characters, no <>
  std::string institution;  // TERYT, id, slug, or a name/alias that fits exactly one (else
                            // unknown_institution / ambiguous_institution)
  std::string position;
  std::optional<domain::AttendanceMode> mode;  // absent: the only one offered, else required
  std::string needs;                           // whatever the next three are not
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  std::string question;
  std::string challenge;           // the problem that the person comes with
  bool challenge_contact = false;  // may be put in touch with others who have it
  bool consent = false;            // to the information clause in force
  bool visible = false;            // other participants may see name and institution
  domain::Language language = domain::Language::pl;
  GivenAnswers answers = {};  // to the meeting's own questions; a whole cycle asks none
};

struct Registered {
  domain::Registration registration;
  bool created = false;    // false: the same person was in already; nothing was written or sent
  std::string manage_url;  // only when created: the link that the mail carries too
};

// Public. Rules 1, 2, 3 and 7 of the domain: one transaction locks the meeting, admits, writes the
// registration, the activity and the mail.
domain::Outcome<Registered> register_person(const Environment&, const Call&,
                                            std::string_view meeting_id_or_slug,
                                            const RegistrationForm&);

// One registration for each published meeting of the cycle that is still to come, in one
// transaction, and for meetings published later. The enrolled need not wait for registration to
// open; a session that does not offer the mode chosen is taken in the one that it offers. Enrolling
// twice returns the first enrolment; one that was cancelled begins again. A registration that the
// person held before becomes part of it only where the actor may change_registration of that one;
// else it is told of here and left alone.
struct Enrolled {
  domain::EnrolmentId id;
  std::vector<domain::Registration> registrations;  // in the order of the meetings
  std::vector<std::string> skipped;  // titles of meetings that refused, with the rule
  bool created = false;
  // Beside registrations; only when created. Empty for a registration that the person had made
  // before: its link stands in its own mail and is not given to whoever types the same name again.
  std::vector<std::string> manage_urls;
};
domain::Outcome<Enrolled> enrol_person(const Environment&, const Call&,
                                       std::string_view cycle_id_or_slug, const RegistrationForm&);

// By who may change_registration of it: its person, who organizes the cycle, a coordinator of its
// institution, or the holder of the manage token of one of its registrations. Withdraws from every
// meeting of the enrolment that has not started, as cancel_registration does, in one transaction;
// meetings published later register nobody by it. A registration that a role of the actor does not
// reach (held for another institution) is kept, and is no part of it any more. Returns all its
// registrations as they are then, `created` false. Twice is once.
domain::Outcome<Enrolled> cancel_enrolment(const Environment&, const Call&, domain::EnrolmentId);
// The registration that `token` opens, when it belongs to this enrolment; how the API checks
// X-Manage-Token.
std::optional<domain::RegistrationId> find_registration_in(const Environment&, domain::EnrolmentId,
                                                           std::string_view token);

struct RegistrationView {
  domain::Registration registration;
  domain::Meeting meeting;  // with online_url only while confirmed
  // Why the person has a place or waits, where the meeting has rules (place_words.h).
  std::optional<domain::PlaceExplanation> why = {};
  bool in_bin = false;  // the meeting's page is gone; its status is the one that it had
};
// By the token of a /z/ link; NotFound for an unknown one.
domain::Outcome<RegistrationView> find_registration_by_token(const Environment&,
                                                             std::string_view token);
// By id, for who may see_registration (else NotFound); `needs` are empty for who may not see_needs.
domain::Outcome<RegistrationView> find_registration(const Environment&, const Actor&,
                                                    domain::RegistrationId);
// Whether `token` opens this registration; how the API checks X-Manage-Token.
bool is_manage_token(const Environment&, domain::RegistrationId, std::string_view token);

// In order of arrival; filter by status. Who may see_participants of the meeting sees all,
// coordinators those of their institutions, others Forbidden. `needs` as above.
domain::Outcome<PageOf<domain::Registration>> list_registrations(
    const Environment&, const Actor&, std::string_view meeting_id_or_slug,
    std::optional<domain::RegistrationStatus> status, const PageRequest&);

// What the person or an organizer may change later. Absent: stays.
struct RegistrationChange {
  std::optional<std::string> full_name;
  std::optional<std::string> position;
  std::optional<std::string> institution;
  std::optional<domain::AttendanceMode> mode;  // goes through admission anew
  std::optional<std::string> needs;
  std::optional<std::string> diet;
  std::optional<std::string> access_needs;
  std::optional<std::string> interpreter;
  std::optional<std::string> question;
  std::optional<std::string> challenge;
  std::optional<bool> challenge_contact;
  std::optional<bool> visible;
  // To all that is asked, by who may see needs and while registration has not closed (Conflict
  // answers_closed).
  std::optional<GivenAnswers> answers;
  // False: somebody with a place keeps it when the other mode has only its waiting list (FieldError
  // mode "would_wait").
  bool accepts_waiting = true;
};
// By who may change_registration (else NotFound), as it was and as it becomes; `needs` and its kin
// by who may see them.
domain::Outcome<domain::Registration> change_registration(const Environment&, const Call&,
                                                          domain::RegistrationId,
                                                          std::optional<std::int64_t> version,
                                                          const RegistrationChange&);
// Frees the place and promotes the first in line in the same transaction. Twice is once. Not after
// the meeting has started (Conflict meeting_past). By who may change_registration.
domain::Outcome<domain::Registration> cancel_registration(const Environment&, const Call&,
                                                          domain::RegistrationId);
// By who may decide_registration; only from pending (Conflict not_pending).
domain::Outcome<domain::Registration> approve_registration(const Environment&, const Call&,
                                                           domain::RegistrationId);
domain::Outcome<domain::Registration> decline_registration(const Environment&, const Call&,
                                                           domain::RegistrationId,
                                                           const std::string& reason);

// The information clause in force, and any older one.
struct InformationClause {
  int version = 0;
  std::string text_pl;
  std::string text_en;
  domain::Instant valid_from{};
};
std::optional<InformationClause> find_information_clause(const Environment&,
                                                         std::optional<int> version = {});

}  // namespace narada::usecases
