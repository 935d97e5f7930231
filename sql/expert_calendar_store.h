#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// The calendar that an expert gave. due_at: when its address is read again; absent: a file.
struct StoredExpertCalendar {
  domain::ExpertId expert;
  std::string address;
  std::string etag;
  std::optional<domain::Instant> read_at;
  std::optional<domain::Instant> due_at;
  std::string problem;
};
struct BusySpan {
  domain::ExpertId expert;
  std::string expert_name;  // only of those that are listed
  domain::Instant starts{};
  domain::Instant ends{};
};

std::optional<StoredExpertCalendar> find_expert_calendar(Connection& connection,
                                                         domain::ExpertId expert);
// In place of an earlier one.
void save_expert_calendar(Connection& connection, const StoredExpertCalendar& calendar);
void delete_expert_calendar(Connection& connection, domain::ExpertId expert);  // and its times

// Addresses whose time has come, the longest overdue first.
std::vector<StoredExpertCalendar> list_due_calendars(Connection& connection, domain::Instant now,
                                                     int limit);
// Puts a reading off until `next`; false: another process has taken it, or it is gone.
bool claim_due_calendar(Connection& connection, const StoredExpertCalendar& seen,
                        domain::Instant next);
// What a reading came to, if the address is still the one that was read.
bool save_reading(Connection& connection, const StoredExpertCalendar& read);

void replace_busy(Connection& connection, domain::ExpertId expert,
                  const std::vector<BusySpan>& spans);
std::vector<BusySpan> list_busy(Connection& connection,
                                const std::vector<domain::ExpertId>& experts, domain::Instant from,
                                domain::Instant to);
int count_busy(Connection& connection, domain::ExpertId expert, domain::Instant from);
void delete_passed_busy(Connection& connection, domain::Instant now);

}  // namespace narada::storage
