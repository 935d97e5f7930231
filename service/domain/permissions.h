#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/domain/ids.h"

namespace narada::domain {

enum class Role { admin, organizer, expert, coordinator, official };
std::string_view to_string(Role role);
std::optional<Role> find_role(std::string_view name);

// Where a role holds: everywhere (monostate), or for one thing. A cycle's includes its meetings; an
// institution's what the institution answers for (the meetings it hosts, the cycles it owns, its
// practices), and for a coordinator its people.
using RoleScope = std::variant<std::monostate, InstitutionId, CycleId, MeetingId>;

struct RoleGrant {
  Role role = Role::official;
  RoleScope scope = {};
  friend bool operator==(const RoleGrant&, const RoleGrant&) = default;
};
// Which scopes a role may have: admin everywhere only, coordinator one institution only, official
// everywhere only; organizer and expert any. One thing is one that is stored: its id is not 0.
bool is_allowed_scope(Role role, const RoleScope& scope);

// Who acts. Anonymous: a visitor of the public pages. Manage: the holder of a /z/ link. Token: a
// bearer of the API, with or without a person behind it. System: the program's own commands and
// background work.
struct Actor {
  enum class Kind { anonymous, manage, token, person, system };
  Kind kind = Kind::anonymous;
  std::int64_t id = 0;  // of the registration (manage), token or person
  std::vector<RoleGrant> grants = {};
  std::optional<PersonId> person = {};  // signed in, or behind the token
  bool read_only = false;               // a token that may only read

  std::string text() const;  // "token:3", for the activity log
};

enum class Action {
  see,                  // the thing; a draft only for those who organize or lead it
  organize,             // create, change, publish, cancel a meeting or a cycle
  see_numbers,          // how many registered, of which offices; the way in online
  see_participants,     // who registered
  see_needs,            // special needs
  decide_registration,  // approve, decline
  see_registration,     // one registration, with all that was typed but needs
  change_registration,  // change or cancel it
  add_material,         // bring files and links for those who take part
  see_mails,            // what was sent, in numbers and words
  edit_catalogue,       // institutions, topics, experts
  edit_practice,        // write one and submit it
  verify_practice,      // check, publish, send back, archive and feature one
  record_adoption,      // say for an institution (`institution`) what it took over
  manage_people,        // roles and invitations, tokens of others
  see_activity,         // who did what
  manage_privacy,       // retention, erasure of others
};
bool is_reading(Action action);

// What an action is about; only what is known of it is set, and what is not set opens nothing.
// `responsible`: the institutions that answer for it (owner and hosts of a cycle; hosts of a
// meeting and those of its cycle; those of a practice). `institution`, `person`, `registration`: of
// one registration, whose meeting and cycle stand in the same fields as a meeting's.
struct Thing {
  std::optional<MeetingId> meeting = {};
  std::optional<CycleId> cycle = {};
  std::vector<InstitutionId> responsible = {};
  std::optional<InstitutionId> institution = {};
  std::optional<PersonId> person = {};
  std::optional<RegistrationId> registration = {};
  bool published = true;
};

// The one place that decides who may do what; pages, API and background work ask it. What creates
// or changes a thing asks twice, about the thing as it stands and as it would become.
bool can(const Actor& actor, Action action, const Thing& thing);

// What a list may hold for somebody: everything (`all`), or what one of these scopes covers. Empty
// and not all: nothing.
struct Reach {
  bool all = false;
  std::vector<InstitutionId> institutions;  // that answer for a thing
  std::vector<CycleId> cycles;
  std::vector<MeetingId> meetings;
  std::vector<InstitutionId> people_of;  // whose people a registration is one of

  // Of registrations more is reached by people_of, so that a list of them asks for that as well.
  bool nothing() const {
    return !all && institutions.empty() && cycles.empty() && meetings.empty();
  }
  friend bool operator==(const Reach&, const Reach&) = default;
};
Reach everything();
// The things with `published` false that can(actor, action, …) allows.
Reach reach_of(const Actor& actor, Action action);

}  // namespace narada::domain
