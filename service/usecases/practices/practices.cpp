#include "service/usecases/practices/practices.h"

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/practices/practice_form.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/pool.h"
#include "sql/practice_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using domain::Practice;
using domain::PracticeId;
using domain::PracticeStatus;
using domain::PracticeSummary;
using Page = PageOf<PracticeSummary>;

// Absent when no practice can fit.
std::optional<storage::PracticeListing> find_listing(storage::Connection& connection,
                                                     const PracticeFilter& filter) {
  storage::PracticeListing listing;
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  if (const auto topic = references.find_topic(checks, "topic", filter.topic)) {
    listing.topic = topic->id;
  }
  if (const auto found = references.find_institution(checks, "institution", filter.institution)) {
    listing.institution = found->id;
  }
  listing.type = filter.type;
  listing.area = filter.area;
  listing.q = filter.q;
  checks.check_text("q", listing.q, {.max = 300});
  if (!checks.all_good()) return std::nullopt;
  return listing;
}

// The key of a cursor is the time of publication in seconds since 1970.
std::optional<storage::PracticePosition> find_position(const PageRequest& request) {
  const auto cursor = find_cursor(request.cursor, kPracticeList);
  if (!cursor) return std::nullopt;
  const auto published_at = find_instant(cursor->key);
  if (!published_at) return std::nullopt;
  return storage::PracticePosition{*published_at, PracticeId{cursor->id}};
}

Page load_page(const Environment& environment, const PracticeFilter& filter,
               const PageRequest& request) {
  const int limit = clamp_limit(request.limit);
  auto practices = read_database(environment, [&](storage::Connection& connection) {
    auto listing = find_listing(connection, filter);
    if (!listing) return std::vector<PracticeSummary>{};
    listing->after = find_position(request);
    listing->limit = limit + 1;
    return storage::list_practices(connection, *listing);
  });
  return make_page(std::move(practices), limit, [](const PracticeSummary& last) {
    return ListCursor{std::string(kPracticeList), to_cursor_key(last.published_at), last.id.value};
  });
}

std::string cache_key_of(const PracticeFilter& filter, const PageRequest& request) {
  std::string key = "practices";
  for (const std::string_view part :
       {filter.type ? to_string(*filter.type) : std::string_view{},
        filter.area ? to_string(*filter.area) : std::string_view{}, std::string_view(filter.topic),
        std::string_view(filter.institution), std::string_view(filter.q)}) {
    key += '\x1F';
    key += part;
  }
  return key + '\x1F' + std::to_string(request.limit) + '\x1F' + request.cursor.value_or("");
}

Thing thing_of(const Practice& practice) {
  Thing thing;
  thing.published = practice.status == PracticeStatus::published;
  for (const auto& institution : practice.institutions) {
    thing.responsible.push_back(institution.id);
  }
  return thing;
}

Outcome<Practice> load_changed(const Environment& environment, const Call& call,
                               const Outcome<PracticeId>& id) {
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_practice(environment, call.actor, std::to_string(id->value));
}

}  // namespace

Outcome<PracticeId> add_practice_draft(storage::Connection& connection,
                                       const Environment& environment, const Call& call,
                                       const PracticeForm& form) {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  Practice practice = read_practice_form(form, checks, references);
  if (!errors.empty()) return errors;
  if (!can(call.actor, Action::edit_practice, thing_of(practice))) return domain::Forbidden{};
  const std::string stem = make_slug(practice.title, "praktyka");
  practice.slug = free_slug(stem, storage::list_practice_slugs(connection, stem));
  practice.id = storage::insert_practice(connection, practice, environment.clock->now());
  record_activity(connection, environment, call, "practice.created", "practice", practice.id.value);
  return practice.id;
}

Outcome<PracticeId> publish_practice_draft(storage::Connection& connection,
                                           const Environment& environment, const Call& call,
                                           PracticeId id) {
  const auto allowed =
      check_practice(connection, call.actor, Action::edit_practice, std::to_string(id.value));
  if (!allowed) return allowed.failure();
  switch (storage::publish_practice(connection, id, environment.clock->now())) {
    case storage::PublishedPractice::unknown:
      return domain::NotFound{};
    case storage::PublishedPractice::now:
      record_activity(connection, environment, call, "practice.published", "practice", id.value);
      break;
    case storage::PublishedPractice::before:
      break;
  }
  return id;
}

PageOf<PracticeSummary> list_practices(const Environment& environment, const Actor&,
                                       const PracticeFilter& filter, const PageRequest& request) {
  const auto load = [&] { return load_page(environment, filter, request); };
  if (!environment.catalogue) return load();
  return *environment.catalogue->find_or_load<Page>(cache_key_of(filter, request),
                                                    environment.clock->now(), load);
}

Outcome<Practice> find_practice(const Environment& environment, const Actor& viewer,
                                std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  auto practice = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_practice(connection, id_or_slug);
  });
  if (!practice || !can(viewer, Action::see, thing_of(*practice))) return domain::NotFound{};
  return std::move(*practice);
}

Outcome<Practice> create_practice(const Environment& environment, const Call& call,
                                  const PracticeForm& form) {
  if (const auto reach = check_reach(call.actor, Action::edit_practice); !reach) {
    return reach.failure();
  }
  const auto work = [&](storage::Connection& connection) {
    return add_practice_draft(connection, environment, call, form);
  };
  return load_changed(environment, call, retry_taken_slug([&] {
                        return run_once_for_id<PracticeId>(environment, call, "create_practice",
                                                           work);
                      }));
}

Outcome<Practice> publish_practice(const Environment& environment, const Call& call,
                                   PracticeId id) {
  const auto work = [&](storage::Connection& connection) {
    return publish_practice_draft(connection, environment, call, id);
  };
  return load_changed(environment, call,
                      run_once_for_id<PracticeId>(environment, call, "publish_practice", work));
}

}  // namespace narada::usecases
