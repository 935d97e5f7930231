#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

struct TaskRow {
  domain::TaskId id;
  std::string kind;
  domain::PersonId person;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::CycleId> cycle;
  std::string parameters;  // JSON; empty once it has ended
  std::string state;       // waiting, running, done, failed
  int total = 0;
  int finished = 0;
  int failed = 0;
  std::string report;  // JSON
  std::string result_name;
  domain::Instant created_at{};
  std::optional<domain::Instant> ended_at;
};

// Sets the id.
void insert_task(Connection& connection, TaskRow& task);
std::optional<TaskRow> find_task(Connection& connection, domain::TaskId task);
std::optional<std::string> find_task_result(Connection& connection, domain::TaskId task);

// The oldest that waits, or whose claim has run out; it is the worker's until `until`.
std::optional<TaskRow> claim_task(Connection& connection, std::string_view worker,
                                  domain::Instant now, domain::Instant until);

// Each false when the task is not the worker's any more.
bool save_task_progress(Connection& connection, const TaskRow& task, std::string_view worker,
                        domain::Instant until);
bool release_task(Connection& connection, domain::TaskId task, std::string_view worker);
// What it was started with is forgotten.
bool end_task(Connection& connection, const TaskRow& task, std::string_view worker,
              const std::optional<std::string>& result, domain::Instant now);

// Files of those that ended before `results`, and all of those that ended before `tasks`.
void forget_tasks(Connection& connection, domain::Instant results, domain::Instant tasks);

}  // namespace narada::storage
