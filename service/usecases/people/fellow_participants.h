#pragma once

#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// One participant as the others see them: never an address or a position.
struct FellowParticipant {
  std::string full_name;
  std::string institution;  // empty: none was given
  friend bool operator==(const FellowParticipant&, const FellowParticipant&) = default;
};

// Who else has a place at a meeting.
struct FellowParticipants {
  std::vector<FellowParticipant> colleagues;  // of the viewer's institution, by name
  std::vector<FellowParticipant> others;      // who agreed to be seen, by institution and name
  int unnamed = 0;                            // the rest
};

// For the person behind the actor, whose registration it is; NotFound for anybody else's. Who waits
// or has cancelled learns numbers only.
domain::Outcome<FellowParticipants> list_fellow_participants(const Environment&, const Actor&,
                                                             domain::RegistrationId);

}  // namespace narada::usecases
