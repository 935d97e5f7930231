#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/experts/preparation.h"
#include "web/dates.h"

namespace narada::http::api {
namespace {

web::View task_view(const domain::TaskStatus& task) {
  web::View view = {{"task", task.rule.key},
                    {"title", task.rule.title},
                    {"state", domain::to_string(task.state)},
                    {"due_on", nullptr},
                    {"answer", nullptr}};
  if (task.due_on)
    view["due_on"] = web::iso_date(domain::WallTime{std::chrono::local_days{*task.due_on}});
  if (task.answer) view["answer"] = *task.answer;
  return view;
}

Response expert_task_list(const Context& context) {
  QueryReader(context.request()).check();
  const auto preparation = context.take(usecases::load_preparation(
      context.environment(), context.actor(), domain::MeetingId{context.id()}));
  web::View items = web::View::array();
  for (const auto& expert : preparation.experts) {
    web::View tasks = web::View::array();
    for (const auto& task : expert.tasks) tasks.push_back(task_view(task));
    items.push_back({{"expert",
                      {{"id", expert.expert.id.value},
                       {"slug", expert.expert.slug},
                       {"name", expert.expert.name}}},
                     {"missing", expert.missing()},
                     {"is_late", expert.is_late()},
                     {"tasks", std::move(tasks)}});
  }
  return answer(200, {{"items", std::move(items)}});
}

}  // namespace

void add_expert_task_routes(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/meetings/{id}/expert-tasks",
               expert_task_list);
}

}  // namespace narada::http::api
