#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/practice.h"
#include "service/domain/time.h"

namespace narada::domain {

// Institution X considers, adapts or has adopted a practice (wdrożenie w innej gminie). given_up:
// it looked and did not; shown to nobody but itself and the organizers.
enum class AdoptionStatus { considering, adapting, adopted, given_up };
std::string_view to_string(AdoptionStatus status);
std::optional<AdoptionStatus> find_adoption_status(std::string_view name);

struct Adoption {
  AdoptionId id;
  PracticeRef practice;
  InstitutionRef institution;
  AdoptionStatus status = AdoptionStatus::considering;
  std::optional<Date> since;           // of this status, as the institution says
  std::optional<MeetingId> learnt_at;  // the meeting where it was learnt
  std::string changed;                 // what they do differently; plain text
  std::string document_url;            // https://…, the act or page that shows it
  std::int64_t version = 1;
};

}  // namespace narada::domain
