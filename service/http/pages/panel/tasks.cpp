// /panel/zadania/{id}: how far a task is, what became of it, and the file that it made.

#include "service/usecases/tasks.h"

#include <fmt/format.h>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/export_task.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/usecases/mails/mail_repeat_task.h"
#include "service/usecases/messages/organizer_messages.h"
#include "service/usecases/registrations/calendar_repair.h"
#include "service/usecases/registrations/decision_task.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;
using usecases::TaskRecord;
using usecases::TaskState;

constexpr const char* kRefreshSeconds = "2";

TaskRecord load(const Page& page, const SignedIn& signed_in) {
  auto task = find_task(page.environment(), signed_in.actor, domain::TaskId{id_of(page.request())});
  if (!task) throw Error(404);
  return std::move(task).value();
}

bool has_ended(const TaskRecord& task) {
  return task.state == TaskState::done || task.state == TaskState::failed;
}

std::string progress_text(const Page& page, const TaskRecord& task) {
  if (task.state == TaskState::waiting && task.finished == 0) return page.text("tasks.waiting");
  if (task.total == 0)
    return page.text("tasks.so_far", {{"finished", std::int64_t{task.finished}}});
  return page.text("tasks.progress", {{"finished", std::int64_t{task.finished}},
                                      {"total", std::int64_t{task.total}}});
}

web::View failure_views(const Page& page, const TaskRecord& task) {
  web::View views = web::View::array();
  for (const auto& failed : task.failures)
    views.push_back({{"name", failed.subject.empty() ? page.text("tasks.as_a_whole")
                              : failed.name.empty()  ? page.text("tasks.nameless")
                                                     : failed.name},
                     {"text", page.text(failed.error)}});
  return views;
}

// Where the task was begun.
std::string back_path(const TaskRecord& task) {
  const bool is_message = task.kind == usecases::kMessageTask;
  const auto* part = is_message ? "wiadomosc" : "zapisy";
  if (task.meeting) return fmt::format("/panel/spotkania/{}/{}", task.meeting->value, part);
  if (task.cycle && is_message) return fmt::format("/panel/cykle/{}/{}", task.cycle->value, part);
  return "/panel/zgloszenia";
}

Response show(Page& page, const SignedIn& signed_in) {
  const auto task = load(page, signed_in);
  open_list(page, signed_in, ListRoom::registrations, page.text("tasks.kind_" + task.kind));
  auto& view = page.view();
  view["back_url"] = page.link(back_path(task));
  view["back_text"] =
      page.text(task.kind == usecases::kMessageTask ? "tasks.back_to_messages" : "tasks.back");
  view["progress_text"] = progress_text(page, task);
  view["running"] = !has_ended(task);
  view["known"] = task.total > 0;
  view["total"] = std::to_string(task.total);
  view["finished"] = std::to_string(task.finished);
  view["page_url"] = page.link(fmt::format("/panel/zadania/{}", task.id.value));
  if (has_ended(task))
    view["ended_text"] = page.text(task.state == TaskState::done ? "tasks.done" : "tasks.broken",
                                   {{"done", std::int64_t{task.finished - task.failed}},
                                    {"failed", std::int64_t{task.failed}}});
  view["ended_well"] = task.state == TaskState::done && task.failed == 0;
  if (!task.result_name.empty())
    view["result"] = {{"url", page.link(fmt::format("/panel/zadania/{}/plik", task.id.value))},
                      {"name", task.result_name}};
  view["failures"] = failure_views(page, task);
  auto response = page.render(200, "pages/panel_task");
  // Without scripts the page looks again by itself.
  if (!has_ended(task)) response.set("Refresh", kRefreshSeconds);
  return response;
}

std::string type_of(const std::string& name) {
  if (name.ends_with(".xlsx"))
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return name.ends_with(".csv") ? "text/csv; charset=utf-8; header=present"
                                : "application/octet-stream";
}

Response download(Page& page, const SignedIn& signed_in) {
  auto result =
      find_task_result(page.environment(), signed_in.actor, domain::TaskId{id_of(page.request())});
  if (!result) throw Error(404);
  Response response;
  response.set("Content-Type", type_of(result->name));
  response.set("Content-Disposition", "attachment; filename=\"" + result->name + "\"");
  response.set("Cache-Control", "no-store");
  response.body = std::move(result.value().bytes);
  return response;
}

}  // namespace

usecases::TaskKinds task_kinds(const Parts& parts) {
  usecases::TaskKinds kinds;
  kinds.emplace(usecases::kDecisionTask, usecases::make_decision_work(*parts.environment));
  kinds.emplace(usecases::kRepairTask, usecases::make_repair_work(*parts.environment));
  kinds.emplace(usecases::kMailRepeatTask, usecases::make_mail_repeat_work(*parts.environment));
  kinds.emplace(usecases::kMessageTask, usecases::make_message_work(*parts.environment));
  kinds.emplace(kExportTask, make_export_work(parts));
  return kinds;
}

void add_panel_task_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, "/panel/zadania/{id}", show);
  add_private_page(router, parts, Method::get, "/panel/zadania/{id}/plik", download);
}

}  // namespace narada::http::pages
