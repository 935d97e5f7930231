#pragma once

#include <string>

#include "calendar/event.h"

namespace narada::calendar {

// One component's text. It names the zone's VTIMEZONE when `uses_zone`, and has UTC times, dates or
// floating times otherwise.
struct EventText {
  std::string text;  // BEGIN:VEVENT … END:VEVENT, folded, CRLF
  bool uses_zone = false;
};

EventText write_vevent(ItipMethod method, const Event& event);

}  // namespace narada::calendar
