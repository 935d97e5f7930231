#include "service/usecases/experts/inviting.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/reference_saving.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/account_mails.h"
#include "service/usecases/people/roles.h"
#include "service/usecases/people/sign_in_links.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/expert_member_store.h"
#include "sql/expert_profile_store.h"
#include "sql/expert_store.h"
#include "sql/expert_task_store.h"
#include "sql/people_store.h"
#include "sql/person_store.h"
#include "sql/role_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertId;
using domain::FieldErrors;
using domain::MeetingId;
using domain::Outcome;
using domain::PersonId;

bool may_edit_catalogue(const Actor& actor) { return can(actor, Action::edit_catalogue, {}); }

// One invitation inside its transaction; the meeting's row is locked.
class Inviting {
 public:
  Inviting(storage::Connection& connection, const Environment& environment, const Call& call,
           const domain::Meeting& meeting)
      : connection_(connection), environment_(environment), call_(call), meeting_(meeting) {}

  Outcome<PersonId> invite(const ExpertInvitation& invitation, storage::NewPerson person) {
    const auto expert = find_or_add(invitation.expert);
    if (!expert) return expert.failure();
    const auto profile = storage::lock_expert_profile(connection_, *expert);
    if (!profile) return FieldErrors{{"expert", "unknown_expert"}};
    if (person.full_name.empty()) {
      if (profile->expert.kind == domain::ExpertKind::organization)
        return FieldErrors{{"full_name", "required"}};
      person.full_name = profile->expert.name;
      person.name_key = make_name_key(person.full_name);
    }
    const auto id = storage::save_person(connection_, person, environment_.clock->now());
    if (auto refusal = find_refusal(*expert, id)) return FieldErrors{std::move(*refusal)};
    name_in_program(*expert, invitation.position);
    become_member(*profile, id);
    return send(*expert, id);
  }

  // Precondition: the person acts for the expert.
  Outcome<PersonId> send(ExpertId expert, PersonId person) {
    const auto grantee = storage::find_grantee(connection_, person);
    if (!grantee) return domain::NotFound{};
    grant(person);
    const auto link = make_link(connection_, environment_,
                                {LinkPurpose::invitation, grantee->email, person,
                                 fmt::format("/prowadzenie/spotkania/{}", meeting_.id.value)},
                                grantee->language);
    notifications::AccountFacts account;
    account.url = link.url;
    account.until = polish_time(link.expires_at);
    account.role = domain::to_string(Role::expert);
    account.scope = meeting_.title;
    send_account_mail(connection_, environment_,
                      {notifications::MailKind::role_invitation, person, grantee->full_name,
                       grantee->email, grantee->language, account, link.expires_at});
    storage::save_member_invited(connection_, expert, person, environment_.clock->now());
    record_activity(connection_, environment_, call_, "expert.invited", "expert", expert.value,
                    meeting_.id, fmt::format(R"({{"person":{}}})", person.value));
    return person;
  }

 private:
  Outcome<ExpertId> find_or_add(const std::string& typed) {
    if (could_be_key(typed))
      if (const auto known = storage::find_expert(connection_, typed)) return known->id;
    if (!may_edit_catalogue(call_.actor)) return FieldErrors{{"expert", "unknown_expert"}};
    ExpertForm form;
    form.name = typed;
    form.kind = domain::ExpertKind::person;
    auto added = add_expert(connection_, environment_, call_, form, meeting_.id);
    if (added) return added;
    return FieldErrors{{"expert", "required"}};
  }

  // Nobody gets hold of the page of an expert by naming them in a meeting.
  std::optional<domain::FieldError> find_refusal(ExpertId expert, PersonId person) {
    if (may_edit_catalogue(call_.actor)) return std::nullopt;
    if (storage::is_expert_member(connection_, expert, person)) return std::nullopt;
    if (!storage::list_expert_members(connection_, expert).empty())
      return domain::FieldError{"expert", "expert_has_account"};
    if (storage::is_expert_of_meeting_alone(connection_, expert, meeting_.id)) return std::nullopt;
    return domain::FieldError{"expert", "expert_of_catalogue"};
  }

  void name_in_program(ExpertId expert, std::optional<int> position) {
    const auto named = storage::list_preparing_experts(connection_, meeting_.id, std::nullopt);
    const bool is_named = std::any_of(named.begin(), named.end(),
                                      [&](const auto& one) { return one.expert.id == expert; });
    if (is_named && !position) return;
    if (!storage::add_expert_to_meeting(connection_, meeting_.id, expert, position)) return;
    record_activity(connection_, environment_, call_, "meeting.changed", "meeting",
                    meeting_.id.value, meeting_.id,
                    position ? R"({"fields":["program"]})" : R"({"fields":["experts"]})");
  }

  void become_member(domain::ExpertProfile profile, PersonId person) {
    const auto expert = profile.expert.id;
    if (storage::is_expert_member(connection_, expert, person)) return;
    storage::add_expert_member(connection_, expert, person, environment_.clock->now());
    if (!profile.account) {
      profile.account = domain::ExpertAccount{person, {}, {}};
      storage::save_expert_profile(connection_, profile);
    }
    record_activity(connection_, environment_, call_, "expert.person_added", "expert", expert.value,
                    {}, fmt::format(R"({{"person":{}}})", person.value));
  }

