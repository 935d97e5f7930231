#include "service/usecases/experts/expert_profiles.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/list_names.h"
#include "service/usecases/materials/readable_materials.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/slug.h"
#include "sql/expert_member_store.h"
#include "sql/expert_profile_store.h"
#include "sql/sign_in_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertId;
using domain::ExpertProfile;
using domain::FieldErrors;
using domain::Outcome;

constexpr int kMostOfProgram = 200;
constexpr int kMostOfWork = 30;
constexpr std::size_t kLongestDescription = 2000;

bool may_edit(const Actor& actor) { return can(actor, Action::edit_catalogue, {}); }

void check_descriptions(FieldChecks& checks, OwnExpertEdit& edit) {
  checks.check_text("organization", edit.organization, {.max = 200});
  checks.check_text("description", edit.description,
                    {.max = kLongestDescription, .lines = Lines::many});
  checks.check_text("description_en", edit.description_en,
                    {.max = kLongestDescription, .lines = Lines::many});
}

void take_over(storage::Connection& connection, const OwnExpertEdit& edit, ExpertProfile& profile) {
  if (profile.organization != edit.organization) {
    profile.organization = edit.organization;
    profile.institution = edit.organization.empty()
                              ? std::nullopt
                              : storage::find_institution_named(connection, edit.organization);
  }
  profile.expert.description = edit.description;
  profile.description_en = edit.description_en;
}

// Whose mailbox it is; the account stays where its address is typed again.
void set_account(storage::Connection& connection, const std::string& typed, FieldChecks& checks,
                 ExpertProfile& profile) {
  if (typed.empty()) {
    profile.account.reset();
    return;
  }
  const auto key = make_email_key(typed);
  if (profile.account && make_email_key(profile.account->email) == key) return;
  auto people = storage::list_mailbox_people(connection, key);
  if (people.size() > 1) {
    const auto name = make_name_key(profile.expert.name);
    std::erase_if(people,
                  [&](const auto& person) { return make_name_key(person.full_name) != name; });
    if (people.empty()) return checks.add("account", "several_accounts");
  }
  if (people.empty()) return checks.add("account", "unknown_account");
  profile.account = domain::ExpertAccount{people.front().id, people.front().full_name, typed};
}

std::string account_text(const ExpertProfile& profile) {
  return profile.account ? std::to_string(profile.account->person.value) : std::string();
}

// What differs, for the log; nothing when an edit changes nothing.
std::optional<std::string> changes_of(const ExpertProfile& before, const ExpertProfile& after) {
  ChangeNote note;
  bool changed = false;
  const auto name = [&](const char* field, const std::string& old, const std::string& now) {
    if (old == now) return;
    note.add_name(field);
    changed = true;
  };
  name("name", before.expert.name, after.expert.name);
  name("organization", before.organization, after.organization);
  name("description", before.expert.description, after.expert.description);
  name("description_en", before.description_en, after.description_en);
  name("account", account_text(before), account_text(after));
  if (before.expert.kind != after.expert.kind) {
    note.add("kind", std::string(to_string(before.expert.kind)),
             std::string(to_string(after.expert.kind)));
    changed = true;
  }
  if (!changed) return std::nullopt;
  return note.details();
}

// Whoever is no longer the account acts for the expert no longer.
void save_account(storage::Connection& connection, const Environment& environment,
                  const ExpertProfile& before, const ExpertProfile& after) {
  if (account_text(before) == account_text(after)) return;
  const auto id = before.expert.id;
  if (before.account) storage::remove_expert_member(connection, id, before.account->person);
  if (after.account)
    storage::add_expert_member(connection, id, after.account->person, environment.clock->now());
}

void save(storage::Connection& connection, const Environment& environment, const Call& call,
          const ExpertProfile& before, const ExpertProfile& after) {
  const auto details = changes_of(before, after);
  if (!details) return;
  storage::save_expert_profile(connection, after);
  save_account(connection, environment, before, after);
  record_activity(connection, environment, call, "expert.changed", "expert", after.expert.id.value,
                  {}, *details);
}

Outcome<ExpertId> change_in(storage::Connection& connection, const Environment& environment,
                            const Call& call, const ExpertProfile& before, ExpertEdit edit) {
  FieldErrors errors;
  FieldChecks checks(errors);
  ExpertProfile after = before;
  checks.check_text("name", edit.name, {.max = 200, .presence = Presence::required});
  checks.check_text("account", edit.account, {.max = 254});
  OwnExpertEdit own{edit.organization, edit.description, edit.description_en};
  check_descriptions(checks, own);
  after.expert.name = edit.name;
  after.expert.kind = edit.kind;
  take_over(connection, own, after);
  if (errors.empty()) set_account(connection, edit.account, checks, after);
  if (!errors.empty()) return errors;
  save(connection, environment, call, before, after);
  return before.expert.id;
}

// `into` keeps what it says; what it does not say comes from `from`.
void complete(const ExpertProfile& from, ExpertProfile& into) {
  if (into.expert.description.empty()) into.expert.description = from.expert.description;
  if (into.description_en.empty()) into.description_en = from.description_en;
  if (into.organization.empty()) {
    into.organization = from.organization;
    into.institution = from.institution;
  }
  if (!into.account) into.account = from.account;
}

