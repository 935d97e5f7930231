#include "service/usecases/practices/practices.h"

#include "service/domain/practice_rules.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/practices/practice_creation.h"
#include "service/usecases/practices/practice_form.h"
#include "service/usecases/practices/practice_texts.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "service/usecases/stored_things.h"
#include "sql/pool.h"
#include "sql/practice_life_store.h"
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

void record_revision(storage::Connection& connection, const Environment& environment,
                     const Call& call, const Practice& practice) {
  storage::insert_practice_revision(connection, practice.id,
                                    {0, to_json(texts_of(form_of(practice))), "", call.actor.text(),
                                     "", environment.clock->now()});
}

bool same_contact(const PracticeForm& one, const PracticeForm& other) {
  return one.contact_person == other.contact_person && one.verified_on == other.verified_on &&
         one.verified_by == other.verified_by && one.source_name == other.source_name &&
         one.source_id == other.source_id && one.from_cycle == other.from_cycle &&
         one.from_meeting == other.from_meeting && one.type_from_source == other.type_from_source;
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
  practice.author = call.actor.person;
  practice.id = storage::insert_practice(connection, practice, environment.clock->now());
  record_revision(connection, environment, call, practice);
  record_activity(connection, environment, call, "practice.created", "practice", practice.id.value);
  return practice.id;
}

Outcome<PracticeId> change_practice_in(storage::Connection& connection,
                                       const Environment& environment, const Call& call,
                                       PracticeId id, std::int64_t version,
                                       const PracticeForm& form) {
  const auto allowed =
      check_practice(connection, call.actor, Action::edit_practice, std::to_string(id.value));
  if (!allowed) return allowed.failure();
  if (!storage::lock_practice(connection, id)) return domain::NotFound{};
  const auto stored = storage::find_practice(connection, std::to_string(id.value));
  if (stored->version != version) return domain::Stale{};
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  Practice practice = read_practice_form(form, checks, references);
  if (!errors.empty()) return errors;
  practice.id = id;
  practice.status = stored->status;
  if (!can(call.actor, Action::edit_practice, thing_of(practice))) return domain::Forbidden{};
  const auto before = form_of(*stored);
  const auto after = form_of(practice);
  const auto texts = texts_of(after);
  const auto texts_before = texts_of(before);
  if (texts == texts_before && same_contact(before, after)) return id;
  const auto now = environment.clock->now();
  if (!storage::update_practice(connection, practice, version, now)) return domain::Stale{};
  ChangeNote note;
  for (const auto& [name, text] : texts)
    if (texts_before.at(name) != text) note.add_name(name);
  if (before.contact_person != after.contact_person) note.add_name("contact_person");
  if (texts != texts_before) record_revision(connection, environment, call, practice);
  record_activity(connection, environment, call, "practice.changed", "practice", id.value, {},
                  note.details());
  return id;
}

Outcome<PracticeId> publish_practice_draft(storage::Connection& connection,
                                           const Environment& environment, const Call& call,
                                           PracticeId id) {
  const auto allowed =
      check_practice(connection, call.actor, Action::verify_practice, std::to_string(id.value));
  if (!allowed) return allowed.failure();
  const auto stored = storage::find_practice(connection, std::to_string(id.value));
  if (!stored) return domain::NotFound{};
  if (stored->status != PracticeStatus::published && !domain::is_complete(*stored) &&
      !domain::is_sourced(*stored))
    return domain::Conflict{"practice_incomplete"};
  const auto now = environment.clock->now();
  switch (storage::publish_practice(connection, id, now)) {
    case storage::PublishedPractice::unknown:
      return domain::NotFound{};
    case storage::PublishedPractice::now:
      storage::insert_practice_step(
          connection, id,
          {std::string(to_string(stored->status)), "published", "", call.actor.text(), "", now});
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
  if (!can(viewer, Action::edit_practice, thing_of(*practice))) domain::hide_private(*practice);
  return std::move(*practice);
}

Outcome<Practice> load_practice_to_edit(const Environment& environment, const Actor& actor,
                                        PracticeId id) {
  auto practice = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_practice(connection, std::to_string(id.value));
  });
  if (!practice) return domain::NotFound{};
  const auto allowed = check(actor, Action::edit_practice, thing_of(*practice));
  if (!allowed) return allowed.failure();
  return std::move(*practice);
}

Outcome<Practice> change_practice(const Environment& environment, const Call& call, PracticeId id,
                                  std::int64_t version, const PracticeForm& form) {
  const auto work = [&](storage::Connection& connection) {
    return change_practice_in(connection, environment, call, id, version, form);
  };
  return load_changed(environment, call,
                      run_once_for_id<PracticeId>(environment, call, "change_practice", work));
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
