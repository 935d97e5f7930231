// /panel: where those start who run something.

#include "service/http/pages/panel/panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/preparation.h"
#include "service/http/pages/panel/publication.h"
#include "service/http/pages/views.h"
#include "service/usecases/mails/mail_templates.h"
#include "service/usecases/overview/overview.h"
#include "service/usecases/people/people.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Action;
using usecases::SignedIn;

bool may(const SignedIn& signed_in, Action action) {
  return domain::can(signed_in.actor, action, {});
}

web::View navigation(const Page& page, const SignedIn& signed_in, PanelRoom room) {
  web::View entries = web::View::array();
  const auto add = [&](PanelRoom entry, const char* path, const std::string& label) {
    entries.push_back({{"url", page.link(path)}, {"label", label}, {"current", entry == room}});
  };
  add(PanelRoom::start, "/panel", page.text("panel.start"));
  if (!domain::reach_of(signed_in.actor, Action::organize).nothing())
    add(PanelRoom::cycles, "/panel/cykle", page.text("planner.cycles_title"));
  if (!domain::reach_of(signed_in.actor, Action::organize).nothing())
    add(PanelRoom::dates, "/panel/terminy", page.text("dates.title"));
  if (!domain::reach_of(signed_in.actor, Action::see_participants).nothing())
    add(PanelRoom::registrations, "/panel/zgloszenia", page.text("lists.nav_registrations"));
  if (!domain::reach_of(signed_in.actor, Action::see_mails).nothing())
    add(PanelRoom::mails, "/panel/poczta", page.text("lists.nav_mails"));
  if (!domain::reach_of(signed_in.actor, Action::organize).nothing())
    add(PanelRoom::statistics, "/panel/statystyki", page.text("coverage.nav"));
  if (may(signed_in, Action::edit_catalogue))
    add(PanelRoom::institutions, "/panel/instytucje", page.text("panel.institutions"));
  if (!domain::reach_of(signed_in.actor, Action::edit_practice).nothing())
    add(PanelRoom::practices, "/panel/praktyki", page.text("panel_practices.title"));
  if (may(signed_in, Action::edit_catalogue))
    add(PanelRoom::experts, "/panel/prowadzacy", page.text("dates.experts_title"));
  if (may(signed_in, Action::manage_people))
    add(PanelRoom::people, "/panel/osoby", page.text("panel.people"));
  if (!domain::reach_of(signed_in.actor, Action::see_activity).nothing())
    add(PanelRoom::activity, "/panel/dziennik", page.text("panel.activity"));
  if (may(signed_in, Action::manage_privacy))
    add(PanelRoom::privacy, "/panel/prywatnosc", page.text("panel.privacy_room"));
  if (usecases::may_edit_mail_templates(signed_in.actor))
    add(PanelRoom::settings, "/panel/ustawienia", page.text("settings.nav"));
  return entries;
}

bool is_word(const std::string& text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  });
}

void show_done(Page& page) {
  const auto done = page.request().query_value("zrobione");
  const auto key = "panel.done_" + done;
  if (!is_word(done) || !page.messages().has(to_string(page.language()), key)) return;
  page.view()["done"] = {{"heading", page.text(key)}};
}

web::View cards(const Page& page, const SignedIn& signed_in, const domain::PanelCounts& counts) {
  web::View views = web::View::array();
  const auto add = [&](const char* path, const std::string& label, const std::string& text) {
    views.push_back({{"url", page.link(path)}, {"label", label}, {"text", text}});
  };
  if (may(signed_in, Action::edit_catalogue))
    add("/panel/instytucje", page.text("panel.institutions"),
        page.text("panel.institutions_count",
                  {{"active", std::int64_t{counts.institutions}},
                   {"inactive", std::int64_t{counts.inactive_institutions}}}));
  if (may(signed_in, Action::manage_people))
    add("/panel/osoby", page.text("panel.people"),
        page.text("panel.people_count", {{"people", std::int64_t{counts.people}},
                                         {"holders", std::int64_t{counts.role_holders}}}));
  if (may(signed_in, Action::see_activity))
    add("/panel/dziennik", page.text("panel.activity"),
        page.text("panel.activity_count", {{"count", std::int64_t{counts.activities_today}}}));
  return views;
}

std::string start_text(const Page& page, const domain::PanelMeeting& meeting) {
  if (meeting.precision == domain::TimePrecision::month) {
    return web::month_year(page.language(), meeting.starts);
  }
  const std::string day = web::day_date(page.language(), meeting.starts);
  if (meeting.precision == domain::TimePrecision::day) return day;
  return day + ", " + web::clock_time(meeting.starts);
}

