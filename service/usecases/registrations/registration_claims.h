#pragma once

#include <optional>
#include <string>
#include <variant>

#include "service/domain/registration.h"
#include "service/usecases/registrations/locked_meeting.h"

namespace narada::usecases {

// What somebody asks of one meeting. The person is stored already.
struct PlaceClaim {
  domain::Person person;  // with the position, institution and language given for this meeting
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::optional<domain::EnrolmentId> enrolment;
  std::optional<domain::DelegationId> delegation;  // takes a place that it holds open
  std::string needs;
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  std::string question;
  std::string challenge;
  bool challenge_contact = false;
  bool visible = false;
};

// Whether the person had a registration at the meeting when last looked at, without the lock.
enum class EarlierClaim { none, possible };

// The mode wanted where the meeting offers it, else the only one that it offers.
domain::AttendanceMode offered_mode(const domain::MeetingSummary& meeting,
                                    domain::AttendanceMode wanted);

struct ClaimedPlace {
  domain::Registration registration;
  bool created = false;  // false: an earlier registration stands, nothing was written
  std::string token;     // of the /z/ link; only when created
};

// Rules 1 and 2: the registration that stands already, or one by what admission says; somebody who
// had cancelled returns with the same row at the end of the line. Who claims by an enrolment is let
// in before registration opens. `change` is that of `meeting`.
std::variant<ClaimedPlace, domain::Refused> claim_place(const Change& change,
                                                        LockedMeeting& meeting,
                                                        const PlaceClaim& claim,
                                                        EarlierClaim earlier);

}  // namespace narada::usecases
