#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/practice_catalogue.h"
#include "sql/connection.h"

namespace narada::storage {

// Of published meetings; each field narrows it down.
struct MeetingMapSelection {
  std::optional<domain::TopicId> topic;
  std::optional<domain::MeetingForm> form;
  std::string association;  // code, of the institution of the place
  std::optional<int> year;  // in which they begin
};
// By the institution of the place, those with a position alone; by name.
std::vector<domain::CountedInstitution> count_meetings_by_institution(
    Connection& connection, const MeetingMapSelection& selection);
std::int64_t count_mapped_meetings(Connection& connection, const MeetingMapSelection& selection);
// Where the meetings take place: the place's own position, else that of its institution.
struct PlacePosition {
  std::string name;
  domain::GeoPoint position;
};
std::map<domain::MeetingId, std::vector<PlacePosition>> list_meeting_positions(
    Connection& connection, const std::vector<domain::MeetingSummary>& meetings);

// Past published meetings in the institution's place, and those with somebody of it: marked
// attended, or with a confirmed place.
struct InstitutionPart {
  std::int64_t hosted = 0;
  std::int64_t came = 0;
};
InstitutionPart count_institution_part(Connection& connection, domain::InstitutionId institution,
                                       domain::Instant now);

// Positions of an association's members.
std::vector<domain::GeoPoint> list_member_positions(Connection& connection,
                                                    const std::string& association);

}  // namespace narada::storage
