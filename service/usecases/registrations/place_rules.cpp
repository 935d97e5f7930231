#include "service/usecases/registrations/place_rules.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "service/domain/half_fixed.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/place_rules_form.h"
#include "service/usecases/stored_things.h"
#include "sql/meeting_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using domain::InstitutionId;
using domain::MeetingId;
using domain::Outcome;
using nlohmann::json;
using storage::book_index;

constexpr AttendanceMode kModes[] = {AttendanceMode::onsite, AttendanceMode::online};

struct Loaded {
  domain::Meeting meeting;
  storage::PlaceRules rules;
  storage::PlaceBooks books;
};

Outcome<Loaded> load(storage::Connection& connection, const Actor& actor, MeetingId meeting) {
  const auto allowed = check_meeting(connection, actor, Action::organize, meeting);
  if (!allowed) return allowed.failure();
  auto found = storage::find_meeting(connection, meeting);
  if (!found) return domain::NotFound{};
  Loaded loaded{*std::move(found), storage::find_place_rules(connection, meeting), {}};
  loaded.books = load_books_of(connection, loaded.meeting);
  return loaded;
}

std::vector<InstitutionId> named_in(const Loaded& loaded) {
  std::set<InstitutionId> ids(loaded.rules.guaranteed.begin(), loaded.rules.guaranteed.end());
  for (const auto& hold : loaded.rules.holds) ids.insert(hold.institution);
  for (const auto& book : loaded.books) {
    for (const auto& [institution, places] : book.institutions) ids.insert(institution);
    for (const auto& claim : book.waiting) {
      if (claim.institution) ids.insert(*claim.institution);
    }
  }
  return {ids.begin(), ids.end()};
}

// In the order of `known`; people of no institution come last.
std::vector<InstitutionStanding> stand(const domain::PlaceBook& book,
                                       const std::vector<domain::InstitutionRef>& known,
                                       domain::Instant now) {
  std::map<InstitutionId, int> waiting;
  for (const auto& claim : book.waiting) ++waiting[claim.institution.value_or(InstitutionId{})];
  std::vector<InstitutionStanding> standings;
  for (const auto& institution : known) {
    InstitutionStanding standing;
    standing.institution = institution;
    const auto found = book.institutions.find(institution.id);
    if (found != book.institutions.end()) standing.places = found->second;
    standing.own = domain::own_places(book, institution.id, now);
    const auto line = waiting.find(institution.id);
    if (line != waiting.end()) standing.waiting = line->second;
    const bool empty = standing.places == domain::InstitutionPlaces{} && standing.waiting == 0;
    if (!empty) standings.push_back(std::move(standing));
  }
  if (waiting.contains(InstitutionId{})) {
    standings.emplace_back().waiting = waiting[InstitutionId{}];
  }
  return standings;
}

ModeStanding stand(const domain::PlaceBook& book, AttendanceMode mode,
                   const std::vector<domain::InstitutionRef>& known, domain::Instant now) {
  ModeStanding standing;
  standing.mode = mode;
  standing.capacity = book.capacity;
  standing.confirmed = book.confirmed;
  standing.held = domain::held_places(book, now);
  standing.waiting = static_cast<int>(book.waiting.size());
  standing.missing = domain::missing_places(book, now);
  standing.institutions = stand(book, known, now);
  return standing;
}

// The book of one mode as it would be under other rules.
domain::PlaceBook under(domain::PlaceBook book, AttendanceMode mode,
                        const storage::PlaceRules& rules) {
  book.policy = rules.policy;
  for (auto& [institution, places] : book.institutions) {
    places.guaranteed = false;
    places.kept = 0;
    places.kept_until.reset();
  }
  for (const auto institution : rules.guaranteed) book.institutions[institution].guaranteed = true;
  for (const auto& hold : rules.holds) {
    if (hold.mode != mode) continue;
    book.institutions[hold.institution].kept = hold.places;
    book.institutions[hold.institution].kept_until = hold.until;
  }
  return book;
}

