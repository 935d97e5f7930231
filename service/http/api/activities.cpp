#include <nlohmann/json.hpp>

#include "calendar/zone.h"
#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/usecases/list_names.h"
#include "service/usecases/overview/activity_log.h"

namespace narada::http::api {
namespace {

// Midnight of Warsaw that begins the day, `later` days on.
std::optional<domain::Instant> midnight(const std::optional<domain::Date>& date,
                                        std::chrono::days later) {
  if (!date) return std::nullopt;
  const domain::WallTime wall{std::chrono::local_days(*date) + later};
  return calendar::to_instant(wall, domain::kDefaultZone).instant;
}

std::string thing(QueryReader& query, std::string_view name) {
  const auto text = query.text(name, 60);
  if (!text.empty() && !usecases::could_be_thing(text)) query.refuse(name, "unknown_value");
  return text;
}

web::View change_views(const usecases::ActivityEntry& entry) {
  web::View views = web::View::array();
  for (const auto& change : entry.changes)
    views.push_back({{"field", change.name},
                     {"before", change.before ? web::View(*change.before) : web::View()},
                     {"after", change.after ? web::View(*change.after) : web::View()},
                     {"personal", change.personal}});
  return views;
}

web::View activity_view(const usecases::ActivityEntry& entry) {
  web::View view = {
      {"id", entry.id.value},
      {"occurred_at", calendar::format_rfc3339(entry.occurred_at, domain::kDefaultZone)},
      {"actor", entry.actor},
      {"actor_name", entry.actor_name},
      {"verb", entry.verb},
      {"subject", entry.subject},
      {"subject_name", entry.subject_name},
      {"meeting_id", nullptr},
      {"changes", change_views(entry)},
      {"details", web::View::object()},
      {"address_class", entry.address_class},
      {"request_id", entry.request_id}};
  if (entry.meeting) view["meeting_id"] = entry.meeting->value;
  for (const auto& [name, value] : entry.details) view["details"][name] = value;
  return view;
}

Response activity_list(const Context& context) {
  context.require_reach(domain::Action::see_activity);
  QueryReader query(context.request());
  usecases::ActivityFilter filter;
  filter.from = midnight(query.date("from"), std::chrono::days(0));
  filter.until = midnight(query.date("to"), std::chrono::days(1));
  filter.actor = thing(query, "actor");
  filter.verb = query.text("verb", 60);
  filter.subject = thing(query, "subject");
  filter.request_id = query.text("request_id", 64);
  if (const auto meeting = query.integer("meeting", 1, INT64_MAX))
    filter.meeting = domain::MeetingId{*meeting};
  const auto page = query.page(usecases::kActivityList);
  query.check();
  const auto found =
      context.take(usecases::list_activity(context.environment(), context.actor(), filter, page));
  return answer(200, list_view(found, activity_view));
}

}  // namespace

void add_activity_routes(Router& router, const usecases::Environment& environment) {
  add_endpoint(router, environment, Method::get, "/api/v1/activities", activity_list);
}

}  // namespace narada::http::api
