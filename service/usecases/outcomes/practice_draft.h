#pragma once

#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/usecases/environment.h"
#include "service/usecases/outcomes/outcomes.h"
#include "service/usecases/practices/practices.h"

namespace narada::usecases {

// A description of a practice begun with what is known of a cycle. What the cycle does not say
// stays empty.
struct PracticeOutline {
  PracticeForm form;
  std::vector<OutcomeMaterial> materials;     // of the cycle and its meetings, public ones
  std::vector<domain::PracticeRef> existing;  // that were drafted from it before
};
// For organizers of the cycle; else NotFound or Forbidden.
domain::Outcome<PracticeOutline> outline_practice(const Environment&, const Actor&,
                                                  domain::CycleId);
// The draft, with copies of those of its materials that are named. Outcomes of the cycle that came
// as far as a published practice and name none are linked to it. FieldErrors materials:
// unknown_material.
domain::Outcome<domain::PracticeId> draft_practice(const Environment&, const Call&, domain::CycleId,
                                                   const std::vector<std::string>& materials);

// "prototype" → "prototyp".
std::string stage_name(domain::OutcomeStage, domain::Language);

}  // namespace narada::usecases
