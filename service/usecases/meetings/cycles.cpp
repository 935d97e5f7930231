#include "service/usecases/meetings/cycles.h"

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/cycle_form.h"
#include "service/usecases/operations.h"
#include "service/usecases/slug.h"
#include "service/usecases/things.h"
#include "sql/cycle_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::Cycle;
using domain::CycleStatus;
using domain::CycleSummary;
using Page = PageOf<CycleSummary>;

std::vector<CycleStatus> visible_statuses(const domain::Reach& drafts, const CycleFilter& filter) {
  if (filter.status == CycleStatus::draft && drafts.nothing()) return {};
  if (filter.status == CycleStatus::binned) return {};
  if (filter.status) return {*filter.status};
  std::vector<CycleStatus> statuses{CycleStatus::published, CycleStatus::cancelled};
  if (!drafts.nothing()) statuses.push_back(CycleStatus::draft);
  return statuses;
}

// Absent when no cycle can fit: an unknown key, or drafts for somebody who may not see them.
std::optional<storage::CycleListing> find_listing(storage::Connection& connection,
                                                  const Actor& viewer, const CycleFilter& filter) {
  storage::CycleListing listing;
  listing.drafts = reach_of(viewer, Action::see);
  listing.statuses = visible_statuses(listing.drafts, filter);
  if (listing.statuses.empty()) return std::nullopt;
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  References references(connection);
  if (const auto topic = references.find_topic(checks, "topic", filter.topic)) {
    listing.topic = topic->id;
  }
  if (const auto found = references.find_institution(checks, "institution", filter.institution)) {
    listing.institution = found->id;
  }
  listing.q = filter.q;
  checks.check_text("q", listing.q, {.max = 300});
  listing.running_only = filter.running_only;
  if (!checks.all_good()) return std::nullopt;
  return listing;
}

Page load_page(const Environment& environment, const Actor& viewer, const CycleFilter& filter,
               const PageRequest& request) {
  const int limit = clamp_limit(request.limit);
  auto cycles = read_database(environment, [&](storage::Connection& connection) {
    auto listing = find_listing(connection, viewer, filter);
    if (!listing) return std::vector<CycleSummary>{};
    if (const auto cursor = find_cursor(request.cursor, kCycleList)) {
      listing->before = domain::CycleId{cursor->id};
    }
    listing->limit = limit + 1;
    return storage::list_cycles(connection, *listing, environment.clock->now());
  });
  return make_page(std::move(cycles), limit, [](const CycleSummary& last) {
    return ListCursor{std::string(kCycleList), "", last.id.value};
  });
}

std::string cache_key_of(const CycleFilter& filter, const PageRequest& request) {
  std::string key = "cycles";
  for (const std::string_view part :
       {filter.status ? to_string(*filter.status) : std::string_view{},
        std::string_view(filter.topic), std::string_view(filter.institution),
        std::string_view(filter.q), std::string_view(filter.running_only ? "running" : "")}) {
    key += '\x1F';
    key += part;
  }
  return key + '\x1F' + std::to_string(request.limit) + '\x1F' + request.cursor.value_or("");
}

std::optional<Cycle> load_cycle(const Environment& environment, std::string_view key,
                                const domain::Reach& drafts) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_cycle(connection, key, drafts, environment.clock->now());
  });
}

}  // namespace

PageOf<CycleSummary> list_cycles(const Environment& environment, const Actor& viewer,
                                 const CycleFilter& filter, const PageRequest& request) {
  const auto load = [&] { return load_page(environment, viewer, filter, request); };
  if (!reach_of(viewer, Action::see).nothing() || !environment.catalogue) return load();
  return *environment.catalogue->find_or_load<Page>(cache_key_of(filter, request),
                                                    environment.clock->now(), load);
}

domain::Outcome<Cycle> find_cycle(const Environment& environment, const Actor& viewer,
                                  std::string_view id_or_slug) {
  if (!could_be_key(id_or_slug)) return domain::NotFound{};
  const auto drafts = reach_of(viewer, Action::see);
  const auto load = [&] { return load_cycle(environment, id_or_slug, drafts); };
  std::optional<Cycle> cycle;
  if (drafts.nothing() && environment.catalogue) {
    cycle = *environment.catalogue->find_or_load<std::optional<Cycle>>(
        "cycle\x1F" + std::string(id_or_slug), environment.clock->now(), load);
  } else {
    cycle = load();
  }
  if (!cycle) return domain::NotFound{};
  return std::move(*cycle);
}

domain::Outcome<CycleForm> load_cycle_form(const Environment& environment, const Actor& actor,
                                           domain::CycleId id) {
  const std::string key = std::to_string(id.value);
  const auto allowed = check_cycle(environment, actor, Action::organize, key);
  if (!allowed) return allowed.failure();
  const auto cycle = load_cycle(environment, key, domain::everything());
  if (!cycle) return domain::NotFound{};
  return form_of(*cycle);
}

}  // namespace narada::usecases
