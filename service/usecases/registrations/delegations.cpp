#include "service/usecases/registrations/delegations.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/domain/fair_places.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/delegation_access.h"
#include "service/usecases/registrations/registration_claims.h"
#include "service/usecases/registrations/registration_refusals.h"
#include "sql/delegation_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_store.h"
#include "sql/place_policy_store.h"
#include "sql/thing_store.h"

namespace narada::usecases {
namespace {

using domain::AttendanceMode;
using storage::StoredDelegation;

constexpr AttendanceMode kModes[] = {AttendanceMode::onsite, AttendanceMode::online};
constexpr int kMostMeetings = 200;

// The book of one mode as the meeting's row completes it.
std::optional<int> free_of(const domain::Meeting& meeting, domain::PlaceBook book,
                           AttendanceMode mode, domain::InstitutionId institution,
                           domain::Instant now) {
  const domain::Seats& seats = domain::seats_of(meeting, mode);
  book.offered = seats.offered;
  book.capacity = seats.capacity;
  book.confirmed = seats.confirmed;
  book.waitlist = meeting.waitlist;
  book.begins_at = begins_at(meeting.times);
  if (!seats.offered) return 0;
  return domain::free_places_for(book, institution, now);
}

std::vector<DelegatedPlaces> find_places(storage::Connection& connection,
                                         const domain::Meeting& meeting,
                                         domain::InstitutionId institution, domain::Instant now) {
  const auto stored = storage::list_delegations(connection, meeting.id, institution);
  const auto books = storage::load_place_books(connection, meeting.id);
  std::vector<DelegatedPlaces> all;
  for (const auto mode : kModes) {
    DelegatedPlaces places;
    places.mode = mode;
    const auto found = std::find_if(stored.begin(), stored.end(),
                                    [mode](const auto& one) { return one.mode == mode; });
    if (found != stored.end()) {
      places.id = found->id;
      places.places = found->places;
      places.named = found->named;
    }
    if (!domain::seats_of(meeting, mode).offered && places.places == 0) continue;
    places.free = free_of(meeting, books.at(storage::book_index(mode)), mode, institution, now);
    all.push_back(places);
  }
  return all;
}

DelegateView make_view(storage::Delegate stored) {
  DelegateView view;
  view.id = stored.id;
  view.full_name = std::move(stored.full_name);
  view.email = std::move(stored.email);
  view.position = std::move(stored.position);
  view.status = stored.status;
  view.mode = stored.mode;
  view.of_delegation = stored.of_delegation;
  view.instead_of = std::move(stored.instead_of);
  view.superior_email = std::move(stored.superior_email);
  view.consent = std::move(stored.consent);
  return view;
}

ReserveView make_view(storage::StoredReserve stored) {
  return {stored.delegation,           stored.person,
          std::move(stored.full_name), std::move(stored.email),
          std::move(stored.job_title), stored.mode};
}

std::int64_t version_of(storage::Connection& connection, domain::MeetingId meeting,
                        domain::InstitutionId institution) {
  std::int64_t version = 0;
  for (const auto& one : storage::list_delegations(connection, meeting, institution)) {
    version += one.version;
  }
  return version;
}

domain::Outcome<DelegationView> load_view(storage::Connection& connection, const Actor& actor,
                                          const DelegationThing& thing, domain::Instant now) {
  auto meeting = storage::find_meeting(connection, thing.meeting);
  if (!meeting) return domain::NotFound{};
  DelegationView view;
  view.institution = thing.institution;
  view.wants_consent = storage::wants_consent(connection, thing.institution.id);
  view.may_organize = thing.organizes;
  view.places = find_places(connection, *meeting, thing.institution.id, now);
  for (auto& one : storage::list_delegates(connection, meeting->id, thing.institution.id))
    view.people.push_back(make_view(std::move(one)));
  for (auto& one : storage::list_reserves(connection, meeting->id, thing.institution.id))
    view.reserves.push_back(make_view(std::move(one)));
  view.version = version_of(connection, meeting->id, thing.institution.id);
  view.may_change = !actor.read_only && meeting->status == domain::MeetingStatus::published &&
                    now < begins_at(meeting->times);
  view.meeting = std::move(*meeting);
  return view;
}

// What is asked of one mode, checked against what there is.
void check_places(const LockedMeeting& meeting, const StoredDelegation& stored, int wanted,
                  domain::FieldErrors& errors) {
  const std::string field(domain::to_string(stored.mode));
  if (wanted < 0 || wanted > kMostDelegatedPlaces) {
    errors.push_back(
        {field, "out_of_range", {{"min", "0"}, {"max", std::to_string(kMostDelegatedPlaces)}}});
    return;
  }
  if (wanted < stored.named) {
    errors.push_back({field, "fewer_than_named", {{"named", std::to_string(stored.named)}}});
    return;
  }
  if (wanted <= stored.places) return;
  if (!domain::seats_of(meeting.meeting(), stored.mode).offered) {
    errors.push_back({field, "mode_not_offered"});
    return;
  }
  const auto free = meeting.free_for(stored.institution.id, stored.mode);
  if (free && wanted - stored.places > *free) {
    errors.push_back(
        {field, "not_enough_places", {{"free", std::to_string(stored.places + *free)}}});
  }
}

domain::Outcome<std::int64_t> set_in(const Change& change, const DelegationThing& thing,
                                     std::optional<std::int64_t> version, const PlacesForm& form) {
  auto meeting = LockedMeeting::lock(change, thing.meeting);
  if (!meeting) return domain::NotFound{};
  if (version && *version != version_of(change.connection, thing.meeting, thing.institution.id))
    return domain::Stale{};
  domain::FieldErrors errors = find_closed(*meeting, thing, change);
  if (!errors.empty()) return errors;
  bool changed = false;
  for (const auto mode : kModes) {
    const auto wanted = mode == AttendanceMode::online ? form.online : form.onsite;
    if (!wanted) continue;
    const auto stored =
        storage::require_delegation(change.connection, thing.meeting, thing.institution, mode,
                                    change.call.actor.text(), change.now);
    check_places(*meeting, stored, *wanted, errors);
    if (*wanted == stored.places) continue;
    storage::save_places(change.connection, stored.id, *wanted, change.now);
    record_places(*meeting, stored.id, mode, stored.places, *wanted);
    changed = true;
  }
  if (!errors.empty()) return errors;
  if (changed) meeting->refresh_places();
  meeting->finish();
  return version_of(change.connection, thing.meeting, thing.institution.id);
}

std::vector<domain::InstitutionId> institutions_of(const Actor& actor) {
  std::vector<domain::InstitutionId> institutions;
  for (const auto& grant : actor.grants) {
    const auto* institution = std::get_if<domain::InstitutionId>(&grant.scope);
    if (grant.role == Role::coordinator && institution) institutions.push_back(*institution);
  }
  return institutions;
}

CoordinatedMeeting make_view(storage::DelegationMeeting stored) {
  CoordinatedMeeting view;
  view.meeting = stored.meeting;
  view.slug = std::move(stored.slug);
  view.title = std::move(stored.title);
  view.cycle = std::move(stored.cycle);
  view.starts = stored.starts;
  view.institution = std::move(stored.institution);
  view.places = stored.places;
  view.named = stored.named;
  view.people = stored.people;
  view.reserve = stored.reserve;
  return view;
}

}  // namespace

domain::Outcome<DelegationThing> check_delegation(storage::Connection& connection,
                                                  const Actor& actor, Action action,
                                                  std::string_view meeting,
                                                  std::string_view institution) {
  const auto seen = check_meeting(connection, actor, Action::see, meeting);
  if (!seen) return domain::NotFound{};
  auto found = storage::find_institution_ref(connection, institution);
  if (!found) return domain::NotFound{};
  Thing of_its_people = *seen;
  of_its_people.institution = found->id;
  if (!can(actor, action, of_its_people)) return domain::NotFound{};
  return DelegationThing{*seen->meeting, *std::move(found), can(actor, Action::organize, *seen)};
}

domain::FieldErrors find_closed(const LockedMeeting& meeting, const DelegationThing& thing,
                                const Change& change) {
  domain::MeetingSummary asked = meeting.meeting();
  asked.approval = false;
  asked.waitlist = true;
  if (thing.organizes) asked.window = {};
  const auto mode = asked.onsite.offered ? AttendanceMode::onsite : AttendanceMode::online;
  const auto admission = domain::decide_admission(asked, mode, change.now);
  const auto* refused = std::get_if<domain::Refused>(&admission);
  if (!refused) return {};
  return {make_refusal_error(*refused, asked, change.call.language)};
}

void record_places(LockedMeeting& meeting, domain::DelegationId delegation, AttendanceMode mode,
                   int before, int after) {
  meeting.record("delegation.changed", fmt::format("delegation:{}", delegation.value),
                 fmt::format(R"({{"fields":["places"],"mode":"{}","before":{{"places":"{}"}},)"
                             R"("after":{{"places":"{}"}}}})",
                             domain::to_string(mode), before, after));
}

domain::Outcome<DelegationView> find_delegation(const Environment& environment, const Actor& actor,
                                                std::string_view meeting,
                                                std::string_view institution) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<DelegationView> {
        const auto thing =
            check_delegation(connection, actor, Action::see_registration, meeting, institution);
        if (!thing) return thing.failure();
        return load_view(connection, actor, *thing, environment.clock->now());
      });
}

