#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/retention.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// What is kept about people beyond its time, in numbers, and its removal in small steps. A step is
// one transaction; any number of processes may take steps at the same time, and it may end
// anywhere. Registrations change under the lock of their meeting, as they do everywhere.
namespace narada::storage {

// `cutoff`: what ended before it goes. The needs of an enrolment go by it once it is cancelled;
// those of an active one, which takes in meetings added to the cycle later, go with the enrolment.
struct Removable {
  std::int64_t count = 0;
  std::optional<domain::Instant> oldest;  // end of the oldest one
};
Removable count_removable(Connection& connection, domain::RetainedField field,
                          domain::Instant cutoff);

struct RemovalStep {
  domain::RetainedField field{};
  domain::Instant cutoff{};
  domain::Instant now{};
  std::function<std::string()> make_key;  // random, for the keys of people who are none any more
};
// In a transaction. How many were removed; absent: there was nothing. Zero: what there was is being
// removed by another process, or was used again.
std::optional<int> take_removal_step(Connection& connection, const RemovalStep& step);

// One row says who does a job that one process of all does. `due`: once it has been done since
// then, it is not to be had. False: another one has it, or it is done.
bool claim_job(Connection& connection, std::string_view name, const std::string& worker,
               domain::Instant now, domain::Instant until, std::optional<domain::Instant> due);
// False: the claim is lost.
bool prolong_job(Connection& connection, std::string_view name, const std::string& worker,
                 domain::Instant until);
void finish_job(Connection& connection, std::string_view name, const std::string& worker,
                domain::Instant now, const std::string& report);
struct JobState {
  std::optional<domain::Instant> started_at;
  std::optional<domain::Instant> finished_at;
  std::string report;  // empty: never done
};
JobState find_job(Connection& connection, std::string_view name);

}  // namespace narada::storage
