#include "service/http/pages/structured_data.h"

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/http/pages/materials_views.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::Meeting;
using web::View;

std::string moment(const Meeting& meeting, domain::Instant at, domain::WallTime wall) {
  if (is_half_fixed(meeting.times)) return web::iso_date(wall).substr(0, 7);
  return meeting.times.precision == domain::TimePrecision::day
             ? web::iso_date(wall)
             : calendar::format_rfc3339(at, meeting.times.tzid);
}

View locations(const Page& page, const Meeting& meeting) {
  View all = View::array();
  for (const auto& place : meeting.places) {
    View location = {{"@type", "Place"},
                     {"name", place.name},
                     {"address", place.address.empty() ? place.name : place.address}};
    if (place.position)
      location["geo"] = {{"@type", "GeoCoordinates"},
                         {"latitude", place.position->latitude},
                         {"longitude", place.position->longitude}};
    all.push_back(std::move(location));
  }
  if (meeting.online.offered || meeting.has_online)
    all.push_back({{"@type", "VirtualLocation"},
                   {"url", page.absolute(page.link("/spotkania/" + meeting.slug))}});
  return all;
}

std::string attendance_mode(const Meeting& meeting) {
  const bool online = meeting.online.offered || meeting.has_online;
  if (online && !meeting.places.empty()) return "https://schema.org/MixedEventAttendanceMode";
  return online ? "https://schema.org/OnlineEventAttendanceMode"
                : "https://schema.org/OfflineEventAttendanceMode";
}

std::string status(const Meeting& meeting) {
  if (meeting.status == domain::MeetingStatus::cancelled)
    return "https://schema.org/EventCancelled";
  return meeting.previous_starts ? "https://schema.org/EventRescheduled"
                                 : "https://schema.org/EventScheduled";
}

std::string escape_for_script(const std::string& json) {
  std::string safe;
  for (const char c : json) {
    if (c == '<')
      safe += "\\u003c";
    else if (c == '>')
      safe += "\\u003e";
    else if (c == '&')
      safe += "\\u0026";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

std::string script_json(const View& data) {
  return escape_for_script(data.dump(-1, ' ', false, View::error_handler_t::replace));
}

std::string meeting_json_ld(const Page& page, const Meeting& meeting) {
  View event = {{"@context", "https://schema.org"},
                {"@type", "Event"},
                {"name", meeting.title},
                {"startDate", moment(meeting, meeting.times.starts_at, meeting.times.starts)},
                {"endDate",
                 moment(meeting, meeting.times.ends_at,
                        meeting.times.ends -
                            std::chrono::seconds(
                                meeting.times.precision == domain::TimePrecision::minute ? 0 : 1))},
                {"eventStatus", status(meeting)},
                {"eventAttendanceMode", attendance_mode(meeting)},
                {"url", page.absolute(page.link("/spotkania/" + meeting.slug))},
                {"inLanguage", "pl"},
                {"isAccessibleForFree", true}};
  if (!meeting.summary.empty()) event["description"] = meeting.summary;
  if (auto all = locations(page, meeting); !all.empty()) event["location"] = std::move(all);
  if (!meeting.organizer.empty())
    event["organizer"] = {{"@type", "Organization"}, {"name", meeting.organizer}};
  if (meeting.previous_starts)
    event["previousStartDate"] = calendar::format_rfc3339(
        calendar::to_instant(*meeting.previous_starts, meeting.times.tzid).instant,
        meeting.times.tzid);
  if (meeting.cycle)
    event["superEvent"] = {{"@type", "EventSeries"},
                           {"name", meeting.cycle->title},
                           {"url", page.absolute(page.link("/cykle/" + meeting.cycle->slug))}};
  return script_json(event);
}

std::string expert_json_ld(const Page& page, const domain::ExpertProfile& profile,
                           const std::string& photo) {
  const bool is_person = profile.expert.kind == domain::ExpertKind::person;
  View expert = {{"@context", "https://schema.org"},
                 {"@type", is_person ? "Person" : "Organization"},
                 {"name", profile.expert.name},
                 {"url", page.absolute(page.link("/prowadzacy/" + profile.expert.slug))}};
  const auto text = web::markdown_text(profile.expert.description);
  if (!text.empty()) expert["description"] = text;
  if (!photo.empty()) expert["image"] = page.absolute(photo);
  if (is_person && !profile.organization.empty())
    expert["affiliation"] = {{"@type", "Organization"}, {"name", profile.organization}};
  return script_json(expert);
}

std::string material_json_ld(const Page& page, const domain::Material& material) {
  const auto address = page.absolute("/materialy/" + std::to_string(material.id.value));
  View document = {{"@context", "https://schema.org"},
                   {"@type", "DigitalDocument"},
                   {"name", material.title},
                   {"url", address},
                   {"inLanguage", to_string(material.language)},
                   {"isAccessibleForFree", true}};
  if (!material.description.empty()) document["description"] = material.description;
  if (!material.authors.empty()) document["author"] = material.authors;
  if (const auto licence = licence_url(material.licence); !licence.empty())
    document["license"] = licence;
  if (const auto* version = domain::current_version(material)) {
    document["encodingFormat"] = version->facts.media_type;
    document["version"] = version->number;
    document["dateModified"] = calendar::format_rfc3339(version->created_at, domain::kDefaultZone);
  }
  return script_json(document);
}

}  // namespace narada::http::pages
