#include "service/usecases/people/roles.h"

#include <nlohmann/json.hpp>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/people/sign_in_links.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/people_store.h"
#include "sql/person_store.h"
#include "sql/role_store.h"
#include "sql/sign_in_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Outcome;
using domain::PersonId;

bool may_manage(const Actor& actor) { return domain::can(actor, Action::manage_people, {}); }

// The name of what the role is for; absent with an error when it cannot be.
std::optional<std::string> check_scope(storage::Connection& connection, const RoleGrant& grant,
                                       FieldErrors& errors) {
  if (!domain::is_allowed_scope(grant.role, grant.scope)) {
    errors.push_back({"scope", "wrong_scope"});
    return std::nullopt;
  }
  auto name = storage::find_scope_name(connection, grant.scope);
  if (!name) errors.push_back({"scope", "unknown_scope"});
  return name;
}

// Writes the role down unless it is held.
void save(storage::Connection& connection, const Environment& environment, const Call& call,
          PersonId person, const RoleGrant& grant) {
  const auto now = environment.clock->now();
  if (!storage::save_grant(connection, person, grant, call.actor.text(), now)) return;
  record_activity(connection, environment, call, "person.role_granted", "person", person.value, {},
                  describe_grant(grant));
}

Outcome<PersonId> grant(storage::Connection& connection, const Environment& environment,
                        const Call& call, PersonId person, const RoleGrant& grant) {
  FieldErrors errors;
  if (!check_scope(connection, grant, errors)) return errors;
  if (!storage::find_grantee(connection, person)) return domain::NotFound{};
  save(connection, environment, call, person, grant);
  return person;
}

Outcome<PersonId> revoke(storage::Connection& connection, const Environment& environment,
                         const Call& call, domain::RoleGrantId id) {
  const auto held = storage::find_held_role(connection, id);
  if (!held) return domain::NotFound{};
  if (held->grant.role == Role::admin && storage::is_last_admin(connection, held->person)) {
    return domain::Conflict{"last_admin"};
  }
  if (!storage::remove_grant(connection, id)) return domain::NotFound{};
  storage::void_links(connection, held->person, environment.clock->now());  // to the role
  record_activity(connection, environment, call, "person.role_revoked", "person",
                  held->person.value, {}, describe_grant(held->grant));
  return held->person;
}

Outcome<PersonId> invite(storage::Connection& connection, const Environment& environment,
                         const Call& call, const storage::NewPerson& invited,
                         const RoleGrant& grant) {
  FieldErrors errors;
  const auto scope_name = check_scope(connection, grant, errors);
  if (!scope_name) return errors;
  const auto now = environment.clock->now();
  const PersonId person = storage::save_person(connection, invited, now);
  const auto grantee = storage::find_grantee(connection, person);
  if (!grantee) return domain::NotFound{};
  save(connection, environment, call, person, grant);
  const auto link =
      make_link(connection, environment,
                {LinkPurpose::invitation, grantee->email, person, "/panel"}, grantee->language);
  notifications::AccountFacts account;
  account.url = link.url;
  account.until = polish_time(link.expires_at);
  account.role = domain::to_string(grant.role);
  account.scope = *scope_name;
  send_account_mail(connection, environment,
                    {notifications::MailKind::role_invitation, person, grantee->full_name,
                     grantee->email, grantee->language, account, link.expires_at});
  record_activity(connection, environment, call, "person.invited", "person", person.value, {},
                  describe_grant(grant));
  return person;
}

}  // namespace

std::string describe_grant(const RoleGrant& grant) {
  const auto scope = storage::columns_of(grant.scope);
  std::string name(scope.kind);
  if (scope.id != 0) name += ':' + std::to_string(scope.id);
  return nlohmann::json{{"role", domain::to_string(grant.role)}, {"scope", name}}.dump();
}

Outcome<PersonId> grant_role(const Environment& environment, const Call& call, PersonId person,
                             const RoleGrant& wanted) {
  if (!may_manage(call.actor)) return domain::Forbidden{};
  return run_once_for_id<PersonId>(environment, call, "grant_role",
                                   [&](storage::Connection& connection) {
                                     return grant(connection, environment, call, person, wanted);
                                   });
}

Outcome<PersonId> revoke_role(const Environment& environment, const Call& call,
                              domain::RoleGrantId id) {
  if (!may_manage(call.actor)) return domain::Forbidden{};
  return run_once_for_id<PersonId>(
      environment, call, "revoke_role",
      [&](storage::Connection& connection) { return revoke(connection, environment, call, id); });
}

Outcome<domain::HeldRole> find_held_role(const Environment& environment, const Actor& actor,
                                         domain::RoleGrantId id) {
  if (!may_manage(actor)) return domain::Forbidden{};
  auto held = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_held_role(connection, id);
  });
  if (!held) return domain::NotFound{};
  return std::move(*held);
}

Outcome<PersonId> invite(const Environment& environment, const Call& call,
                         const RoleInvitation& invitation) {
  if (!may_manage(call.actor)) return domain::Forbidden{};
  FieldErrors errors;
  storage::NewPerson person;
  person.full_name = check_text(invitation.full_name, "full_name", kNameBounds, errors);
  person.email = check_email(invitation.email, errors);
  if (!domain::is_allowed_scope(invitation.grant.role, invitation.grant.scope)) {
    errors.push_back({"scope", "wrong_scope"});
  }
  if (!errors.empty()) return errors;
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  person.language = call.language;
  return run_once_for_id<PersonId>(
      environment, call, "invite_person", [&](storage::Connection& connection) {
        return invite(connection, environment, call, person, invitation.grant);
      });
}

}  // namespace narada::usecases