PlaceEffect effect_of(const domain::PlaceBook& before, AttendanceMode mode,
                      const storage::PlaceRules& rules, bool published, domain::Instant now) {
  domain::PlaceBook after = under(before, mode, rules);
  PlaceEffect effect;
  effect.mode = mode;
  effect.held_before = domain::held_places(before, now);
  std::int64_t number = 0;
  for (const auto& claim : after.waiting) number = std::max(number, claim.queue_number);
  while (published) {
    const auto step = domain::next_step(after, now);
    if (!step) break;
    domain::apply(after, *step, ++number);
    if (step->kind == domain::PlaceStep::Kind::confirm) ++effect.confirmed;
    if (step->kind == domain::PlaceStep::Kind::offer) ++effect.offered;
  }
  effect.held_after = domain::held_places(after, now);
  effect.missing = domain::missing_places(after, now);
  return effect;
}

json seconds_of(const std::optional<domain::Instant>& instant) {
  return instant ? json(instant->time_since_epoch().count()) : json();
}

template <class T>
json value_of(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

// Everything that deciding by these rules again takes.
std::string details_of(const storage::PlaceRules& rules, const domain::Meeting& meeting) {
  const domain::PlacePolicy& policy = rules.policy;
  json details{{"rules", policy.version},
               {"begins_at", seconds_of(domain::begins_at(meeting.times))},
               {"guaranteed_places", policy.guaranteed_places},
               {"guaranteed_until", seconds_of(policy.guaranteed_until)},
               {"institution_cap", value_of(policy.institution_cap)},
               {"smallest_population", value_of(policy.smallest_population)},
               {"largest_population", value_of(policy.largest_population)},
               {"order", domain::to_string(policy.order)},
               {"offer_minutes", policy.offer_minutes},
               {"kinds", json::array()},
               {"guaranteed", json::array()},
               {"holds", json::array()}};
  for (const auto kind : policy.kinds) details["kinds"].push_back(domain::to_string(kind));
  for (const auto institution : rules.guaranteed)
    details["guaranteed"].push_back(institution.value);
  for (const auto& hold : rules.holds) {
    details["holds"].push_back({{"institution", hold.institution.value},
                                {"mode", domain::to_string(hold.mode)},
                                {"places", hold.places},
                                {"until", seconds_of(hold.until)}});
  }
  return details.dump();
}

Outcome<MeetingId> save(const Change& change, MeetingId meeting, const PlaceRulesForm& form) {
  auto locked = LockedMeeting::lock(change, meeting);
  if (!locked) return domain::NotFound{};
  const auto allowed =
      check_meeting(change.connection, change.call.actor, Action::organize, meeting);
  if (!allowed) return allowed.failure();
  if (locked->meeting().status == domain::MeetingStatus::cancelled) {
    return domain::Conflict{"meeting_cancelled"};
  }
  if (change.now >= domain::begins_at(locked->meeting().times)) {
    return domain::Conflict{"meeting_past"};
  }
  domain::FieldErrors errors;
  storage::PlaceRules rules = read_place_rules(change.connection, locked->meeting(), form, errors);
  if (!errors.empty()) return errors;
  const auto before = storage::find_place_rules(change.connection, meeting);
  if (before.policy.version != form.version) return domain::Stale{};
  rules.policy.version = before.policy.version;
  if (rules == before) return meeting;
  storage::save_place_rules(change.connection, meeting, rules, change.now);
  ++rules.policy.version;
  locked->record("places.changed", "meeting:" + std::to_string(meeting.value),
                 details_of(rules, locked->meeting()));
  locked->refresh_places();
  locked->finish();
  return meeting;
}

}  // namespace

