#include "service/usecases/institutions/institutions.h"

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/institutions/institution_form.h"
#include "service/usecases/institutions/institution_saving.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "sql/association_store.h"
#include "sql/institution_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::Institution;
using domain::InstitutionId;
using domain::InstitutionRef;
using domain::Outcome;

bool could_be_found(const std::string& q) {
  FieldErrors errors;
  std::string text = q;
  FieldChecks(errors).check_text("q", text, {.max = 200});
  return errors.empty();
}

std::vector<domain::Association> find_associations(storage::Connection& connection,
                                                   FieldChecks& checks,
                                                   const std::vector<std::string>& codes) {
  std::vector<domain::Association> associations;
  if (!checks.check_count("associations", codes.size(), 50)) return associations;
  for (std::size_t index = 0; index < codes.size(); ++index) {
    auto association = could_be_found(codes[index])
                           ? storage::find_association(connection, codes[index])
                           : std::nullopt;
    if (association) {
      associations.push_back(std::move(*association));
    } else {
      checks.add("associations[" + std::to_string(index) + "]", "unknown_association");
    }
  }
  return associations;
}

Outcome<InstitutionId> create(storage::Connection& connection, const Environment& environment,
                              const Call& call, const InstitutionForm& form) {
  FieldErrors errors;
  FieldChecks checks(errors);
  Institution institution = read_institution_form(form, checks);
  const auto associations = find_associations(connection, checks, form.associations);
  if (institution.teryt && is_teryt(*institution.teryt)) {
    const auto other = storage::find_institution_ref(connection, *institution.teryt);
    if (other && other->teryt == institution.teryt) checks.add("teryt", "taken");
  }
  if (!errors.empty()) return errors;
  const InstitutionId id = add_institution(connection, environment, call, institution);
  for (const auto& association : associations) {
    storage::save_membership(connection, association.id, id, true);
  }
  return id;
}

}  // namespace

InstitutionId add_institution(storage::Connection& connection, const Environment& environment,
                              const Call& call, Institution institution) {
  const std::string stem = make_slug(institution.name, "instytucja");
  institution.slug = stem;
  for (int number = 2; storage::find_institution_ref(connection, institution.slug); ++number) {
    institution.slug = stem + '-' + std::to_string(number);
  }
  institution.id = storage::insert_institution(connection, institution, environment.clock->now());
  record_activity(connection, environment, call, "institution.created", "institution",
                  institution.id.value);
  return institution.id;
}

PageOf<Institution> list_institutions(const Environment& environment,
                                      const InstitutionFilter& filter, const PageRequest& request) {
  if (!could_be_found(filter.q) || !could_be_found(filter.association)) return {};
  const int limit = clamp_limit(request.limit);
  storage::InstitutionListing listing{filter.association, filter.q, filter.municipalities_only,
                                      std::nullopt, limit + 1};
  if (const auto cursor = find_cursor(request.cursor, kInstitutionList)) {
    listing.after = {cursor->key, InstitutionId{cursor->id}};
  }
  auto institutions = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_institutions(connection, listing);
  });
  return make_page(std::move(institutions), limit, [](const Institution& last) {
    return ListCursor{std::string(kInstitutionList), last.name, last.id.value};
  });
}

std::vector<InstitutionRef> all_institutions(const Environment& environment) {
  const auto load = [&] {
    return read_database(environment, [](storage::Connection& connection) {
      return storage::list_institution_refs(connection);
    });
  };
  if (!environment.catalogue) return load();
  return *environment.catalogue->find_or_load<std::vector<InstitutionRef>>(
      "all-institutions", environment.clock->now(), load);
}

Outcome<Institution> find_institution(const Environment& environment, std::string_view key) {
  if (!could_be_key(key)) return domain::NotFound{};
  auto institution = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_institution(connection, key);
  });
  if (!institution) return domain::NotFound{};
  return std::move(*institution);
}

Outcome<Institution> create_institution(const Environment& environment, const Call& call,
                                        const InstitutionForm& form) {
  if (!can(call.actor, Action::edit_catalogue, {})) return domain::Forbidden{};
  const auto work = [&](storage::Connection& connection) {
    return create(connection, environment, call, form);
  };
  const auto id = retry_taken_slug([&] {
    return run_once_for_id<InstitutionId>(environment, call, "create_institution", work);
  });
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_institution(environment, std::to_string(id->value));
}

std::vector<domain::Association> list_associations(const Environment& environment) {
  return read_database(environment, [](storage::Connection& connection) {
    return storage::list_associations(connection);
  });
}

}  // namespace narada::usecases
