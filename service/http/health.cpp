#include "service/http/health.h"

#include <fmt/format.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

namespace narada::http {
namespace {

Response fresh(Response response) {
  response.set("Cache-Control", "no-store");
  return response;
}

Response ready(const HealthParts& parts) {
  std::optional<std::string> trouble;
  try {
    if (parts.find_trouble) trouble = parts.find_trouble();
  } catch (const std::exception&) {
    // The database went away just now, which the next question tells.
  }
  if (!trouble) return fresh(json_response(200, R"({"status":"ready"})"));
  const nlohmann::json body = {{"status", "degraded"}, {"trouble", *trouble}};
  return fresh(json_response(200, body.dump()));
}

Response readiness(const HealthParts& parts) {
  std::optional<std::string> obstacle;
  try {
    obstacle = parts.find_obstacle();
  } catch (const std::exception&) {
    obstacle = "database";
  }
  if (!obstacle) return ready(parts);
  const nlohmann::json body = {{"status", "unavailable"}, {"obstacle", *obstacle}};
  Response response = fresh(json_response(503, body.dump()));
  response.set("Retry-After", "1");
  return response;
}

std::string connection_metrics(const ServerStatistics& statistics) {
  return fmt::format(
      "# HELP narada_http_connections_open Connections held open.\n"
      "# TYPE narada_http_connections_open gauge\n"
      "narada_http_connections_open {}\n",
      statistics.connections_open);
}

Response metrics_page(const HealthParts& parts) {
  std::string text = parts.metrics->text();
  if (parts.statistics) text += connection_metrics(parts.statistics());
  try {
    if (parts.more_metrics) text += parts.more_metrics();
  } catch (const std::exception&) {
    // The database is away, which /readyz says: the rest is still worth knowing.
  }
  Response response = fresh(text_response(200, std::move(text)));
  return response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void add_health_routes(Router& router, HealthParts parts) {
  RouteOptions on_io;
  on_io.inline_on_io = true;
  router.add(
      Method::get, "/healthz",
      [](const Request&) { return fresh(json_response(200, R"({"status":"alive"})")); }, on_io);
  router.add(Method::get, "/readyz", [parts](const Request&) { return readiness(parts); });
  router.add(Method::get, "/metrics",
             [parts = std::move(parts)](const Request&) { return metrics_page(parts); });
}

}  // namespace narada::http
