#include "service/usecases/catalogue_activity.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/operations.h"
#include "sql/material_store.h"
#include "sql/pool.h"

// Where materials stand, whether they are there, and what they must be like.
namespace narada::usecases {
namespace {

using domain::MaterialId;
using domain::MaterialOwner;
using domain::Outcome;

void record(storage::Connection& connection, const Environment& environment, const Call& call,
            std::string_view verb, const domain::Material& material) {
  record_activity(connection, environment, call, verb, "material", material.id.value,
                  meeting_of(material.owner));
}

// Runs `step` on the locked material as an operation of that kind, which its activity is named
// after. `step` returns a failure or nothing.
template <class Step>
Outcome<MaterialId> run_step(const Environment& environment, const Call& call,
                             std::string_view kind, MaterialId id, storage::Removed removed,
                             Step step) {
  const auto work = [&](storage::Connection& connection) -> Outcome<MaterialId> {
    const auto locked = lock_changed_material(connection, environment, call, id, removed);
    if (!locked) return locked.failure();
    if (std::optional<domain::Failure> failure = step(connection, *locked)) return *failure;
    return id;
  };
  return with_news(environment, run_once_for_id<MaterialId>(environment, call, kind, work));
}

domain::Outcome<Thing> check_rule_owner(storage::Connection& connection, const Actor& actor,
                                        const std::optional<domain::MeetingId>& meeting) {
  if (meeting) return check_meeting(connection, actor, Action::organize, *meeting);
  return check(actor, Action::organize, Thing{});
}

AccessibilityRules read_rules(storage::Connection& connection,
                              const std::optional<domain::MeetingId>& meeting) {
  AccessibilityRules rules;
  rules.installation = storage::find_accessibility_rule(connection, std::nullopt)
                           .value_or(domain::AccessibilityRule::advice);
  if (meeting) rules.own = storage::find_accessibility_rule(connection, meeting);
  return rules;
}

}  // namespace

Outcome<MaterialId> move_material(const Environment& environment, const Call& call, MaterialId id,
                                  domain::MaterialMove move) {
  return run_step(environment, call, "move_material", id, storage::Removed::hidden,
                  [&](storage::Connection& connection,
                      const LockedMaterial& locked) -> std::optional<domain::Failure> {
                    if (!locked.desk.organizes()) return domain::Forbidden{};
                    const auto seats = storage::lock_seats(connection, locked.material.owner);
                    storage::save_seats(connection, domain::moved(seats, id, move));
                    record(connection, environment, call, "material.moved", locked.material);
                    return std::nullopt;
                  });
}

Outcome<MaterialId> remove_material(const Environment& environment, const Call& call, MaterialId id,
                                    std::optional<std::int64_t> version) {
  return run_step(environment, call, "remove_material", id, storage::Removed::hidden,
                  [&](storage::Connection& connection,
                      const LockedMaterial& locked) -> std::optional<domain::Failure> {
                    if (version && *version != locked.material.version) return domain::Stale{};
                    storage::remove_material(connection, id, environment.clock->now());
                    record(connection, environment, call, "material.removed", locked.material);
                    return std::nullopt;
                  });
}

Outcome<MaterialId> restore_material(const Environment& environment, const Call& call,
                                     MaterialId id) {
  return run_step(environment, call, "restore_material", id, storage::Removed::only,
                  [&](storage::Connection& connection,
                      const LockedMaterial& locked) -> std::optional<domain::Failure> {
                    storage::restore_material(connection, id, environment.clock->now());
                    record(connection, environment, call, "material.restored", locked.material);
                    return std::nullopt;
                  });
}

Outcome<MaterialId> exempt_material(const Environment& environment, const Call& call, MaterialId id,
                                    const std::string& reason) {
  std::string said = reason;
  domain::FieldErrors errors;
  FieldChecks(errors).check_text("reason", said, {.max = 500, .lines = Lines::many});
  if (!errors.empty()) return errors;
  return run_step(environment, call, "exempt_material", id, storage::Removed::hidden,
                  [&](storage::Connection& connection,
                      const LockedMaterial& locked) -> std::optional<domain::Failure> {
                    if (!locked.desk.organizes()) return domain::Forbidden{};
                    if (locked.material.exemption == said) return std::nullopt;
                    storage::save_exemption(connection, id, said, environment.clock->now());
                    record(connection, environment, call,
                           said.empty() ? "material.exemption_ended" : "material.exempted",
                           locked.material);
                    return std::nullopt;
                  });
}

Outcome<std::vector<ReadableMaterial>> list_materials(const Environment& environment,
                                                      const Actor& actor,
                                                      const MaterialOwner& owner) {
  using Readables = std::vector<ReadableMaterial>;
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Readables> {
    const auto desk = MaterialDesk::open(connection, environment, actor, owner);
    if (!desk) return desk.failure();
    if (!desk->may_add()) return domain::Forbidden{};
    return read_materials(connection, environment, actor, owner);
  });
}

