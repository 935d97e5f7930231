#include "service/domain/date_finder.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace narada::domain {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr days kLongestSearch{366};

using Key = std::pair<bool, std::int64_t>;  // is_expert, id

bool is_day_off(local_days day, const HolidayName& holiday_name) {
  const std::chrono::weekday weekday{day};
  return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday ||
         !holiday_name(Date{day}).empty();
}

// Every hindrance by whom it hinders; a recess of everybody hinders each institution.
std::map<Key, std::vector<Hindrance>> by_attendee(const std::vector<Attendee>& attendees,
                                                  const std::vector<Hindrance>& hindrances,
                                                  const std::vector<Recess>& recesses) {
  std::map<Key, std::vector<Hindrance>> own;
  const auto add_recess = [&](std::int64_t id, const Recess& recess) {
    own[{false, id}].push_back({id, false, WallTime{local_days{recess.first}},
                                WallTime{local_days{recess.last} + days{1}}, recess.title});
  };
  for (const Hindrance& one : hindrances) own[{one.is_expert, one.id}].push_back(one);
  for (const Recess& recess : recesses) {
    if (recess.institution) {
      add_recess(recess.institution->value, recess);
      continue;
    }
    for (const Attendee& attendee : attendees)
      if (!attendee.is_expert) add_recess(attendee.id, recess);
  }
  return own;
}

void check_range(FieldErrors& errors, const char* field, int value, int min, int max) {
  if (value < min || value > max)
    errors.push_back(
        {field, "out_of_range", {{"min", std::to_string(min)}, {"max", std::to_string(max)}}});
}

}  // namespace

FieldErrors find_wish_errors(const DateWish& wish) {
  FieldErrors errors;
  const auto is_day = [](Date date) {
    return date.ok() && static_cast<int>(date.year()) >= 1990 &&
           static_cast<int>(date.year()) <= 2200;
  };
  if (!is_day(wish.first)) errors.push_back({"first", "invalid_date"});
  if (!is_day(wish.last)) errors.push_back({"last", "invalid_date"});
  if (errors.empty()) {
    const auto span = local_days{wish.last} - local_days{wish.first};
    if (span < days{0}) errors.push_back({"last", "ends_before_start"});
    if (span > kLongestSearch) errors.push_back({"last", "search_too_long"});
  }
  if (std::none_of(wish.weekdays.begin(), wish.weekdays.end(), [](bool on) { return on; }))
    errors.push_back({"weekdays", "required"});
  check_range(errors, "starts_minute", wish.starts_minute, 0, 24 * 60 - 1);
  check_range(errors, "duration_minutes", wish.duration_minutes, 15, 24 * 60);
  return errors;
}

bool is_bridge_day(Date date, const HolidayName& holiday_name) {
  const local_days day{date};
  if (is_day_off(day, holiday_name)) return false;
  return is_day_off(day - days{1}, holiday_name) && is_day_off(day + days{1}, holiday_name);
}

std::vector<DateProposal> find_dates(const DateWish& wish, const std::vector<Attendee>& attendees,
                                     const std::vector<Hindrance>& hindrances,
                                     const std::vector<Recess>& recesses,
                                     const HolidayName& holiday_name) {
  const auto hindered = by_attendee(attendees, hindrances, recesses);
  std::vector<DateProposal> proposals;
  for (local_days day{wish.first}; day <= local_days{wish.last}; day += days{1}) {
    const auto weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    if (!wish.weekdays[weekday] || !holiday_name(Date{day}).empty()) continue;
    DateProposal proposal;
    proposal.starts = WallTime{day} + minutes{wish.starts_minute};
    proposal.ends = proposal.starts + minutes{wish.duration_minutes};
    proposal.bridge = is_bridge_day(Date{day}, holiday_name);
    for (const Attendee& attendee : attendees) {
      const auto own = hindered.find({attendee.is_expert, attendee.id});
      const Hindrance* reason = nullptr;
      if (own != hindered.end())
        for (const Hindrance& one : own->second)
          if (!reason && one.starts < proposal.ends && one.ends > proposal.starts) reason = &one;
      auto& absent = attendee.is_expert ? proposal.experts : proposal.institutions;
      if (reason) absent.push_back({attendee.name, reason->reason});
      if (!reason && !attendee.is_expert) ++proposal.free_institutions;
    }
    proposals.push_back(std::move(proposal));
  }
  std::stable_sort(
      proposals.begin(), proposals.end(), [](const DateProposal& a, const DateProposal& b) {
        return std::tuple(a.experts.size(), a.institutions.size(), a.bridge, a.starts) <
               std::tuple(b.experts.size(), b.institutions.size(), b.bridge, b.starts);
      });
  if (proposals.size() > kMostProposals) proposals.resize(kMostProposals);
  return proposals;
}

}  // namespace narada::domain
