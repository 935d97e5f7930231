#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/meeting.h"

namespace narada::domain {

enum class PracticeType {
  procedural,
  investment,
  it,
  social,
  organizational,
  promotional,
  project
};
enum class PracticeArea {
  social_services,
  technical_services,
  institutional_development,
  energy_efficiency,
  ngo_cooperation,
  intermunicipal_cooperation,
  social_dialogue,
};
enum class PracticeOrigin { metropolis, poland, abroad };
enum class PracticeState { in_progress, implemented, completed };
enum class PracticeStatus { draft, published };

struct PracticeSummary {
  PracticeId id;
  std::string slug;
  std::string title;
  std::string lead;
  PracticeStatus status = PracticeStatus::draft;
  std::optional<PracticeType> type;
  bool type_from_source = false;  // false: assigned by the editors of this service
  std::optional<PracticeArea> area;
  std::optional<TopicRef> topic;
  std::optional<PracticeOrigin> origin;
  std::optional<PracticeState> state;
  std::optional<int> implementation_year;
  std::optional<unsigned> implementation_month;  // 1..12
  std::vector<InstitutionRef> institutions;      // lead first, then partners
  std::string institution_text;                  // as published, where no institution is known here
  Instant published_at{};
};

// A published meeting whose program has the practice.
struct PracticePresentation {
  MeetingId id;
  std::string slug;
  std::string title;
};

struct Practice : PracticeSummary {
  std::optional<std::string> budget_pln;  // decimal, two places: "9881414.42"
  std::string situation_before, aim, description, results, lessons;
  std::string contact;
  std::string found_by;  // contest, exchange group, office, media, recommendation, meeting, cycle
  std::string financing;
  std::optional<Date> verified_on;
  std::string legacy_url;
  std::string source_url;
  std::string caveat;
  std::vector<PracticePresentation> presented_at;  // the earliest first
  std::int64_t version = 1;
};

std::string_view to_string(PracticeType type);
std::string_view to_string(PracticeArea area);
std::string_view to_string(PracticeOrigin origin);
std::string_view to_string(PracticeState state);
std::string_view to_string(PracticeStatus status);
std::optional<PracticeType> find_practice_type(std::string_view name);
std::optional<PracticeArea> find_practice_area(std::string_view name);
std::optional<PracticeOrigin> find_practice_origin(std::string_view name);
std::optional<PracticeState> find_practice_state(std::string_view name);
std::optional<PracticeStatus> find_practice_status(std::string_view name);

}  // namespace narada::domain