Outcome<std::vector<RemovedMaterial>> list_removed_materials(const Environment& environment,
                                                             const Actor& actor,
                                                             const MaterialOwner& owner) {
  using Removed = std::vector<RemovedMaterial>;
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<Removed> {
    const auto desk = MaterialDesk::open(connection, environment, actor, owner);
    if (!desk) return desk.failure();
    Removed removed;
    for (auto& material : storage::list_materials(connection, owner, storage::Removed::only)) {
      if (!desk->may_change(material)) continue;
      const domain::Instant purged_at = material.updated_at + kKeptInBin;
      removed.push_back({std::move(material), purged_at});
    }
    if (removed.empty() && !desk->may_add()) return domain::Forbidden{};
    return removed;
  });
}

int purge_materials(const Environment& environment) {
  const domain::Instant before = environment.clock->now() - kKeptInBin;
  const auto stale = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_stale_materials(connection, before);
  });
  for (const MaterialId id : stale) {
    environment.pool->transact([&](storage::Connection& connection) {
      if (!storage::lock_material(connection, id)) return;
      // It may have been restored since.
      if (!storage::find_material(connection, id, storage::Removed::only)) return;
      storage::delete_material(connection, id);
    });
  }
  return static_cast<int>(stale.size());
}

Outcome<AccessibilityRules> load_accessibility_rules(
    const Environment& environment, const Actor& actor,
    const std::optional<domain::MeetingId>& meeting) {
  return read_database(environment,
                       [&](storage::Connection& connection) -> Outcome<AccessibilityRules> {
                         const auto allowed = check_rule_owner(connection, actor, meeting);
                         if (!allowed) return allowed.failure();
                         return read_rules(connection, meeting);
                       });
}

Outcome<AccessibilityRules> save_accessibility_rule(
    const Environment& environment, const Call& call,
    const std::optional<domain::MeetingId>& meeting,
    const std::optional<domain::AccessibilityRule>& rule) {
  if (!meeting && !rule) return domain::FieldErrors{{"accessibility", "required"}};
  const auto saved = run_once_for_id<domain::MeetingId>(
      environment, call, "save_accessibility_rule",
      [&](storage::Connection& connection) -> Outcome<domain::MeetingId> {
        const auto allowed = check_rule_owner(connection, call.actor, meeting);
        if (!allowed) return allowed.failure();
        const auto before = storage::find_accessibility_rule(connection, meeting);
        if (before == rule) return meeting.value_or(domain::MeetingId{});
        storage::save_accessibility_rule(connection, meeting, rule);
        ChangeNote note;
        note.add("accessibility", before ? std::string(to_string(*before)) : "",
                 rule ? std::string(to_string(*rule)) : "");
        record_activity(connection, environment, call, "materials.rule_changed",
                        meeting ? "meeting" : "installation", meeting ? meeting->value : 1, meeting,
                        note.details());
        return meeting.value_or(domain::MeetingId{});
      });
  if (!saved) return saved.failure();
  note_catalogue_write(environment);
  return load_accessibility_rules(environment, call.actor, meeting);
}

}  // namespace narada::usecases
