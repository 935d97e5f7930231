#pragma once

#include <string>
#include <vector>

#include "service/domain/institution_record.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// Two records of one institution become one. Whatever referred to the one that goes refers to the
// one that stays; its name and aliases become aliases; its page leads to the other's. Everything
// that moved is written down, so that it can be undone for 30 days. All of it takes
// Action::edit_catalogue; otherwise Forbidden. Roles held for the institution change hands with the
// rest, which takes Action::manage_people as well.

// How much would move, by what people call it.
struct MergeCount {
  std::string what;  // the table: "registration", "person_role"
  int rows = 0;
  int same = 0;  // of them what the other one has too, and so is dropped
};
struct MergePreview {
  domain::InstitutionRecord from;
  domain::InstitutionRecord into;
  std::vector<MergeCount> counts;
  bool needs_admin = false;  // roles would move, and the reader may not move them
};
// Precondition of both: see merge_institutions, with the same failures.
domain::Outcome<MergePreview> preview_merge(const Environment&, const Actor&,
                                            domain::InstitutionId from, domain::InstitutionId into);

// NotFound when one of them is unknown. Field errors under "into": same_institution, merge_inactive
// when the one that stays is out of use, merge_loses_teryt when only the one that goes has a TERYT
// code. Conflict: institution_merged when the one that goes has been merged already,
// merge_needs_admin when roles are held for it and the caller may not manage people (the preview
// says so instead).
domain::Outcome<domain::InstitutionMergeId> merge_institutions(const Environment&, const Call&,
                                                               domain::InstitutionId from,
                                                               domain::InstitutionId into);

// Gives back what moved and still belongs to the one that stayed; what has been changed since stays
// as it is, and the list of merges says how much that is. Conflict: merge_undone (already),
// merge_too_old (30 days), merge_undo_order (the one that stayed has been merged itself since, or
// what a later merge dropped leans on this one), undo_needs_admin when roles moved and the caller
// may not manage people.
domain::Outcome<domain::InstitutionMergeId> undo_merge(const Environment&, const Call&,
                                                       domain::InstitutionMergeId);

// What came in for a merged institution after its merge, such as a registration that was under way,
// goes to the one that stayed too, and is written down with the rest. How many merges had such
// rows. Cheap when there are none; meant to run now and then.
int collect_late_rows(const Environment&, const Call&);

struct ListedMerge {
  domain::InstitutionMerge merge;
  bool can_undo = false;  // by its age
};
// The latest first, also the undone.
domain::Outcome<PageOf<ListedMerge>> list_merges(const Environment&, const Actor&,
                                                 const PageRequest&);

}  // namespace narada::usecases
