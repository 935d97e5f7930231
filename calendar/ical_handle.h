#pragma once

#include <libical/ical.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>

// Owners of libical's C objects. A component owns what is added to it, so only the outermost object
// is held; icalcomponent_add_* takes over what release() gives.
namespace narada::calendar {

struct ComponentDeleter {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, ComponentDeleter>;

struct PropertyDeleter {
  void operator()(icalproperty* property) const { icalproperty_free(property); }
};
using Property = std::unique_ptr<icalproperty, PropertyDeleter>;

struct TimezoneDeleter {
  void operator()(icaltimezone* zone) const { icaltimezone_free(zone, 1); }
};
using Timezone = std::unique_ptr<icaltimezone, TimezoneDeleter>;

struct RecurrenceDeleter {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
using Recurrence = std::unique_ptr<icalrecur_iterator, RecurrenceDeleter>;

struct TextDeleter {
  void operator()(char* text) const { std::free(text); }
};
using Text = std::unique_ptr<char, TextDeleter>;

// libical folds a line whose CRLF crosses the 75th octet between CR and LF, which leaves a bare CR,
// a line of one space, and a bare LF. No text has a CR of its own by then.
inline std::string mend_folds(std::string text) {
  constexpr std::string_view kTorn = "\r\r\n \n";
  for (auto at = text.find(kTorn); at != std::string::npos; at = text.find(kTorn, at)) {
    text.replace(at, kTorn.size(), "\r\n");
  }
  return text;
}

// Only the _r functions: the others lend memory from a ring buffer. NULL means out of memory.
inline std::string to_text(icalcomponent* component) {
  const Text text(icalcomponent_as_ical_string_r(component));
  if (!text) throw std::bad_alloc();
  return mend_folds(text.get());
}

inline std::string to_text(icalproperty* property) {
  const Text text(icalproperty_as_ical_string_r(property));
  if (!text) throw std::bad_alloc();
  return mend_folds(text.get());
}

}  // namespace narada::calendar
