#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::domain {

// A practice as others take it over: whole, but for whom to ask. `withdrawn`: it was published and
// is no longer; nothing but id, slug, changed_at, type and topic may be told of it then. Empty: no
// source says it.
struct HarvestedPractice {
  PracticeId id;
  std::string slug;
  bool withdrawn = false;
  Instant changed_at{};  // to the second
  std::string title, lead, situation_before, aim, description, results, lessons;
  std::string type, area, origin, state;  // names as in the API
  std::string topic_slug, topic_name;
  std::optional<int> implementation_year;
  std::optional<int> implementation_month;  // 1..12
  std::string budget_pln;                   // "9881414.42"
  std::string institution_text;             // as published, where no institution is known here
  std::string financing, source_url, legacy_url, caveat;
  std::string english_title, english_lead;
  std::vector<std::string> institutions;  // lead first
};

struct HarvestPosition {
  Instant changed_at{};
  PracticeId id;
};
struct HarvestSelection {
  std::optional<Instant> from, until;  // both inclusive
  bool with_topic = false;             // those that have one
  bool with_type = false;
  std::string topic;  // slug; empty: any
  std::string type;
  bool with_withdrawn = true;
  std::optional<HarvestPosition> after;  // exclusive
  int limit = 100;
};

}  // namespace narada::domain
