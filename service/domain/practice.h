#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/content_digest.h"
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
// The life of a description. Visitors see `published` alone; `archived` was published or is given
// up, and its address says so. submitted: waits for the formal check (complete, of an institution
// that confirmed it); checked: waits for the factual one.
enum class PracticeStatus { draft, submitted, checked, published, archived };

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

// The words of a practice in one language. What the source does not say is empty, and is shown as
// "no data".
struct PracticeText {
  std::string title, lead;
  std::string situation_before, aim, description, results, lessons;
  friend bool operator==(const PracticeText&, const PracticeText&) = default;
};

// Whom to ask. Person, e-mail and phone are public only with `consented`: the day on which that
// person agreed; the unit always is.
struct PracticeContact {
  std::string person, unit, email, phone;
  std::optional<Date> consented;
  std::string consented_by = {};  // who told the editors so, in which way; for editors alone
  friend bool operator==(const PracticeContact&, const PracticeContact&) = default;
};

// A programme that paid, with its logo, which such programmes demand: content of a stored file.
struct PracticeFinancing {
  std::string programme;
  ContentDigest logo;     // empty: none
  std::string logo_text;  // in its place, for who does not see it
  friend bool operator==(const PracticeFinancing&, const PracticeFinancing&) = default;
};

struct Practice : PracticeSummary {
  std::optional<std::string> budget_pln;  // decimal, two places: "9881414.42"
  std::string situation_before, aim, description, results, lessons;
  std::optional<PracticeText> english;  // the edition besides the Polish one
  std::string contact;                  // as a source says it, in one line
  PracticeContact contact_person;
  std::vector<PracticeFinancing> financed_by;
  std::optional<int> ended_year;  // never of a procedural one
  std::optional<unsigned> ended_month;
  std::optional<CycleId> from_cycle;      // drafted from it
  std::optional<MeetingId> from_meeting;  // …
  std::string source_name, source_id;     // of the catalogue that it was imported from
  std::string verified_by;                // who said that it is still true
  std::optional<Instant> archived_at;
  bool featured = false;
  std::optional<PersonId> author;  // who began it, while they have an account
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
