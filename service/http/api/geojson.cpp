// Practices and meetings as points on a map (RFC 7946): the lists' filters and pages, positions in
// the order longitude, latitude. What has no position has a null geometry, so that nothing is lost.

#include "service/http/api/endpoint.h"
#include "service/http/api/meeting_query.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_names.h"
#include "service/usecases/meetings/meeting_map.h"
#include "service/usecases/practices/practices.h"

namespace narada::http::api {
namespace {

using web::View;

View coordinates_of(const domain::GeoPoint& position) {
  return View::array({position.longitude, position.latitude});
}

// A Point, a MultiPoint of several, or null.
View geometry_of(const std::vector<domain::GeoPoint>& positions) {
  if (positions.empty()) return nullptr;
  if (positions.size() == 1)
    return {{"type", "Point"}, {"coordinates", coordinates_of(positions.front())}};
  View all = View::array();
  for (const auto& position : positions) all.push_back(coordinates_of(position));
  return {{"type", "MultiPoint"}, {"coordinates", std::move(all)}};
}

View feature_of(std::int64_t id, View geometry, View properties) {
  return {{"type", "Feature"},
          {"id", id},
          {"geometry", std::move(geometry)},
          {"properties", std::move(properties)}};
}

Response collection(View features, const std::optional<std::string>& next) {
  auto response = answer(200, {{"type", "FeatureCollection"},
                               {"features", std::move(features)},
                               {"next", next ? View(*next) : View()}});
  response.set("Content-Type", "application/geo+json");
  return response;
}

View practice_feature(const Context& context, const domain::PracticeSummary& practice) {
  std::vector<domain::GeoPoint> positions;
  View institutions = View::array();
  for (const auto& institution : practice.institutions) {
    institutions.push_back(institution.name);
    if (institution.position) positions.push_back(*institution.position);
  }
  View properties = {{"slug", practice.slug},
                     {"url", context.url("/praktyki/", practice.slug)},
                     {"title", practice.title},
                     {"type", nullptr},
                     {"area", nullptr},
                     {"topic", practice.topic ? View(practice.topic->slug) : View()},
                     {"implementation_year", nullptr},
                     {"institutions", std::move(institutions)}};
  if (practice.type) properties["type"] = to_string(*practice.type);
  if (practice.area) properties["area"] = to_string(*practice.area);
  if (practice.implementation_year)
    properties["implementation_year"] = *practice.implementation_year;
  return feature_of(practice.id.value, geometry_of(positions), std::move(properties));
}

Response practice_features(const Context& context) {
  QueryReader query(context.request());
  usecases::PracticeFilter filter;
  filter.type = query.name("type", domain::find_practice_type);
  filter.area = query.name("area", domain::find_practice_area);
  filter.topic = query.text("topic");
  filter.institution = query.text("institution");
  filter.q = query.text("q");
  const auto page = query.page(usecases::kPracticeList);
  query.check();
  const auto found = usecases::list_practices(context.environment(), {}, filter, page);
  View features = View::array();
  for (const auto& practice : found.items) features.push_back(practice_feature(context, practice));
  return collection(std::move(features), found.next);
}

View meeting_feature(const Context& context, const domain::MeetingSummary& meeting,
                     const std::vector<usecases::NamedPosition>& places) {
  std::vector<domain::GeoPoint> positions;
  for (const auto& place : places) positions.push_back(place.position);
  return feature_of(meeting.id.value, geometry_of(positions),
                    {{"slug", meeting.slug},
                     {"url", context.url("/spotkania/", meeting.slug)},
                     {"title", meeting.title},
                     {"form", to_string(meeting.form)},
                     {"status", to_string(meeting.status)},
                     {"topic", meeting.topic ? View(meeting.topic->slug) : View()},
                     {"starts_at", start_view(meeting.times)},
                     {"tzid", meeting.times.tzid},
                     {"places", meeting.place_names}});
}

// For everybody the same: drafts are in no map, whoever asks.
Response meeting_features(const Context& context) {
  QueryReader query(context.request());
  const auto filter = read_meeting_filter(query);
  const auto page = query.page(usecases::meeting_list_name(filter));
  query.check();
  const auto found = usecases::list_meetings(context.environment(), {}, filter, page);
  const auto places = usecases::load_meeting_positions(context.environment(), found.items);
  View features = View::array();
  for (const auto& meeting : found.items) {
    const auto at = places.find(meeting.id);
    features.push_back(
        meeting_feature(context, meeting,
                        at == places.end() ? std::vector<usecases::NamedPosition>{} : at->second));
  }
  return collection(std::move(features), found.next);
}

}  // namespace

void add_geojson_routes(Router& router, const usecases::Environment& environment) {
  add_public_read(router, environment, "/api/v1/practices.geojson", practice_features);
  add_public_read(router, environment, "/api/v1/meetings.geojson", meeting_features);
}

}  // namespace narada::http::api
