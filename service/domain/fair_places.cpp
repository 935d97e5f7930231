#include "service/domain/fair_places.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<WaitingOrder, 2> kWaitingOrders{{"arrival", "unrepresented_first"}};
static_assert(is_complete(kWaitingOrders, WaitingOrder::unrepresented_first));

constexpr EnumNames<PlaceReason, 15> kPlaceReasons{
    {"free_place", "guaranteed_place", "kept_place", "delegated_place", "offered_place",
     "all_taken", "guaranteed_others", "kept_others", "promised_others", "offers_missed",
     "cap_reached", "not_eligible_kind", "not_eligible_size", "population_unknown",
     "delegation_full"}};
static_assert(is_complete(kPlaceReasons, PlaceReason::delegation_full));

const InstitutionPlaces& places_of(const PlaceBook& book,
                                   std::optional<InstitutionId> institution) {
  static const InstitutionPlaces kNothing;
  if (!institution) return kNothing;
  const auto found = book.institutions.find(*institution);
  return found == book.institutions.end() ? kNothing : found->second;
}

bool is_guarantee_live(const PlaceBook& book, Instant now) {
  return now < std::min(book.policy.guaranteed_until.value_or(book.begins_at), book.begins_at);
}

OwnPlaces own_of(const PlaceBook& book, const InstitutionPlaces& places, Instant now) {
  const int used = places.used();
  const bool keeps = now < std::min(places.kept_until.value_or(book.begins_at), book.begins_at);
  const int most = book.policy.institution_cap.value_or(std::max(used, 0) + 1'000'000);
  const auto left = [&](int entitled) { return std::max(0, std::min(entitled, most) - used); };
  OwnPlaces own;
  own.kept = left(keeps ? places.kept : 0);
  const bool guaranteed = places.guaranteed && is_guarantee_live(book, now);
  own.guaranteed = std::max(0, left(guaranteed ? book.policy.guaranteed_places : 0) - own.kept);
  return own;
}

// Sums over all institutions, so that many claimants are decided without counting again.
struct Totals {
  int free = 0;      // neither confirmed nor promised
  int promised = 0;  // offers and open places of delegations
  OwnPlaces aside;   // what is kept and guaranteed, whether or not there is room
};

Totals total(const PlaceBook& book, Instant now) {
  Totals totals;
  for (const auto& [institution, places] : book.institutions) {
    const OwnPlaces own = own_of(book, places, now);
    totals.aside.kept += own.kept;
    totals.aside.guaranteed += own.guaranteed;
  }
  totals.promised = promised_places(book);
  totals.free = book.capacity.value_or(0) - book.confirmed - totals.promised;
  return totals;
}

// How many places are left to an institution by the capacity alone. What is kept for others comes
// before a guarantee, and both before those who have neither; among equals the first to come.
int room_for(const Totals& totals, const OwnPlaces& own) {
  const int beside_kept = totals.free - (totals.aside.kept - own.kept);
  const int beside_all = beside_kept - (totals.aside.guaranteed - own.guaranteed);
  const int by_hold = std::min(own.kept, totals.free);
  const int by_guarantee = std::min(own.kept + own.guaranteed, beside_kept);
  return std::max({0, by_hold, by_guarantee, beside_all});
}

std::optional<int> left_by_cap(const PlaceBook& book, std::optional<InstitutionId> institution) {
  if (!book.policy.institution_cap || !institution) return std::nullopt;
  return std::max(0, *book.policy.institution_cap - places_of(book, institution).used());
}

std::optional<int> free_for(const PlaceBook& book, const Totals& totals,
                            std::optional<InstitutionId> institution, Instant now) {
  std::optional<int> free = left_by_cap(book, institution);
  if (!book.capacity) return free;
  const int room = room_for(totals, own_of(book, places_of(book, institution), now));
  return free ? std::min(*free, room) : room;
}

bool has_offer(const WaitingClaim& claim) { return claim.offer_until.has_value(); }

bool comes_after_newcomers(const PlaceBook& book, std::optional<InstitutionId> institution) {
  return book.policy.order == WaitingOrder::unrepresented_first &&
         (!institution || places_of(book, institution).used() > 0);
}

// Of somebody whom the places that are left do not reach.
PlaceExplanation explain_lack(const PlaceBook& book, std::optional<InstitutionId> institution,
                              Instant now) {
  const Totals totals = total(book, now);
  const OwnPlaces own = own_of(book, places_of(book, institution), now);
  PlaceExplanation why;
  why.newcomers_first = comes_after_newcomers(book, institution);
  const int beside_kept = totals.free - (totals.aside.kept - own.kept);
  if (totals.free + totals.promised <= 0) {
    why.reason = PlaceReason::all_taken;
  } else if (totals.free <= 0) {
    why.reason = PlaceReason::promised_others;
  } else if (beside_kept <= 0) {
    why.reason = PlaceReason::kept_others;
  } else if (beside_kept <= totals.aside.guaranteed - own.guaranteed) {
    why.reason = PlaceReason::guaranteed_others;
    why.until = book.policy.guaranteed_until;
  } else {
    why.reason = PlaceReason::all_taken;
  }
  return why;
}