web::View meeting_rows(const Page& page, const std::vector<domain::PanelMeeting>& meetings) {
  web::View rows = web::View::array();
  for (const auto& meeting : meetings)
    rows.push_back({{"url", page.link("/spotkania/" + meeting.slug)},
                    {"title", meeting.title},
                    {"cycle", meeting.cycle},
                    {"draft", meeting.status == domain::MeetingStatus::draft},
                    {"when", start_text(page, meeting)},
                    {"confirmed", std::to_string(meeting.confirmed)},
                    {"waiting", std::to_string(meeting.waiting)},
                    {"pending", std::to_string(meeting.pending)},
                    {"failed_mails", std::to_string(meeting.failed_mails)}});
  return rows;
}

// What one meeting needs, in words, and where it is seen to.
struct NeedWords {
  std::string text;
  std::string path;
};

NeedWords words_of(const Page& page, domain::MeetingNeed need,
                   const domain::OverviewMeeting& meeting) {
  const auto path = fmt::format("/panel/spotkania/{}", meeting.id.value);
  const auto number = [](int count) { return std::int64_t{count}; };
  switch (need) {
    case domain::MeetingNeed::approvals:
      return {
          page.text("overview.approvals_text",
                    {{"count", number(meeting.pending)},
                     {"since", meeting.oldest_pending ? moment_text(page, *meeting.oldest_pending)
                                                      : std::string("–")}}),
          path + "/zapisy?status=pending"};
    case domain::MeetingNeed::half_empty: {
      const auto [taken, places] = domain::places_taken(meeting);
      return {page.text("overview.half_empty_text",
                        {{"taken", number(taken)}, {"places", number(places)}}),
              path + "/zapisy"};
    }
    case domain::MeetingNeed::waiting:
      return {page.text("overview.waiting_text", {{"count", number(people_waiting(meeting))}}),
              path + "/zapisy?status=waitlisted"};
    case domain::MeetingNeed::open_names:
      return {page.text("overview.open_names_text", {{"count", number(meeting.open_names)}}),
              path + "/zapisy"};
    case domain::MeetingNeed::attendance:
      return {page.text("overview.attendance_text", {{"count", number(meeting.unmarked)}}),
              path + "/obecnosc"};
    case domain::MeetingNeed::publishes:
      return {page.text("overview.publishes_text",
                        {{"when", moment_text(page, meeting.publish_at.value_or(page.now()))}}),
              path + "/dane"};
    case domain::MeetingNeed::day_open:
    case domain::MeetingNeed::draft:
      break;
  }
  return {"", path + "/dane"};
}

web::View need_views(const Page& page, const std::vector<usecases::NeedyMeetings>& needs) {
  web::View views = web::View::array();
  for (const auto& [need, meetings] : needs) {
    web::View items = web::View::array();
    for (const auto& meeting : meetings) {
      const auto words = words_of(page, need, meeting);
      items.push_back({{"url", page.link(words.path)},
                       {"title", meeting.title},
                       {"cycle", meeting.cycle},
                       {"when", web::day_date(page.language(), meeting.times)},
                       {"text", words.text}});
    }
    const auto name = std::string(to_string(need));
    views.push_back({{"id", name},
                     {"heading", page.text("overview." + name)},
                     {"count", std::to_string(meetings.size())},
                     {"items", std::move(items)}});
  }
  return views;
}

web::View unpublished_views(const Page& page,
                            const std::vector<usecases::FailedPublication>& failed) {
  web::View views = web::View::array();
  for (const auto& one : failed) {
    const auto path = one.of_cycle ? fmt::format("/panel/cykle/{}", one.id)
                                   : fmt::format("/panel/spotkania/{}/dane", one.id);
    views.push_back({{"url", page.link(path)},
                     {"title", one.title},
                     {"text", publication_text(page, {std::nullopt, one.problem})}});
  }
  return views;
}

web::View undoable_views(const Page& page, const std::vector<usecases::UndoableChange>& changes) {
  web::View views = web::View::array();
  for (const auto& change : changes) {
    const bool in_bin = change.kind == "binned";
    views.push_back(
        {{"url", page.link(in_bin ? "/panel/kosz"
                                  : fmt::format("/panel/spotkania/{}/dane", change.meeting.value))},
         {"title", change.title},
         {"text", page.text("overview.undoable_" + change.kind,
                            {{"until", web::clock_time(calendar::to_wall_time(
                                           change.held_until, domain::kDefaultZone))}})}});
  }
  return views;
}

