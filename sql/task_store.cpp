#include "sql/task_store.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, kind, person_id, meeting_id, cycle_id, parameters, state, total, finished, failed,"
    " report, result_name, created_at, ended_at FROM task WHERE ";

TaskRow read(const Rows::Row& row) {
  TaskRow task;
  task.id = row.id<domain::TaskId>(0);
  task.kind = row.text(1);
  task.person = row.id<domain::PersonId>(2);
  task.meeting = row.find_id<domain::MeetingId>(3);
  task.cycle = row.find_id<domain::CycleId>(4);
  task.parameters = row.text(5);
  task.state = row.text(6);
  task.total = row.small_integer(7);
  task.finished = row.small_integer(8);
  task.failed = row.small_integer(9);
  task.report = row.text(10);
  task.result_name = row.text(11);
  task.created_at = row.instant(12);
  task.ended_at = row.find_instant(13);
  return task;
}

std::optional<TaskRow> find_one(Connection& connection, std::string_view where,
                                const std::vector<Parameter>& parameters) {
  const Rows rows = connection.query(std::string(kSelect).append(where), parameters);
  if (rows.empty()) return std::nullopt;
  return read(rows[0]);
}

}  // namespace

void insert_task(Connection& connection, TaskRow& task) {
  constexpr std::string_view kInsert =
      "INSERT INTO task (kind, person_id, meeting_id, cycle_id, parameters, state, total, report,"
      " created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?, '[]', ?) RETURNING id";
  task.id =
      domain::TaskId{connection.insert(kInsert, {task.kind, task.person, task.meeting, task.cycle,
                                                 task.parameters, task.total, task.created_at})};
}

std::optional<TaskRow> find_task(Connection& connection, domain::TaskId task) {
  return find_one(connection, "id = ?", {task});
}

std::optional<std::string> find_task_result(Connection& connection, domain::TaskId task) {
  const Rows rows = connection.query("SELECT result FROM task WHERE id = ?", {task});
  if (rows.empty()) return std::nullopt;
  return rows[0].find_text(0);
}

std::optional<TaskRow> claim_task(Connection& connection, std::string_view worker,
                                  domain::Instant now, domain::Instant until) {
  constexpr std::string_view kClaim =
      "UPDATE task SET state = 'running', claimed_by = ?, claimed_until = ? WHERE id = ?";
  auto task = find_one(connection,
                       "state = 'running' AND claimed_until < ? ORDER BY claimed_until, id LIMIT 1 "
                       "FOR UPDATE SKIP LOCKED",
                       {now});
  if (!task)
    task = find_one(connection, "state = 'waiting' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED", {});
  if (!task) return std::nullopt;
  connection.execute(kClaim, {worker, until, task->id});
  return task;
}

bool save_task_progress(Connection& connection, const TaskRow& task, std::string_view worker,
                        domain::Instant until) {
  // Locked first: an UPDATE that changes nothing counts no row.
  constexpr std::string_view kLock =
      "SELECT 1 FROM task WHERE id = ? AND claimed_by = ? AND state = 'running' FOR UPDATE";
  constexpr std::string_view kUpdate =
      "UPDATE task SET total = ?, finished = ?, failed = ?, report = ?, claimed_until = ?"
      " WHERE id = ?";
  if (connection.query(kLock, {task.id, worker}).empty()) return false;
  connection.execute(kUpdate,
                     {task.total, task.finished, task.failed, task.report, until, task.id});
  return true;
}

bool release_task(Connection& connection, domain::TaskId task, std::string_view worker) {
  constexpr std::string_view kUpdate =
      "UPDATE task SET state = 'waiting', claimed_by = '', claimed_until = NULL"
      " WHERE id = ? AND claimed_by = ? AND state = 'running'";
  return connection.execute(kUpdate, {task, worker}) > 0;
}

bool end_task(Connection& connection, const TaskRow& task, std::string_view worker,
              const std::optional<std::string>& result, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE task SET state = ?, total = ?, finished = ?, failed = ?, report = ?, result = ?,"
      " result_name = ?, parameters = '', claimed_by = '', claimed_until = NULL, ended_at = ?"
      " WHERE id = ? AND claimed_by = ? AND state = 'running'";
  return connection.execute(
             kUpdate, {task.state, task.total, task.finished, task.failed, task.report, result,
                       task.result_name, now, task.id, worker}) > 0;
}

void forget_tasks(Connection& connection, domain::Instant results, domain::Instant tasks) {
  constexpr std::string_view kResults =
      "UPDATE task SET result = NULL, result_name = '' WHERE state IN ('done', 'failed')"
      " AND result IS NOT NULL AND ended_at < ?";
  constexpr std::string_view kTasks =
      "DELETE FROM task WHERE state IN ('done', 'failed') AND ended_at < ?";
  connection.execute(kResults, {results});
  connection.execute(kTasks, {tasks});
}

}  // namespace narada::storage
