#include "service/http/pages/catalogue_data.h"

#include <fmt/format.h>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/http/pages/structured_data.h"
#include "service/http/pages/views.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using web::View;

constexpr std::string_view kContext = "https://schema.org";

View organization_of(const Page& page, const domain::InstitutionRef& institution) {
  return {{"@type",
           domain::is_municipality(institution.kind) ? "GovernmentOrganization" : "Organization"},
          {"name", institution.name},
          {"url", page.absolute(page.link(institution_path(institution)))}};
}

View publisher_of(const Page& page) {
  return {{"@type", "Organization"},
          {"name", page.run_by().name.empty() ? page.text("site.name") : page.run_by().name},
          {"url", page.absolute("/")}};
}

std::string moment_of(domain::Instant at) {
  return calendar::format_rfc3339(at, domain::kDefaultZone);
}

// The day, or the month of what has no day yet.
std::string date_of(const domain::MeetingTimes& times) {
  const auto day = web::iso_date(times.starts);
  return is_half_fixed(times) ? day.substr(0, 7) : day;
}

bool is_shown(const domain::MeetingSummary& session) {
  return session.status == domain::MeetingStatus::published ||
         session.status == domain::MeetingStatus::cancelled;
}

View session_of(const Page& page, const domain::MeetingSummary& session) {
  View event = {{"@type", "Event"},
                {"name", session.title},
                {"startDate", date_of(session.times)},
                {"url", page.absolute(page.link("/spotkania/" + session.slug))}};
  View places = View::array();
  for (const auto& name : session.place_names)
    places.push_back({{"@type", "Place"}, {"name", name}, {"address", name}});
  if (session.has_online) places.push_back({{"@type", "VirtualLocation"}, {"url", event["url"]}});
  if (!places.empty()) event["location"] = std::move(places);
  if (session.status == domain::MeetingStatus::cancelled)
    event["eventStatus"] = "https://schema.org/EventCancelled";
  return event;
}

}  // namespace

std::string practice_json_ld(const Page& page, const domain::Practice& practice) {
  const bool english = page.english() && practice.english && !practice.english->title.empty();
  const auto& title = english ? practice.english->title : practice.title;
  const auto& lead = english ? practice.english->lead : practice.lead;
  const auto url = page.absolute(page.link("/praktyki/" + practice.slug));
  View article = {{"@context", kContext},
                  {"@type", "Article"},
                  {"headline", title},
                  {"url", url},
                  {"mainEntityOfPage", url},
                  {"inLanguage", english ? "en" : "pl"},
                  {"isAccessibleForFree", true},
                  {"datePublished", moment_of(practice.published_at)},
                  {"publisher", publisher_of(page)}};
  if (!lead.empty()) article["description"] = lead;
  View about = View::array();
  for (const auto& institution : practice.institutions)
    about.push_back(organization_of(page, institution));
  if (!about.empty()) article["about"] = std::move(about);
  if (practice.topic) article["articleSection"] = topic_name(page, *practice.topic);
  View keywords = View::array();
  if (practice.type) keywords.push_back(word(page, "practice_type", to_string(*practice.type)));
  if (practice.area) keywords.push_back(word(page, "practice_area", to_string(*practice.area)));
  if (!keywords.empty()) article["keywords"] = std::move(keywords);
  if (!practice.source_url.empty()) article["isBasedOn"] = practice.source_url;
  return script_json(article);
}

std::string cycle_json_ld(const Page& page, const domain::Cycle& cycle) {
  View series = {{"@context", kContext}, {"@type", "EventSeries"},
                 {"name", cycle.title},  {"url", page.absolute(page.link("/cykle/" + cycle.slug))},
                 {"inLanguage", "pl"},   {"isAccessibleForFree", true}};
  if (const auto text = web::markdown_text(cycle.summary); !text.empty())
    series["description"] = text;
  if (cycle.first_starts) series["startDate"] = web::iso_date(*cycle.first_starts);
  if (cycle.last_ends)
    series["endDate"] = web::iso_date(*cycle.last_ends - std::chrono::seconds(1));
  View organizers = View::array();
  for (const auto& owner : cycle.owners) organizers.push_back(organization_of(page, owner));
  if (!organizers.empty()) series["organizer"] = std::move(organizers);
  View sessions = View::array();
  for (const auto& session : cycle.meetings)
    if (is_shown(session)) sessions.push_back(session_of(page, session));
  if (!sessions.empty()) series["subEvent"] = std::move(sessions);
  return script_json(series);
}

std::string institution_json_ld(const Page& page, const domain::Institution& institution) {
  const domain::InstitutionRef ref{institution.id,   institution.slug, institution.teryt,
                                   institution.name, institution.kind, institution.position};
  View organization = organization_of(page, ref);
  organization["@context"] = kContext;
  if (!institution.website.empty()) organization["sameAs"] = institution.website;
  if (institution.teryt)
    organization["identifier"] = {
        {"@type", "PropertyValue"}, {"propertyID", "TERYT"}, {"value", *institution.teryt}};
  if (institution.position)
    organization["location"] = {{"@type", "Place"},
                                {"name", institution.name},
                                {"geo",
                                 {{"@type", "GeoCoordinates"},
                                  {"latitude", institution.position->latitude},
                                  {"longitude", institution.position->longitude}}}};
  View members = View::array();
  for (const auto& membership : institution.associations)
    if (membership.certain)
      members.push_back({{"@type", "Organization"}, {"name", membership.name}});
  if (!members.empty()) organization["memberOf"] = std::move(members);
  return script_json(organization);
}

void add_breadcrumbs(Page& page) {
  auto& view = page.view();
  View items = View::array();
  const auto add = [&](const std::string& name, const std::string& url) {
    items.push_back(
        {{"@type", "ListItem"}, {"position", items.size() + 1}, {"name", name}, {"item", url}});
  };
  add(page.text("nav.home"), page.absolute(page.link("/")));
  for (const auto& crumb : view["crumbs"])
    add(crumb["label"].get<std::string>(), page.absolute(crumb["url"].get<std::string>()));
  add(view["title"].get<std::string>(), view["canonical"].get<std::string>());
  const auto list = script_json(
      {{"@context", kContext}, {"@type", "BreadcrumbList"}, {"itemListElement", std::move(items)}});
  const auto own = view.value("json_ld", std::string());
  view["json_ld"] = own.empty() ? list : "[" + own + "," + list + "]";
}

}  // namespace narada::http::pages
