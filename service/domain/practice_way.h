#pragma once

#include <optional>
#include <string>

#include "service/domain/practice.h"
#include "service/domain/work_outcome.h"

namespace narada::domain {

// How long published practices took, from the first meeting of the work that they come from.
struct PracticeWay {
  PracticeRef practice;
  std::optional<TopicRef> topic;
  std::optional<Date> first_meeting;  // of its cycle, or the meeting that it comes from
  std::optional<Date> published;
  std::optional<Date> first_adopted;  // the first day that an adopter gives
  int adopters = 0;                   // that have adopted it
};

// Outcomes of published meetings and cycles by the furthest stage; absent: none reached.
struct StageCount {
  std::optional<OutcomeStage> stage;
  int outcomes = 0;
};

// Institutions that said something of published practices, by name; without those that gave up.
struct AdopterCount {
  InstitutionRef institution;
  int considering = 0;
  int adapting = 0;
  int adopted = 0;
};

}  // namespace narada::domain
