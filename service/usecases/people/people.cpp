#include "service/usecases/people/people.h"

#include <chrono>

#include "calendar/zone.h"
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
constexpr int kMeetingsOnStart = 20;

bool may_manage(const Actor& actor) { return domain::can(actor, Action::manage_people, {}); }

bool could_be_found(const std::string& typed) {
  domain::FieldErrors errors;
  std::string text = typed;
  FieldChecks(errors).check_text("q", text, {.max = 200});
  return errors.empty();
}

// Midnight in Warsaw.
domain::Instant day_of(domain::Instant now) {
  const auto wall = calendar::to_wall_time(now, domain::kDefaultZone);
  return calendar::to_instant(std::chrono::floor<std::chrono::days>(wall), domain::kDefaultZone)
      .instant;
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

Outcome<PanelStart> load_panel(const Environment& environment, const Actor& actor) {
  if (!has_panel(actor)) return domain::Forbidden{};
  const auto reach = domain::reach_of(actor, Action::organize);
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) {
    PanelStart start;
    const auto counts = storage::count_panel(connection, day_of(now));
    if (may_manage(actor)) {
      start.counts.people = counts.people;
      start.counts.role_holders = counts.role_holders;
    }
    if (domain::can(actor, Action::edit_catalogue, {})) {
      start.counts.institutions = counts.institutions;
      start.counts.inactive_institutions = counts.inactive_institutions;
    }
    if (domain::can(actor, Action::see_activity, {}))
      start.counts.activities_today = counts.activities_today;
    if (!reach.nothing())
      start.meetings = storage::list_panel_meetings(connection, reach, now, kMeetingsOnStart);
    return start;
  });
}

}  // namespace narada::usecases
