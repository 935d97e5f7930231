#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/registrations/locked_meeting.h"

namespace narada::usecases {

// Some offices let their people take part with a superior's consent. The registration counts from
// the moment it is made: whoever is confirmed has the place, and is told so in the same mail. The
// superior gets a mail whose link opens a page with the question for 14 days, or until the meeting
// begins. Consent changes nothing but that the person may print the referral; a refusal cancels the
// registration, and the first in line gets the place unless a delegation holds it. No answer is no
// refusal.

inline constexpr int kConsentDays = 14;

struct Superior {
  std::string name;  // may be empty
  std::string email;
};
// What was typed, where the institution wants consent; else absent, whatever was typed. Errors are
// those of superior_name and superior_email: superior_required when nobody is named.
std::optional<Superior> read_superior(storage::Connection& connection,
                                      std::optional<domain::InstitutionId> institution,
                                      const Superior& typed, domain::FieldErrors& errors);
// Writes the question down and to the superior, and tells the person in the mail about their
// registration. After claim_place or hand_over, before finish().
void ask_consent(const Change& change, LockedMeeting& meeting,
                 const domain::Registration& registration, const Superior& superior);

// Whether somebody who is in has still to say who their superior is.
bool lacks_superior(const Environment&, const domain::Registration&);
// Asks that superior about a registration made without one, or another one as long as nobody has
// answered. By who may change_registration; Conflict not_active, consent_closed.
domain::Outcome<domain::RegistrationId> name_superior(const Environment&, const Call&,
                                                      domain::RegistrationId, const Superior&);

// By slug, id or TERYT; false for one that is unknown. For the forms.
bool institution_wants_consent(const Environment&, std::string_view institution);
// By who may edit_catalogue, or speaks for the institution; else NotFound.
bool may_set_wants_consent(const Actor&, domain::InstitutionId);
domain::Outcome<domain::InstitutionId> set_wants_consent(const Environment&, const Call&,
                                                         domain::InstitutionId, bool wants);

enum class ConsentState {
  open,
  given,
  refused,
  expired,    // nobody has answered in time
  withdrawn,  // the registration is cancelled or declined
};
struct ConsentView {
  ConsentState state = ConsentState::open;
  domain::Registration registration;  // without what was typed for the organizers
  domain::Meeting meeting;
  std::string superior_name;
  std::string superior_email;
  std::string note;
  domain::Instant until{};  // how long it can be answered
  std::optional<domain::Instant> answered_at;
};
// What the link in the superior's mail opens; NotFound for an unknown one.
domain::Outcome<ConsentView> find_consent_by_token(const Environment&, std::string_view token);

enum class ConsentAnswer { given, refused };
// Conflict consent_closed unless it is open; the same answer twice is once.
domain::Outcome<ConsentState> answer_consent(const Environment&, const Call&,
                                             std::string_view token, ConsentAnswer,
                                             const std::string& note);

// What a referral says; NotFound unless consent is given.
domain::Outcome<ConsentView> find_referral_by_token(const Environment&, std::string_view token);
// For who may see_registration.
domain::Outcome<ConsentView> find_referral(const Environment&, const Actor&,
                                           domain::RegistrationId);

}  // namespace narada::usecases
