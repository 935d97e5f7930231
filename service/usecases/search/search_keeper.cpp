#include "service/usecases/search/search_keeper.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "service/usecases/operations.h"

namespace narada::usecases {
namespace {

using storage::SearchKey;

constexpr int kRowsAtOnce = 500;
constexpr std::int64_t kOverlap = 200;  // activities that are looked at again
constexpr int kMostChanges = 2000;      // beyond them everything is compared
constexpr std::chrono::seconds kCompareAfterWrites{10};
constexpr std::chrono::seconds kCompareAnyway{60};

struct Subject {
  std::string_view kind;
  std::int64_t id = 0;
};

std::optional<Subject> parse_subject(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Subject subject{text.substr(0, colon), 0};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, subject.id);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return subject;
}

std::vector<storage::SearchStamp> list_stamps(const Environment& environment) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_search_stamps(connection, environment.clock->now());
  });
}

}  // namespace

std::shared_ptr<SearchKeeper> make_search_keeper() { return std::make_shared<SearchKeeper>(); }

std::shared_ptr<SearchIndex> SearchKeeper::current(const Environment& environment) {
  const std::lock_guard lock(mutex_);
  if (state_.index == nullptr) state_ = build(environment);
  follow(environment);
  return state_.index;
}

void SearchKeeper::look_after(const Environment& environment) {
  const auto now = environment.clock->now();
  const auto asked = read_database(environment, [](storage::Connection& connection) {
    return storage::search_generation(connection);
  });
  bool anew = false;
  bool compares = false;
  {
    const std::lock_guard lock(mutex_);
    anew = state_.index == nullptr || asked != state_.generation || state_.index->is_worn();
    const auto waited = now - state_.compared_at;
    compares = waited >= kCompareAnyway || (state_.wrote_since && waited >= kCompareAfterWrites);
  }
  if (anew) {
    auto fresh = build(environment);
    const std::lock_guard lock(mutex_);
    state_ = std::move(fresh);
    return follow(environment);
  }
  std::vector<storage::SearchStamp> stamps;
  if (compares) stamps = list_stamps(environment);
  const std::lock_guard lock(mutex_);
  if (compares) compare(environment, stamps);
  follow(environment);
}

// What is written while it is built leaves activities after the newest one of now.
SearchKeeper::State SearchKeeper::build(const Environment& environment) {
  State state;
  const auto now = environment.clock->now();
  read_database(environment, [&](storage::Connection& connection) {
    state.generation = storage::search_generation(connection);
    state.newest_activity = storage::newest_activity(connection);
    return true;
  });
  state.index = std::make_shared<SearchIndex>();
  for (const auto kind : domain::kSearchKinds) {
    for (std::int64_t after = 0;;) {
      const auto rows = read_database(environment, [&](storage::Connection& connection) {
        return storage::list_search_rows(connection, kind, after, kRowsAtOnce, now);
      });
      for (const auto& row : rows) state.index->put(row);
      if (rows.size() < static_cast<std::size_t>(kRowsAtOnce)) break;
      after = rows.back().key.id;
    }
  }
  state.followed_at = state.compared_at = now;
  return state;
}

void SearchKeeper::follow(const Environment& environment) {
  const auto now = environment.clock->now();
  const auto changes = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_search_changes(connection, state_.newest_activity - kOverlap,
                                        kMostChanges);
  });
  take_changes(environment, changes);
  if (changes.size() == static_cast<std::size_t>(kMostChanges)) {
    state_.newest_activity = read_database(environment, [](storage::Connection& connection) {
      return storage::newest_activity(connection);
    });
    compare(environment, list_stamps(environment));
  }
  if (now == state_.followed_at) return;
  const auto ripened = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_ripened_materials(connection, state_.followed_at, now);
  });
  std::set<SearchKey> keys;
  for (const auto id : ripened) keys.insert({domain::SearchKind::material, id});
  reload(environment, keys);
  state_.followed_at = now;
}

void SearchKeeper::take_changes(const Environment& environment,
                                const std::vector<storage::SearchChange>& changes) {
  std::set<SearchKey> keys;
  std::set<SearchKey> owners;
  bool everything = false;
  for (const auto& change : changes) {
    if (!state_.seen.insert(change.activity).second) continue;
    state_.newest_activity = std::max(state_.newest_activity, change.activity);
    state_.wrote_since = true;
    const auto subject = parse_subject(change.subject);
    if (!subject) continue;
    const auto kind = domain::find_search_kind(subject->kind);
    if (!kind) continue;
    keys.insert({*kind, subject->id});
    owners.insert({*kind, subject->id});
    if (*kind != domain::SearchKind::institution && *kind != domain::SearchKind::expert) continue;
    // Others bear its name.
    if (change.verb.find("merge") != std::string::npos) everything = true;
    for (const auto& key : state_.index->keys_of_institution(subject->id)) keys.insert(key);
  }
  state_.seen.erase(state_.seen.begin(),
                    state_.seen.lower_bound(state_.newest_activity - kOverlap));
  if (everything) return compare(environment, list_stamps(environment));
  if (keys.empty()) return;
  const auto materials = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_materials_of(connection, owners);
  });
  for (const auto id : materials) keys.insert({domain::SearchKind::material, id});
  reload(environment, keys);
}

// What differs is read anew, so that what changed since the stamps were read is right, too.
void SearchKeeper::compare(const Environment& environment,
                           const std::vector<storage::SearchStamp>& stamps) {
  std::set<SearchKey> there;
  std::set<SearchKey> changed;
  for (const auto& [key, stamp] : stamps) {
    there.insert(key);
    if (state_.index->find_stamp(key) != stamp) changed.insert(key);
  }
  for (const auto& key : state_.index->keys()) {
    if (!there.contains(key)) changed.insert(key);
  }
  std::set<SearchKey> bearers;
  for (const auto& key : changed) {
    if (key.kind != domain::SearchKind::institution) continue;
    for (const auto& other : state_.index->keys_of_institution(key.id)) bearers.insert(other);
  }
  changed.merge(bearers);
  reload(environment, changed);
  state_.compared_at = environment.clock->now();
  state_.wrote_since = false;
}

void SearchKeeper::reload(const Environment& environment, const std::set<SearchKey>& keys) {
  std::set<SearchKey> some;
  const auto load = [&] {
    const auto rows = read_database(environment, [&](storage::Connection& connection) {
      return storage::find_search_rows(connection, some, environment.clock->now());
    });
    std::set<SearchKey> gone = some;
    for (const auto& row : rows) {
      gone.erase(row.key);
      state_.index->put(row);
    }
    for (const auto& key : gone) state_.index->remove(key);
    some.clear();
  };
  for (const auto& key : keys) {
    some.insert(key);
    if (some.size() == static_cast<std::size_t>(kRowsAtOnce)) load();
  }
  if (!some.empty()) load();
}

void ask_for_new_search_index(const Environment& environment) {
  read_database(environment, [&](storage::Connection& connection) {
    storage::raise_search_generation(connection, environment.clock->now());
    return true;
  });
}

}  // namespace narada::usecases
