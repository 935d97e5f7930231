#include "service/usecases/people/fellow_participants.h"

#include <optional>
#include <utility>

#include "service/domain/fellows.h"
#include "service/usecases/operations.h"
#include "sql/my_meetings_store.h"

namespace narada::usecases {
namespace {

using storage::Participant;

FellowParticipants divide(const std::vector<Participant>& participants, const Participant& viewer) {
  FellowParticipants fellows;
  for (const auto& other : participants) {
    if (other.participation.person == viewer.participation.person) continue;
    if (other.participation.status != domain::RegistrationStatus::confirmed) continue;
    if (!domain::may_see_fellow(viewer.participation, other.participation)) {
      ++fellows.unnamed;
      continue;
    }
    const bool is_colleague = viewer.participation.institution &&
                              viewer.participation.institution == other.participation.institution;
    (is_colleague ? fellows.colleagues : fellows.others)
        .push_back({other.full_name, other.institution});
  }
  return fellows;
}

}  // namespace

domain::Outcome<FellowParticipants> list_fellow_participants(const Environment& environment,
                                                             const Actor& actor,
                                                             domain::RegistrationId registration) {
  if (!actor.person) return domain::NotFound{};
  const auto participants = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_participants(connection, registration);
  });
  for (const auto& one : participants) {
    if (one.registration == registration && one.participation.person == *actor.person) {
      return divide(participants, one);
    }
  }
  return domain::NotFound{};
}

}  // namespace narada::usecases
