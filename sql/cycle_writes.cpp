#include "sql/cycle_store.h"
#include "sql/line_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Cycle;
using domain::CycleId;

constexpr std::string_view kLock = "SELECT version, status FROM cycle WHERE id = ? FOR UPDATE";
constexpr std::string_view kInsert =
    "INSERT INTO cycle (slug, uid, status, title, topic_id, summary, challenge, goal, effects,"
    " materials, participants_text, published_period, published_meeting_count, practice_url,"
    " source_urls, caveat, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
constexpr std::string_view kUpdate =
    "UPDATE cycle SET title = ?, topic_id = ?, summary = ?, challenge = ?, goal = ?, effects = ?,"
    " materials = ?, participants_text = ?, published_period = ?, published_meeting_count = ?,"
    " practice_url = ?, source_urls = ?, caveat = ?, version = version + 1, updated_at = ?"
    " WHERE id = ?";
constexpr std::string_view kPublish =
    "UPDATE cycle SET status = 'published', published_at = ?, version = version + 1,"
    " updated_at = ? WHERE id = ?";
constexpr std::string_view kDeleteInstitutions = "DELETE FROM cycle_institution WHERE cycle_id = ?";
constexpr std::string_view kDeleteExperts = "DELETE FROM cycle_expert WHERE cycle_id = ?";
constexpr std::string_view kInsertInstitution =
    "INSERT INTO cycle_institution (cycle_id, institution_id, role, position) VALUES (?, ?, ?, ?)";
constexpr std::string_view kInsertExpert =
    "INSERT INTO cycle_expert (cycle_id, expert_id, position) VALUES (?, ?, ?)";

// What an insert and an update have in common, in the order of both statements.
void append_columns(std::vector<Parameter>& parameters, const Cycle& cycle) {
  std::optional<domain::TopicId> topic;
  if (cycle.topic) topic = cycle.topic->id;
  const std::initializer_list<Parameter> columns = {cycle.title,
                                                    topic,
                                                    cycle.summary,
                                                    cycle.challenge,
                                                    cycle.goal,
                                                    join_lines(cycle.effects),
                                                    join_lines(cycle.materials),
                                                    join_lines(cycle.participants_text),
                                                    cycle.published_period,
                                                    cycle.published_meeting_count,
                                                    cycle.practice_url,
                                                    join_lines(cycle.source_urls),
                                                    cycle.caveat};
  parameters.insert(parameters.end(), columns);
}

void replace_parts(Connection& connection, CycleId id, const Cycle& cycle) {
  connection.execute(kDeleteInstitutions, {id});
  connection.execute(kDeleteExperts, {id});
  int position = 0;
  for (const auto& [institution, role] : cycle.institutions) {
    connection.execute(kInsertInstitution, {id, institution.id, to_string(role), position++});
  }
  position = 0;
  for (const auto& expert : cycle.experts) {
    connection.execute(kInsertExpert, {id, expert.id, position++});
  }
}

}  // namespace

std::optional<LockedCycle> lock_cycle(Connection& connection, CycleId id) {
  const Rows rows = connection.query(kLock, {id});
  if (rows.empty()) return std::nullopt;
  return LockedCycle{rows[0].integer(0),
                     stored_enum("cycle.status", rows[0].text(1), domain::find_cycle_status)};
}

CycleId insert_cycle(Connection& connection, const Cycle& cycle, domain::Instant now) {
  std::vector<Parameter> parameters{cycle.slug, cycle.uid, to_string(cycle.status)};
  append_columns(parameters, cycle);
  parameters.insert(parameters.end(), {now, now});
  const CycleId id{connection.insert(kInsert, parameters)};
  replace_parts(connection, id, cycle);
  return id;
}

void update_cycle(Connection& connection, const Cycle& cycle, domain::Instant now) {
  std::vector<Parameter> parameters;
  append_columns(parameters, cycle);
  parameters.insert(parameters.end(), {now, cycle.id});
  connection.execute(kUpdate, parameters);
  replace_parts(connection, cycle.id, cycle);
}

void publish_cycle(Connection& connection, CycleId id, domain::Instant now) {
  connection.execute(kPublish, {now, now, id});
}

}  // namespace narada::storage