  void grant(PersonId person) {
    const RoleGrant wanted{Role::expert, meeting_.id};
    if (!storage::save_grant(connection_, person, wanted, call_.actor.text(),
                             environment_.clock->now()))
      return;
    record_activity(connection_, environment_, call_, "person.role_granted", "person", person.value,
                    {}, describe_grant(wanted));
  }

  storage::Connection& connection_;
  const Environment& environment_;
  const Call& call_;
  const domain::Meeting& meeting_;
};

Outcome<domain::Meeting> lock_organized(storage::Connection& connection, const Actor& actor,
                                        MeetingId id) {
  if (!storage::lock_meeting(connection, id)) return domain::NotFound{};
  const auto allowed = check_meeting(connection, actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  auto seated = storage::find_seated_meeting(connection, id);
  if (!seated) return domain::NotFound{};
  return std::move(seated->meeting);
}

}  // namespace

Outcome<PersonId> invite_expert(const Environment& environment, const Call& call, MeetingId id,
                                const ExpertInvitation& invitation) {
  FieldErrors errors;
  FieldChecks checks(errors);
  ExpertInvitation wanted = invitation;
  checks.check_text("expert", wanted.expert, {.max = 200, .presence = Presence::required});
  storage::NewPerson person;
  if (!wanted.full_name.empty())
    person.full_name = check_text(wanted.full_name, "full_name", kNameBounds, errors);
  person.email = check_email(wanted.email, errors);
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  person.language = call.language;
  const auto invited = retry_taken_slug([&] {
    return run_once_for_id<PersonId>(
        environment, call, "invite_expert",
        [&](storage::Connection& connection) -> Outcome<PersonId> {
          const auto meeting = lock_organized(connection, call.actor, id);
          if (!meeting) return meeting.failure();
          if (!errors.empty()) return errors;
          return Inviting(connection, environment, call, *meeting).invite(wanted, person);
        });
  });
  if (invited) note_catalogue_write(environment);
  return invited;
}

Outcome<PersonId> send_expert_link(const Environment& environment, const Call& call, MeetingId id,
                                   ExpertId expert, PersonId person) {
  return run_once_for_id<PersonId>(
      environment, call, "send_expert_link",
      [&](storage::Connection& connection) -> Outcome<PersonId> {
        const auto meeting = lock_organized(connection, call.actor, id);
        if (!meeting) return meeting.failure();
        const auto named = storage::list_preparing_experts(connection, id, std::nullopt);
        const bool is_named = std::any_of(named.begin(), named.end(),
                                          [&](const auto& one) { return one.expert.id == expert; });
        if (!is_named || !storage::is_expert_member(connection, expert, person))
          return domain::NotFound{};
        return Inviting(connection, environment, call, *meeting).send(expert, person);
      });
}

Outcome<PersonId> remove_expert_person(const Environment& environment, const Call& call,
                                       ExpertId expert, PersonId person) {
  const bool is_self = call.actor.person == person && !call.actor.read_only;
  if (!is_self && !may_edit_catalogue(call.actor)) return domain::Forbidden{};
  const auto removed = run_once_for_id<PersonId>(
      environment, call, "remove_expert_person",
      [&](storage::Connection& connection) -> Outcome<PersonId> {
        if (!storage::lock_expert_profile(connection, expert)) return domain::NotFound{};
        if (!storage::remove_expert_member(connection, expert, person)) return domain::NotFound{};
        record_activity(connection, environment, call, "expert.person_removed", "expert",
                        expert.value, {}, fmt::format(R"({{"person":{}}})", person.value));
        return person;
      });
  if (removed) note_catalogue_write(environment);
  return removed;
}

Outcome<std::vector<ExpertPerson>> list_expert_people(const Environment& environment,
                                                      const Actor& actor, ExpertId expert) {
  if (!may_edit_catalogue(actor)) return domain::Forbidden{};
  const auto members = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_expert_members(connection, expert);
  });
  std::vector<ExpertPerson> people;
  for (const auto& member : members)
    people.push_back({member.person, member.full_name, member.email});
  return people;
}

Outcome<MemberChoices> find_own_choices(const Environment& environment, const Actor& actor,
                                        ExpertId expert) {
  if (!actor.person) return domain::NotFound{};
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<MemberChoices> {
    for (const auto& member : storage::list_expert_members(connection, expert))
      if (member.person == *actor.person)
        return MemberChoices{member.is_shown, member.shares_contact};
    return domain::NotFound{};
  });
}

Outcome<ExpertId> save_own_choices(const Environment& environment, const Call& call,
                                   ExpertId expert, const MemberChoices& choices) {
  if (!call.actor.person || call.actor.read_only) return domain::NotFound{};
  const auto saved = run_once_for_id<ExpertId>(
      environment, call, "save_expert_choices",
      [&](storage::Connection& connection) -> Outcome<ExpertId> {
        if (!storage::is_expert_member(connection, expert, *call.actor.person))
          return domain::NotFound{};
        storage::save_member_choices(connection, expert, *call.actor.person, choices.is_shown,
                                     choices.shares_contact);
        record_activity(connection, environment, call, "expert.choices_changed", "expert",
                        expert.value);
        return expert;
      });
  if (saved) note_catalogue_write(environment);
  return saved;
}

}  // namespace narada::usecases
