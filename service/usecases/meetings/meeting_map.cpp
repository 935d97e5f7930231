#include "service/usecases/meetings/meeting_map.h"

#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/operations.h"
#include "sql/coverage_store.h"
#include "sql/meeting_map_store.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kLongestCode = 32;

bool could_be_code(const std::string& association) {
  domain::FieldErrors errors;
  std::string text = association;
  FieldChecks(errors).check_text("association", text, {.max = kLongestCode});
  return errors.empty();
}

}  // namespace

MeetingPlaces load_meeting_places(const Environment& environment, const MeetingMapFilter& filter) {
  return read_database(environment, [&](storage::Connection& connection) {
    MeetingPlaces places;
    places.years = storage::list_meeting_years(connection);
    domain::FieldErrors errors;
    FieldChecks checks(errors);
    References references(connection);
    storage::MeetingMapSelection selection;
    if (const auto topic = references.find_topic(checks, "topic", filter.topic))
      selection.topic = topic->id;
    if (!errors.empty() || !could_be_code(filter.association)) return places;
    selection.form = filter.form;
    selection.association = filter.association;
    selection.year = filter.year;
    places.institutions = storage::count_meetings_by_institution(connection, selection);
    places.meetings = storage::count_mapped_meetings(connection, selection);
    return places;
  });
}

std::map<domain::MeetingId, std::vector<NamedPosition>> load_meeting_positions(
    const Environment& environment, const std::vector<domain::MeetingSummary>& meetings) {
  const auto found = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_meeting_positions(connection, meetings);
  });
  std::map<domain::MeetingId, std::vector<NamedPosition>> positions;
  for (const auto& [meeting, places] : found)
    for (const auto& place : places) positions[meeting].push_back({place.name, place.position});
  return positions;
}

std::vector<domain::GeoPoint> load_member_positions(const Environment& environment,
                                                    const std::string& association) {
  if (association.empty() || !could_be_code(association)) return {};
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::list_member_positions(connection, association);
  });
}

InstitutionNumbers load_institution_numbers(const Environment& environment,
                                            domain::InstitutionId institution) {
  const auto part = read_database(environment, [&](storage::Connection& connection) {
    return storage::count_institution_part(connection, institution, environment.clock->now());
  });
  return {part.hosted, part.came};
}

}  // namespace narada::usecases