PlaceDecision refuse(PlaceExplanation why) {
  return {Refused{"", std::string(to_string(why.reason))}, why};
}

InstitutionPlaces* find_places(PlaceBook& book, std::optional<InstitutionId> institution) {
  return institution ? &book.institutions[*institution] : nullptr;
}

std::vector<WaitingClaim>::iterator find_claim(PlaceBook& book, RegistrationId registration) {
  return std::find_if(book.waiting.begin(), book.waiting.end(), [&](const WaitingClaim& claim) {
    return claim.registration == registration;
  });
}

void move_offer(PlaceBook& book, std::optional<InstitutionId> institution, int by) {
  if (auto* places = find_places(book, institution)) places->offered += by;
}

std::optional<PlaceStep> find_expired(const PlaceBook& book, Instant now) {
  const WaitingClaim* first = nullptr;
  const auto key = [](const WaitingClaim& claim) {
    return std::tuple(*claim.offer_until, claim.queue_number);
  };
  for (const auto& claim : book.waiting) {
    if (!has_offer(claim) || now < *claim.offer_until) continue;
    if (!first || key(claim) < key(*first)) first = &claim;
  }
  if (!first) return std::nullopt;
  return PlaceStep{PlaceStep::Kind::expire, first->registration, std::nullopt};
}

}  // namespace

int promised_places(const PlaceBook& book) {
  int promised = 0;
  for (const auto& [institution, places] : book.institutions) promised += places.open();
  for (const auto& claim : book.waiting) promised += has_offer(claim) ? 1 : 0;
  return promised;
}

int held_places(const PlaceBook& book, Instant now) {
  if (!book.offered || !book.capacity) return 0;
  const Totals totals = total(book, now);
  const int wanted = totals.promised + totals.aside.kept + totals.aside.guaranteed;
  return std::clamp(wanted, 0, std::max(0, *book.capacity - book.confirmed));
}

int missing_places(const PlaceBook& book, Instant now) {
  if (!book.offered || !book.capacity) return 0;
  const Totals totals = total(book, now);
  return std::max(0, totals.aside.kept + totals.aside.guaranteed - std::max(0, totals.free));
}

OwnPlaces own_places(const PlaceBook& book, std::optional<InstitutionId> institution, Instant now) {
  return own_of(book, places_of(book, institution), now);
}

std::optional<int> free_places_for(const PlaceBook& book, std::optional<InstitutionId> institution,
                                   Instant now) {
  if (!book.offered) return 0;
  return free_for(book, total(book, now), institution, now);
}

PlaceExplanation explain_place(const PlaceBook& book, std::optional<InstitutionId> institution,
                               Instant now) {
  const Totals totals = total(book, now);
  const bool plenty =
      !book.capacity || totals.free - totals.aside.kept - totals.aside.guaranteed > 0;
  if (plenty) return {};
  const OwnPlaces own = own_of(book, places_of(book, institution), now);
  if (own.kept > 0) return {PlaceReason::kept_place};
  if (own.guaranteed > 0) return {PlaceReason::guaranteed_place};
  return {};
}

std::optional<PlaceExplanation> find_exclusion(const PlaceBook& book, const Claimant& claimant) {
  const InstitutionPlaces& places = places_of(book, claimant.institution);
  // Whom the organizers themselves have given places may come, whatever the limits.
  if (places.guaranteed || places.kept > 0 || places.delegated > 0) return std::nullopt;
  const PlacePolicy& policy = book.policy;
  const auto& kinds = policy.kinds;
  if (!kinds.empty() &&
      (!claimant.kind || std::find(kinds.begin(), kinds.end(), *claimant.kind) == kinds.end())) {
    return PlaceExplanation{PlaceReason::not_eligible_kind};
  }
  if (!policy.smallest_population && !policy.largest_population) return std::nullopt;
  if (!claimant.population) return PlaceExplanation{PlaceReason::population_unknown};
  if (*claimant.population < policy.smallest_population.value_or(*claimant.population) ||
      *claimant.population > policy.largest_population.value_or(*claimant.population)) {
    return PlaceExplanation{PlaceReason::not_eligible_size};
  }
  return std::nullopt;
}

PlaceDecision decide_place(const PlaceBook& book, const Claimant& claimant, Instant now) {
  if (const auto exclusion = find_exclusion(book, claimant)) return refuse(*exclusion);
  if (left_by_cap(book, claimant.institution) == 0) {
    return refuse({PlaceReason::cap_reached, book.policy.institution_cap});
  }
  const auto free = free_places_for(book, claimant.institution, now);
  if (!free || *free > 0) return {Confirmed{}, explain_place(book, claimant.institution, now)};
  const PlaceExplanation why = explain_lack(book, claimant.institution, now);
  if (book.waitlist) return {Waitlisted{}, why};
  return {Refused{"", "full"}, why};
}

PlaceDecision decide_delegated_place(const PlaceBook& book, InstitutionId institution) {
  const bool has_room = !book.capacity || book.confirmed < *book.capacity;
  if (!has_room || places_of(book, institution).open() == 0) {
    return refuse({PlaceReason::delegation_full});
  }
  return {Confirmed{}, {PlaceReason::delegated_place}};
}

