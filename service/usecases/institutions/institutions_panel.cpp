#include "service/usecases/institutions/institutions_panel.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/institutions/institution_changes.h"
#include "service/usecases/institutions/institution_form.h"
#include "service/usecases/institutions/institution_saving.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "sql/association_store.h"
#include "sql/institution_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Institution;
using domain::InstitutionId;
using domain::InstitutionRecord;
using domain::InstitutionState;
using domain::Outcome;

constexpr std::string_view kRecordList = "institution_records";

bool may_edit(const Actor& actor) { return domain::can(actor, Action::edit_catalogue, {}); }

bool could_be_found(const std::string& typed) {
  FieldErrors errors;
  std::string text = typed;
  FieldChecks(errors).check_text("q", text, {.max = 200});
  return errors.empty();
}

std::vector<domain::AssociationMembership> find_memberships(storage::Connection& connection,
                                                            FieldChecks& checks,
                                                            const std::vector<std::string>& codes) {
  std::vector<domain::AssociationMembership> memberships;
  if (!checks.check_count("associations", codes.size(), 50)) return memberships;
  const auto known = storage::list_associations(connection);
  for (std::size_t index = 0; index < codes.size(); ++index) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& it) { return it.code == codes[index]; });
    if (found == known.end()) {
      checks.add("associations[" + std::to_string(index) + "]", "unknown_association");
    } else {
      memberships.push_back({found->id, found->code, found->name, true});
    }
  }
  return memberships;
}

// What the form describes; its associations are those that will be.
Institution check_edit(storage::Connection& connection, const InstitutionEdit& edit,
                       InstitutionId self, FieldErrors& errors) {
  FieldChecks checks(errors);
  Institution institution = read_institution_form(edit, checks);
  institution.associations = find_memberships(connection, checks, edit.associations);
  if (edit.population_year) {
    checks.check_range("population_year", *edit.population_year, 1900, 2200);
    institution.population_year = static_cast<int>(*edit.population_year);
  }
  institution.area_km2 = edit.area_km2;
  if (edit.area_km2 && !(*edit.area_km2 >= 0 && *edit.area_km2 <= 100'000)) {
    checks.add("area_km2", "out_of_range", {{"min", "0"}, {"max", "100000"}});
  }
  if (institution.teryt && is_teryt(*institution.teryt)) {
    const auto other = storage::find_institution_ref(connection, *institution.teryt);
    if (other && other->teryt == institution.teryt && other->id != self) {
      checks.add("teryt", "taken");
    }
  }
  return institution;
}

void save_memberships(storage::Connection& connection, InstitutionId id,
                      const Institution& institution) {
  std::vector<domain::AssociationId> associations;
  for (const auto& membership : institution.associations) {
    associations.push_back(membership.association);
  }
  storage::replace_memberships(connection, id, associations);
}

// Those that are kept stay as certain as they were.
void keep_certainty(Institution& changed, const Institution& stored) {
  for (auto& membership : changed.associations) {
    for (const auto& known : stored.associations) {
      if (known.association == membership.association) membership.certain = known.certain;
    }
  }
}

// The record, locked, if it can be changed by who saw this version of it.
Outcome<InstitutionRecord> lock_version(storage::Connection& connection, InstitutionId id,
                                        std::int64_t version) {
  auto record = storage::find_institution_record(connection, id, storage::RowLock::update);
  if (!record) return domain::NotFound{};
  if (record->state == InstitutionState::merged) return domain::Conflict{"institution_merged"};
  if (record->version != version) return domain::Stale{};
  return std::move(*record);
}

Outcome<InstitutionId> change(storage::Connection& connection, const Environment& environment,
                              const Call& call, InstitutionId id, std::int64_t version,
                              const InstitutionEdit& edit) {
  const auto stored = lock_version(connection, id, version);
  if (!stored) return stored.failure();
  FieldErrors errors;
  Institution changed = check_edit(connection, edit, id, errors);
  if (!errors.empty()) return errors;
  changed.id = id;
  changed.slug = stored->institution.slug;
  keep_certainty(changed, stored->institution);
  const auto changes = changes_between(stored->institution, changed);
  if (changes.empty()) return id;
  storage::update_institution(connection, changed, environment.clock->now());
  storage::replace_aliases(connection, id, changed.aliases);
  save_memberships(connection, id, changed);
  record_activity(connection, environment, call, "institution.changed", "institution", id.value, {},
                  describe_changes(changes));
  return id;
}

Outcome<InstitutionId> set_use(storage::Connection& connection, const Environment& environment,
                               const Call& call, InstitutionId id, std::int64_t version,
                               InstitutionUse use) {
  const auto stored = lock_version(connection, id, version);
  if (!stored) return stored.failure();
  const bool active = use == InstitutionUse::in_use;
  if ((stored->state == InstitutionState::active) == active) return id;
  storage::save_active(connection, id, active, environment.clock->now());
  record_activity(connection, environment, call,
                  active ? "institution.activated" : "institution.deactivated", "institution",
                  id.value);
  return id;
}

// Runs a write of the catalogue once; the caches hear of it.
template <class Work>
Outcome<InstitutionId> write_catalogue(const Environment& environment, const Call& call,
                                       std::string_view kind, Work work) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  auto id = retry_taken_slug(
      [&] { return run_once_for_id<InstitutionId>(environment, call, kind, work); });
  if (id) note_catalogue_write(environment);
  return id;
}

}  // namespace