domain::Outcome<MeetingDelegations> list_meeting_delegations(const Environment& environment,
                                                             const Actor& actor,
                                                             std::string_view meeting) {
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<MeetingDelegations> {
        const auto thing = check_meeting(connection, actor, Action::see_participants, meeting);
        if (!thing) return domain::NotFound{};
        auto found = storage::find_meeting(connection, *thing->meeting);
        if (!found) return domain::NotFound{};
        MeetingDelegations all;
        for (auto& one : storage::list_delegations(connection, found->id, std::nullopt)) {
          all.delegations.push_back(
              {std::move(one.institution), one.mode, one.places, one.named, one.reserve});
        }
        all.meeting = std::move(*found);
        return all;
      });
}

bool is_coordinator(const Actor& actor) { return !institutions_of(actor).empty(); }

domain::Outcome<Coordination> load_coordination(const Environment& environment,
                                                const Actor& actor) {
  const auto institutions = institutions_of(actor);
  if (institutions.empty()) return domain::NotFound{};
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<Coordination> {
        Coordination all;
        for (const auto id : institutions) {
          auto found = storage::find_institution_ref(connection, std::to_string(id.value));
          if (!found) continue;
          const bool wants = storage::wants_consent(connection, id);
          all.institutions.push_back({*std::move(found), wants});
        }
        for (auto& one : storage::list_delegation_meetings(
                 connection, institutions, environment.clock->now(), kMostMeetings)) {
          all.meetings.push_back(make_view(std::move(one)));
        }
        return all;
      });
}

