#include "service/usecases/things.h"

#include <string>

#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/stored_things.h"

namespace narada::usecases {
namespace {

domain::Outcome<Thing> check_found(const Actor& actor, Action action,
                                   const std::optional<Thing>& thing) {
  if (!thing) return domain::NotFound{};
  return check(actor, action, *thing);
}

// The meeting as it would become: its hosts, and those who answer for the cycle.
Thing thing_of(const domain::Meeting& to_be, const std::optional<Thing>& cycle) {
  Thing thing;
  if (to_be.id) thing.meeting = to_be.id;
  if (to_be.cycle) thing.cycle = to_be.cycle->id;
  thing.published = to_be.status != domain::MeetingStatus::draft;
  for (const domain::Place& place : to_be.places) {
    if (place.institution) thing.responsible.push_back(place.institution->id);
  }
  if (cycle) {
    thing.responsible.insert(thing.responsible.end(), cycle->responsible.begin(),
                             cycle->responsible.end());
  }
  return thing;
}

// What is known of a registration by its row alone.
Thing thing_of(const domain::Registration& registration) {
  Thing thing;
  thing.registration = registration.id;
  thing.meeting = registration.meeting;
  thing.person = registration.person.id;
  if (registration.person.institution) thing.institution = registration.person.institution->id;
  return thing;
}

domain::Outcome<Thing> check_private(const Actor& actor, Action action, const Thing& thing) {
  if (can(actor, action, thing)) return thing;
  if (!can(actor, Action::see_registration, thing)) return domain::NotFound{};
  return domain::Forbidden{};
}

}  // namespace

domain::Outcome<Thing> check(const Actor& actor, Action action, const Thing& thing) {
  if (can(actor, action, thing)) return thing;
  if (!can(actor, Action::see, thing)) return domain::NotFound{};
  return domain::Forbidden{};
}

domain::Outcome<Thing> check_meeting(storage::Connection& connection, const Actor& actor,
                                     Action action, std::string_view key) {
  if (!could_be_key(key)) return domain::NotFound{};
  const auto things = storage::find_meeting_things(connection, key);
  if (!things) return domain::NotFound{};
  return check(actor, action, things->meeting);
}

domain::Outcome<Thing> check_meeting(storage::Connection& connection, const Actor& actor,
                                     Action action, domain::MeetingId id) {
  return check_meeting(connection, actor, action, std::to_string(id.value));
}

domain::Outcome<Thing> check_cycle(storage::Connection& connection, const Actor& actor,
                                   Action action, std::string_view key) {
  if (!could_be_key(key)) return domain::NotFound{};
  return check_found(actor, action, storage::find_cycle_thing(connection, key));
}

domain::Outcome<Thing> check_cycle(storage::Connection& connection, const Actor& actor,
                                   Action action, domain::CycleId id) {
  return check_cycle(connection, actor, action, std::to_string(id.value));
}

domain::Outcome<Thing> check_stored_meeting(storage::Connection& connection, const Actor& actor,
                                            domain::MeetingId id) {
  const auto things = storage::find_meeting_things(connection, id, storage::Bin::included);
  if (!things || !can(actor, Action::organize, things->meeting)) return domain::NotFound{};
  return things->meeting;
}

domain::Outcome<Thing> check_stored_cycle(storage::Connection& connection, const Actor& actor,
                                          domain::CycleId id) {
  const auto thing = storage::find_cycle_thing(connection, id, storage::Bin::included);
  if (!thing || !can(actor, Action::organize, *thing)) return domain::NotFound{};
  return *thing;
}

domain::Outcome<Thing> check_practice(storage::Connection& connection, const Actor& actor,
                                      Action action, std::string_view key) {
  if (!could_be_key(key)) return domain::NotFound{};
  return check_found(actor, action, storage::find_practice_thing(connection, key));
}

domain::Outcome<Thing> check_meeting(const Environment& environment, const Actor& actor,
                                     Action action, std::string_view key) {
  return read_database(environment, [&](storage::Connection& connection) {
    return check_meeting(connection, actor, action, key);
  });
}

domain::Outcome<Thing> check_cycle(const Environment& environment, const Actor& actor,
                                   Action action, std::string_view key) {
  return read_database(environment, [&](storage::Connection& connection) {
    return check_cycle(connection, actor, action, key);
  });
}

domain::Outcome<Thing> check_practice(const Environment& environment, const Actor& actor,
                                      Action action, std::string_view key) {
  return read_database(environment, [&](storage::Connection& connection) {
    return check_practice(connection, actor, action, key);
  });
}

domain::Outcome<domain::Reach> check_reach(const Actor& actor, Action action) {
  auto reach = domain::reach_of(actor, action);
  if (reach.nothing()) return domain::Forbidden{};
  return reach;
}

domain::Outcome<Thing> check_registration(storage::Connection& connection, const Actor& actor,
                                          Action action, const domain::Registration& registration) {
  Thing thing = thing_of(registration);
  if (can(actor, action, thing)) return thing;  // more that is known would not take it back
  const auto things = storage::find_meeting_things(connection, registration.meeting);
  if (!things) return domain::NotFound{};
  thing.cycle = things->meeting.cycle;
  thing.responsible = things->meeting.responsible;
  return check_private(actor, action, thing);
}

domain::Outcome<Thing> check_enrolment(
    storage::Connection& connection, const Actor& actor, Action action, domain::EnrolmentId id,
    const std::vector<storage::StoredRegistration>& registrations) {
  auto thing = storage::find_enrolment_thing(connection, id);
  if (!thing) return domain::NotFound{};
  for (const auto& stored : registrations) {
    // The link to one of its registrations opens the whole.
    const bool holds = actor.kind == Actor::Kind::manage &&
                       stored.registration.id.value == actor.id &&
                       stored.registration.enrolment == id;
    if (holds) thing->registration = stored.registration.id;
  }
  return check_private(actor, action, *thing);
}

domain::Outcome<Thing> check_meeting_change(storage::Connection& connection, const Actor& actor,
                                            const std::optional<domain::CycleId>& cycle_before,
                                            const domain::Meeting& after) {
  std::optional<domain::CycleId> cycle_after;
  std::optional<Thing> cycle;
  if (after.cycle) {
    cycle_after = after.cycle->id;
    cycle = storage::find_cycle_thing(connection, after.cycle->id);
    if (!cycle || !can(actor, Action::see, *cycle)) {
      return domain::FieldErrors{{"cycle", "unknown_cycle"}};
    }
  }
  if (cycle_before != cycle_after) {
    if (cycle && !can(actor, Action::organize, *cycle)) return domain::Forbidden{};
    if (cycle_before) {
      const auto left = storage::find_cycle_thing(connection, *cycle_before);
      if (left && !can(actor, Action::organize, *left)) return domain::Forbidden{};
    }
  }
  const Thing to_be = thing_of(after, cycle);
  if (!can(actor, Action::organize, to_be)) return domain::Forbidden{};
  return to_be;
}

}  // namespace narada::usecases
