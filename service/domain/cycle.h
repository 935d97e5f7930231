#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"

namespace narada::domain {

enum class CycleStatus { draft, published, cancelled, binned };
// challenge_owner: właściciel wyzwania · pilot: gmina pilotażowa (there may be several)
enum class CycleRole { challenge_owner, pilot, host, funder, partner, participant };

struct CycleInstitution {
  InstitutionRef institution;
  CycleRole role = CycleRole::participant;
};

// An ordered series of meetings towards one challenge. The published period stands beside the one
// computed from the meetings: where a source says something else, both are kept and shown.
struct CycleSummary {
  CycleId id;
  std::string slug;
  std::string title;
  CycleStatus status = CycleStatus::draft;
  std::optional<TopicRef> topic;
  std::string summary;
  std::string published_period;          // "maj 2023 – grudzień 2023", as the source says
  std::optional<WallTime> first_starts;  // computed
  std::optional<WallTime> last_ends;     // computed
  std::optional<WallTime> next_starts;   // computed, the next one not cancelled
  bool next_is_half_fixed = false;       // of that one the month alone is known
  int meeting_count = 0;                 // computed, drafts and cancelled ones not counted
  std::optional<int> published_meeting_count;
  std::vector<InstitutionRef> owners;
  Instant updated_at{};
};

struct Cycle : CycleSummary {
  std::string challenge;
  std::string goal;
  std::vector<std::string> effects;
  std::vector<std::string> materials;  // named by the source, without files here
  std::vector<CycleInstitution> institutions;
  std::vector<std::string> participants_text;  // as published where no institution is known
  std::vector<ExpertRef> experts;
  std::vector<MeetingSummary> meetings;  // in order; drafts only for those who may see them
  std::vector<std::string> source_urls;
  std::string practice_url;
  std::string caveat;
  std::string uid;
  std::int64_t version = 1;
};

std::string_view to_string(CycleStatus status);
std::string_view to_string(CycleRole role);
std::optional<CycleStatus> find_cycle_status(std::string_view name);
std::optional<CycleRole> find_cycle_role(std::string_view name);

}  // namespace narada::domain
