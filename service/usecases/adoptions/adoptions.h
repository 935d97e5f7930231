#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/adoption.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

struct AdoptionForm {
  domain::AdoptionStatus status = domain::AdoptionStatus::considering;
  std::optional<domain::Date> since;
  std::string meeting;       // slug or id of a published one; empty: not known
  std::string changed;       // what they do differently; plain text
  std::string document_url;  // https://…
  friend bool operator==(const AdoptionForm&, const AdoptionForm&) = default;
};

// What an institution says of a published practice; again: the same record changes. `practice`:
// slug or id, `institution`: TERYT, slug or id. For who may record_adoption for the institution;
// NotFound when the practice is not public. FieldErrors: institution: unknown_institution,
// own_practice (it is theirs); since: future_date; meeting: unknown_meeting; changed: too_long;
// document_url: invalid_url, not_https. Stale when a version is given that is no longer current.
domain::Outcome<domain::AdoptionId> record_adoption(const Environment&, const Call&,
                                                    std::string_view practice,
                                                    std::string_view institution,
                                                    const AdoptionForm&,
                                                    std::optional<std::int64_t> version = {});
// A record that was made by mistake.
domain::Outcome<domain::AdoptionId> remove_adoption(const Environment&, const Call&,
                                                    domain::AdoptionId);

struct LearntAt {
  domain::MeetingId id;
  std::string slug;
  std::string title;
  domain::WallTime starts{};
};
struct AdoptionEntry {
  domain::Adoption adoption;
  std::optional<LearntAt> learnt_at;  // a published one
  bool may_change = false;
};
// Of a published practice, adopted ones first, then the newest. given_up only for those who may
// record for that institution.
domain::Outcome<std::vector<AdoptionEntry>> list_adoptions(const Environment&, const Actor&,
                                                           std::string_view practice);
// What an institution took: of published practices alone; given_up as above.
std::vector<AdoptionEntry> list_adoptions_by(const Environment&, const Actor&,
                                             domain::InstitutionId);
// What others took of the practices that the institution gave; without given_up.
std::vector<AdoptionEntry> list_adoptions_from(const Environment&, const Actor&,
                                               domain::InstitutionId);

// Institutions that the actor may record for, which is all of them for organizers of everything
// (`all`, and then none is listed).
struct AdoptingInstitutions {
  bool all = false;
  std::vector<domain::InstitutionRef> institutions;
};
AdoptingInstitutions list_adopting_institutions(const Environment&, const Actor&);
// Published meetings where the practice was presented and the institution took part (confirmed or
// attended), the newest first.
std::vector<LearntAt> list_meetings_to_learn_at(const Environment&, domain::PracticeId,
                                                domain::InstitutionId);

}  // namespace narada::usecases
