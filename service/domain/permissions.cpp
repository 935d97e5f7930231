#include "service/domain/permissions.h"

#include <algorithm>
#include <type_traits>

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
    case Action::add_material:
    case Action::see_mails:
    case Action::edit_practice:
    case Action::record_adoption:
    case Action::see_activity:
      return true;
    case Action::edit_catalogue:
    case Action::verify_practice:
    case Action::manage_people:
    case Action::manage_privacy:
      return false;
  }
  return false;
}

bool is_of_a_person(const Thing& thing) { return thing.registration || thing.person; }

bool grant_allows(const RoleGrant& grant, Action action, const Thing& thing) {
  if (!is_allowed_scope(grant.role, grant.scope)) return false;
  switch (grant.role) {
    case Role::admin:
      return true;
    case Role::organizer:
      // The catalogue is everybody's, and nobody verifies what is theirs.
      if (action == Action::edit_catalogue || action == Action::verify_practice)
        return is_global(grant.scope);
      return organizer_may(action) && covers(grant.scope, thing);
    case Role::expert:
      // Leads it: sees the draft and how many come, not who, and brings materials.
      return (action == Action::see || action == Action::see_numbers ||
              action == Action::add_material) &&
             !is_of_a_person(thing) && !is_global(grant.scope) && covers(grant.scope, thing);
    case Role::coordinator:
      // Speaks for the people of one institution, wherever they register.
      return (action == Action::see_participants || action == Action::see_registration ||
              action == Action::change_registration || action == Action::record_adoption) &&
             thing.institution == std::get<InstitutionId>(grant.scope);
    case Role::official:
      return false;
  }
  return false;
}

// A visitor and the holder of a link have no roles, whatever stands in their grants.
bool has_roles(const Actor& actor) {
  return actor.kind == Actor::Kind::token || actor.kind == Actor::Kind::person;
}

bool is_own(const Actor& actor, Action action, const Thing& thing) {
  const bool of_one_registration = action == Action::see_registration ||
                                   action == Action::change_registration ||
                                   action == Action::see_needs;
  if (!of_one_registration) return false;
  if (actor.kind == Actor::Kind::manage)
    return thing.registration && thing.registration->value == actor.id;
  return has_roles(actor) && actor.person && thing.person == actor.person;
}

// What one scope adds to a reach: the things that it covers, and the people of an institution.
class Widening {
 public:
  Widening(Reach& reach, const Actor& holder, Action action)
      : reach_(reach), holder_(holder), action_(action) {}

  void operator()(std::monostate) { reach_.all = reach_.all || may({}); }
  void operator()(InstitutionId institution) {
    Thing answered_for;
    answered_for.responsible = {institution};
    if (may(answered_for)) reach_.institutions.push_back(institution);
    Thing of_its_people;
    of_its_people.institution = institution;
    if (may(of_its_people)) reach_.people_of.push_back(institution);
  }
  void operator()(CycleId cycle) {
    Thing thing;
    thing.cycle = cycle;
    if (may(thing)) reach_.cycles.push_back(cycle);
  }
  void operator()(MeetingId meeting) {
    Thing thing;
    thing.meeting = meeting;
    if (may(thing)) reach_.meetings.push_back(meeting);
  }

 private:
  bool may(Thing thing) const {
    thing.published = false;
    return can(holder_, action_, thing);
  }

  Reach& reach_;
  const Actor& holder_;
  Action action_;
};

// Whether the scope names everywhere or a stored thing.
bool is_of_something(const RoleScope& scope) {
  return std::visit(
      [](const auto& id) {
        if constexpr (std::is_same_v<std::decay_t<decltype(id)>, std::monostate>)
          return true;
        else
          return id.value > 0;
      },
      scope);
}

}  // namespace

std::string_view to_string(Role role) { return kRoles.name_of(role); }

std::optional<Role> find_role(std::string_view name) { return kRoles.find(name); }

bool is_allowed_scope(Role role, const RoleScope& scope) {
  if (!is_of_something(scope)) return false;
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
  if (action == Action::see && thing.published && !is_of_a_person(thing)) return true;
  if (is_own(actor, action, thing)) return true;
  return has_roles(actor) &&
         std::any_of(actor.grants.begin(), actor.grants.end(),
                     [&](const RoleGrant& grant) { return grant_allows(grant, action, thing); });
}

Reach reach_of(const Actor& actor, Action action) {
  if (actor.kind == Actor::Kind::system) return everything();
  Reach reach;
  for (const auto& grant : actor.grants) {
    Actor holder = actor;
    holder.grants = {grant};
    holder.person.reset();  // what is one's own is no scope
    std::visit(Widening(reach, holder, action), grant.scope);
  }
  return reach;
}

Reach everything() {
  Reach reach;
  reach.all = true;
  return reach;
}

}  // namespace narada::domain
