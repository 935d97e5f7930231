#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/fair_places.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"
#include "sql/place_policy_store.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {

// The rules of who gets the places of a meeting, as organizers lay them down.

struct PlaceHoldForm {
  std::string institution;  // TERYT, slug or id
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int places = 1;
  std::optional<domain::WallTime> until;  // in the meeting's zone
};
struct PlaceRulesForm {
  int guaranteed_places = 0;
  std::optional<domain::WallTime> guaranteed_until;  // in the meeting's zone
  std::vector<std::string> guaranteed;               // TERYT, slug or id of each institution
  std::string guaranteed_association;                // code; all its members have it too
  bool guaranteed_cycle = false;                     // and all institutions of the cycle
  std::optional<int> institution_cap;
  std::optional<std::int64_t> smallest_population;
  std::optional<std::int64_t> largest_population;
  std::vector<domain::InstitutionKind> kinds;
  domain::WaitingOrder order = domain::WaitingOrder::arrival;
  int offer_minutes = 0;
  std::vector<PlaceHoldForm> holds;
  std::int64_t version = 0;  // of the rules that were looked at
};

// One institution in the book of one mode; the id 0 stands for people of none.
struct InstitutionStanding {
  domain::InstitutionRef institution;
  domain::InstitutionPlaces places;
  domain::OwnPlaces own;
  int waiting = 0;
};
struct ModeStanding {
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::optional<int> capacity;
  int confirmed = 0;
  int held = 0;
  int waiting = 0;
  int missing = 0;  // guaranteed or kept, without room for it
  std::vector<InstitutionStanding> institutions;
};
// What other rules would do at once in one mode.
struct PlaceEffect {
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int held_before = 0;
  int held_after = 0;
  int missing = 0;
  int confirmed = 0;  // people of the waiting list who would get a place
  int offered = 0;    // or be offered one
};

struct PlaceOverview {
  domain::Meeting meeting;
  storage::PlaceRules rules;
  std::vector<domain::InstitutionRef> known;  // all that the rules and the books name
  std::vector<ModeStanding> modes;            // those the meeting offers
};
// By who may organize the meeting, else as things.h says.
domain::Outcome<PlaceOverview> load_places(const Environment&, const Actor&, domain::MeetingId);

// What saving `form` would do; nothing is written. Errors as those of save_places.
domain::Outcome<std::vector<PlaceEffect>> preview_places(const Environment&, const Actor&,
                                                         domain::MeetingId, const PlaceRulesForm&);

// Replaces the rules, counts the held places anew and promotes who can be. FieldErrors:
// guaranteed_places, institution_cap, offer_minutes, smallest_population, largest_population
// (out_of_range; largest_below_smallest), guaranteed (required, unknown_institution{name}),
// guaranteed_until, holds[n].until (after_start), holds[n].institution (unknown_institution,
// twice), holds[n].places (out_of_range), holds[n].mode (mode_not_offered). Stale when somebody
// else has changed the rules; Conflict meeting_cancelled, meeting_past.
domain::Outcome<domain::MeetingId> save_places(const Environment&, const Call&, domain::MeetingId,
                                               const PlaceRulesForm&);

// The books as load_place_books gives them, with the seats of the meeting.
storage::PlaceBooks load_books_of(storage::Connection& connection, const domain::Meeting& meeting);

// Of what is held leaves in `state` what is promised to somebody: offers and delegations, and
// nothing once the meeting has begun. What is guaranteed or kept gives way when a meeting shrinks,
// and is told of as missing.
void hold_promised_alone(storage::Connection& connection, domain::MeetingId meeting, bool has_begun,
                         storage::SeatState& state);

// Why somebody has a place or waits, and where they stand in the line; nothing where the meeting
// has no rules.
struct PlaceStanding {
  std::optional<domain::PlaceExplanation> why;
  std::optional<int> queue_position;
};
PlaceStanding find_place_standing(storage::Connection& connection, const domain::Meeting& meeting,
                                  const storage::StoredRegistration& stored, domain::Instant now);

}  // namespace narada::usecases
