#include "service/usecases/tasks.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "service/domain/enum_names.h"
#include "service/usecases/operations.h"
#include "sql/activity_store.h"
#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/role_store.h"
#include "sql/task_store.h"

namespace narada::usecases {
namespace {

using domain::Outcome;
using nlohmann::json;

constexpr domain::EnumNames<TaskState, 4> kStates{{"waiting", "running", "done", "failed"}};
static_assert(is_complete(kStates, TaskState::failed));

constexpr std::chrono::seconds kLease{60};

json write_failure(const TaskFailure& failure) {
  return {{"subject", failure.subject},
          {"field", failure.error.field},
          {"code", failure.error.code},
          {"details", failure.error.details}};
}

TaskFailure read_failure(const json& object) {
  TaskFailure failure;
  failure.subject = object.value("subject", "");
  failure.error.field = object.value("field", "");
  failure.error.code = object.value("code", "");
  failure.error.details = object.value("details", std::map<std::string, std::string>());
  return failure;
}

json read_report(const std::string& text) {
  auto report = json::parse(text, nullptr, false);
  return report.is_array() ? report : json::array();
}

TaskRecord record_of(storage::Connection& connection, const storage::TaskRow& row) {
  TaskRecord record;
  record.id = row.id;
  record.kind = row.kind;
  record.state = kStates.find(row.state).value_or(TaskState::failed);
  record.meeting = row.meeting;
  record.cycle = row.cycle;
  record.total = row.total;
  record.finished = row.finished;
  record.failed = row.failed;
  record.result_name = row.result_name;
  record.created_at = row.created_at;
  record.ended_at = row.ended_at;
  std::set<std::string> subjects;
  for (const auto& object : read_report(row.report)) {
    auto failure = read_failure(object);
    subjects.insert(failure.subject);
    record.failures.push_back({std::move(failure.subject), "", std::move(failure.error)});
  }
  const auto names = storage::find_names(connection, subjects);
  for (auto& failed : record.failures) {
    const auto found = names.find(failed.subject);
    if (found != names.end()) failed.name = found->second;
  }
  return record;
}

std::optional<storage::TaskRow> find_own(storage::Connection& connection, const Actor& actor,
                                         domain::TaskId id) {
  auto row = storage::find_task(connection, id);
  if (!row || !actor.person || row->person != *actor.person) return std::nullopt;
  return row;
}

// A task that this process has claimed.
class ClaimedTask final : public TaskRun {
 public:
  ClaimedTask(const Environment& environment, storage::TaskRow row, const std::string& worker,
              const std::stop_token& stopping)
      : environment_(environment),
        row_(std::move(row)),
        worker_(worker),
        stopping_(stopping),
        report_(read_report(row_.report)) {}

  domain::TaskId id() const override { return row_.id; }
  const std::string& parameters() const override { return row_.parameters; }
  int finished() const override { return row_.finished; }

  Call call() const override {
    Call call;
    call.actor.kind = Actor::Kind::person;
    call.actor.id = row_.person.value;
    call.actor.person = row_.person;
    call.actor.grants = read_database(environment_, [&](storage::Connection& connection) {
      return storage::list_grants(connection, row_.person);
    });
    call.idempotency_key = "task:" + std::to_string(row_.id.value);
    call.request_digest = *call.idempotency_key;
    call.request_id = "task-" + std::to_string(row_.id.value);
    return call;
  }

  bool advance(int done, const std::vector<TaskFailure>& failures,
               std::optional<int> total) override {
    row_.finished += done;
    row_.failed += static_cast<int>(failures.size());
    if (total) row_.total = *total;
    for (const auto& failure : failures)
      if (report_.size() < kMostTaskFailures) report_.push_back(write_failure(failure));
    row_.report = report_.dump();
    const auto until = environment_.clock->now() + kLease;
    const bool held = environment_.pool->transact([&](storage::Connection& connection) {
      return storage::save_task_progress(connection, row_, worker_, until);
    });
    ended_early_ = !held || stopping_.stop_requested();
    return !ended_early_;
  }

