// /moje: the meetings of the signed-in person, and the address of their calendar.

#include <charconv>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/http/pages/account/delegation.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/calendar_links.h"
#include "service/http/pages/form.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/led_meetings.h"
#include "service/usecases/people/my_meetings.h"
#include "service/usecases/people/personal_feed.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::RegistrationStatus;
using usecases::MyRegistration;

constexpr int kSuggestions = 3;
constexpr std::size_t kLedShown = 3;

// What happens next with somebody who has no place yet.
std::string next_step(const Page& page, const MyRegistration& mine) {
  if (mine.status == RegistrationStatus::waitlisted)
    return page.text("my.next_waitlisted",
                     {{"position", std::int64_t{mine.queue_position.value_or(0)}}});
  return mine.status == RegistrationStatus::pending ? page.text("my.next_pending") : "";
}

web::View registration_view(const Page& page, const MyRegistration& mine) {
  auto view = meeting_view(page, mine.meeting);
  const bool called_off = mine.meeting.status == domain::MeetingStatus::cancelled;
  const bool can_change =
      !called_off && is_active(mine.status) && begins_at(mine.meeting.times) > page.now();
  view["meeting_url"] = mine.in_bin ? web::View("") : view["url"];
  view["url"] = page.link("/moje/zgloszenia/" + std::to_string(mine.id.value));
  view["mode"] = page.text("mode." + std::string(to_string(mine.mode)));
  view["tag"] = {{"text", called_off ? page.text("state.cancelled")
                                     : word(page, "registration_status", to_string(mine.status))},
                 {"color", called_off ? "danger" : color_of(mine.status)}};
  auto next = called_off ? std::string() : next_step(page, mine);
  if (mine.unanswered) next += (next.empty() ? "" : " ") + page.text("questions.missing_short");
  view["next"] = std::move(next);
  view["action"] = page.text(can_change ? "my.change_or_cancel" : "my.see_registration");
  return view;
}

web::View registration_views(const Page& page, const std::vector<MyRegistration>& all) {
  web::View views = web::View::array();
  for (const auto& mine : all) views.push_back(registration_view(page, mine));
  return views;
}

web::View my_cycle_views(const Page& page, const std::vector<usecases::MyCycle>& cycles) {
  web::View views = web::View::array();
  for (const auto& cycle : cycles) {
    std::string next;
    if (cycle.next_start) {
      const auto at = calendar::to_wall_time(*cycle.next_start, domain::kDefaultZone);
      next = page.text("cycle.next",
                       {{"date", cycle.next_is_half_fixed ? web::month_year(page.language(), at)
                                                          : web::day_date(page.language(), at)}});
    }
    views.push_back(
        {{"url", page.link("/cykle/" + cycle.slug)}, {"title", cycle.title}, {"next", next}});
  }
  return views;
}

web::View feed_view(const Page& page, domain::PersonId person, int generation) {
  const auto path = personal_feed_path(page.environment(), person, generation, page.language());
  const auto address = path.empty() ? std::string() : page.absolute(path);
  const auto variant = [&](std::string_view ending) {
    auto text = address;
    if (const auto at = text.find("/moje.ics"); at != std::string::npos) {
      text.replace(at, std::string_view("/moje.ics").size(), "/moje" + std::string(ending));
    }
    return text;
  };
  return {{"address", address},
          {"webcal_rest", without_scheme(address)},
          {"atom_url", variant(".atom")},
          {"busy_url", variant(".ifb")},
          {"generation", std::to_string(generation)},
          {"action", page.link("/moje/kanal")},
          {"renewed", page.request().query_value("kanal") == "nowy" && generation > 0},
          {"button", page.text(generation == 0 ? "my.feed_create" : "my.feed_renew")}};
}

void add_links(Page& page, const usecases::SignedIn& signed_in) {
  web::View links = web::View::array();
  const auto add = [&](const char* key, const char* path) {
    links.push_back({{"label", page.text(key)}, {"url", page.link(path)}});
  };
  add("my.data_title", "/moje/dane");
  add("my.security_link", "/moje/bezpieczenstwo");
  if (!signed_in.actor.grants.empty()) add("my.tokens_title", "/moje/klucze");
  add("my.privacy_link", "/moje/prywatnosc");
  page.view()["links"] = std::move(links);
}

