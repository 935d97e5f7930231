#include "service/usecases/meetings/meetings.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/structured_data.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/expert_profiles.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::Meeting;

std::string minutes_text(int minute) {
  return fmt::format("{}:{:02}", minute / 60 % 24, minute % 60);
}

web::View program_view(const Page& page, const Meeting& meeting) {
  web::View items = web::View::array();
  for (const auto& item : meeting.program) {
    web::View leads = expert_views(page, item.experts);
    for (auto& institution : institution_links(page, item.institutions))
      leads.push_back(std::move(institution));
    web::View practices = web::View::array();
    for (const auto& practice : item.practices)
      practices.push_back(
          {{"name", practice.title}, {"url", page.link("/praktyki/" + practice.slug)}});
    items.push_back(
        {{"hours", minutes_text(item.starts_minute) + "–" + minutes_text(item.ends_minute)},
         {"title", item.title},
         {"description",
          item.description.empty() ? web::View("") : web::markdown_html(item.description, 3)},
         {"practices_label",
          page.text(item.practices.size() > 1 ? "program.practices" : "program.practice")},
         {"practices", std::move(practices)},
         {"leads", std::move(leads)}});
  }
  return items;
}

web::View places_view(const Page& page, const Meeting& meeting) {
  web::View places = web::View::array();
  for (const auto& place : meeting.places) {
    web::View view = {{"name", place.name}, {"address", place.address}, {"room", place.room}};
    if (place.institution) view["host"] = institution_link(page, *place.institution);
    places.push_back(std::move(view));
  }
  return places;
}

void add_registration_state(Page& page, const Meeting& meeting) {
  const auto state = decide_registration_state(meeting, page.now());
  const bool open =
      state == domain::RegistrationState::open || state == domain::RegistrationState::waiting_list;
  page.view()["can_register"] = open;
  page.view()["waiting_only"] = state == domain::RegistrationState::waiting_list;
  page.view()["register_url"] = page.link("/spotkania/" + meeting.slug + "/zapisy");
  if (open && meeting.window.closes_at) {
    const auto closes = calendar::to_wall_time(*meeting.window.closes_at, meeting.times.tzid);
    page.view()["closes"] = page.text(
        "meeting.closes",
        {{"date", web::day_date(page.language(), closes)}, {"time", web::clock_time(closes)}});
  }
  if (meeting.times.starts_at > page.now() && !is_half_fixed(meeting.times) &&
      meeting.status == domain::MeetingStatus::published)
    page.view()["calendars"] =
        calendar_links(page, meeting, page.view()["meeting"]["where"].get<std::string>());
}

// Pictures of those who lead, and who of an organization comes.
void add_faces(Page& page, const Meeting& meeting) {
  const auto faces = list_expert_faces(page.environment(), meeting.id);
  auto& views = page.view()["experts"];
  for (std::size_t index = 0; index < meeting.experts.size(); ++index) {
    const auto& expert = meeting.experts[index];
    for (const auto& face : faces) {
      if (face.expert != expert.id) continue;
      if (face.has_photo)
        views[index]["photo"] = page.link("/prowadzacy/" + expert.slug + "/zdjecie");
      views[index]["people"] = face.people;
    }
  }
}

void add_ticket(Page& page, const Meeting& meeting) {
  const auto& times = meeting.times;
  if (is_half_fixed(times)) {
    page.view()["ticket"] = {{"day", ""},
                             {"month", web::month_heading(page.language(), times.starts)},
                             {"rest", page.text("meeting.day_to_be_set")}};
    return;
  }
  const bool whole_days = times.precision == domain::TimePrecision::day;
  page.view()["ticket"] = {
      {"day", std::to_string(static_cast<unsigned>(
                  domain::Date(std::chrono::floor<std::chrono::days>(times.starts)).day()))},
      {"month", web::month_of_day(page.language(), times.starts)},
      {"rest", web::weekday_name(page.language(), times.starts) +
                   (whole_days ? "" : ", " + web::hours_range(times.starts, times.ends))}};
  if (times.tzid != domain::kDefaultZone) page.view()["ticket"]["zone"] = times.tzid;
}

// What the page of the meeting alone shows of it.
void add_details(Page& page, const Meeting& meeting) {
  auto& view = page.view();
  view["meeting"] = meeting_view(page, meeting);
  view["meeting"]["description"] = web::markdown_html(meeting.description, 2);
  view["meeting"]["audience"] = meeting.audience;
  view["meeting"]["accessibility"] = meeting.accessibility;
  view["meeting"]["contact"] = meeting.contact;
  view["meeting"]["organizer"] = meeting.organizer;
  view["meeting"]["cancel_reason"] = meeting.cancel_reason;
  view["meeting"]["source_url"] = meeting.source_url;
  view["meeting"]["caveat"] = meeting.caveat;
  view["description"] = meeting.summary;
  view["places"] = places_view(page, meeting);
  view["program"] = program_view(page, meeting);
  view["program_leads"] = std::any_of(meeting.program.begin(), meeting.program.end(),
                                      [](const domain::ProgramItem& item) {
                                        return !item.experts.empty() || !item.institutions.empty();
                                      });
  view["experts"] = expert_views(page, meeting.experts);
  add_faces(page, meeting);
  view["presenting"] = institution_links(page, meeting.presenting);
}

Response show_meeting(const Parts& parts, const Request& request) {
  const auto meeting =
      value_or_throw(find_meeting(*parts.environment, visitor(), request.params.at("slug")));
  Page page(parts, request, meeting.cycle ? Section::cycles : Section::calendar);
  if (meeting.slug != request.params.at("slug"))
    return redirect(301, page.link("/spotkania/" + meeting.slug));
  page.title(meeting.title);
  if (meeting.cycle) {
    page.crumb(page.text("nav.cycles"), "/cykle");
    page.crumb(meeting.cycle->title, "/cykle/" + meeting.cycle->slug);
  } else {
    page.crumb(page.text("nav.calendar"), "/kalendarz");
  }
  add_details(page, meeting);
  auto& view = page.view();
  if (meeting.cycle) {
    view["cycle"] = {{"title", meeting.cycle->title},
                     {"url", page.link("/cykle/" + meeting.cycle->slug)}};
    view["timeline"] = timeline_view(page, meeting.cycle_sessions, meeting.id);
  }
  add_ticket(page, meeting);
  add_registration_state(page, meeting);
  add_material_summary(page, meeting.id, "/spotkania/" + meeting.slug);
  add_results(page, meeting.id);
  view["json_ld"] = meeting_json_ld(page, meeting);
  return page.render(200, "pages/meeting");
}

}  // namespace

void add_meeting_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/spotkania/{slug}",
      [&parts](const Request& request) { return show_meeting(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
