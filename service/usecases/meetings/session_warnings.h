#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/plan.h"
#include "service/domain/recess.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Something that an organizer may want to know before a session is announced for that day; nothing
// of it forbids the day.
struct SessionWarning {
  enum class Kind {
    past,     // begins before now
    holiday,  // `title` names it
    weekend,
    nonexistent_time,   // the clocks go forward over it
    same_day,           // another row of the same plan is on that day
    busy_institutions,  // take part in the meeting `title` on that day: `names`
    busy_experts,
    recess,           // `title`, of `names`; of everybody where they are empty
    expert_calendar,  // `names` are busy then, from `title` ("10:00–12:00"), as their calendars say
  };
  Kind kind = Kind::past;
  std::string title = {};
  std::vector<std::string> names = {};
  friend bool operator==(const SessionWarning&, const SessionWarning&) = default;
};
std::string_view to_string(SessionWarning::Kind kind);

// A row of a plan as it was typed; `starts` of zero: no day yet, and nothing to say about it.
struct SessionDraft {
  domain::WallTime starts{};
  domain::WallTime ends{};
  std::string tzid = domain::kDefaultZone;
};

// A part that somebody of the plan has in a meeting elsewhere.
struct Engaged {
  std::int64_t meeting = 0;
  std::string title;
  domain::WallTime starts{};
  domain::WallTime ends{};
  bool of_expert = false;
  std::string name;
};

// When an expert has no time, by the expert's calendar.
struct ExpertBusy {
  std::string name;
  domain::WallTime starts{};
  domain::WallTime ends{};
};

// What may speak against a session: other meetings by start and meeting, recesses by their first
// day, and the experts' calendars by start.
struct Obstacles {
  std::vector<Engaged> engaged = {};
  std::vector<domain::Recess> recesses = {};
  std::vector<ExpertBusy> busy = {};
};

// The warnings of each row, in the order of the rows and of the kinds. Pure.
std::vector<std::vector<SessionWarning>> warn_about_sessions(
    const std::vector<SessionDraft>& sessions, const Obstacles& obstacles, domain::WallTime now,
    const domain::HolidayName& holiday_name, const domain::WallTimeExists& wall_time_exists);

// What is looked at: the rows, and whose other meetings count. Keys that name nobody are left out.
struct SessionsToCheck {
  std::vector<SessionDraft> sessions;
  std::vector<std::string> institutions;          // TERYT, slug or id
  std::vector<std::string> experts;               // slug or id
  std::optional<domain::CycleId> cycle = {};      // whose own meetings do not count
  std::optional<domain::MeetingId> meeting = {};  // that does not count
};
// Drafts count as far as the actor may see them. Forbidden to who organizes nothing.
domain::Outcome<std::vector<std::vector<SessionWarning>>> find_session_warnings(
    const Environment&, const Actor&, const SessionsToCheck&);

}  // namespace narada::usecases