std::vector<WaitingClaim> line_of(const PlaceBook& book) {
  std::vector<WaitingClaim> line = book.waiting;
  std::sort(line.begin(), line.end(), [](const WaitingClaim& one, const WaitingClaim& other) {
    return one.queue_number < other.queue_number;
  });
  std::set<InstitutionId> met;  // the first of an institution stands for it, the next ones do not
  const auto rank = [&](const WaitingClaim& claim) {
    if (has_offer(claim)) return 0;
    if (book.policy.order == WaitingOrder::arrival) return 1;
    const bool stands_for_it = !comes_after_newcomers(book, claim.institution) &&
                               claim.missed_offers < kMostMissedOffers &&
                               met.insert(*claim.institution).second;
    return stands_for_it ? 1 : 2;
  };
  std::array<std::vector<WaitingClaim>, 3> ranks;
  for (const auto& claim : line) ranks.at(static_cast<std::size_t>(rank(claim))).push_back(claim);
  line.clear();
  for (const auto& claims : ranks) line.insert(line.end(), claims.begin(), claims.end());
  return line;
}

std::optional<PlaceStep> next_step(const PlaceBook& book, Instant now) {
  if (!book.offered || now >= book.begins_at || book.waiting.empty()) return std::nullopt;
  if (auto expired = find_expired(book, now)) return expired;
  const Totals totals = total(book, now);
  if (book.capacity && totals.free <= 0) return std::nullopt;
  for (const auto& claim : line_of(book)) {
    if (has_offer(claim) || claim.missed_offers >= kMostMissedOffers) continue;
    const auto free = free_for(book, totals, claim.institution, now);
    if (free && *free == 0) continue;
    const auto until = offer_end(book.policy, book.begins_at, now);
    return PlaceStep{until ? PlaceStep::Kind::offer : PlaceStep::Kind::confirm, claim.registration,
                     until};
  }
  return std::nullopt;
}

void apply(PlaceBook& book, const PlaceStep& step, std::int64_t queue_number) {
  const auto claim = find_claim(book, step.registration);
  if (claim == book.waiting.end()) return;
  if (step.kind == PlaceStep::Kind::confirm) {
    const auto institution = claim->institution;
    remove_waiting(book, step.registration);
    add_confirmed(book, institution, false);
    return;
  }
  const bool expires = step.kind == PlaceStep::Kind::expire;
  move_offer(book, claim->institution, expires ? -1 : 1);
  claim->offer_until = step.until;
  if (!expires) return;
  claim->queue_number = queue_number;
  ++claim->missed_offers;
}

std::optional<Instant> offer_end(const PlacePolicy& policy, Instant begins_at, Instant now) {
  using std::chrono::minutes;
  const minutes wanted(policy.offer_minutes);
  const std::chrono::seconds most = (begins_at - now) / 2;
  constexpr minutes kLeast(30);
  if (wanted <= minutes(0) || most < std::min(wanted, kLeast)) return std::nullopt;
  return now + std::min<std::chrono::seconds>(wanted, most);
}

PlaceExplanation explain_waiting(const PlaceBook& book, const WaitingClaim& claim, Instant now) {
  if (claim.offer_until && now < *claim.offer_until) {
    return {PlaceReason::offered_place, std::nullopt, claim.offer_until};
  }
  if (claim.missed_offers >= kMostMissedOffers) {
    return {PlaceReason::offers_missed, claim.missed_offers};
  }
  if (left_by_cap(book, claim.institution) == 0) {
    return {PlaceReason::cap_reached, book.policy.institution_cap};
  }
  return explain_lack(book, claim.institution, now);
}

void add_confirmed(PlaceBook& book, std::optional<InstitutionId> institution, bool delegated) {
  ++book.confirmed;
  auto* places = find_places(book, institution);
  if (!places) return;
  ++places->confirmed;
  if (delegated) ++places->named;
}

void remove_confirmed(PlaceBook& book, std::optional<InstitutionId> institution, bool delegated) {
  --book.confirmed;
  auto* places = find_places(book, institution);
  if (!places) return;
  --places->confirmed;
  if (delegated) --places->named;
}

void add_waiting(PlaceBook& book, const WaitingClaim& claim) {
  book.waiting.push_back(claim);
  if (has_offer(claim)) move_offer(book, claim.institution, 1);
}

void remove_waiting(PlaceBook& book, RegistrationId registration) {
  const auto claim = find_claim(book, registration);
  if (claim == book.waiting.end()) return;
  if (has_offer(*claim)) move_offer(book, claim->institution, -1);
  book.waiting.erase(claim);
}

std::string_view to_string(WaitingOrder order) { return kWaitingOrders.name_of(order); }
std::optional<WaitingOrder> find_waiting_order(std::string_view name) {
  return kWaitingOrders.find(name);
}
std::string_view to_string(PlaceReason reason) { return kPlaceReasons.name_of(reason); }
std::optional<PlaceReason> find_place_reason(std::string_view name) {
  return kPlaceReasons.find(name);
}

}  // namespace narada::domain
