// /panel: where those start who run something.

#include "service/http/pages/panel/panel.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
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
  if (!domain::reach_of(signed_in.actor, Action::see_participants).nothing())
    add(PanelRoom::registrations, "/panel/zgloszenia", page.text("lists.nav_registrations"));
  if (!domain::reach_of(signed_in.actor, Action::see_mails).nothing())
    add(PanelRoom::mails, "/panel/poczta", page.text("lists.nav_mails"));
  if (may(signed_in, Action::edit_catalogue))
    add(PanelRoom::institutions, "/panel/instytucje", page.text("panel.institutions"));
  if (may(signed_in, Action::manage_people))
    add(PanelRoom::people, "/panel/osoby", page.text("panel.people"));
  if (!domain::reach_of(signed_in.actor, Action::see_activity).nothing())
    add(PanelRoom::activity, "/panel/dziennik", page.text("panel.activity"));
  if (may(signed_in, Action::manage_privacy))
    add(PanelRoom::privacy, "/panel/prywatnosc", page.text("panel.privacy_room"));
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

web::View meeting_rows(const Page& page, const std::vector<domain::PanelMeeting>& meetings) {
  web::View rows = web::View::array();
  for (const auto& meeting : meetings)
    rows.push_back({{"url", page.link("/spotkania/" + meeting.slug)},
                    {"title", meeting.title},
                    {"cycle", meeting.cycle},
                    {"draft", meeting.status == domain::MeetingStatus::draft},
                    {"when", web::day_date(page.language(), meeting.starts) + ", " +
                                 web::clock_time(meeting.starts)},
                    {"confirmed", std::to_string(meeting.confirmed)},
                    {"waiting", std::to_string(meeting.waiting)},
                    {"pending", std::to_string(meeting.pending)},
                    {"failed_mails", std::to_string(meeting.failed_mails)}});
  return rows;
}

Response show_start(Page& page, const SignedIn& signed_in) {
  open_panel(page, signed_in, PanelRoom::start, page.text("panel.title"));
  const auto start = value_or_throw(usecases::load_panel(page.environment(), signed_in.actor));
  auto& view = page.view();
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
  add_panel_mail_pages(router, parts);
  add_panel_statistics_pages(router, parts);
}

}  // namespace narada::http::pages
