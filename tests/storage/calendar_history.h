#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/storage/calendar_client.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

// One thing that somebody does. `person` and `value` are taken modulo what there is, so that any
// step can be left out of a history and the rest still means something.
struct HistoryStep {
  enum class Kind {
    enter,
    cancel,
    change_mode,
    substitute,
    approve,
    decline,
    repair,
    set_capacity,
    move,
    set_end,
    set_place,
    set_way_in,
    lose_day,
    get_day,
    retitle,
    call_off,
    undo,
    bin,
    restore,
    accept,    // the place that is offered
    delegate,  // other places of the office's delegation
    name,      // one of its people, for the delegation
    enrol,     // in the cycle, where there is one
    leave,     // the cycle
    settle,    // what has run out goes to the next in line
    post,      // what is due leaves, after so many minutes
  };
  Kind kind{};
  int person = 0;
  int value = 0;
};

struct CalendarHistory {
  bool hybrid = false;
  bool approval = false;
  bool held = false;       // changes wait five minutes
  bool offers = false;     // freed places wait ten minutes for an answer
  bool cycle = false;      // a session of one, with another one beside it
  std::uint32_t seed = 0;  // of what becomes of the mails on their way
  std::vector<HistoryStep> steps;
};
CalendarHistory make_history(std::uint32_t number);
std::string describe(const CalendarHistory& history);

// Plays histories through the use cases, each on a meeting of its own, and hands the mails to the
// calendars of those whom they are for. One thread.
class HistoryPlayer {
 public:
  explicit HistoryPlayer(RegistrationWorld& world);
  // What differs between the calendars and the server in the end; empty: nothing. With `forgotten`
  // the mails of all steps of that kind never come to be, as with a server that forgets them.
  std::string play(const CalendarHistory& history,
                   std::optional<HistoryStep::Kind> forgotten = std::nullopt);
  std::int64_t mails() const { return mails_; }

 private:
  friend class HistoryRun;

  RegistrationWorld& world_;
  CalendarClient client_;
  int people_ = 0;  // in all histories together, so that nobody is in two
  std::int64_t mails_ = 0;
};

// A history as short as it can be made that still fails.
CalendarHistory shorten(const CalendarHistory& history,
                        const std::function<bool(const CalendarHistory&)>& fails);

}  // namespace narada::testing