// Places of the institutions that the person speaks for, as far as they wait for names.
void add_delegations(Page& page, const usecases::SignedIn& signed_in) {
  if (!usecases::is_coordinator(signed_in.actor)) return;
  const auto all = value_or_throw(load_coordination(page.environment(), signed_in.actor));
  web::View waits = web::View::array();
  for (const auto& one : all.meetings) {
    if (one.open() == 0) continue;
    waits.push_back(
        {{"url", page.link(delegation_path(one.meeting, one.institution))},
         {"title", one.title},
         {"when", web::day_date(page.language(), one.starts)},
         {"text", page.text("delegation.open", {{"count", std::int64_t{one.open()}}})}});
  }
  page.view()["delegations"] = {{"url", page.link("/delegacja")}, {"waits", std::move(waits)}};
}

// What the person leads next.
void add_led_meetings(Page& page, const usecases::SignedIn& signed_in) {
  if (!usecases::leads_something(signed_in.actor)) return;
  web::View next = web::View::array();
  for (const auto& meeting : list_led_meetings(page.environment(), signed_in.actor).upcoming) {
    if (next.size() == kLedShown) break;
    auto view = meeting_view(page, meeting);
    view["url"] = page.link("/prowadzenie/spotkania/" + std::to_string(meeting.id.value));
    next.push_back(std::move(view));
  }
  page.view()["led"] = {{"url", page.link("/prowadzenie")}, {"next", std::move(next)}};
}

// For somebody who has not been anywhere yet: what they could go to.
void suggest_meetings(Page& page) {
  usecases::MeetingFilter filter;
  filter.from = domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
  page.view()["suggestions"] = meeting_views(
      page, list_meetings(page.environment(), visitor(), filter, {kSuggestions, {}}).items);
}

Response show(Page& page, const usecases::SignedIn& signed_in) {
  const auto mine = list_my_meetings(page.environment(), signed_in.person.id);
  page.title(page.text("my.title"));
  auto& view = page.view();
  view["upcoming"] = registration_views(page, mine.upcoming);
  view["waiting"] = registration_views(page, mine.waiting);
  view["past"] = registration_views(page, mine.past);
  view["withdrawn"] = registration_views(page, mine.withdrawn);
  view["withdrawn_title"] =
      page.text("my.withdrawn", {{"count", static_cast<std::int64_t>(mine.withdrawn.size())}});
  view["cycles"] = my_cycle_views(page, mine.cycles);
  view["feed"] = feed_view(page, signed_in.person.id, mine.feed_generation);
  view["is_new"] = mine.nothing();
  view["calendar_url"] = page.link("/kalendarz");
  if (mine.nothing()) suggest_meetings(page);
  add_links(page, signed_in);
  add_delegations(page, signed_in);
  add_led_meetings(page, signed_in);
  const FormGuard guard(page);
  return guard.apply(page.render(200, "pages/my"));
}

// The form names the address that it takes back, so that a second press does not take back the new
// one.
Response renew_feed(Page& page, const usecases::SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  if (!fields.errors.empty()) {
    page.title(page.text("my.title"));
    show_errors(page, fields.errors);
    return show(page, signed_in);
  }
  const auto typed = fields.value("generation");
  int seen = -1;
  std::from_chars(typed.data(), typed.data() + typed.size(), seen);
  const auto outcome = renew_personal_feed(page.environment(), person_call(page, fields, signed_in),
                                           signed_in.person.id, seen);
  const bool known = outcome || std::holds_alternative<domain::Conflict>(outcome.failure()) ||
                     std::holds_alternative<domain::OperationReused>(outcome.failure());
  if (!known) throw Error(problem_of(outcome.failure()));
  return redirect(303, page.link("/moje") + (outcome ? "?kanal=nowy" : "") + "#kanal");
}

}  // namespace

void add_my_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, "/moje", show);
  add_private_page(router, parts, Method::post, "/moje/kanal", renew_feed, form);
}

}  // namespace narada::http::pages
