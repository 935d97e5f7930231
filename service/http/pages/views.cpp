#include "service/http/pages/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/institutions/institutions.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::MeetingSummary;
using domain::RegistrationState;

std::string mode_of(const MeetingSummary& meeting) {
  const bool online = meeting.online.offered || (!meeting.onsite.offered && meeting.has_online);
  const bool onsite = meeting.onsite.offered || !meeting.place_names.empty();
  if (online && onsite) return "hybrid";
  return online ? "online" : "onsite";
}

std::string where_of(const Page& page, const MeetingSummary& meeting) {
  std::string where;
  for (const auto& place : meeting.place_names) where += (where.empty() ? "" : "; ") + place;
  const auto mode = mode_of(meeting);
  if (mode == "onsite") return where;
  if (where.empty()) return page.text("meeting.online");
  return page.text("meeting.place_and_online", {{"place", where}});
}

std::string eyebrow_of(const Page& page, const MeetingSummary& meeting) {
  std::string text = word(page, "form", to_string(meeting.form));
  if (meeting.topic) text += " · " + topic_name(page, *meeting.topic);
  if (meeting.cycle && meeting.session_number && meeting.session_count)
    text = meeting.cycle->title + " · " +
           page.text("meeting.session_of", {{"number", std::int64_t{*meeting.session_number}},
                                            {"count", std::int64_t{*meeting.session_count}}});
  return text;
}

std::string state_text(const Page& page, const MeetingSummary& meeting, RegistrationState state) {
  if (state == RegistrationState::not_yet_open && meeting.window.opens_at) {
    const auto opens = calendar::to_wall_time(*meeting.window.opens_at, meeting.times.tzid);
    return page.text("state.not_yet_open", {{"date", web::day_date(page.language(), opens)}});
  }
  return page.text("state." + std::string(to_string(state)));
}

std::string_view state_color(RegistrationState state) {
  switch (state) {
    case RegistrationState::open:
      return "success";
    case RegistrationState::waiting_list:
      return "warning";
    case RegistrationState::not_yet_open:
      return "accent";
    case RegistrationState::cancelled:
      return "danger";
    default:
      return "neutral";
  }
}

web::View seats_of_mode(const Page& page, const domain::Seats& seats, std::string_view label) {
  web::View view = {{"label", page.text(label)}};
  if (seats.capacity) {
    view["text"] = page.text("seats.free_of", {{"free", std::int64_t{*seats.free()}},
                                               {"capacity", std::int64_t{*seats.capacity}}});
    view["capacity"] = *seats.capacity;
    view["taken"] = std::min(*seats.capacity, seats.confirmed + seats.held);
    view["meter"] = *seats.capacity > 0;
  } else {
    view["text"] = page.text("seats.unlimited");
  }
  if (seats.waiting > 0)
    view["waiting"] = page.text("seats.waiting", {{"count", std::int64_t{seats.waiting}}});
  return view;
}

constexpr int kMostInitials = 2;

std::string initials_of(const std::string& name) {
  std::string initials;
  bool at_start = true;
  int letters = 0;
  for (std::size_t i = 0; i < name.size() && letters < kMostInitials; ++i) {
    if (name[i] == ' ' || name[i] == '-') {
      at_start = true;
    } else if (at_start) {
      std::size_t length = 1;
      while (i + length < name.size() &&
             (static_cast<unsigned char>(name[i + length]) & 0xc0) == 0x80)
        ++length;
      initials += name.substr(i, length);
      ++letters;
      at_start = false;
    }
  }
  return initials;
}

}  // namespace

std::string word(const Page& page, std::string_view enumeration, std::string_view value) {
  return page.text(fmt::format("{}.{}", enumeration, value));
}

std::string_view color_of(domain::RegistrationStatus status) {
  switch (status) {
    case domain::RegistrationStatus::confirmed:
    case domain::RegistrationStatus::attended:
      return "success";
    case domain::RegistrationStatus::waitlisted:
      return "warning";
    case domain::RegistrationStatus::pending:
      return "accent";
    case domain::RegistrationStatus::cancelled:
    case domain::RegistrationStatus::declined:
    case domain::RegistrationStatus::absent:
      break;
  }
  return "neutral";
}

