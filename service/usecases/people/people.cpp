#include "service/usecases/people/people.h"

#include "service/usecases/field_checks.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/sessions.h"
#include "sql/people_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::PersonSummary;

constexpr std::string_view kPersonList = "people";

bool may_manage(const Actor& actor) { return domain::can(actor, Action::manage_people, {}); }

bool could_be_found(const std::string& typed) {
  domain::FieldErrors errors;
  std::string text = typed;
  FieldChecks(errors).check_text("q", text, {.max = 200});
  return errors.empty();
}

}  // namespace

Outcome<PageOf<PersonSummary>> list_people(const Environment& environment, const Actor& actor,
                                           const PersonFilter& filter, const PageRequest& request) {
  if (!may_manage(actor)) return domain::Forbidden{};
  if (!could_be_found(filter.q) || !could_be_found(filter.institution)) {
    return PageOf<PersonSummary>{};
  }
  const int limit = clamp_limit(request.limit);
  storage::PersonListing listing{filter.q, filter.institution, filter.role, std::nullopt,
                                 limit + 1};
  if (const auto cursor = find_cursor(request.cursor, kPersonList)) {
    listing.after = {cursor->key, domain::PersonId{cursor->id}};
  }
  auto people = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_people(connection, listing);
  });
  return make_page(std::move(people), limit, [](const PersonSummary& last) {
    return ListCursor{std::string(kPersonList), last.full_name, last.id.value};
  });
}

Outcome<domain::PersonRecord> find_person_record(const Environment& environment, const Actor& actor,
                                                 domain::PersonId person) {
  if (!may_manage(actor)) return domain::Forbidden{};
  auto record = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_person_record(connection, person);
  });
  if (!record) return domain::NotFound{};
  record->open_sessions = static_cast<int>(list_sessions(environment, person).size());
  return std::move(*record);
}

bool has_panel(const Actor& actor) {
  return !domain::reach_of(actor, Action::organize).nothing() ||
         domain::can(actor, Action::edit_catalogue, {}) || may_manage(actor);
}

}  // namespace narada::usecases