Outcome<ExpertId> merge_in(storage::Connection& connection, const Environment& environment,
                           const Call& call, ExpertId from, ExpertId into) {
  // By id, so that two merges of the same pair do not wait for each other.
  auto first = storage::lock_expert_profile(connection, std::min(from, into));
  auto second = storage::lock_expert_profile(connection, std::max(from, into));
  if (from > into) std::swap(first, second);
  if (!first) return domain::NotFound{};
  if (!second) return FieldErrors{{"into", "unknown_expert"}};
  storage::move_expert_links(connection, from, into);
  complete(*first, *second);
  storage::save_expert_profile(connection, *second);
  record_activity(connection, environment, call, "expert.merged", "expert", into.value, {},
                  R"({"from":)" + std::to_string(from.value) + "}");
  return into;
}

}  // namespace

Outcome<ExpertProfile> find_expert_profile(const Environment& environment, const Actor& actor,
                                           std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  auto profile = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_expert_profile(connection, id_or_slug);
  });
  if (!profile) return domain::NotFound{};
  if (!may_edit(actor)) profile->account.reset();
  return std::move(*profile);
}

domain::ExpertProgram load_expert_program(const Environment& environment, ExpertId expert) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::load_expert_program(connection, expert, kMostOfProgram);
  });
}

ExpertWork load_expert_work(const Environment& environment, const Actor& actor,
                            const ExpertProfile& profile) {
  const auto id = profile.expert.id;
  ExpertWork work;
  const auto owners = read_database(environment, [&](storage::Connection& connection) {
    work.practices = storage::list_presented_practices(connection, id, kMostOfWork);
    work.people = storage::list_shown_members(connection, id);
    return storage::list_material_owners_of(connection, id, kMostOfWork);
  });
  for (const auto& owner : owners) {
    auto readable = load_readable_materials(environment, actor, owner);
    if (!readable) continue;  // of a draft
    for (auto& one : std::move(readable).value())
      if (one.material.expert == id && one.reading == domain::MaterialReading::open)
        work.materials.push_back(std::move(one.material));
  }
  return work;
}

std::vector<ExpertFace> list_expert_faces(const Environment& environment,
                                          domain::MeetingId meeting) {
  const auto shown = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_shown_experts(connection, meeting);
  });
  std::vector<ExpertFace> faces;
  for (const auto& one : shown) faces.push_back({one.expert, one.has_photo, one.people});
  return faces;
}

Outcome<ExpertId> change_expert(const Environment& environment, const Call& call, ExpertId id,
                                std::int64_t version, const ExpertEdit& edit) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  const auto changed =
      run_once_for_id<ExpertId>(environment, call, "change_expert",
                                [&](storage::Connection& connection) -> Outcome<ExpertId> {
                                  const auto before = storage::lock_expert_profile(connection, id);
                                  if (!before) return domain::NotFound{};
                                  if (before->version != version) return domain::Stale{};
                                  return change_in(connection, environment, call, *before, edit);
                                });
  if (changed) note_catalogue_write(environment);
  return changed;
}

std::vector<domain::ExpertRef> list_own_experts(const Environment& environment,
                                                const Actor& actor) {
  if (!actor.person) return {};
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_experts_of(connection, *actor.person);
  });
}

Outcome<ExpertProfile> find_own_expert(const Environment& environment, const Actor& actor,
                                       std::optional<ExpertId> which) {
  if (!actor.person) return domain::NotFound{};
  auto profile = read_database(environment, [&](storage::Connection& connection) {
    if (!which) return storage::find_expert_of(connection, *actor.person);
    if (!storage::is_expert_member(connection, *which, *actor.person))
      return std::optional<ExpertProfile>();
    return storage::find_expert_profile(connection, std::to_string(which->value));
  });
  if (!profile) return domain::NotFound{};
  return std::move(*profile);
}

Outcome<ExpertId> change_own_expert(const Environment& environment, const Call& call,
                                    std::int64_t version, const OwnExpertEdit& edit,
                                    std::optional<ExpertId> which) {
  if (!call.actor.person || call.actor.read_only) return domain::NotFound{};
  const auto changed = run_once_for_id<ExpertId>(
      environment, call, "change_own_expert",
      [&, which](storage::Connection& connection) mutable -> Outcome<ExpertId> {
        const auto person = *call.actor.person;
        if (!which) {
          const auto own = storage::find_expert_of(connection, person);
          if (!own) return domain::NotFound{};
          which = own->expert.id;
        }
        const auto before = storage::lock_expert_profile(connection, *which);
        if (!before || !storage::is_expert_member(connection, *which, person))
          return domain::NotFound{};
        if (before->version != version) return domain::Stale{};
        FieldErrors errors;
        FieldChecks checks(errors);
        OwnExpertEdit checked = edit;
        check_descriptions(checks, checked);
        if (!errors.empty()) return errors;
        ExpertProfile after = *before;
        take_over(connection, checked, after);
        save(connection, environment, call, *before, after);
        return before->expert.id;
      });
  if (changed) note_catalogue_write(environment);
  return changed;
}

Outcome<domain::ExpertLinks> count_expert_links(const Environment& environment, const Actor& actor,
                                                ExpertId id) {
  if (!may_edit(actor)) return domain::Forbidden{};
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::count_expert_links(connection, id);
  });
}

Outcome<ExpertId> merge_experts(const Environment& environment, const Call& call, ExpertId from,
                                ExpertId into) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  if (from == into) return FieldErrors{{"into", "same_expert"}};
  const auto merged = run_once_for_id<ExpertId>(
      environment, call, "merge_experts", [&](storage::Connection& connection) {
        return merge_in(connection, environment, call, from, into);
      });
  if (merged) note_catalogue_write(environment);
  return merged;
}

}  // namespace narada::usecases
