#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/meeting.h"

// Experts as their own page and those who keep the catalogue see them.
namespace narada::domain {

// The account of whom the record is about; they may write the descriptions themselves.
struct ExpertAccount {
  PersonId person;
  std::string full_name;
  std::string email;
};

struct ExpertProfile {
  ExpertRef expert;                           // its description is CommonMark, in Polish
  std::string description_en;                 // CommonMark; empty: the Polish one is shown
  std::string organization;                   // as it is shown; empty: none
  std::optional<InstitutionRef> institution;  // that organization, where the catalogue has it
  std::optional<ExpertAccount> account;
  std::int64_t version = 1;
};

// What somebody leads, as far as visitors may see it.
struct ExpertProgram {
  std::vector<MeetingSummary> meetings;  // the latest first
  std::vector<CycleRef> cycles;          // the last entered first
};

// How many places name an expert.
struct ExpertLinks {
  int meetings = 0;
  int program_items = 0;
  int cycles = 0;
};

}  // namespace narada::domain