std::string topic_name(const Page& page, const domain::TopicRef& topic) {
  return page.english() && !topic.name_en.empty() ? topic.name_en : topic.name;
}

web::View state_view(const Page& page, const MeetingSummary& meeting) {
  const auto state = decide_registration_state(meeting, page.now());
  // A meeting of the past, or one that nobody can register for, says only that.
  return {{"text", state_text(page, meeting, state)},
          {"color", state_color(state)},
          {"name", to_string(state)}};
}

web::View seats_view(const Page& page, const MeetingSummary& meeting) {
  web::View seats = web::View::array();
  if (meeting.onsite.offered) seats.push_back(seats_of_mode(page, meeting.onsite, "seats.onsite"));
  if (meeting.online.offered) seats.push_back(seats_of_mode(page, meeting.online, "seats.online"));
  for (std::size_t i = 0; i < seats.size(); ++i) seats[i]["id"] = fmt::format("miejsca-{}", i + 1);
  return seats;
}

namespace {

// A line may not end within "9:30–13:00": word joiners around the dash.
std::string unbroken(std::string range) {
  constexpr std::string_view kDash = "–", kJoiner = "\u2060";
  for (auto at = range.find(kDash); at != std::string::npos; at = range.find(kDash, at)) {
    range.insert(at + kDash.size(), kJoiner);
    range.insert(at, kJoiner);
    at += kDash.size() + 2 * kJoiner.size();
  }
  return range;
}

}  // namespace

web::View meeting_view(const Page& page, const MeetingSummary& meeting) {
  const auto& times = meeting.times;
  const bool half_fixed = is_half_fixed(times);
  const bool has_hour = times.precision == domain::TimePrecision::minute;
  web::View view = {
      {"url", page.link("/spotkania/" + meeting.slug)},
      {"title", meeting.title},
      {"eyebrow", eyebrow_of(page, meeting)},
      {"when", unbroken(web::time_range(page.language(), times))},
      {"datetime", has_hour ? calendar::format_rfc3339(times.starts_at, times.tzid)
                            : web::iso_date(times.starts).substr(0, half_fixed ? 7 : 10)},
      {"hour", has_hour ? web::clock_time(times.starts) : ""},
      {"where", where_of(page, meeting)},
      {"summary", meeting.summary},
      {"mode", mode_of(meeting)},
      {"cancelled", meeting.status == domain::MeetingStatus::cancelled},
      {"tag", state_view(page, meeting)}};
  if (meeting.times.ends_at > page.now() && meeting.status != domain::MeetingStatus::cancelled)
    view["seats"] = seats_view(page, meeting);
  if (meeting.previous_starts && *meeting.previous_starts != times.starts)
    view["moved_from"] =
        page.text("meeting.moved_from",
                  {{"date", web::weekday_date(page.language(), *meeting.previous_starts)}});
  return view;
}

web::View meeting_views(const Page& page, const std::vector<MeetingSummary>& meetings) {
  web::View views = web::View::array();
  for (const auto& meeting : meetings) views.push_back(meeting_view(page, meeting));
  return views;
}

web::View timeline_view(const Page& page, const std::vector<MeetingSummary>& sessions,
                        domain::MeetingId current) {
  web::View steps = web::View::array();
  bool next_found = false;
  for (const auto& session : sessions) {
    const bool over = session.times.ends_at <= page.now();
    const bool cancelled = session.status == domain::MeetingStatus::cancelled;
    std::string state = over || cancelled ? "done" : "next";
    if (!over && !cancelled && !next_found) {
      state = "now";
      next_found = true;
    }
    steps.push_back({{"date", web::day_date(page.language(), session.times)},
                     {"url", page.link("/spotkania/" + session.slug)},
                     {"title", session.title},
                     {"tag", state_view(page, session)},
                     {"state", state},
                     {"current", session.id == current}});
  }
  return steps;
}

std::string period_of(const Page& page, const domain::CycleSummary& cycle) {
  if (!cycle.first_starts || !cycle.last_ends) return {};
  // The end may be the midnight that begins the next month.
  return web::month_range(page.language(), *cycle.first_starts,
                          *cycle.last_ends - std::chrono::seconds(1));
}

