#include "sql/cycle_store.h"

#include <map>

#include "sql/expert_store.h"
#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/like_pattern.h"
#include "sql/line_list.h"
#include "sql/meeting_store.h"
#include "sql/reach_condition.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Cycle;
using domain::CycleId;
using domain::CycleSummary;

// The first two parameters are the present.
constexpr std::string_view kSummary =
    "SELECT c.id, c.slug, c.title, c.status, t.id, t.slug, t.name, t.name_en, c.summary,"
    " c.published_period, c.published_meeting_count, c.updated_at,"
    " (SELECT MIN(m.starts) FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published'),"
    " (SELECT MAX(m.ends) FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published'),"
    " (SELECT MIN(m.starts) FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published'"
    "  AND IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ?),"
    " (SELECT m.time_precision = 'month' FROM meeting m"
    "  WHERE m.cycle_id = c.id AND m.status = 'published'"
    "  AND IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ?"
    "  ORDER BY m.starts LIMIT 1),"
    " (SELECT COUNT(*) FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published')";
constexpr std::string_view kDetail =
    ", c.challenge, c.goal, c.effects, c.materials, c.participants_text, c.source_urls,"
    " c.practice_url, c.caveat, c.uid, c.version";
constexpr std::size_t kDetailColumn = 17;
constexpr std::string_view kFrom = " FROM cycle c LEFT JOIN topic t ON t.id = c.topic_id WHERE ";
constexpr std::string_view kWithInstitution =
    " AND EXISTS (SELECT 1 FROM cycle_institution ci"
    " WHERE ci.cycle_id = c.id AND ci.institution_id = ?)";
constexpr std::string_view kMatches =
    " AND (c.title LIKE ? OR c.challenge LIKE ? OR c.summary LIKE ?)";
constexpr std::string_view kRunning =
    " AND EXISTS (SELECT 1 FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published'"
    " AND m.ends_at > ?)";
constexpr std::string_view kOwners =
    "SELECT ci.cycle_id, i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM cycle_institution ci JOIN institution i ON i.id = ci.institution_id"
    " WHERE ci.role = 'challenge_owner' AND ci.cycle_id";
constexpr std::string_view kInstitutions =
    "SELECT ci.role, i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM cycle_institution ci JOIN institution i ON i.id = ci.institution_id"
    " WHERE ci.cycle_id = ? ORDER BY ci.position";
constexpr std::string_view kExperts =
    "SELECT e.id, e.slug, e.name, e.description, e.kind FROM cycle_expert ce"
    " JOIN expert e ON e.id = ce.expert_id WHERE ce.cycle_id = ? ORDER BY ce.position";
constexpr std::string_view kRefBySlug =
    "SELECT id, slug, title FROM cycle WHERE slug = ? AND status <> 'binned'";
constexpr std::string_view kRefById =
    "SELECT id, slug, title FROM cycle WHERE id = ? AND status <> 'binned'";
constexpr std::string_view kSlugs =
    "SELECT slug FROM cycle WHERE slug = ? OR slug LIKE CONCAT(?, '-%')";
constexpr std::string_view kDraftMeetings =
    "SELECT id FROM meeting WHERE cycle_id = ? AND status = 'draft' ORDER BY id";

CycleSummary read_summary(const Rows::Row& row) {
  CycleSummary cycle;
  cycle.id = row.id<CycleId>(0);
  cycle.slug = row.text(1);
  cycle.title = row.text(2);
  cycle.status = stored_enum("cycle.status", row.text(3), domain::find_cycle_status);
  if (!row.is_null(4)) {
    cycle.topic = {row.id<domain::TopicId>(4), row.text(5), row.text(6), row.text(7)};
  }
  cycle.summary = row.text(8);
  cycle.published_period = row.text(9);
  if (!row.is_null(10)) cycle.published_meeting_count = row.small_integer(10);
  cycle.updated_at = row.instant(11);
  cycle.first_starts = row.find_wall_time(12);
  cycle.last_ends = row.find_wall_time(13);
  cycle.next_starts = row.find_wall_time(14);
  cycle.next_is_half_fixed = !row.is_null(15) && row.boolean(15);
  cycle.meeting_count = row.small_integer(16);
  return cycle;
}

Cycle read_cycle(const Rows::Row& row) {
  Cycle cycle;
  static_cast<CycleSummary&>(cycle) = read_summary(row);
  const std::size_t first = kDetailColumn;
  cycle.challenge = row.text(first);
  cycle.goal = row.text(first + 1);
  cycle.effects = split_lines(row.text(first + 2));
  cycle.materials = split_lines(row.text(first + 3));
  cycle.participants_text = split_lines(row.text(first + 4));
  cycle.source_urls = split_lines(row.text(first + 5));
  cycle.practice_url = row.text(first + 6);
  cycle.caveat = row.text(first + 7);
  cycle.uid = row.text(first + 8);
  cycle.version = row.integer(first + 9);
  return cycle;
}

