#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/registration.h"
#include "service/domain/time.h"

namespace narada::domain {

// Fair places: how the places of one attendance mode are shared out among institutions. Everything
// here is pure, so what the activity log says can be decided again from it.

enum class WaitingOrder {
  arrival,
  unrepresented_first,  // institutions that have no place yet, then by arrival
};

// What the organizers of a meeting have laid down; it holds for each attendance mode by itself.
struct PlacePolicy {
  int guaranteed_places = 0;                        // for each institution that has the guarantee
  std::optional<Instant> guaranteed_until;          // absent: until the meeting begins
  std::optional<int> institution_cap;               // most places of one institution
  std::optional<std::int64_t> smallest_population;  // limits of who may come; inclusive
  std::optional<std::int64_t> largest_population;
  std::vector<InstitutionKind> kinds;  // who may come; empty: all
  WaitingOrder order = WaitingOrder::arrival;
  int offer_minutes = 0;  // how long a freed place waits for an answer; 0: it is theirs at once
  std::int64_t version = 0;
  friend bool operator==(const PlacePolicy&, const PlacePolicy&) = default;
};

// What one institution has of the places. A place is used when somebody of the institution is
// confirmed, is offered it, or a delegation holds it open.
struct InstitutionPlaces {
  bool guaranteed = false;            // has the guarantee of the policy
  int kept = 0;                       // that organizers keep for it (pilot, owner)
  std::optional<Instant> kept_until;  // absent: until the meeting begins
  int delegated = 0;                  // of its delegation, with a name or open
  int named = 0;                      // of those, with a confirmed person
  int confirmed = 0;                  // all who are confirmed
  int offered = 0;                    // people who have an offer

