#include <nlohmann/json.hpp>

#include "service/domain/half_fixed.h"
#include "service/http/api/views.h"

namespace narada::http::api {
namespace {

using web::View;

View seats_view(const domain::Seats& seats) {
  if (!seats.offered) return nullptr;
  View view = {{"capacity", nullptr},
               {"confirmed", seats.confirmed},
               {"held", seats.held},
               {"waiting", seats.waiting},
               {"free", nullptr}};
  if (seats.capacity) {
    view["capacity"] = *seats.capacity;
    view["free"] = *seats.free();
  }
  return view;
}

// As a write takes it: a mode that is not offered has no key, one without a limit is null.
View capacity_view(const domain::MeetingSummary& meeting) {
  View view = View::object();
  for (const auto mode : {domain::AttendanceMode::onsite, domain::AttendanceMode::online}) {
    const domain::Seats& seats = seats_of(meeting, mode);
    if (!seats.offered) continue;
    view[std::string(to_string(mode))] = seats.capacity ? View(*seats.capacity) : View();
  }
  return view;
}

View registration_window_view(const Context& context, const domain::MeetingSummary& meeting) {
  const domain::RegistrationWindow& window = meeting.window;
  const auto state = decide_registration_state(meeting, context.environment().clock->now());
  return {{"opens_at", window.opens_at ? instant_view(*window.opens_at) : View()},
          {"closes_at", window.closes_at ? instant_view(*window.closes_at) : View()},
          {"state", to_string(state)}};
}

View cycle_ref_view(const Context& context, const domain::CycleRef& cycle) {
  return {{"id", cycle.id.value},
          {"slug", cycle.slug},
          {"title", cycle.title},
          {"url", context.url("/cykle/", cycle.slug)}};
}

View place_view(const domain::Place& place) {
  View view = {{"name", place.name},
               {"address", place.address},
               {"room", place.room},
               {"institution", nullptr},
               {"position", nullptr}};
  if (place.institution) view["institution"] = institution_ref_view(*place.institution);
  if (place.position) {
    view["position"] = {{"latitude", place.position->latitude},
                        {"longitude", place.position->longitude}};
  }
  return view;
}

template <class Things, class Write>
View views_of(const Things& things, const Write& write) {
  View views = View::array();
  for (const auto& thing : things) views.push_back(write(thing));
  return views;
}

View program_item_view(const Context& context, const domain::ProgramItem& item) {
  const auto practice_ref_view = [&](const domain::PracticeRef& practice) {
    return View{{"id", practice.id.value},
                {"slug", practice.slug},
                {"url", context.url("/praktyki/", practice.slug)},
                {"title", practice.title}};
  };
  return {{"starts_minute", item.starts_minute},
          {"ends_minute", item.ends_minute},
          {"title", item.title},
          {"description", item.description},
          {"experts", views_of(item.experts, expert_view)},
          {"institutions", views_of(item.institutions, institution_ref_view)},
          {"practices", views_of(item.practices, practice_ref_view)}};
}

}  // namespace

View meeting_ref_view(const Context& context, const domain::MeetingSummary& meeting) {
  const domain::MeetingTimes& times = meeting.times;
  return {{"id", meeting.id.value},
          {"slug", meeting.slug},
          {"url", context.url("/spotkania/", meeting.slug)},
          {"title", meeting.title},
          {"status", to_string(meeting.status)},
          {"starts_at", start_view(times)},
          {"ends_at", is_half_fixed(times) ? start_view(times) : time_view(times.ends, times.tzid)},
          {"tzid", times.tzid}};
}

View meeting_summary_view(const Context& context, const domain::MeetingSummary& meeting) {
  View view = meeting_ref_view(context, meeting);
  view["form"] = to_string(meeting.form);
  view["topic"] = meeting.topic ? topic_view(*meeting.topic) : View();
  view["cycle"] = meeting.cycle ? cycle_ref_view(context, *meeting.cycle) : View();
  view["session_number"] = meeting.session_number ? View(*meeting.session_number) : View();
  view["session_count"] = meeting.session_count ? View(*meeting.session_count) : View();
  view["precision"] = to_string(meeting.times.precision);
  view["previous_starts_at"] =
      meeting.previous_starts ? time_view(*meeting.previous_starts, meeting.times.tzid) : View();
  view["place_names"] = meeting.place_names;
  view["has_online"] = meeting.has_online;
  view["capacity"] = capacity_view(meeting);
  view["seats"] = {{"onsite", seats_view(meeting.onsite)}, {"online", seats_view(meeting.online)}};
  view["waitlist"] = meeting.waitlist;
  view["approval"] = meeting.approval;
  view["registration"] = registration_window_view(context, meeting);
  view["summary"] = meeting.summary;
  view["updated_at"] = instant_view(meeting.updated_at);
  return view;
}

View meeting_view(const Context& context, const domain::Meeting& meeting) {
  View view = meeting_summary_view(context, meeting);
  view["description"] = meeting.description;
  view["audience"] = meeting.audience;
  view["accessibility"] = meeting.accessibility;
  view["contact"] = meeting.contact;
  view["places"] = views_of(meeting.places, place_view);
  view["experts"] = views_of(meeting.experts, expert_view);
  view["presenting"] = views_of(meeting.presenting, institution_ref_view);
  view["program"] = views_of(meeting.program, [&](const domain::ProgramItem& item) {
    return program_item_view(context, item);
  });
  view["sessions"] = views_of(meeting.cycle_sessions, [&](const domain::MeetingSummary& session) {
    return meeting_ref_view(context, session);
  });
  view["uid"] = meeting.uid;
  view["sequence"] = meeting.sequence;
  view["cancel_reason"] = meeting.cancel_reason;
  view["organizer"] = meeting.organizer;
  view["source_url"] = meeting.source_url;
  view["caveat"] = meeting.caveat;
  view["version"] = meeting.version;
  view["calendar_url"] = context.url("/spotkania/", meeting.slug + ".ics");
  // The address of the room online is for participants, who get it by mail, and for its organizers.
  if (context.sees_numbers_of(meeting.id)) {
    view["online_url"] = meeting.online_url;
    view["pending"] = meeting.pending;
  }
  return view;
}

View cycle_summary_view(const Context& context, const domain::CycleSummary& cycle) {
  const auto optional_time = [](const std::optional<domain::WallTime>& wall) {
    return wall ? time_view(*wall, domain::kDefaultZone) : View();
  };
  return {{"id", cycle.id.value},
          {"slug", cycle.slug},
          {"url", context.url("/cykle/", cycle.slug)},
          {"title", cycle.title},
          {"status", to_string(cycle.status)},
          {"topic", cycle.topic ? topic_view(*cycle.topic) : View()},
          {"summary", cycle.summary},
          {"published_period", cycle.published_period},
          {"first_starts_at", optional_time(cycle.first_starts)},
          {"last_ends_at", optional_time(cycle.last_ends)},
          {"next_starts_at", cycle.next_starts && cycle.next_is_half_fixed
                                 ? month_view(*cycle.next_starts)
                                 : optional_time(cycle.next_starts)},
          {"tzid", domain::kDefaultZone},
          {"meeting_count", cycle.meeting_count},
          {"published_meeting_count",
           cycle.published_meeting_count ? View(*cycle.published_meeting_count) : View()},
          {"owners", views_of(cycle.owners, institution_ref_view)},
          {"updated_at", instant_view(cycle.updated_at)}};
}

View cycle_view(const Context& context, const domain::Cycle& cycle) {
  View view = cycle_summary_view(context, cycle);
  view["challenge"] = cycle.challenge;
  view["goal"] = cycle.goal;
  view["effects"] = cycle.effects;
  view["materials"] = cycle.materials;
  view["institutions"] =
      views_of(cycle.institutions, [](const domain::CycleInstitution& participant) {
        View institution = institution_ref_view(participant.institution);
        institution["role"] = to_string(participant.role);
        return institution;
      });
  view["participants_text"] = cycle.participants_text;
  view["experts"] = views_of(cycle.experts, expert_view);
  view["meetings"] = views_of(cycle.meetings, [&](const domain::MeetingSummary& meeting) {
    return meeting_summary_view(context, meeting);
  });
  view["source_urls"] = cycle.source_urls;
  view["practice_url"] = cycle.practice_url;
  view["caveat"] = cycle.caveat;
  view["version"] = cycle.version;
  view["calendar_url"] = context.url("/cykle/", cycle.slug + ".ics");
  return view;
}

View planned_session_view(const domain::PlannedSession& session, std::string_view tzid) {
  return {{"starts_at", time_view(session.starts, tzid)},
          {"ends_at", time_view(session.ends, tzid)},
          {"tzid", tzid},
          {"warnings", views_of(session.warnings, [](const domain::PlanWarning& warning) {
             return View{{"code", warning.code}, {"detail", warning.detail}};
           })}};
}

}  // namespace narada::http::api
