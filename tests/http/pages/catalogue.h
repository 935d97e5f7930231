#pragma once

#include <string>

#include "tests/support/registration_world.h"

namespace narada::testing {

// Paths of one published thing of each kind, all of them full of `text` wherever organizers may
// type; addresses are left empty, because their form is checked.
struct Catalogue {
  std::string meeting;
  std::string cycle;
  std::string practice;
  std::string institution;
};
Catalogue fill_catalogue(RegistrationWorld& world, const std::string& text);

// `count` published meetings of the cycle-less kind on one day after another.
void publish_many(RegistrationWorld& world, int count);

}  // namespace narada::testing