  int open() const { return delegated > named ? delegated - named : 0; }
  int used() const { return confirmed + offered + open(); }
  friend bool operator==(const InstitutionPlaces&, const InstitutionPlaces&) = default;
};

// Somebody in the line.
struct WaitingClaim {
  RegistrationId registration;
  std::optional<InstitutionId> institution;
  std::int64_t queue_number = 0;
  std::optional<Instant> offer_until;  // a place is held for them until then
  int missed_offers = 0;
  friend bool operator==(const WaitingClaim&, const WaitingClaim&) = default;
};

// The places of one attendance mode as they are, with the rules.
struct PlaceBook {
  PlacePolicy policy;
  Instant begins_at{};  // of the meeting; nothing is held beyond it
  bool offered = false;
  bool waitlist = true;
  std::optional<int> capacity;  // absent: no limit
  int confirmed = 0;
  std::map<InstitutionId, InstitutionPlaces> institutions;  // absent: nothing of its own
  std::vector<WaitingClaim> waiting;                        // in no order
  friend bool operator==(const PlaceBook&, const PlaceBook&) = default;
};

// Who asks for a place.
struct Claimant {
  std::optional<InstitutionId> institution;
  std::optional<InstitutionKind> kind;
  std::optional<std::int64_t> population;
};

// Why somebody has a place, waits, or is refused: told to them in one sentence. The names stand in
// the activity log.
enum class PlaceReason {
  free_place,
  guaranteed_place,    // one of those guaranteed to their institution
  kept_place,          // one of those kept for their institution
  delegated_place,     // one of their institution's delegation
  offered_place,       // waits, and a place is held for them until `until`
  all_taken,           // waits: nothing is free
  guaranteed_others,   // waits: what is free is guaranteed to others, until `until`
  kept_others,         // waits: what is free is kept for others
  promised_others,     // waits: what is free is offered to others or held by delegations
  offers_missed,       // waits: `number` offers ran out, there are no more
  cap_reached,         // waits or is refused: `number` places are the most of one institution
  not_eligible_kind,   // refused
  not_eligible_size,   // refused: population
  population_unknown,  // refused: the limit is by population
  delegation_full,     // refused: the delegation holds no place open
};
struct PlaceExplanation {
  PlaceReason reason = PlaceReason::free_place;
  std::optional<int> number = {};
  std::optional<Instant> until = {};
  bool newcomers_first = false;  // of who waits: institutions without a place come first
  friend bool operator==(const PlaceExplanation&, const PlaceExplanation&) = default;
};

struct PlaceDecision {
  Admission admission;
  PlaceExplanation why;
};

// After so many offers that ran out a person stays in the line and gets no further one.
inline constexpr int kMostMissedOffers = 2;

// What is set aside for somebody, so that nobody else can have it: offers, open places of
// delegations, and as far as the capacity reaches what is kept and guaranteed. 0 without a
// capacity. confirmed + held_places() <= capacity, unless confirmed alone is more.
int held_places(const PlaceBook& book, Instant now);

// Of those: offers and open places of delegations, which nothing takes away.
int promised_places(const PlaceBook& book);

// How many places are kept or guaranteed for which there is no room: those who have them get them
// by arrival, as long as there are any.
int missing_places(const PlaceBook& book, Instant now);

// What is still set aside for this institution, beside what it uses: by the organizers' hold, and
// by the guarantee beyond that.
struct OwnPlaces {
  int kept = 0;
  int guaranteed = 0;
  friend bool operator==(const OwnPlaces&, const OwnPlaces&) = default;
};
OwnPlaces own_places(const PlaceBook& book, std::optional<InstitutionId> institution, Instant now);

// How many more places the institution can be given now, whoever waits; absent: no limit.
std::optional<int> free_places_for(const PlaceBook& book, std::optional<InstitutionId> institution,
                                   Instant now);

// Why a place that is free for the institution is: because of its own rights, or as any other.
PlaceExplanation explain_place(const PlaceBook& book, std::optional<InstitutionId> institution,
                               Instant now);

// Confirmed, Waitlisted or Refused of a newcomer. Precondition: settled (next_step is absent), so
// that nobody who waits could have the place; no general rule keeps everybody out.
PlaceDecision decide_place(const PlaceBook& book, const Claimant& claimant, Instant now);
// Of somebody who takes a place that a delegation of the institution holds open.
PlaceDecision decide_delegated_place(const PlaceBook& book, InstitutionId institution);
// What of the policy keeps this claimant out for good; absent: nothing.
std::optional<PlaceExplanation> find_exclusion(const PlaceBook& book, const Claimant& claimant);

// Everybody in the line, in the order in which free places come to them.
std::vector<WaitingClaim> line_of(const PlaceBook& book);

// What is due in the book. Each is applied to it before the next one is asked for.
struct PlaceStep {
  enum class Kind {
    expire,   // the offer ran out: to the end of the line
    offer,    // a place is held for them until `until`
    confirm,  // the place is theirs
  };
  Kind kind = Kind::confirm;
  RegistrationId registration;
  std::optional<Instant> until = {};
  friend bool operator==(const PlaceStep&, const PlaceStep&) = default;
};
std::optional<PlaceStep> next_step(const PlaceBook& book, Instant now);
// `queue_number`: of Kind::expire, the new one at the end of the line.
void apply(PlaceBook& book, const PlaceStep& step, std::int64_t queue_number);

// When an offer made now ends; absent: too little time is left before the meeting, the place is
// given at once. Never longer than half of what is left, so that the next in line has time too.
std::optional<Instant> offer_end(const PlacePolicy& policy, Instant begins_at, Instant now);

// Why somebody in the line waits. Precondition: `claim` is in book.waiting.
PlaceExplanation explain_waiting(const PlaceBook& book, const WaitingClaim& claim, Instant now);

// Writing in the book.
void add_confirmed(PlaceBook& book, std::optional<InstitutionId> institution, bool delegated);
void remove_confirmed(PlaceBook& book, std::optional<InstitutionId> institution, bool delegated);
void add_waiting(PlaceBook& book, const WaitingClaim& claim);
void remove_waiting(PlaceBook& book, RegistrationId registration);

std::string_view to_string(WaitingOrder order);
std::optional<WaitingOrder> find_waiting_order(std::string_view name);
std::string_view to_string(PlaceReason reason);
std::optional<PlaceReason> find_place_reason(std::string_view name);

}  // namespace narada::domain
