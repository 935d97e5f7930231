#include "service/usecases/institutions/institution_merge.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "service/usecases/registrations/registration_memory.h"
#include "sql/institution_merge_store.h"
#include "sql/institution_store.h"
#include "sql/place_policy_store.h"

namespace narada::usecases {
namespace {

using domain::FieldErrors;
using domain::InstitutionId;
using domain::InstitutionMergeId;
using domain::InstitutionRecord;
using domain::InstitutionState;
using domain::Outcome;
using nlohmann::json;

constexpr std::chrono::hours kUndoTime{30 * 24};
constexpr std::string_view kMergeList = "institution_merges";
constexpr std::string_view kRoleTable = "person_role";

bool may_edit(const Actor& actor) { return domain::can(actor, Action::edit_catalogue, {}); }
bool may_move_roles(const Actor& actor) { return domain::can(actor, Action::manage_people, {}); }

// Everything that undoing needs.
struct MergeRecord {
  bool was_active = true;
  std::vector<std::string> added_aliases;
  std::vector<storage::MovedRows> tables;
};

json to_json(const std::vector<storage::Cells>& rows) {
  json list = json::array();
  for (const auto& row : rows) {
    json cells = json::array();
    for (const auto& cell : row) cells.push_back(cell ? json(*cell) : json());
    list.push_back(std::move(cells));
  }
  return list;
}

std::vector<storage::Cells> read_rows(const json& list) {
  std::vector<storage::Cells> rows;
  for (const json& row : list) {
    auto& cells = rows.emplace_back();
    for (const json& cell : row) {
      cells.push_back(cell.is_null() ? std::optional<std::string>() : cell.get<std::string>());
    }
  }
  return rows;
}

std::string serialize(const MergeRecord& record) {
  json tables = json::array();
  for (const auto& rows : record.tables) {
    tables.push_back({{"table", rows.table},
                      {"moved", to_json(rows.moved)},
                      {"dropped", to_json(rows.dropped)},
                      {"raised", to_json(rows.raised)}});
  }
  return json{{"was_active", record.was_active},
              {"added_aliases", record.added_aliases},
              {"tables", std::move(tables)}}
      .dump();
}

MergeRecord parse_record(const std::string& text) {
  const json stored = json::parse(text);
  MergeRecord record;
  record.was_active = stored.at("was_active").get<bool>();
  record.added_aliases = stored.at("added_aliases").get<std::vector<std::string>>();
  for (const json& table : stored.at("tables")) {
    record.tables.push_back({table.at("table").get<std::string>(), read_rows(table.at("moved")),
                             read_rows(table.at("dropped")), read_rows(table.at("raised"))});
  }
  return record;
}

struct Pair {
  InstitutionRecord from;
  InstitutionRecord into;
};
// Both, locked in the order of their ids when asked.
std::optional<Pair> find_pair(storage::Connection& connection, InstitutionId from,
                              InstitutionId into, storage::RowLock lock) {
  auto first = storage::find_institution_record(connection, std::min(from, into), lock);
  auto second = storage::find_institution_record(connection, std::max(from, into), lock);
  if (!first || !second) return std::nullopt;
  if (from < into) return Pair{std::move(*first), std::move(*second)};
  return Pair{std::move(*second), std::move(*first)};
}

std::optional<domain::Failure> refuse(const Pair& pair) {
  const auto& from = pair.from;
  const auto& into = pair.into;
  if (from.institution.id == into.institution.id) return FieldErrors{{"into", "same_institution"}};
  if (from.state == InstitutionState::merged) return domain::Conflict{"institution_merged"};
  if (into.state != InstitutionState::active) return FieldErrors{{"into", "merge_inactive"}};
  if (from.institution.teryt && !into.institution.teryt)
    return FieldErrors{{"into", "merge_loses_teryt"}};
  return std::nullopt;
}

bool moves_roles(const MergeRecord& record) {
  return std::any_of(record.tables.begin(), record.tables.end(),
                     [](const storage::MovedRows& rows) { return rows.table == kRoleTable; });
}

std::string describe(InstitutionId other) { return json{{"into", other.value}}.dump(); }

// Guarantees, caps and delegations count otherwise by now: what that frees goes to who waits. The
// meetings are locked since their rows have moved.
void settle_places(const Change& change, const std::vector<domain::MeetingId>& meetings) {
  for (const auto id : meetings) {
    auto meeting = LockedMeeting::lock(change, id);
    if (!meeting) continue;
    meeting->refresh_places();
    meeting->finish();
  }
}

Outcome<InstitutionMergeId> merge(storage::Connection& connection, const Environment& environment,
                                  const Call& call, InstitutionId from, InstitutionId into) {
  const auto pair = find_pair(connection, from, into, storage::RowLock::update);
  if (!pair) return domain::NotFound{};
  if (const auto refused = refuse(*pair)) return *refused;
  const auto now = environment.clock->now();
  MergeRecord record;
  record.was_active = pair->from.state == InstitutionState::active;
  const auto ruled = storage::find_meetings_with_rules(connection, from, from);
  record.tables = storage::move_links(connection, from, into);
  if (moves_roles(record) && !may_move_roles(call.actor))
    return domain::Conflict{"merge_needs_admin"};
  const auto& name = pair->from.institution.name;
  if (storage::add_alias(connection, into, name)) record.added_aliases.push_back(name);
  storage::save_merged(connection, from, into, now);
  storage::StoredMerge stored;
  stored.merge.from = from;
  stored.merge.into = into;
  stored.merge.merged_by = call.actor.text();
  stored.merge.merged_at = now;
  stored.moved = serialize(record);
  const auto id = storage::save_merge(connection, stored);
  settle_places({connection, environment, call, now}, ruled);
  record_activity(connection, environment, call, "institution.merged", "institution", from.value,
                  {}, describe(into));
  return id;
}

// Whether a later merge dropped rows because of one that would now go back.
bool is_leant_on(storage::Connection& connection, const storage::StoredMerge& stored,
                 const MergeRecord& record) {
  const auto later = storage::list_later_merges(connection, stored);
  return std::any_of(later.begin(), later.end(), [&](const storage::StoredMerge& other) {
    return storage::leans_on(parse_record(other.moved).tables, record.tables);
  });
}

Outcome<InstitutionMergeId> undo(storage::Connection& connection, const Environment& environment,
                                 const Call& call, InstitutionMergeId id) {
  const auto stored = storage::lock_merge(connection, id);
  if (!stored) return domain::NotFound{};
  const auto now = environment.clock->now();
  if (stored->merge.undone_at) return domain::Conflict{"merge_undone"};
  if (now >= stored->merge.merged_at + kUndoTime) return domain::Conflict{"merge_too_old"};
  const InstitutionId from = stored->merge.from;
  const InstitutionId into = stored->merge.into;
  const auto pair = find_pair(connection, from, into, storage::RowLock::update);
  if (!pair) return domain::NotFound{};
  const MergeRecord record = parse_record(stored->moved);
  if (pair->into.state == InstitutionState::merged || is_leant_on(connection, *stored, record)) {
    return domain::Conflict{"merge_undo_order"};
  }
  if (moves_roles(record) && !may_move_roles(call.actor))
    return domain::Conflict{"undo_needs_admin"};
  for (const auto& alias : record.added_aliases) storage::remove_alias(connection, into, alias);
  const auto ruled = storage::find_meetings_with_rules(connection, from, into);
  const int left = storage::give_back_links(connection, record.tables, from, into);
  storage::save_parted(connection, from, into, record.was_active, now);
  storage::save_undone(connection, id, now, left);
  settle_places({connection, environment, call, now}, ruled);
  record_activity(connection, environment, call, "institution.merge_undone", "institution",
                  from.value, {}, describe(into));
  return id;
}

Outcome<InstitutionMergeId> collect(storage::Connection& connection, const Environment& environment,
                                    const Call& call, InstitutionMergeId id) {
  auto stored = storage::lock_merge(connection, id);
  if (!stored || stored->merge.undone_at) return domain::NotFound{};
  const InstitutionId from = stored->merge.from;
  const InstitutionId into = stored->merge.into;
  if (!find_pair(connection, from, into, storage::RowLock::update)) return domain::NotFound{};
  MergeRecord record = parse_record(stored->moved);
  const auto ruled = storage::find_meetings_with_rules(connection, from, from);
  auto late = storage::move_links(connection, from, into);
  if (late.empty()) return domain::NotFound{};
  std::move(late.begin(), late.end(), std::back_inserter(record.tables));
  storage::save_moved(connection, id, serialize(record));
  settle_places({connection, environment, call, environment.clock->now()}, ruled);
  return id;
}

// What this process remembers of institutions and meetings is of before.
void forget(const Environment& environment) {
  environment.registrations->forget_all();
  note_catalogue_write(environment);
}

}  // namespace

Outcome<MergePreview> preview_merge(const Environment& environment, const Actor& actor,
                                    InstitutionId from, InstitutionId into) {
  if (!may_edit(actor)) return domain::Forbidden{};
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<MergePreview> {
    auto pair = find_pair(connection, from, into, storage::RowLock::none);
    if (!pair) return domain::NotFound{};
    if (const auto refused = refuse(*pair)) return *refused;
    MergePreview preview{std::move(pair->from), std::move(pair->into), {}, false};
    for (auto& count : storage::count_links(connection, from, into)) {
      if (count.table == kRoleTable && count.rows > 0) preview.needs_admin = !may_move_roles(actor);
      preview.counts.push_back({std::move(count.table), count.rows, count.same});
    }
    return preview;
  });
}