  void keep_result(TaskResult result) override {
    if (result.bytes.size() > kMostTaskResult) {
      fail("", {"", "task_result_too_large"});
      return;
    }
    row_.result_name = std::move(result.name);
    result_ = std::move(result.bytes);
  }

  void fail(std::string subject, domain::FieldError error) {
    broken_ = true;
    report_.push_back(write_failure({std::move(subject), std::move(error)}));
  }
  bool ended_early() const { return ended_early_; }

  // The rest is somebody else's to do.
  void release() {
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::release_task(connection, row_.id, worker_);
    });
  }
  void end() {
    row_.state = kStates.name_of(broken_ ? TaskState::failed : TaskState::done);
    row_.report = report_.dump();
    if (row_.total < row_.finished || !broken_) row_.total = row_.finished;
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::end_task(connection, row_, worker_, result_, environment_.clock->now());
    });
  }

 private:
  const Environment& environment_;
  storage::TaskRow row_;
  const std::string& worker_;
  const std::stop_token& stopping_;
  json report_;
  std::optional<std::string> result_;
  bool ended_early_ = false;
  bool broken_ = false;
};

// What broke the task as a whole; empty: nothing.
std::string do_task(ClaimedTask& task, const TaskWork* work) {
  if (work == nullptr) {
    task.fail("", {"", "task_unknown"});
    return "nobody does such a task";
  }
  try {
    (*work)(task);
  } catch (const Unavailable&) {
    throw;
  } catch (const storage::Unavailable& error) {
    throw Unavailable(error.what());
  } catch (const std::exception& error) {
    task.fail("", {"", "task_broke"});
    return error.what();
  }
  return {};
}

}  // namespace

std::string_view to_string(TaskState state) { return kStates.name_of(state); }

Outcome<domain::TaskId> start_task(const Environment& environment, const Call& call,
                                   const NewTask& wanted) {
  if (!call.actor.person) return domain::Forbidden{};
  return run_once_for_id<domain::TaskId>(
      environment, call, "start_task",
      [&](storage::Connection& connection) -> Outcome<domain::TaskId> {
        storage::require_live_person(connection, *call.actor.person);
        storage::TaskRow row;
        row.kind = wanted.kind;
        row.person = *call.actor.person;
        row.meeting = wanted.meeting;
        row.cycle = wanted.cycle;
        row.parameters = wanted.parameters;
        row.total = wanted.total;
        row.created_at = environment.clock->now();
        storage::insert_task(connection, row);
        return row.id;
      });
}

Outcome<TaskRecord> find_task(const Environment& environment, const Actor& actor,
                              domain::TaskId id) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<TaskRecord> {
    const auto row = find_own(connection, actor, id);
    if (!row) return domain::NotFound{};
    return record_of(connection, *row);
  });
}

Outcome<TaskResult> find_task_result(const Environment& environment, const Actor& actor,
                                     domain::TaskId id) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<TaskResult> {
    const auto row = find_own(connection, actor, id);
    if (!row) return domain::NotFound{};
    auto bytes = storage::find_task_result(connection, id);
    if (!bytes) return domain::NotFound{};
    return TaskResult{row->result_name, *std::move(bytes)};
  });
}

bool run_next_task(const Environment& environment, const TaskKinds& kinds,
                   const std::string& worker, const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  auto row = environment.pool->transact([&](storage::Connection& connection) {
    return storage::claim_task(connection, worker, now, now + kLease);
  });
  if (!row) return false;
  const auto found = kinds.find(row->kind);
  ClaimedTask task(environment, *std::move(row), worker, stopping);
  const auto problem = do_task(task, found == kinds.end() ? nullptr : &found->second);
  if (task.ended_early()) {
    task.release();
  } else {
    task.end();
  }
  if (!problem.empty())
    throw std::runtime_error("task " + std::to_string(task.id().value) + ": " + problem);
  return true;
}

void forget_old_tasks(const Environment& environment) {
  const auto now = environment.clock->now();
  environment.pool->transact([&](storage::Connection& connection) {
    storage::forget_tasks(connection, now - kTaskResultKept, now - kTaskKept);
  });
}

}  // namespace narada::usecases
