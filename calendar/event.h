#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "service/domain/time.h"

namespace narada::calendar {

// RFC 5546 METHOD. The MIME part that carries the object names the same.
enum class ItipMethod { publish, request, cancel };
std::string_view to_string(ItipMethod method);  // "REQUEST"

enum class EventStatus { confirmed, tentative, cancelled };
enum class Partstat { needs_action, accepted, declined, tentative };

struct CalendarUser {
  std::string name;   // CN
  std::string email;  // addr-spec without "mailto:"
};

struct Attendee : CalendarUser {
  Partstat partstat = Partstat::needs_action;
};

// One VEVENT, in the words of RFC 5545. Texts may hold anything: what a calendar cannot carry is
// taken out (control characters), a URL that is not http(s) and an e-mail address that could be
// read as another one leave their property out. All-day: ends is 00:00 of the day after the last. A
// wall time that the zone skips or repeats is written in UTC, resolved as to_instant() does.
struct Event {
  std::string uid;
  int sequence = 0;
  EventStatus status = EventStatus::confirmed;
  domain::Instant dtstamp{};  // now, UTC
  domain::Instant last_modified{};
  domain::WallTime starts{};
  domain::WallTime ends{};
  std::string tzid = domain::kDefaultZone;
  bool all_day = false;
  std::string summary;
  std::string description;
  std::string location;
  std::optional<domain::GeoPoint> geo;
  std::string url;  // of the public page
  std::vector<std::string> categories;
  std::string conference_url;  // RFC 7986 CONFERENCE; empty: none
  std::string conference_label;
  std::string related_to;  // UID of the cycle; empty: none
  std::optional<CalendarUser> organizer;
  std::vector<Attendee> attendees;
  std::vector<int> alarm_minutes;  // before the start; VALARM DISPLAY each
  std::optional<domain::Instant> created;
};

struct Feed {
  std::string name;  // NAME and X-WR-CALNAME
  std::string description;
  std::string source_url;
  int refresh_minutes = 60;  // REFRESH-INTERVAL, X-PUBLISHED-TTL
  std::vector<Event> events;
};

// Call once in main() before any thread: libical loads zones lazily and not thread-safely.
void initialize();

// One iTIP message: exactly one VEVENT and its VTIMEZONE, CRLF, folded at 75 octets. Control
// characters and unsafe URIs in the event never become lines of their own. PUBLISH names no
// attendees (RFC 5546 3.2.1), CANCEL is always STATUS:CANCELLED and rings no alarm. Any thread.
std::string write_itip(ItipMethod method, const Event& event);

// METHOD:PUBLISH with all events of the feed by start, each zone's VTIMEZONE once. Any thread.
std::string write_feed(const Feed& feed);

}  // namespace narada::calendar