domain::Outcome<DelegationView> set_places(const Environment& environment, const Call& call,
                                           std::string_view meeting, std::string_view institution,
                                           std::optional<std::int64_t> version,
                                           const PlacesForm& form) {
  const auto outcome = run_once<std::int64_t>(
      environment, call, "set_places",
      [&](storage::Connection& connection) -> domain::Outcome<std::int64_t> {
        const auto thing = check_delegation(connection, call.actor, Action::change_registration,
                                            meeting, institution);
        if (!thing) return thing.failure();
        return set_in({connection, environment, call, environment.clock->now()}, *thing, version,
                      form);
      },
      [](std::int64_t number) { return std::to_string(number); },
      [](const std::string& text) { return std::int64_t{std::stoll(text)}; });
  if (!outcome) return outcome.failure();
  return find_delegation(environment, call.actor, meeting, institution);
}

domain::Outcome<domain::PersonId> drop_reserve(const Environment& environment, const Call& call,
                                               std::string_view meeting,
                                               std::string_view institution,
                                               domain::PersonId person) {
  return run_once_for_id<domain::PersonId>(
      environment, call, "drop_reserve",
      [&](storage::Connection& connection) -> domain::Outcome<domain::PersonId> {
        const auto thing = check_delegation(connection, call.actor, Action::change_registration,
                                            meeting, institution);
        if (!thing) return thing.failure();
        const Change change{connection, environment, call, environment.clock->now()};
        auto locked = LockedMeeting::lock(change, thing->meeting);
        if (!locked) return domain::NotFound{};
        for (const auto& one :
             storage::list_reserves(connection, thing->meeting, thing->institution.id)) {
          if (one.person != person) continue;
          storage::remove_reserve(connection, one.delegation, person);
          locked->record("delegation.reserve_dropped",
                         fmt::format("delegation:{}", one.delegation.value));
        }
        locked->finish();
        return person;
      });
}

}  // namespace narada::usecases