Outcome<PageOf<InstitutionRecord>> list_institution_records(const Environment& environment,
                                                            const Actor& actor,
                                                            const RecordFilter& filter,
                                                            const PageRequest& request) {
  if (!may_edit(actor)) return domain::Forbidden{};
  if (!could_be_found(filter.q) || !could_be_found(filter.association)) {
    return PageOf<InstitutionRecord>{};
  }
  const int limit = clamp_limit(request.limit);
  storage::RecordListing listing{filter.association, filter.q,     filter.kind,
                                 filter.state,       std::nullopt, limit + 1};
  if (const auto cursor = find_cursor(request.cursor, kRecordList)) {
    listing.after = {cursor->key, InstitutionId{cursor->id}};
  }
  auto records = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_institution_records(connection, listing);
  });
  return make_page(std::move(records), limit, [](const InstitutionRecord& last) {
    return ListCursor{std::string(kRecordList), last.institution.name, last.institution.id.value};
  });
}

Outcome<InstitutionRecord> find_institution_record(const Environment& environment,
                                                   const Actor& actor, InstitutionId id) {
  if (!may_edit(actor)) return domain::Forbidden{};
  auto record = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_institution_record(connection, id);
  });
  if (!record) return domain::NotFound{};
  return std::move(*record);
}

Outcome<InstitutionId> add_institution_record(const Environment& environment, const Call& call,
                                              const InstitutionEdit& edit) {
  return write_catalogue(environment, call, "add_institution",
                         [&](storage::Connection& connection) -> Outcome<InstitutionId> {
                           FieldErrors errors;
                           const auto institution = check_edit(connection, edit, {}, errors);
                           if (!errors.empty()) return errors;
                           const auto id =
                               add_institution(connection, environment, call, institution);
                           save_memberships(connection, id, institution);
                           return id;
                         });
}

Outcome<InstitutionId> change_institution(const Environment& environment, const Call& call,
                                          InstitutionId id, std::int64_t version,
                                          const InstitutionEdit& edit) {
  return write_catalogue(environment, call, "change_institution",
                         [&](storage::Connection& connection) {
                           return change(connection, environment, call, id, version, edit);
                         });
}

Outcome<InstitutionId> set_institution_use(const Environment& environment, const Call& call,
                                           InstitutionId id, std::int64_t version,
                                           InstitutionUse use) {
  return write_catalogue(environment, call, "set_institution_use",
                         [&](storage::Connection& connection) {
                           return set_use(connection, environment, call, id, version, use);
                         });
}

std::optional<domain::InstitutionRef> find_successor(const Environment& environment,
                                                     std::string_view key) {
  if (!could_be_key(key)) return std::nullopt;
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_successor(connection, key);
  });
}

}  // namespace narada::usecases
