#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/reference_saving.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/slug_retry.h"
#include "sql/expert_store.h"
#include "sql/pool.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertId;
using domain::ExpertRef;
using domain::FieldErrors;
using domain::Outcome;
using domain::TopicId;
using domain::TopicRef;

// `find` answers whether a slug is taken.
template <class Find>
std::string free_slug_of(const std::string& name, std::string_view prefix, Find find) {
  const std::string stem = make_slug(name, prefix);
  std::string slug = stem;
  for (int number = 2; find(slug); ++number) slug = stem + '-' + std::to_string(number);
  return slug;
}

}  // namespace

Outcome<TopicId> add_topic(storage::Connection& connection, const Environment& environment,
                           const Call& call, TopicRef topic) {
  FieldErrors errors;
  FieldChecks checks(errors);
  checks.check_text("name", topic.name, {.max = 200, .presence = Presence::required});
  checks.check_text("name_en", topic.name_en, {.max = 200});
  // A topic is shared: the same name again is a slip, not another topic.
  topic.slug = make_slug(topic.name, "temat");
  if (errors.empty() && storage::find_topic(connection, topic.slug)) checks.add("name", "taken");
  if (!errors.empty()) return errors;
  topic.id = storage::insert_topic(connection, topic);
  record_activity(connection, environment, call, "topic.created", "topic", topic.id.value);
  return topic.id;
}

Outcome<ExpertId> add_expert(storage::Connection& connection, const Environment& environment,
                             const Call& call, ExpertForm form,
                             std::optional<domain::MeetingId> made_for) {
  FieldErrors errors;
  FieldChecks checks(errors);
  checks.check_text("name", form.name, {.max = 200, .presence = Presence::required});
  checks.check_text("description", form.description, {.max = 2000, .lines = Lines::many});
  const auto institution =
      References(connection).find_institution(checks, "institution", form.institution);
  if (!errors.empty()) return errors;
  ExpertRef expert{{}, "", form.name, form.description, form.kind};
  expert.slug = free_slug_of(form.name, "ekspert", [&](const std::string& slug) {
    return storage::find_expert(connection, slug).has_value();
  });
  std::optional<domain::InstitutionId> institution_id;
  if (institution) institution_id = institution->id;
  expert.id = storage::insert_expert(connection, expert, institution_id);
  record_activity(connection, environment, call, "expert.created", "expert", expert.id.value,
                  made_for);
  return expert.id;
}

std::vector<TopicRef> list_topics(const Environment& environment) {
  const auto load = [&] {
    return read_database(environment, [](storage::Connection& connection) {
      return storage::list_topics(connection);
    });
  };
  if (!environment.catalogue) return load();
  return *environment.catalogue->find_or_load<std::vector<TopicRef>>(
      "all-topics", environment.clock->now(), load);
}

Outcome<TopicRef> create_topic(const Environment& environment, const Call& call,
                               const std::string& name, const std::string& name_en) {
  if (!can(call.actor, Action::edit_catalogue, {})) return domain::Forbidden{};
  const auto id = retry_taken_slug([&] {
    return run_once_for_id<TopicId>(
        environment, call, "create_topic", [&](storage::Connection& connection) {
          return add_topic(connection, environment, call, {{}, "", name, name_en});
        });
  });
  if (!id) return id.failure();
  note_catalogue_write(environment);
  auto topic = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_topic(connection, std::to_string(id->value));
  });
  if (!topic) return domain::NotFound{};
  return std::move(*topic);
}

PageOf<ExpertRef> list_experts(const Environment& environment, const std::string& q,
                               const PageRequest& request) {
  FieldErrors errors;
  std::string text = q;
  FieldChecks(errors).check_text("q", text, {.max = 200});
  if (!errors.empty()) return {};
  const int limit = clamp_limit(request.limit);
  std::optional<storage::ExpertPosition> after;
  if (const auto cursor = find_cursor(request.cursor, kExpertList)) {
    after = {cursor->key, ExpertId{cursor->id}};
  }
  auto experts = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_experts(connection, text, after, limit + 1);
  });
  return make_page(std::move(experts), limit, [](const ExpertRef& last) {
    return ListCursor{std::string(kExpertList), last.name, last.id.value};
  });
}

Outcome<ExpertRef> find_expert(const Environment& environment, std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  auto expert = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_expert(connection, id_or_slug);
  });
  if (!expert) return domain::NotFound{};
  return std::move(*expert);
}

Outcome<ExpertRef> create_expert(const Environment& environment, const Call& call,
                                 const ExpertForm& form) {
  if (!can(call.actor, Action::edit_catalogue, {})) return domain::Forbidden{};
  const auto id = retry_taken_slug([&] {
    return run_once_for_id<ExpertId>(environment, call, "create_expert",
                                     [&](storage::Connection& connection) {
                                       return add_expert(connection, environment, call, form);
                                     });
  });
  if (!id) return id.failure();
  note_catalogue_write(environment);
  return find_expert(environment, std::to_string(id->value));
}

}  // namespace narada::usecases