std::string next_date(const Page& page, const domain::CycleSummary& cycle) {
  if (!cycle.next_starts) return {};
  return cycle.next_is_half_fixed ? web::month_year(page.language(), *cycle.next_starts)
                                  : web::weekday_date(page.language(), *cycle.next_starts);
}

web::View cycle_view(const Page& page, const domain::CycleSummary& cycle) {
  std::string eyebrow;
  if (cycle.meeting_count > 0)
    eyebrow = page.text("cycle.count", {{"count", std::int64_t{cycle.meeting_count}}});
  else if (cycle.published_meeting_count)
    eyebrow = page.text("cycle.count", {{"count", std::int64_t{*cycle.published_meeting_count}}});
  std::string period = cycle.published_period;
  if (period.empty()) period = period_of(page, cycle);
  if (!period.empty()) eyebrow += (eyebrow.empty() ? "" : " · ") + period;
  web::View view = {{"url", page.link("/cykle/" + cycle.slug)},
                    {"title", cycle.title},
                    {"eyebrow", eyebrow},
                    {"summary", cycle.summary},
                    {"owners", institution_links(page, cycle.owners)}};
  if (cycle.topic) view["topic"] = topic_name(page, *cycle.topic);
  if (cycle.next_starts) view["next"] = page.text("cycle.next", {{"date", next_date(page, cycle)}});
  return view;
}

web::View practice_view(const Page& page, const domain::PracticeSummary& practice) {
  std::string eyebrow;
  const auto add = [&](const std::string& part) {
    eyebrow += (eyebrow.empty() ? "" : " · ") + part;
  };
  if (practice.type) add(word(page, "practice_type", to_string(*practice.type)));
  if (practice.topic) add(topic_name(page, *practice.topic));
  if (practice.implementation_year) add(std::to_string(*practice.implementation_year));
  return {{"url", page.link("/praktyki/" + practice.slug)},
          {"title", practice.title},
          {"title_language", "pl"},
          {"eyebrow", eyebrow},
          {"lead", practice.lead},
          {"institutions", institution_links(page, practice.institutions)},
          {"institution_text", practice.institutions.empty() ? practice.institution_text : ""}};
}

web::View practice_view(const Page& page, const domain::CataloguedPractice& practice) {
  auto view = practice_view(page, practice.practice);
  view["featured"] = practice.featured;
  if (!page.english() || practice.title_en.empty()) return view;
  view["title"] = practice.title_en;
  view["lead"] = practice.lead_en;
  view["title_language"] = "en";
  return view;
}

web::View practice_views(const Page& page,
                         const std::vector<domain::CataloguedPractice>& practices) {
  web::View views = web::View::array();
  for (const auto& practice : practices) views.push_back(practice_view(page, practice));
  return views;
}

std::string institution_path(const domain::InstitutionRef& institution) {
  const auto key = institution.teryt ? *institution.teryt + "-" : std::string();
  return "/gminy/" + key + institution.slug;
}

web::View institution_link(const Page& page, const domain::InstitutionRef& institution) {
  return {{"url", page.link(institution_path(institution))}, {"name", institution.name}};
}

web::View institution_links(const Page& page,
                            const std::vector<domain::InstitutionRef>& institutions) {
  web::View links = web::View::array();
  for (const auto& institution : institutions) links.push_back(institution_link(page, institution));
  return links;
}

web::View expert_views(const Page& page, const std::vector<domain::ExpertRef>& experts) {
  web::View views = web::View::array();
  for (const auto& expert : experts)
    views.push_back({{"url", page.link("/prowadzacy/" + expert.slug)},
                     {"name", expert.name},
                     {"description", web::markdown_text(expert.description)},
                     {"initials", initials_of(expert.name)}});
  return views;
}

web::View options_view(const std::vector<std::pair<std::string, std::string>>& values,
                       std::string_view selected) {
  web::View options = web::View::array();
  for (const auto& [value, label] : values)
    options.push_back({{"value", value}, {"label", label}, {"selected", value == selected}});
  return options;
}

web::View topic_options(const Page& page, std::string_view selected) {
  std::vector<std::pair<std::string, std::string>> values{{"", page.text("filter.any_topic")}};
  for (const auto& topic : usecases::list_topics(page.environment()))
    values.emplace_back(topic.slug, topic_name(page, topic));
  return options_view(values, selected);
}

}  // namespace narada::http::pages
