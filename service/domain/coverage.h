#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/institution.h"

namespace narada::domain {

// How often an institution has come. Participants are municipalities, so it is they who are counted
// and not people.
enum class Presence { never, seldom, sometimes, often };  // 0, 1–2, 3–5, 6 and more
std::string_view to_string(Presence presence);
Presence presence_of(std::int64_t times);

// Of one institution, in one topic or in all.
struct CoverageNumbers {
  std::int64_t came = 0;        // past meetings with somebody of it: marked attended, or with a
                                // confirmed place where nobody has said who came
  std::int64_t unmarked = 0;    // of them, those that rest on confirmed places alone
  std::int64_t cycles = 0;      // cycles it took part in of which there are no registrations of it
  std::int64_t registered = 0;  // meetings with a registration of it, past and to come
  std::int64_t hosted = 0;      // past meetings in its place

  std::int64_t times() const { return came + cycles; }
  friend bool operator==(const CoverageNumbers&, const CoverageNumbers&) = default;
};
CoverageNumbers& operator+=(CoverageNumbers& sum, const CoverageNumbers& more);

struct CoverageRow {
  InstitutionRef institution;
  CoverageNumbers all;
  std::map<std::int64_t, CoverageNumbers> topics;  // by the topic's id, 0: no topic; what there is
};

}  // namespace narada::domain
