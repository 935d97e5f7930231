#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/people.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// People as those see them who manage roles (Action::manage_people); Forbidden for others.
struct PersonFilter {
  std::string q;            // in name or e-mail
  std::string institution;  // in the name or an alias of their institution
  std::optional<Role> role;
};
// By full name in Polish order; one statement for a page, whatever stands on it.
domain::Outcome<PageOf<domain::PersonSummary>> list_people(const Environment&, const Actor&,
                                                           const PersonFilter&, const PageRequest&);
domain::Outcome<domain::PersonRecord> find_person_record(const Environment&, const Actor&,
                                                         domain::PersonId);

// Whether anything in the panel is for this actor.
bool has_panel(const Actor&);

}  // namespace narada::usecases
