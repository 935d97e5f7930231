#include "service/domain/permissions.h"

#include <algorithm>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<Role, 5> kRoles{{"admin", "organizer", "expert", "coordinator", "official"}};
static_assert(is_complete(kRoles, Role::official));

constexpr EnumNames<Actor::Kind, 5> kActorKinds{
    {"anonymous", "manage", "token", "person", "system"}};
static_assert(is_complete(kActorKinds, Actor::Kind::system));

bool is_global(const RoleScope& scope) { return std::holds_alternative<std::monostate>(scope); }

// Whether a role held for `scope` reaches the thing, as somebody who runs it.
bool covers(const RoleScope& scope, const Thing& thing) {
  if (is_global(scope)) return true;
  if (const auto* meeting = std::get_if<MeetingId>(&scope)) return thing.meeting == *meeting;
  if (const auto* cycle = std::get_if<CycleId>(&scope)) return thing.cycle == *cycle;
  const auto institution = std::get<InstitutionId>(scope);
  return std::find(thing.responsible.begin(), thing.responsible.end(), institution) !=
         thing.responsible.end();
}

// What an organizer may do with what their scope covers.
bool organizer_may(Action action) {
  switch (action) {
    case Action::see:
    case Action::organize:
    case Action::see_numbers:
    case Action::see_participants:
    case Action::see_needs:
    case Action::decide_registration:
    case Action::see_registration:
    case Action::change_registration:
    case Action::see_mails:
    case Action::edit_practice:
    case Action::see_activity:
      return true;
    case Action::edit_catalogue:
    case Action::manage_people:
    case Action::manage_privacy:
      return false;
  }
  return false;
}

bool grant_allows(const RoleGrant& grant, Action action, const Thing& thing) {
  switch (grant.role) {
    case Role::admin:
      return is_global(grant.scope);
    case Role::organizer:
      if (action == Action::edit_catalogue) return is_global(grant.scope);
      return organizer_may(action) && covers(grant.scope, thing);
    case Role::expert:
      // Leads it: sees the draft and how many come, not who.
      return (action == Action::see || action == Action::see_numbers) && !is_global(grant.scope) &&
             covers(grant.scope, thing);
    case Role::coordinator: {
      const auto* institution = std::get_if<InstitutionId>(&grant.scope);
      const bool speaks_for = action == Action::see_participants ||
                              action == Action::see_registration ||
                              action == Action::change_registration;
      return institution != nullptr && speaks_for && thing.institution == *institution;
    }
    case Role::official:
      return false;
  }
  return false;
}

bool is_own(const Actor& actor, Action action, const Thing& thing) {
  const bool of_one_registration = action == Action::see_registration ||
                                   action == Action::change_registration ||
                                   action == Action::see_needs;
  if (!of_one_registration) return false;
  if (actor.kind == Actor::Kind::manage)
    return thing.registration && thing.registration->value == actor.id;
  return actor.person && thing.person == actor.person;
}

void widen(Reach& reach, const RoleScope& scope) {
  if (const auto* institution = std::get_if<InstitutionId>(&scope))
    reach.institutions.push_back(*institution);
  else if (const auto* cycle = std::get_if<CycleId>(&scope))
    reach.cycles.push_back(*cycle);
  else if (const auto* meeting = std::get_if<MeetingId>(&scope))
    reach.meetings.push_back(*meeting);
  else
    reach.all = true;
}

// The emptiest thing that a scope is about.
Thing thing_in(const RoleScope& scope) {
  Thing thing;
  thing.published = false;
  if (const auto* institution = std::get_if<InstitutionId>(&scope)) {
    thing.responsible = {*institution};
    thing.institution = *institution;
  } else if (const auto* cycle = std::get_if<CycleId>(&scope)) {
    thing.cycle = *cycle;
  } else if (const auto* meeting = std::get_if<MeetingId>(&scope)) {
    thing.meeting = *meeting;
  }
  return thing;
}

}  // namespace

std::string_view to_string(Role role) { return kRoles.name_of(role); }

std::optional<Role> find_role(std::string_view name) { return kRoles.find(name); }

bool is_allowed_scope(Role role, const RoleScope& scope) {
  switch (role) {
    case Role::admin:
    case Role::official:
      return is_global(scope);
    case Role::coordinator:
      return std::holds_alternative<InstitutionId>(scope);
    case Role::organizer:
    case Role::expert:
      return true;
  }
  return false;
}

std::string Actor::text() const {
  std::string name(kActorKinds.name_of(kind));
  if (id == 0) return name;
  return name + ":" + std::to_string(id);
}

bool Actor::can_organize() const {
  Thing anything;
  anything.published = false;
  return can(*this, Action::organize, anything);
}

bool is_reading(Action action) {
  switch (action) {
    case Action::see:
    case Action::see_numbers:
    case Action::see_participants:
    case Action::see_needs:
    case Action::see_registration:
    case Action::see_mails:
    case Action::see_activity:
      return true;
    default:
      return false;
  }
}

bool can(const Actor& actor, Action action, const Thing& thing) {
  if (actor.kind == Actor::Kind::system) return true;
  if (actor.read_only && !is_reading(action)) return false;
  if (action == Action::see && thing.published) return true;
  if (is_own(actor, action, thing)) return true;
  return std::any_of(actor.grants.begin(), actor.grants.end(),
                     [&](const RoleGrant& grant) { return grant_allows(grant, action, thing); });
}

Reach reach_of(const Actor& actor, Action action) {
  Reach reach;
  if (actor.kind == Actor::Kind::system) reach.all = true;
  for (const auto& grant : actor.grants) {
    Actor holder = actor;
    holder.grants = {grant};
    holder.person.reset();
    if (can(holder, action, thing_in(grant.scope))) widen(reach, grant.scope);
  }
  return reach;
}

}  // namespace narada::domain
