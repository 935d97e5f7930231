// …/prowadzacy/plan of a meeting and of a cycle: what is awaited of experts, and by when.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/preparation.h"
#include "service/usecases/experts/preparation.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {
namespace {

using domain::CycleId;
using domain::MeetingId;
using domain::TaskPlan;
using domain::TaskRule;
using usecases::SignedIn;

constexpr std::uint64_t kFormLimit = 64 << 10;
constexpr std::size_t kBlankTasks = 2;

struct PlanRoom {
  usecases::PlanOwner owner;
  TaskPlan plan;
  std::int64_t version = 0;
  std::string path;  // of the page above
};

PlanRoom find_room(const Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto id = id_of(page.request());
  if (of_cycle) {
    const auto found = take(find_cycle_plan(page.environment(), signed_in.actor, CycleId{id}));
    return {CycleId{id}, found.plan, found.version, fmt::format("/panel/cykle/{}/prowadzacy", id)};
  }
  const auto found = take(load_preparation(page.environment(), signed_in.actor, MeetingId{id}));
  return {MeetingId{id}, found.plan, found.plan_version,
          fmt::format("/panel/spotkania/{}/prowadzacy", id)};
}

// Own tasks have the first free names that no row has.
void add_blank_rows(TaskPlan& plan) {
  const auto is_taken = [&](const std::string& key) {
    return std::any_of(plan.rules.begin(), plan.rules.end(),
                       [&](const TaskRule& rule) { return rule.key == key; });
  };
  std::size_t added = 0;
  for (int number = 1; number <= domain::kMostOwnTasks && added < kBlankTasks; ++number) {
    const auto key = fmt::format("own{}", number);
    if (is_taken(key)) continue;
    plan.rules.push_back({key, {}, TaskRule{}.days_before, true});
    ++added;
  }
}

web::View rule_views(Page& page, const TaskPlan& plan) {
  web::View views = web::View::array();
  for (const auto& rule : plan.rules) {
    const bool own = task_of(rule) == domain::ExpertTask::own;
    web::View view = {
        {"key", rule.key},
        {"own", own},
        {"legend", own && rule.title.empty() ? page.text("preparation.new_task")
                                             : usecases::task_name(rule, page.language())},
        {"rule_title", rule.title},
        {"days", rule.days_before < 0 ? "" : std::to_string(rule.days_before)},
        {"wanted", rule.is_wanted}};
    for (const char* name : {"days", "title"}) {
      const auto error = page.view().find(fmt::format("error_{}_{}", name, rule.key));
      if (error != page.view().end()) view[std::string("error_") + name] = *error;
    }
    views.push_back(std::move(view));
  }
  return views;
}

Response show_of(Page& page, const SignedIn& signed_in, const PlanRoom& room, TaskPlan plan,
                 const domain::FieldErrors& errors) {
  if (const auto* meeting = std::get_if<MeetingId>(&room.owner)) {
    frame_meeting(
        page, signed_in,
        take(find_meeting(page.environment(), signed_in.actor, std::to_string(meeting->value))),
        "prowadzacy");
  } else {
    open_panel(page, signed_in, PanelRoom::cycles, page.text("preparation.cycle_plan_title"));
    page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
    page.crumb(page.text("preparation.cycle_title"), room.path);
  }
  if (!errors.empty()) show_errors(page, errors);
  add_blank_rows(plan);
  auto& view = page.view();
  view["action"] = page.link(room.path + "/plan");
  view["back_url"] = page.link(room.path);
  view["version"] = std::to_string(room.version);
  view["closes_days"] = plan.closes_days < 0 ? "" : std::to_string(plan.closes_days);
  view["rules"] = rule_views(page, plan);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_preparation_plan"));
}

// What is no number is out of every range.
int read_days(const FormFields& fields, const std::string& name) {
  domain::FieldErrors ignored;
  const auto days = read_integer(fields, name, ignored).value_or(-1);
  return days < 0 || days > domain::kMostTaskDays ? -1 : static_cast<int>(days);
}

TaskPlan read_plan(const FormFields& fields, TaskPlan plan) {
  add_blank_rows(plan);
  plan.closes_days = read_days(fields, "closes_days");
  for (auto& rule : plan.rules) {
    rule.days_before = read_days(fields, "days_" + rule.key);
    rule.is_wanted = fields.value("wanted_" + rule.key) == "yes";
    if (task_of(rule) == domain::ExpertTask::own) rule.title = fields.value("title_" + rule.key);
  }
  std::erase_if(plan.rules, [](const TaskRule& rule) {
    return task_of(rule) == domain::ExpertTask::own &&
           rule.title.find_first_not_of(" \t") == std::string::npos;
  });
  return plan;
}

Response save(Page& page, const SignedIn& signed_in, bool of_cycle) {
  const auto room = find_room(page, signed_in, of_cycle);
  const auto fields = read_own_form(page);
  const auto plan = read_plan(fields, room.plan);
  auto errors = fields.errors;
  if (errors.empty()) {
    domain::FieldErrors ignored;
    const auto version = read_integer(fields, "version", ignored).value_or(-1);
    const auto saved = save_task_plan(page.environment(), person_call(page, fields, signed_in),
                                      room.owner, plan, version);
    if (saved) return redirect_done(page, room.path, "preparation_saved");
    if (std::holds_alternative<domain::Stale>(saved.failure()))
      errors.push_back({"", "changed_meanwhile"});
    else
      errors = errors_of(saved.failure(), "change_sent_before");
  }
  return show_of(page, signed_in, room, plan, errors);
}

}  // namespace

void add_panel_preparation_plan_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = kFormLimit;
  for (const bool of_cycle : {false, true}) {
    const std::string path =
        of_cycle ? "/panel/cykle/{id}/prowadzacy/plan" : "/panel/spotkania/{id}/prowadzacy/plan";
    add_private_page(router, parts, Method::get, path,
                     [of_cycle](Page& page, const SignedIn& signed_in) {
                       const auto room = find_room(page, signed_in, of_cycle);
                       return show_of(page, signed_in, room, room.plan, {});
                     });
    add_private_page(
        router, parts, Method::post, path,
        [of_cycle](Page& page, const SignedIn& signed_in) {
          return save(page, signed_in, of_cycle);
        },
        form);
  }
}

}  // namespace narada::http::pages