void add_owners(Connection& connection, std::vector<CycleSummary>& cycles) {
  if (cycles.empty()) return;
  std::map<CycleId, CycleSummary*> by_id;
  for (CycleSummary& cycle : cycles) by_id[cycle.id] = &cycle;
  const std::string sql =
      std::string(kOwners) + std::string(kInIdList) + " ORDER BY ci.cycle_id, ci.position";
  for (const auto row : connection.query(sql, {id_list_of(cycles)})) {
    by_id.at(row.id<CycleId>(0))->owners.push_back(read_institution_ref(row, 1));
  }
}

void load_parts(Connection& connection, Cycle& cycle, const domain::Reach& drafts) {
  for (const auto row : connection.query(kInstitutions, {cycle.id})) {
    const auto role = stored_enum("cycle_institution.role", row.text(0), domain::find_cycle_role);
    cycle.institutions.push_back({read_institution_ref(row, 1), role});
    if (role == domain::CycleRole::challenge_owner) {
      cycle.owners.push_back(cycle.institutions.back().institution);
    }
  }
  for (const auto row : connection.query(kExperts, {cycle.id})) {
    cycle.experts.push_back(read_expert(row, 0));
  }
  cycle.meetings = list_cycle_sessions(connection, cycle.id, drafts);
}

}  // namespace

std::vector<CycleSummary> list_cycles(Connection& connection, const CycleListing& listing,
                                      domain::Instant now) {
  std::string sql = std::string(kSummary) + std::string(kFrom) + "c.status IN (?";
  std::vector<Parameter> parameters{now, now, to_string(listing.statuses.at(0))};
  for (std::size_t index = 1; index < listing.statuses.size(); ++index) {
    sql += ", ?";
    parameters.emplace_back(to_string(listing.statuses[index]));
  }
  sql += ')';
  const auto add = [&](std::string_view condition, std::initializer_list<Parameter> values) {
    sql += condition;
    parameters.insert(parameters.end(), values);
  };
  if (!listing.drafts.all) {
    const Condition within = cycle_within(listing.drafts);
    sql += " AND (c.status <> 'draft' OR " + within.sql + ")";
    parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  }
  if (listing.topic) add(" AND c.topic_id = ?", {*listing.topic});
  if (listing.institution) add(kWithInstitution, {*listing.institution});
  if (!listing.q.empty()) {
    const std::string pattern = like_anywhere(listing.q);
    add(kMatches, {pattern, pattern, pattern});
  }
  if (listing.running_only) add(kRunning, {now});
  if (listing.before) add(" AND c.id < ?", {*listing.before});
  add(" ORDER BY c.id DESC LIMIT ?", {listing.limit});
  std::vector<CycleSummary> cycles;
  for (const auto row : connection.query(sql, parameters)) cycles.push_back(read_summary(row));
  add_owners(connection, cycles);
  return cycles;
}

std::optional<Cycle> find_cycle(Connection& connection, std::string_view key,
                                const domain::Reach& drafts, domain::Instant now) {
  const auto id = find_row_id(key);
  const std::string sql = std::string(kSummary) + std::string(kDetail) + std::string(kFrom) +
                          (id ? "c.id = ?" : "c.slug = ?") +
                          " AND c.status <> 'binned' AND (c.status <> 'draft' OR ";
  const Condition within = cycle_within(drafts);
  std::vector<Parameter> parameters{now, now, id ? Parameter(*id) : Parameter(key)};
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  const Rows rows = connection.query(sql + within.sql + ")", parameters);
  if (rows.empty()) return std::nullopt;
  Cycle cycle = read_cycle(rows[0]);
  load_parts(connection, cycle, drafts);
  return cycle;
}

std::optional<domain::CycleRef> find_cycle_ref(Connection& connection, std::string_view key) {
  const auto id = find_row_id(key);
  const Rows rows = id ? connection.query(kRefById, {*id}) : connection.query(kRefBySlug, {key});
  if (rows.empty()) return std::nullopt;
  return domain::CycleRef{rows[0].id<CycleId>(0), rows[0].text(1), rows[0].text(2)};
}

std::vector<domain::MeetingId> list_draft_meetings(Connection& connection, CycleId id) {
  std::vector<domain::MeetingId> meetings;
  for (const auto row : connection.query(kDraftMeetings, {id})) {
    meetings.push_back(row.id<domain::MeetingId>(0));
  }
  return meetings;
}

std::vector<std::string> list_cycle_slugs(Connection& connection, const std::string& stem) {
  std::vector<std::string> slugs;
  for (const auto row : connection.query(kSlugs, {stem, stem})) slugs.push_back(row.text(0));
  return slugs;
}

}  // namespace narada::storage
