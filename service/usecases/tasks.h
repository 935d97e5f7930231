#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Work that takes longer than a page may wait. Whoever starts it is sent to its page
// (/panel/zadania/{id}), which shows how far it is, what became of each thing that failed, and the
// file that it made. It outlives the process that began it: another one goes on where it stopped.

enum class TaskState { waiting, running, done, failed };
std::string_view to_string(TaskState state);

// What came of one thing that could not be done: "registration:45" and the rule.
struct TaskFailure {
  std::string subject;
  domain::FieldError error;
};

struct NewTask {
  std::string kind;  // of the TaskKinds; the title of its page is the text "tasks.kind_<kind>"
  std::string parameters;  // JSON; forgotten when the task ends
  int total = 0;           // of things to do; 0: not known yet
  std::optional<domain::MeetingId> meeting = {};
  std::optional<domain::CycleId> cycle = {};
};
// By somebody signed in (Forbidden for others); with an Idempotency-Key once.
domain::Outcome<domain::TaskId> start_task(const Environment&, const Call&, const NewTask&);

struct TaskRecord {
  domain::TaskId id;
  std::string kind;
  TaskState state = TaskState::waiting;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::CycleId> cycle;
  int total = 0;
  int finished = 0;  // of them, failed ones too
  int failed = 0;
  struct Failed {
    std::string subject;
    std::string name;  // empty: not there any more, or not for this reader
    domain::FieldError error;
  };
  std::vector<Failed> failures;  // at most kMostTaskFailures
  std::string result_name;       // empty: no file
  domain::Instant created_at{};
  std::optional<domain::Instant> ended_at;
};
inline constexpr std::size_t kMostTaskFailures = 500;
// A file is kept for a day after the task has ended, the rest for a week.
inline constexpr std::chrono::hours kTaskResultKept{24};
inline constexpr std::chrono::days kTaskKept{7};
// One's own; NotFound otherwise.
domain::Outcome<TaskRecord> find_task(const Environment&, const Actor&, domain::TaskId);
struct TaskResult {
  std::string name;
  std::string bytes;
};
// NotFound also when it made none.
domain::Outcome<TaskResult> find_task_result(const Environment&, const Actor&, domain::TaskId);

// One task while it is worked on, under its lease. Not thread-safe.
class TaskRun {
 public:
  virtual ~TaskRun() = default;
  virtual domain::TaskId id() const = 0;
  // JSON, as it was started with.
  virtual const std::string& parameters() const = 0;
  // Who started it, with the roles of this moment and the task's own Idempotency-Key: append to it
  // what makes one thing of the task once.
  virtual Call call() const = 0;
  // How many were done before: where to go on.
  virtual int finished() const = 0;
  // Notes so many more done, those of `failures` among them, and how many there are. False: stop
  // at once and return; the process ends, or another one has taken over.
  [[nodiscard]] virtual bool advance(int done, const std::vector<TaskFailure>& failures = {},
                                     std::optional<int> total = {}) = 0;
  // The file to download; at most kMostTaskResult bytes.
  virtual void keep_result(TaskResult result) = 0;
};
inline constexpr std::size_t kMostTaskResult = 15U << 20;

// Does the task, from finished() on, and returns. What it throws fails the task as a whole; losing
// the database does not.
using TaskWork = std::function<void(TaskRun&)>;
using TaskKinds = std::map<std::string, TaskWork, std::less<>>;

// Takes one task that waits, or that a process left, and does it. False: there was none. Throws
// std::runtime_error after a task that broke has ended.
// `worker` names this process.
bool run_next_task(const Environment&, const TaskKinds&, const std::string& worker,
                   const std::stop_token& stopping = {});

// Deletes what has been kept long enough: results first, then the tasks.
void forget_old_tasks(const Environment&);

}  // namespace narada::usecases
