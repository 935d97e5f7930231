#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/practice_catalogue.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Where published meetings take place, those of the past too.
struct MeetingMapFilter {
  std::string topic = {};  // slug or id
  std::optional<domain::MeetingForm> form = {};
  std::string association = {};  // code
  std::optional<int> year = {};
};
struct MeetingPlaces {
  std::vector<domain::CountedInstitution> institutions;  // with a position
  std::int64_t meetings = 0;  // of the filter, those without a place on the map too
  std::vector<int> years;     // with meetings, whatever the filter; the latest first
};
MeetingPlaces load_meeting_places(const Environment&, const MeetingMapFilter&);

struct NamedPosition {
  std::string name;
  domain::GeoPoint position;
};
// Of meetings that the caller has found for its reader.
std::map<domain::MeetingId, std::vector<NamedPosition>> load_meeting_positions(
    const Environment&, const std::vector<domain::MeetingSummary>&);

// Of the members of an association; empty for a code that is none.
std::vector<domain::GeoPoint> load_member_positions(const Environment&,
                                                    const std::string& association);

// How much of the published meetings that are over an institution had: in its place, and with
// somebody of it (marked attended, or with a confirmed place where nobody has marked).
struct InstitutionNumbers {
  std::int64_t hosted = 0;
  std::int64_t came = 0;
};
InstitutionNumbers load_institution_numbers(const Environment&, domain::InstitutionId);

}  // namespace narada::usecases
