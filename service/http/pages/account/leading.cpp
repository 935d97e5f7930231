// /prowadzenie: the meetings that somebody leads, and what is awaited of them.

#include "service/http/pages/account/leading.h"

#include <fmt/format.h>

#include <map>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/experts/led_meetings.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::TaskState;
using usecases::SignedIn;
using Awaited = std::map<domain::MeetingId, usecases::AwaitedWork>;

constexpr const char* kLeading = "/prowadzenie";

std::string numbers_text(const Page& page, const domain::MeetingSummary& meeting) {
  return page.text("leading.numbers",
                   {{"in", std::int64_t{meeting.onsite.confirmed + meeting.online.confirmed}},
                    {"waiting", std::int64_t{meeting.onsite.waiting + meeting.online.waiting}},
                    {"pending", std::int64_t{meeting.pending}}});
}

// What is still awaited of the person for one meeting; empty: nothing.
web::View awaited_view(const Page& page, const Awaited& awaited, domain::MeetingId meeting) {
  const auto found = awaited.find(meeting);
  if (found == awaited.end()) return "";
  const auto& [missing, late] = found->second;
  return {
      {"text", page.text(late ? "leading.awaited_late" : "leading.awaited", {{"count", missing}})},
      {"color", late ? "danger" : "warning"}};
}

web::View led_views(const Page& page, const std::vector<domain::MeetingSummary>& meetings,
                    const Awaited* awaited) {
  web::View views = web::View::array();
  for (const auto& meeting : meetings) {
    auto view = meeting_view(page, meeting);
    view["url"] = page.link(led_path(meeting.id));
    view["numbers"] = numbers_text(page, meeting);
    view["state"] = state_view(page, meeting);
    if (awaited) view["awaited"] = awaited_view(page, *awaited, meeting.id);
    views.push_back(std::move(view));
  }
  return views;
}

Response show_list(Page& page, const SignedIn& signed_in) {
  const auto own = list_own_experts(page.environment(), signed_in.actor);
  if (own.empty() && !usecases::leads_something(signed_in.actor)) throw Error(404);
  page.title(page.text("leading.title"));
  const auto led = list_led_meetings(page.environment(), signed_in.actor);
  auto& view = page.view();
  const auto awaited = count_awaited(page.environment(), signed_in.actor, led.upcoming);
  view["upcoming"] = led_views(page, led.upcoming, &awaited);
  view["past"] = led_views(page, led.past, nullptr);
  view["profiles"] = web::View::array();
  for (const auto& expert : own)
    view["profiles"].push_back(
        {{"name", expert.name},
         {"edit_url", page.link(std::string(kLeading) + "/profil?wpis=" + expert.slug)},
         {"public_url", page.link("/prowadzacy/" + expert.slug)}});
  view["profile_url"] = page.link(std::string(kLeading) + "/profil");
  return page.render(200, "pages/leading");
}

std::string_view color_of(TaskState state) {
  switch (state) {
    case TaskState::late:
      return "danger";
    case TaskState::missing:
      return "warning";
    case TaskState::there:
      return "success";
    case TaskState::not_needed:
      return "neutral";
  }
  return "neutral";
}

// What somebody answered, where that is what makes the task done.
std::string note_of(const Page& page, const domain::TaskStatus& task) {
  if (!task.answer || !task.answered_at) return {};
  if (task_of(task.rule) != domain::ExpertTask::recording_consent) return {};
  return page.text(*task.answer ? "leading.said_yes" : "leading.said_no",
                   {{"when", moment_text(page, *task.answered_at)}});
}

}  // namespace

std::string led_path(domain::MeetingId meeting, std::string_view part) {
  return fmt::format("{}/spotkania/{}{}", kLeading, meeting.value, part);
}

std::string due_text(const Page& page, domain::Date date) {
  return web::day_date(page.language(), domain::WallTime{std::chrono::local_days{date}});
}

web::View task_views(const Page& page, const std::vector<domain::TaskStatus>& tasks) {
  web::View views = web::View::array();
  for (const auto& task : tasks) {
    const bool has_due = task.due_on && domain::is_awaited(task);
    views.push_back(
        {{"name", usecases::task_name(task.rule, page.language())},
         {"key", task.rule.key},
         {"state", page.text("leading.state_" + std::string(to_string(task.state)))},
         {"color", color_of(task.state)},
         {"due", has_due ? page.text("leading.due", {{"date", due_text(page, *task.due_on)}}) : ""},
         {"note", note_of(page, task)}});
  }
  return views;
}

void add_leading_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kLeading, show_list);
  add_leading_meeting_pages(router, parts);
  add_leading_profile_pages(router, parts);
}

}  // namespace narada::http::pages
