#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/date_finder.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Who is wanted, and when. Keys that name nobody are left out.
struct DateSearch {
  domain::DateWish wish;
  std::vector<std::string> institutions = {};  // TERYT, slug or id
  std::vector<std::string> experts = {};       // slug or id
  std::optional<domain::CycleId> cycle = {};   // whose own meetings hinder nobody
};
struct FoundDates {
  int institutions = 0;  // that are wanted
  int experts = 0;
  std::vector<domain::DateProposal> proposals;
};
// The best days for them. An institution cannot come on a day on which it hosts, presents, or has a
// part in the cycle of another meeting, nor at the hours of one for which people of it are
// registered, nor in a recess; an expert not on the day of another meeting, nor while the expert's
// calendar is taken. Drafts count as far as the actor may see them. The same few statements
// however many are wanted. FieldErrors of domain::find_wish_errors; Forbidden to who organizes
// nothing.
domain::Outcome<FoundDates> find_dates(const Environment&, const Actor&, const DateSearch&);

}  // namespace narada::usecases