Outcome<InstitutionMergeId> merge_institutions(const Environment& environment, const Call& call,
                                               InstitutionId from, InstitutionId into) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  auto id = run_once_for_id<InstitutionMergeId>(
      environment, call, "merge_institutions", [&](storage::Connection& connection) {
        return merge(connection, environment, call, from, into);
      });
  if (id) forget(environment);
  return id;
}

Outcome<InstitutionMergeId> undo_merge(const Environment& environment, const Call& call,
                                       InstitutionMergeId merge) {
  if (!may_edit(call.actor)) return domain::Forbidden{};
  auto id = run_once_for_id<InstitutionMergeId>(
      environment, call, "undo_institution_merge",
      [&](storage::Connection& connection) { return undo(connection, environment, call, merge); });
  if (id) forget(environment);
  return id;
}

int collect_late_rows(const Environment& environment, const Call& call) {
  const auto merges = read_database(environment, [](storage::Connection& connection) {
    return storage::list_merges_with_links(connection);
  });
  int collected = 0;
  for (const auto merge : merges) {
    const auto done = run_once_for_id<InstitutionMergeId>(
        environment, call, "collect_late_rows", [&](storage::Connection& connection) {
          return collect(connection, environment, call, merge);
        });
    if (done) ++collected;
  }
  if (collected > 0) note_catalogue_write(environment);
  return collected;
}

Outcome<PageOf<ListedMerge>> list_merges(const Environment& environment, const Actor& actor,
                                         const PageRequest& request) {
  if (!may_edit(actor)) return domain::Forbidden{};
  const int limit = clamp_limit(request.limit);
  std::optional<InstitutionMergeId> before;
  if (const auto cursor = find_cursor(request.cursor, kMergeList)) {
    before = InstitutionMergeId{cursor->id};
  }
  const auto merges = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_merges(connection, before, limit + 1);
  });
  const auto now = environment.clock->now();
  std::vector<ListedMerge> listed;
  for (const auto& merge : merges) {
    listed.push_back({merge, !merge.undone_at && now < merge.merged_at + kUndoTime});
  }
  return make_page(std::move(listed), limit, [](const ListedMerge& last) {
    return ListCursor{std::string(kMergeList), "", last.merge.id.value};
  });
}

}  // namespace narada::usecases