web::View mail_view(const Page& page, const usecases::MailTrouble& mails) {
  web::View items = web::View::array();
  if (mails.failed > 0)
    items.push_back({{"url", page.link("/panel/poczta?stan=failed")},
                     {"text", page.text("overview.mails_failed", {{"count", mails.failed}})}});
  if (mails.awaiting > 0)
    items.push_back({{"url", page.link("/panel/poczta?stan=awaiting_retry")},
                     {"text", page.text("overview.mails_awaiting", {{"count", mails.awaiting}})}});
  return items;
}

web::View practice_views(const Page& page,
                         const std::vector<usecases::PracticeToVerify>& practices) {
  web::View views = web::View::array();
  for (const auto& practice : practices)
    views.push_back({{"title", practice.title},
                     {"text", page.text("overview.practice_since",
                                        {{"when", moment_text(page, practice.updated_at)}})}});
  return views;
}

Response show_start(Page& page, const SignedIn& signed_in) {
  open_panel(page, signed_in, PanelRoom::start, page.text("panel.title"));
  const auto start = value_or_throw(usecases::load_overview(page.environment(), signed_in.actor));
  auto& view = page.view();
  view["nothing_waits"] = start.nothing_waits();
  view["unpublished"] = unpublished_views(page, start.unpublished);
  view["undoable"] = undoable_views(page, start.undoable);
  view["needs"] = need_views(page, start.needs);
  view["mail_trouble"] = mail_view(page, start.mails);
  view["practices"] = practice_views(page, start.practices);
  view["cards"] = cards(page, signed_in, start.counts);
  view["organizes"] = !domain::reach_of(signed_in.actor, Action::organize).nothing();
  view["meetings"] = meeting_rows(page, start.meetings);
  return page.render(200, "pages/panel");
}

}  // namespace

void open_panel(Page& page, const SignedIn& signed_in, PanelRoom room, const std::string& title) {
  if (!usecases::has_panel(signed_in.actor)) throw Error(404);
  page.title(title);
  if (room != PanelRoom::start) page.crumb(page.text("panel.title"), "/panel");
  page.view()["panel_nav"] = navigation(page, signed_in, room);
  show_done(page);
}

std::int64_t id_of(const Request& request, std::string_view parameter) {
  const auto found = request.params.find(parameter);
  if (found == request.params.end()) throw Error(404);
  const std::string& text = found->second;
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) throw Error(404);
  return id;
}

Response redirect_done(const Page& page, const std::string& path, std::string_view done) {
  return redirect(303, page.link(path) + "?zrobione=" + std::string(done));
}

std::optional<double> read_number(const FormFields& fields, std::string_view name,
                                  domain::FieldErrors& errors) {
  std::string text = fields.value(name);
  std::erase(text, ' ');
  std::replace(text.begin(), text.end(), ',', '.');
  if (text.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    errors.push_back({std::string(name), "not_a_number"});
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> read_integer(const FormFields& fields, std::string_view name,
                                         domain::FieldErrors& errors) {
  const auto value = read_number(fields, name, errors);
  if (!value) return std::nullopt;
  if (*value != std::floor(*value) || std::abs(*value) > 1e12) {
    errors.push_back({std::string(name), "not_a_number"});
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*value);
}

std::string moment_text(const Page& page, domain::Instant at) {
  const auto wall = calendar::to_wall_time(at, domain::kDefaultZone);
  return web::day_date(page.language(), wall) + ", " + web::clock_time(wall);
}

void add_panel_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, "/panel", show_start);
  add_panel_people_pages(router, parts);
  add_panel_institution_pages(router, parts);
  add_panel_merge_pages(router, parts);
  add_panel_import_pages(router, parts);
  add_panel_activity_pages(router, parts);
  add_panel_privacy_pages(router, parts);
  add_panel_registration_pages(router, parts);
  add_panel_invitee_pages(router, parts);
  add_panel_organizer_message_pages(router, parts);
  add_panel_survey_pages(router, parts);
  add_panel_practice_pages(router, parts);
  add_panel_material_pages(router, parts);
  add_panel_challenge_pages(router, parts);
  add_panel_mail_pages(router, parts);
  add_panel_settings_pages(router, parts);
  add_panel_ledger_pages(router, parts);
  add_panel_statistics_pages(router, parts);
  add_panel_places_pages(router, parts);
  add_panel_delegation_pages(router, parts);
  add_panel_recess_pages(router, parts);
  add_panel_date_finder_page(router, parts);
  add_panel_expert_pages(router, parts);
  add_panel_preparation_pages(router, parts);
  add_panel_attendance_pages(router, parts);
  add_panel_task_pages(router, parts);
  add_panel_coverage_pages(router, parts);
  add_panel_reading_pages(router, parts);
}

}  // namespace narada::http::pages
