#pragma once

#include <array>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/plan.h"
#include "service/domain/recess.h"

namespace narada::domain {

// Which days a meeting could be on.
struct DateWish {
  Date first;
  Date last;  // at most a year after `first`
  std::array<bool, 7> weekdays = {true, true, true, true, true, false, false};  // from Monday
  int starts_minute = 10 * 60;  // minutes after midnight, wall clock
  int duration_minutes = 240;   // 15..1440
};
// first and last: invalid_date, ends_before_start, out_of_range; weekdays: required; starts_minute
// and duration_minutes: out_of_range.
FieldErrors find_wish_errors(const DateWish& wish);

// Somebody who should come.
struct Attendee {
  std::int64_t id = 0;
  std::string name;
  bool is_expert = false;  // else an institution
};
// When one of them cannot, by the clocks on the wall.
struct Hindrance {
  std::int64_t id = 0;
  bool is_expert = false;
  WallTime starts{};
  WallTime ends{};
  std::string reason;  // a meeting's or recess's title; empty: known from a calendar alone
};

struct CannotCome {
  std::string name;
  std::string reason;
  friend bool operator==(const CannotCome&, const CannotCome&) = default;
};
struct DateProposal {
  WallTime starts{};
  WallTime ends{};
  int free_institutions = 0;
  bool bridge = false;  // a working day between days off
  std::vector<CannotCome> institutions = {};
  std::vector<CannotCome> experts = {};
  friend bool operator==(const DateProposal&, const DateProposal&) = default;
};

inline constexpr std::size_t kMostProposals = 20;

// The days that suit best, at most kMostProposals of them: first those that most experts can make,
// then most institutions, then those that bridge no days off, then the earliest. Public holidays
// are never among them. A recess without an institution is everybody's, as if each institution had
// it. Who is hindered several times on a day is named once, with the first reason. Pure.
// Precondition: find_wish_errors(wish) is empty.
std::vector<DateProposal> find_dates(const DateWish& wish, const std::vector<Attendee>& attendees,
                                     const std::vector<Hindrance>& hindrances,
                                     const std::vector<Recess>& recesses,
                                     const HolidayName& holiday_name);

// Whether a working day stands between two days off: a Friday after a holiday, a Monday before one.
bool is_bridge_day(Date date, const HolidayName& holiday_name);

}  // namespace narada::domain
