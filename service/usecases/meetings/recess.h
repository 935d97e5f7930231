#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/recess.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Days on which offices cannot come: the planner warns of them and the date finder avoids them.
// Whoever organizes anything sees all and may add some; whoever may edit the catalogue, and
// whoever added them, may take them out.

struct RecessForm {
  std::string institution;  // TERYT, slug or id; empty: everybody
  std::string title;
  domain::Date first;
  domain::Date last;
};
// FieldErrors institution unknown_institution; title required, too_long; first, last
// invalid_date; last ends_before_start, recess_too_long (more than 120 days).
domain::Outcome<domain::RecessId> add_recess(const Environment&, const Call&, const RecessForm&);

// Lines of a spreadsheet: first day, last day, title and, where it is of one office, its name, with
// tabs or semicolons between them; days as 2027-01-21 or 21.01.2027. All of them or, with an error
// of "lines" for each bad line (recess_line_*, {line}), none. Those that are known already are
// passed over. The number that was added.
inline constexpr std::size_t kMostPastedRecesses = 300;
struct RecessLine {
  int number = 0;    // from 1
  std::string text;  // as pasted
  domain::Recess recess;
  domain::FieldErrors errors;
  bool known = false;  // would be passed over
};
// What adding them would come to, line by line; blank ones are none. Errors of "lines" as below for
// none at all and for too many.
domain::Outcome<std::vector<RecessLine>> check_recess_lines(const Environment&, const Actor&,
                                                            std::string_view lines);
domain::Outcome<int> add_recess_lines(const Environment&, const Call&, std::string_view lines);

domain::Outcome<domain::RecessId> remove_recess(const Environment&, const Call&, domain::RecessId);

// Those that have not passed, by their first day.
domain::Outcome<std::vector<domain::Recess>> list_recesses(const Environment&, const Actor&);
bool may_remove(const Actor&, const domain::Recess&);

}  // namespace narada::usecases
