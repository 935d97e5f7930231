// /prowadzenie: the meetings that somebody leads, read-only, and what is said of them in public.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/editor.h"
#include "service/http/pages/panel/expert_form.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/led_meetings.h"

namespace narada::http::pages {
namespace {

using domain::ExpertProfile;
using usecases::SignedIn;

constexpr const char* kLeading = "/prowadzenie";
constexpr const char* kProfile = "/prowadzenie/profil";
constexpr std::uint64_t kFormLimit = 64 << 10;

std::string numbers_text(const Page& page, const domain::MeetingSummary& meeting) {
  return page.text("leading.numbers",
                   {{"in", std::int64_t{meeting.onsite.confirmed + meeting.online.confirmed}},
                    {"waiting", std::int64_t{meeting.onsite.waiting + meeting.online.waiting}},
                    {"pending", std::int64_t{meeting.pending}}});
}

web::View led_views(const Page& page, const std::vector<domain::MeetingSummary>& meetings) {
  web::View views = web::View::array();
  for (const auto& meeting : meetings) {
    auto view = meeting_view(page, meeting);
    view["url"] = page.link(fmt::format("{}/spotkania/{}", kLeading, meeting.id.value));
    view["numbers"] = numbers_text(page, meeting);
    view["state"] = state_view(page, meeting);
    views.push_back(std::move(view));
  }
  return views;
}

std::optional<ExpertProfile> find_own(const Page& page, const SignedIn& signed_in) {
  auto own = find_own_expert(page.environment(), signed_in.actor);
  if (!own) return std::nullopt;
  return std::move(own).value();
}

// Nothing here is for somebody who leads nothing and of whom nothing is said.
void require_leader(const SignedIn& signed_in, const std::optional<ExpertProfile>& own) {
  if (!own && !usecases::leads_something(signed_in.actor)) throw Error(404);
}

Response show_list(Page& page, const SignedIn& signed_in) {
  const auto own = find_own(page, signed_in);
  require_leader(signed_in, own);
  page.title(page.text("leading.title"));
  const auto led = list_led_meetings(page.environment(), signed_in.actor);
  auto& view = page.view();
  view["upcoming"] = led_views(page, led.upcoming);
  view["past"] = led_views(page, led.past);
  view["profile_url"] = page.link(kProfile);
  view["public_url"] = own ? page.link("/prowadzacy/" + own->expert.slug) : std::string();
  return page.render(200, "pages/leading");
}

web::View program_of(const domain::Meeting& meeting) {
  web::View items = web::View::array();
  for (const auto& item : meeting.program) {
    const auto clock = [](int minute) {
      return fmt::format("{}:{:02}", minute / 60 % 24, minute % 60);
    };
    std::string leads;
    for (const auto& expert : item.experts) leads += (leads.empty() ? "" : ", ") + expert.name;
    for (const auto& office : item.institutions) leads += (leads.empty() ? "" : ", ") + office.name;
    items.push_back({{"hours", clock(item.starts_minute) + "–" + clock(item.ends_minute)},
                     {"title", item.title},
                     {"leads", leads}});
  }
  return items;
}

web::View office_views(const Page& page, const usecases::MeetingStatistics& statistics) {
  web::View offices = web::View::array();
  for (const auto& office : statistics.offices) {
    if (office.people() == 0) continue;
    offices.push_back(
        {{"name", office.id.value == 0 ? page.text("leading.no_office") : office.name},
         {"in", std::to_string(office.confirmed)},
         {"waits", std::to_string(office.pending + office.waitlisted)},
         {"newcomer", !office.came_before}});
  }
  return offices;
}

web::View challenge_views(const Page& page, const std::vector<usecases::LedChallenges>& groups) {
  web::View views = web::View::array();
  for (const auto& group : groups)
    views.push_back(
        {{"heading", group.title.empty() ? page.text("leading.ungrouped") : group.title},
         {"language", group.title.empty() ? std::string(to_string(page.language())) : "pl"},
         {"count", page.text("leading.problems",
                             {{"count", static_cast<std::int64_t>(group.texts.size())}})},
         {"texts", group.texts}});
  return views;
}

Response show_meeting(Page& page, const SignedIn& signed_in) {
  const auto led = take(find_led_meeting(page.environment(), signed_in.actor,
                                         domain::MeetingId{id_of(page.request())}));
  const auto& meeting = led.meeting;
  page.title(meeting.title);
  page.crumb(page.text("leading.title"), kLeading);
  auto& view = page.view();
  view["meeting"] = meeting_view(page, meeting);
  view["state"] = state_view(page, meeting);
  view["numbers"] = numbers_text(page, led.statistics.meeting);
  view["online_url"] = meeting.online_url;
  view["contact"] = meeting.contact;
  view["public_url"] = meeting.status == domain::MeetingStatus::draft
                           ? std::string()
                           : page.link("/spotkania/" + meeting.slug);
  view["program"] = program_of(meeting);
  view["program_leads"] =
      std::any_of(view["program"].begin(), view["program"].end(),
                  [](const web::View& item) { return !item["leads"].get<std::string>().empty(); });
  view["offices"] = office_views(page, led.statistics);
  view["challenges"] = challenge_views(page, led.challenges);
  return page.render(200, "pages/leading_meeting");
}

Response show_form(Page& page, const ExpertProfile& own, const EditorState& state) {
  page.title(page.text("leading.profile_title"));
  page.crumb(page.text("leading.title"), kLeading);
  auto& view = page.view();
  view["has_profile"] = true;
  view["name"] = own.expert.name;
  view["action"] = page.link(kProfile);
  view["public_url"] = page.link("/prowadzacy/" + own.expert.slug);
  view["saved"] = page.request().query_value("zrobione") == "profil";
  const int status =
      show_editor(page, expert_sections(page, ExpertFields::own), PanelNames(page), state);
  return page.render(status, "pages/leading_profile");
}

Response show_profile(Page& page, const SignedIn& signed_in) {
  const auto own = find_own(page, signed_in);
  require_leader(signed_in, own);
  if (own)
    return show_form(page, *own, stored_state(expert_texts(*own, ExpertFields::own), own->version));
  page.title(page.text("leading.profile_title"));
  page.crumb(page.text("leading.title"), kLeading);
  return page.render(200, "pages/leading_profile");
}

Response save_profile(Page& page, const SignedIn& signed_in) {
  const auto own = find_own(page, signed_in);
  if (!own) throw Error(404);
  const auto fields = read_own_form(page);
  const auto specs = specs_of(expert_sections(page, ExpertFields::own));
  auto typed = read_texts(fields, specs);
  if (const auto more = press_list_button(fields, specs, typed)) {
    auto state = posted_state(fields, std::move(typed));
    state.more = *more;
    return show_form(page, *own, state);
  }
  const auto saved = redirect(303, page.link(kProfile) + "?zrobione=profil");
  auto state = posted_state(fields, typed);
  state.errors = fields.errors;
  if (state.errors.empty() && is_behind(fields, own->version)) {
    const auto merged =
        merged_state(fields, typed, expert_texts(*own, ExpertFields::own), own->version);
    return merged ? show_form(page, *own, *merged) : saved;
  }
  if (state.errors.empty()) {
    const auto outcome = change_own_expert(page.environment(), person_call(page, fields, signed_in),
                                           own->version, read_own_expert_edit(typed));
    if (outcome) return saved;
    if (std::holds_alternative<domain::Stale>(outcome.failure()))
      return save_profile(page, signed_in);
    state.errors = expert_input_errors(panel_errors_of(outcome.failure()));
  }
  return show_form(page, *own, state);
}

}  // namespace

void add_leading_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  add_private_page(router, parts, Method::get, kLeading, show_list);
  add_private_page(router, parts, Method::get, std::string(kLeading) + "/spotkania/{id}",
                   show_meeting);
  add_private_page(router, parts, Method::get, kProfile, show_profile);
  add_private_page(router, parts, Method::post, kProfile, save_profile, form);
}

}  // namespace narada::http::pages
