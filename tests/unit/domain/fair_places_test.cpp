#include "service/domain/fair_places.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

using namespace narada::domain;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr Instant kNow{seconds{1'800'000'000}};
constexpr Instant kBegins = kNow + hours(240);
constexpr InstitutionId kGliwice{1};
constexpr InstitutionId kZabrze{2};
constexpr InstitutionId kTychy{3};

// Ten places on site, none taken, a waiting list, no rules.
PlaceBook book_of(int capacity = 10) {
  PlaceBook book;
  book.begins_at = kBegins;
  book.offered = true;
  book.capacity = capacity;
  return book;
}

void confirm(PlaceBook& book, InstitutionId institution, int times = 1) {
  for (int time = 0; time < times; ++time) add_confirmed(book, institution, false);
}

void wait(PlaceBook& book, std::int64_t registration, std::optional<InstitutionId> institution) {
  add_waiting(book, {{registration}, institution, registration, std::nullopt, 0});
}

void guarantee(PlaceBook& book, int places, std::vector<InstitutionId> institutions,
               std::optional<Instant> until = kNow + hours(48)) {
  book.policy.guaranteed_places = places;
  book.policy.guaranteed_until = until;
  for (const auto institution : institutions) book.institutions[institution].guaranteed = true;
}

void keep(PlaceBook& book, InstitutionId institution, int places,
          std::optional<Instant> until = std::nullopt) {
  book.institutions[institution].kept = places;
  book.institutions[institution].kept_until = until;
}

std::string describe(const PlaceDecision& decision) {
  const auto& admission = decision.admission;
  std::string text = std::holds_alternative<Confirmed>(admission)    ? "confirmed"
                     : std::holds_alternative<Waitlisted>(admission) ? "waitlisted"
                                                                     : "refused ";
  if (const auto* refused = std::get_if<Refused>(&admission)) text += refused->code;
  text += ": " + std::string(to_string(decision.why.reason));
  if (decision.why.number) text += fmt::format(" {}", *decision.why.number);
  if (decision.why.until) {
    text += fmt::format(" +{}h", std::chrono::floor<hours>(*decision.why.until - kNow).count());
  }
  if (decision.why.newcomers_first) text += " newcomers first";
  return text;
}

std::string describe(const std::optional<PlaceStep>& step) {
  if (!step) return "nothing";
  const char* const names[] = {"expire", "offer", "confirm"};
  std::string text =
      fmt::format("{} {}", names[static_cast<int>(step->kind)], step->registration.value);
  if (step->until) text += fmt::format(" +{}min", (*step->until - kNow).count() / 60);
  return text;
}

std::string describe(const std::vector<WaitingClaim>& line) {
  std::string text;
  for (const auto& claim : line) text += fmt::format("{} ", claim.registration.value);
  return text;
}

// Everything that is due, in words; offers that ran out get numbers from 100 on.
std::string settle(PlaceBook& book, Instant now = kNow) {
  std::string text;
  std::int64_t number = 100;
  while (const auto step = next_step(book, now)) {
    text += describe(step) + "; ";
    apply(book, *step, number++);
  }
  return text;
}

struct DecisionCase {
  const char* name;
  std::function<void(PlaceBook&)> arrange;
  InstitutionId who;
  std::string decision;
  int held = 0;  // before the newcomer
};

const std::vector<DecisionCase>& decision_cases() {
  static const std::vector<DecisionCase> cases{
      {"without rules a free place is given", [](auto& b) { confirm(b, kGliwice, 9); }, kGliwice,
       "confirmed: free_place"},
      {"without rules the eleventh waits", [](auto& b) { confirm(b, kGliwice, 10); }, kZabrze,
       "waitlisted: all_taken"},
      {"without a waiting list the eleventh is refused",
       [](auto& b) {
         confirm(b, kGliwice, 10);
         b.waitlist = false;
       },
       kZabrze, "refused full: all_taken"},
      {"what is guaranteed to others is not given",
       [](auto& b) {
         guarantee(b, 1, {kGliwice, kZabrze});
         confirm(b, kTychy, 8);
       },
       kTychy, "waitlisted: guaranteed_others +48h", 2},
      {"one's own guarantee is given when nothing else is left",
       [](auto& b) {
         guarantee(b, 1, {kGliwice, kZabrze});
         confirm(b, kTychy, 8);
       },
       kZabrze, "confirmed: guaranteed_place", 2},
      {"a guarantee that is used up gives nothing more",
       [](auto& b) {
         guarantee(b, 1, {kGliwice, kZabrze});
         confirm(b, kTychy, 8);
         confirm(b, kZabrze);
       },
       kZabrze, "waitlisted: guaranteed_others +48h", 1},
      {"a guarantee ends at its moment",
       [](auto& b) {
         guarantee(b, 1, {kGliwice}, kNow);
         confirm(b, kTychy, 9);
       },
       kTychy, "confirmed: free_place", 0},
      {"a guarantee without an end lasts until the meeting begins",
       [](auto& b) {
         guarantee(b, 1, {kGliwice}, std::nullopt);
         confirm(b, kTychy, 9);
       },
       kTychy, "waitlisted: guaranteed_others", 1},
      {"places that are kept are not given",
       [](auto& b) {
         keep(b, kGliwice, 3);
         confirm(b, kTychy, 7);
       },
       kTychy, "waitlisted: kept_others", 3},
      {"places that are kept are given to whom they are kept for",
       [](auto& b) {
         keep(b, kGliwice, 3);
         confirm(b, kTychy, 7);
       },
       kGliwice, "confirmed: kept_place", 3},
      {"a hold ends at its moment",
       [](auto& b) {
         keep(b, kGliwice, 3, kNow);
         confirm(b, kTychy, 7);
       },
       kTychy, "confirmed: free_place", 0},
      {"a hold counts within the guarantee, not beside it",
       [](auto& b) {
         guarantee(b, 2, {kGliwice});
         keep(b, kGliwice, 3);
         confirm(b, kTychy, 7);
       },
       kTychy, "waitlisted: kept_others", 3},
      {"of more guarantees than places the first to come get theirs",
       [](auto& b) {
         guarantee(b, 1, {kGliwice, kZabrze});
         confirm(b, kTychy, 9);
       },
       kZabrze, "confirmed: guaranteed_place", 1},
      {"of more guarantees than places nobody else gets any",
       [](auto& b) {
         guarantee(b, 1, {kGliwice, kZabrze});
         confirm(b, kTychy, 9);
       },
       kTychy, "waitlisted: guaranteed_others +48h", 1},
      {"a hold comes before a guarantee",
       [](auto& b) {
         guarantee(b, 1, {kZabrze});
         keep(b, kGliwice, 1);
         confirm(b, kTychy, 9);
       },
       kZabrze, "waitlisted: kept_others", 1},
      {"a delegation's open places are not given to others",
       [](auto& b) {
         b.institutions[kGliwice].delegated = 4;
         confirm(b, kTychy, 6);
       },
       kTychy, "waitlisted: promised_others", 4},
      {"nor to those of its institution who come by themselves",
       [](auto& b) {
         b.institutions[kGliwice].delegated = 4;
         confirm(b, kTychy, 6);
       },
       kGliwice, "waitlisted: promised_others", 4},
      {"a delegation uses up the guarantee of its institution",
       [](auto& b) {
         guarantee(b, 2, {kGliwice});
         b.institutions[kGliwice].delegated = 2;
         confirm(b, kTychy, 7);
       },
       kTychy, "confirmed: free_place", 2},
      {"an offered place is not given to a newcomer",
       [](auto& b) {
         confirm(b, kTychy, 9);
         add_waiting(b, {{7}, kGliwice, 7, kNow + hours(1), 0});
       },
       kZabrze, "waitlisted: promised_others", 1},
      {"an institution at its cap is refused",
       [](auto& b) {
         b.policy.institution_cap = 2;
         confirm(b, kTychy, 2);
       },
       kTychy, "refused cap_reached: cap_reached 2"},
      {"an institution below its cap is not",
       [](auto& b) {
         b.policy.institution_cap = 2;
         confirm(b, kTychy, 1);
       },
       kTychy, "confirmed: free_place"},
      {"open places of a delegation and offers count towards the cap",
       [](auto& b) {
         b.policy.institution_cap = 2;
         b.institutions[kTychy].delegated = 1;
         add_waiting(b, {{7}, kTychy, 7, kNow + hours(1), 0});
       },
       kTychy, "refused cap_reached: cap_reached 2", 2},
      {"beyond the cap nothing is held",
       [](auto& b) {
         b.policy.institution_cap = 2;
         keep(b, kGliwice, 5);
         confirm(b, kTychy, 1);
       },
       kTychy, "confirmed: free_place", 2},
      {"who comes after institutions without a place is told so",
       [](auto& b) {
         b.policy.order = WaitingOrder::unrepresented_first;
         confirm(b, kTychy, 10);
       },
       kTychy, "waitlisted: all_taken newcomers first"},
      {"more confirmed than places hold nothing",
       [](auto& b) {
         guarantee(b, 1, {kGliwice});
         confirm(b, kTychy, 12);
       },
       kGliwice, "waitlisted: all_taken", 0},
  };
  return cases;
}

}  // namespace

TEST_CASE("a newcomer is decided by what is set aside for others") {
  for (const auto& row : decision_cases()) {
    CAPTURE(row.name);
    PlaceBook book = book_of();
    row.arrange(book);
    CHECK(describe(decide_place(book, {row.who, std::nullopt, std::nullopt}, kNow)) ==
          row.decision);
    CHECK(held_places(book, kNow) == row.held);
  }
}

TEST_CASE("what is held and confirmed never exceeds the capacity, whatever it shrinks to") {
  PlaceBook book = book_of(60);
  guarantee(book, 2, {kGliwice, kZabrze, kTychy});
  keep(book, kGliwice, 4);
  book.institutions[kZabrze].delegated = 3;
  confirm(book, kTychy, 5);
  for (int capacity = 60; capacity >= 1; --capacity) {
    CAPTURE(capacity);
    book.capacity = capacity;
    CHECK(held_places(book, kNow) + book.confirmed <= std::max(capacity, book.confirmed));
  }
  book.capacity = 12;  // 5 confirmed, 3 promised to the delegation, 4 kept: room for all
  CHECK(held_places(book, kNow) == 7);
  CHECK(missing_places(book, kNow) == 0);
  book.capacity = 10;  // the delegation keeps its places, of those kept two have no room
  CHECK(held_places(book, kNow) == 5);
  CHECK(promised_places(book) == 3);
  CHECK(missing_places(book, kNow) == 2);
}

TEST_CASE("without a capacity nothing is held, and a cap still holds") {
  PlaceBook book = book_of();
  book.capacity.reset();
  guarantee(book, 3, {kGliwice});
  CHECK(held_places(book, kNow) == 0);
  CHECK(free_places_for(book, kGliwice, kNow) == std::nullopt);
  book.policy.institution_cap = 4;
  confirm(book, kGliwice, 3);
  CHECK(free_places_for(book, kGliwice, kNow) == 1);
}

TEST_CASE("an institution is told how many places it can still have") {
  PlaceBook book = book_of();
  guarantee(book, 2, {kGliwice, kZabrze});
  keep(book, kTychy, 1);
  confirm(book, kTychy, 3);
  // Ten less three confirmed, less four guaranteed: three for everybody.
  CHECK(free_places_for(book, InstitutionId{9}, kNow) == 3);
  CHECK(free_places_for(book, kGliwice, kNow) == 5);
  CHECK(free_places_for(book, std::nullopt, kNow) == 3);
  confirm(book, kGliwice, 2);
  CHECK(free_places_for(book, kGliwice, kNow) == 3);
  CHECK(free_places_for(book, kZabrze, kNow) == 5);
}

TEST_CASE("limits by kind and population keep others out, not those named by the organizers") {
  PlaceBook book = book_of();
  book.policy.kinds = {InstitutionKind::rural_municipality};
  book.policy.largest_population = 20'000;
  book.institutions[kGliwice].guaranteed = true;
  book.institutions[kZabrze].kept = 1;
  const auto rural = InstitutionKind::rural_municipality;
  const auto city = InstitutionKind::city_with_county_rights;
  const auto reason = [&](const Claimant& claimant) {
    const auto exclusion = find_exclusion(book, claimant);
    return exclusion ? std::string(to_string(exclusion->reason)) : "may come";
  };
  CHECK(reason({kTychy, rural, 20'000}) == "may come");
  CHECK(reason({kTychy, rural, 20'001}) == "not_eligible_size");
  CHECK(reason({kTychy, city, 100}) == "not_eligible_kind");
  CHECK(reason({kTychy, rural, std::nullopt}) == "population_unknown");
  CHECK(reason({std::nullopt, std::nullopt, std::nullopt}) == "not_eligible_kind");
  CHECK(reason({kGliwice, city, 170'000}) == "may come");
  CHECK(reason({kZabrze, city, 170'000}) == "may come");
  book.policy.smallest_population = 5'000;
  CHECK(reason({kTychy, rural, 4'999}) == "not_eligible_size");
  CHECK(reason({kTychy, rural, 5'000}) == "may come");
}

TEST_CASE("the line goes by arrival, or by institutions that have nobody in yet") {
  PlaceBook book = book_of(2);
  confirm(book, kTychy, 2);
  wait(book, 11, kTychy);
  wait(book, 12, kGliwice);
  wait(book, 13, kGliwice);
  wait(book, 14, std::nullopt);
  wait(book, 15, kZabrze);
  CHECK(describe(line_of(book)) == "11 12 13 14 15 ");
  book.policy.order = WaitingOrder::unrepresented_first;
  CHECK(describe(line_of(book)) == "12 15 11 13 14 ");
}

TEST_CASE("who is represented is asked anew after each promotion") {
  PlaceBook book = book_of(2);
  book.policy.order = WaitingOrder::unrepresented_first;
  confirm(book, kTychy, 2);
  for (const auto& [id, institution] :
       {std::pair{11, kTychy}, {12, kGliwice}, {13, kGliwice}, {14, kZabrze}})
    wait(book, id, institution);
  book.capacity = 5;
  CHECK(settle(book) == "confirm 12; confirm 14; confirm 11; ");
  CHECK(book.confirmed == 5);
}

TEST_CASE("whoever cannot have the place is passed over, not waited for") {
  PlaceBook book = book_of(3);
  guarantee(book, 1, {kGliwice});
  confirm(book, kTychy, 2);
  wait(book, 11, kTychy);
  wait(book, 12, kGliwice);
  CHECK(settle(book) == "confirm 12; ");
  book.capacity = 4;
  book.policy.institution_cap = 2;
  CHECK(settle(book) == "");  // 11 is at its cap
  CHECK(to_string(explain_waiting(book, book.waiting.front(), kNow).reason) == "cap_reached");
}

TEST_CASE("the end of a guarantee promotes in order") {
  PlaceBook book = book_of(3);
  guarantee(book, 1, {kGliwice, kZabrze});
  confirm(book, kTychy, 1);
  wait(book, 11, kTychy);
  wait(book, 12, kTychy);
  wait(book, 13, kTychy);
  CHECK(settle(book) == "");
  CHECK(settle(book, kNow + hours(48)) == "confirm 11; confirm 12; ");
}

TEST_CASE("a freed place is offered, and goes on when nobody answers") {
  PlaceBook book = book_of(2);
  book.policy.offer_minutes = 120;
  confirm(book, kTychy, 1);
  wait(book, 11, kGliwice);
  wait(book, 12, kZabrze);
  CHECK(settle(book) == "offer 11 +120min; ");
  CHECK(held_places(book, kNow) == 1);
  CHECK(describe(line_of(book)) == "11 12 ");
  CHECK(settle(book, kNow + minutes(119)) == "");
  CHECK(settle(book, kNow + minutes(120)) == "expire 11; offer 12 +240min; ");
  CHECK(describe(line_of(book)) == "12 11 ");
  CHECK(settle(book, kNow + minutes(240)) == "expire 12; offer 11 +360min; ");
  CHECK(settle(book, kNow + minutes(360)) == "expire 11; offer 12 +480min; ");
  // Two offers ran out for each of them: nobody is offered a third.
  CHECK(settle(book, kNow + minutes(480)) == "expire 12; ");
  CHECK(held_places(book, kNow) == 0);
  CHECK(describe(decide_place(book, {kTychy, {}, {}}, kNow)) == "confirmed: free_place");
  CHECK(to_string(explain_waiting(book, book.waiting.front(), kNow).reason) == "offers_missed");
}

TEST_CASE("an offer leaves time for the next in line before the meeting") {
  PlacePolicy policy;
  policy.offer_minutes = 24 * 60;
  const auto lasts = [&](std::chrono::seconds left) -> std::string {
    const auto end = offer_end(policy, kNow + left, kNow);
    return end ? std::to_string((*end - kNow).count() / 60) + " min" : "at once";
  };
  CHECK(lasts(hours(72)) == "1440 min");
  CHECK(lasts(hours(48)) == "1440 min");
  CHECK(lasts(hours(4)) == "120 min");
  CHECK(lasts(hours(1)) == "30 min");
  CHECK(lasts(minutes(59)) == "at once");
  policy.offer_minutes = 10;
  CHECK(lasts(minutes(30)) == "10 min");
  CHECK(lasts(minutes(19)) == "at once");
  policy.offer_minutes = 0;
  CHECK(lasts(hours(72)) == "at once");
}

TEST_CASE("a delegation gives its open places and no more, and no place that is not there") {
  PlaceBook book = book_of(3);
  book.institutions[kGliwice].delegated = 2;
  confirm(book, kTychy, 1);
  const auto decide = [&] { return describe(decide_delegated_place(book, kGliwice)); };
  CHECK(decide() == "confirmed: delegated_place");
  add_confirmed(book, kGliwice, true);
  add_confirmed(book, kGliwice, true);
  CHECK(decide() == "refused delegation_full: delegation_full");
  remove_confirmed(book, kGliwice, true);
  CHECK(held_places(book, kNow) == 1);
  book.capacity = 2;
  CHECK(decide() == "refused delegation_full: delegation_full");
}

TEST_CASE("nothing moves once the meeting has begun or the mode is not offered") {
  PlaceBook book = book_of(5);
  keep(book, kGliwice, 2);
  wait(book, 11, kTychy);
  CHECK(describe(next_step(book, kBegins)) == "nothing");
  CHECK(held_places(book, kBegins) == 0);
  CHECK(describe(next_step(book, kNow)) == "confirm 11");
  book.offered = false;
  CHECK(describe(next_step(book, kNow)) == "nothing");
  CHECK(free_places_for(book, kTychy, kNow) == 0);
}

TEST_CASE("the names of orders and reasons are read back") {
  for (const auto order : {WaitingOrder::arrival, WaitingOrder::unrepresented_first})
    CHECK(find_waiting_order(to_string(order)) == order);
  for (int index = 0; index <= static_cast<int>(PlaceReason::delegation_full); ++index) {
    const auto reason = static_cast<PlaceReason>(index);
    CHECK(find_place_reason(to_string(reason)) == reason);
  }
  CHECK(!find_waiting_order("lottery"));
  CHECK(!find_place_reason(""));
}
