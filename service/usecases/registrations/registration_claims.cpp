#include "service/usecases/registrations/registration_claims.h"

#include <utility>

#include "sql/error.h"

namespace narada::usecases {
namespace {

using domain::RegistrationStatus;
using storage::StoredRegistration;
using ClaimResult = std::variant<ClaimedPlace, domain::Refused>;

void fill(const PlaceClaim& claim, StoredRegistration& stored) {
  domain::Registration& registration = stored.registration;
  registration.person = claim.person;
  registration.mode = claim.mode;
  registration.enrolment = claim.enrolment;
  registration.delegation = claim.delegation;
  registration.needs = claim.needs;
  registration.diet = claim.diet;
  registration.access_needs = claim.access_needs;
  registration.interpreter = claim.interpreter;
  registration.question = claim.question;
  registration.challenge = claim.challenge;
  registration.challenge_contact = claim.challenge_contact;
  registration.visible = claim.visible;
}

domain::Admission decide(const LockedMeeting& meeting, const PlaceClaim& claim) {
  PlaceRequest request;
  request.mode = claim.mode;
  if (claim.person.institution) request.institution = claim.person.institution->id;
  request.delegated = claim.delegation.has_value();
  return claim.enrolment ? meeting.decide_admission_of_enrolled(request)
                         : meeting.decide_admission(request);
}

ClaimResult return_to(LockedMeeting& meeting, const PlaceClaim& claim, StoredRegistration stored) {
  const domain::Admission admission = decide(meeting, claim);
  if (const auto* refused = std::get_if<domain::Refused>(&admission)) return *refused;
  fill(claim, stored);
  std::string token = meeting.readmit(stored, admission);
  return ClaimedPlace{stored.registration, true, std::move(token)};
}

}  // namespace

domain::AttendanceMode offered_mode(const domain::MeetingSummary& meeting,
                                    domain::AttendanceMode wanted) {
  if (domain::seats_of(meeting, wanted).offered) return wanted;
  return meeting.online.offered ? domain::AttendanceMode::online : domain::AttendanceMode::onsite;
}

ClaimResult claim_place(const Change& change, LockedMeeting& meeting, const PlaceClaim& claim,
                        EarlierClaim earlier) {
  const auto find_earlier = [&] {
    return storage::find_registration_of(change.connection, meeting.meeting().id, claim.person.id);
  };
  std::optional<StoredRegistration> found;
  if (earlier == EarlierClaim::possible) found = find_earlier();
  if (!found) {
    const domain::Admission admission = decide(meeting, claim);
    if (const auto* refused = std::get_if<domain::Refused>(&admission)) return *refused;
    StoredRegistration stored;
    fill(claim, stored);
    try {
      std::string token = meeting.admit(stored, admission);
      return ClaimedPlace{stored.registration, true, std::move(token)};
    } catch (const storage::Duplicate&) {
      found = find_earlier();  // came in between the first look and the lock
      if (!found) throw;
    }
  }
  if (found->registration.status == RegistrationStatus::cancelled) {
    return return_to(meeting, claim, *std::move(found));
  }
  return ClaimedPlace{found->registration, false, {}};
}

}  // namespace narada::usecases
