#include "service/domain/fellows.h"

namespace narada::domain {

bool may_see_fellow(const Participation& viewer, const Participation& other) {
  if (viewer.person == other.person) return false;
  if (viewer.status != RegistrationStatus::confirmed ||
      other.status != RegistrationStatus::confirmed) {
    return false;
  }
  return other.visible;
}

}  // namespace narada::domain