storage::PlaceBooks load_books_of(storage::Connection& connection, const domain::Meeting& meeting) {
  auto books = storage::load_place_books(connection, meeting.id);
  for (const auto mode : kModes) {
    domain::PlaceBook& book = books.at(book_index(mode));
    const domain::Seats& taken = domain::seats_of(meeting, mode);
    book.begins_at = domain::begins_at(meeting.times);
    book.offered = taken.offered;
    book.waitlist = meeting.waitlist;
    book.capacity = taken.capacity;
    book.confirmed = taken.confirmed;
  }
  return books;
}

void hold_promised_alone(storage::Connection& connection, MeetingId meeting, bool has_begun,
                         storage::SeatState& state) {
  if (has_begun) {
    state.onsite.held = state.online.held = 0;
    return;
  }
  const auto books = storage::load_place_books(connection, meeting);
  state.onsite.held = domain::promised_places(books.at(book_index(AttendanceMode::onsite)));
  state.online.held = domain::promised_places(books.at(book_index(AttendanceMode::online)));
}

Outcome<PlaceOverview> load_places(const Environment& environment, const Actor& actor,
                                   MeetingId meeting) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<PlaceOverview> {
    auto loaded = load(connection, actor, meeting);
    if (!loaded) return loaded.failure();
    PlaceOverview overview;
    overview.known = storage::find_institution_refs(connection, named_in(*loaded));
    for (const auto mode : kModes) {
      const auto& book = loaded->books.at(book_index(mode));
      if (book.offered) {
        overview.modes.push_back(stand(book, mode, overview.known, environment.clock->now()));
      }
    }
    overview.meeting = std::move(loaded->meeting);
    overview.rules = std::move(loaded->rules);
    return overview;
  });
}

Outcome<std::vector<PlaceEffect>> preview_places(const Environment& environment, const Actor& actor,
                                                 MeetingId meeting, const PlaceRulesForm& form) {
  return read_database(
      environment, [&](storage::Connection& connection) -> Outcome<std::vector<PlaceEffect>> {
        const auto loaded = load(connection, actor, meeting);
        if (!loaded) return loaded.failure();
        domain::FieldErrors errors;
        const auto rules = read_place_rules(connection, loaded->meeting, form, errors);
        if (!errors.empty()) return errors;
        const bool published = loaded->meeting.status == domain::MeetingStatus::published;
        std::vector<PlaceEffect> effects;
        for (const auto mode : kModes) {
          const auto& book = loaded->books.at(book_index(mode));
          if (!book.offered) continue;
          effects.push_back(effect_of(book, mode, rules, published, environment.clock->now()));
        }
        return effects;
      });
}

Outcome<MeetingId> save_places(const Environment& environment, const Call& call, MeetingId meeting,
                               const PlaceRulesForm& form) {
  auto saved = run_once_for_id<MeetingId>(
      environment, call, "save_places", [&](storage::Connection& connection) -> Outcome<MeetingId> {
        return save({connection, environment, call, environment.clock->now()}, meeting, form);
      });
  if (saved) note_catalogue_write(environment);
  return saved;
}

PlaceStanding find_place_standing(storage::Connection& connection, const domain::Meeting& meeting,
                                  const storage::StoredRegistration& stored, domain::Instant now) {
  const domain::Registration& registration = stored.registration;
  const bool waits = registration.status == domain::RegistrationStatus::waitlisted;
  const bool is_in = registration.status == domain::RegistrationStatus::confirmed;
  PlaceStanding standing;
  if ((!waits && !is_in) || !storage::has_place_rules(connection, meeting.id)) return standing;
  if (is_in) {
    if (const auto reason = storage::find_logged_reason(connection, registration.id)) {
      standing.why = domain::PlaceExplanation{*reason};
    }
    return standing;
  }
  const auto books = load_books_of(connection, meeting);
  const auto line = domain::line_of(books.at(book_index(registration.mode)));
  for (std::size_t index = 0; index < line.size(); ++index) {
    if (line[index].registration != registration.id) continue;
    standing.queue_position = static_cast<int>(index) + 1;
    standing.why =
        domain::explain_waiting(books.at(book_index(registration.mode)), line[index], now);
  }
  return standing;
}

}  // namespace narada::usecases
