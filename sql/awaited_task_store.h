#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sql/connection.h"
#include "sql/expert_task_store.h"

// What one person is to prepare for many meetings, in as many statements as for one.
namespace narada::storage {

// Of a meeting that names an expert for whom the person acts.
struct AwaitedTasks {
  std::optional<domain::TaskPlan> plan;  // its own, else its cycle's; absent: neither has one
  std::vector<PreparingExpert> experts;  // name, evidence and answers; those of the person alone
};
std::map<domain::MeetingId, AwaitedTasks> list_awaited_tasks(
    Connection& connection, domain::PersonId person,
    const std::vector<domain::MeetingId>& meetings);

}  // namespace narada::storage
