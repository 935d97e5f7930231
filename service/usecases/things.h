#pragma once

#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// What domain::can() is asked about, read from the database. Who may not see a thing learns nothing
// of it (NotFound); who sees it but may not do that, is told so (Forbidden).
domain::Outcome<Thing> check(const Actor& actor, Action action, const Thing& thing);

// The meeting, cycle, practice or enrolment as it stands, once the actor may do this to it.
domain::Outcome<Thing> check_meeting(const Environment&, const Actor&, Action,
                                     std::string_view id_or_slug);
domain::Outcome<Thing> check_cycle(const Environment&, const Actor&, Action,
                                   std::string_view id_or_slug);
domain::Outcome<Thing> check_practice(const Environment&, const Actor&, Action,
                                      std::string_view id_or_slug);
// Forbidden unless some thing, perhaps one to come, is the actor's to do this to: asked before a
// form is read, and no more than a first answer.
domain::Outcome<domain::Reach> check_reach(const Actor& actor, Action action);

}  // namespace narada::usecases
