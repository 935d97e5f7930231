#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/http/edge/server.h"
#include "service/http/metrics.h"
#include "service/http/router.h"

namespace narada::http {

// What /readyz and /metrics ask the rest of the program. Called on handler threads.
struct HealthParts {
  const Metrics* metrics = nullptr;  // outlives the router
  // Why requests cannot be served now ("database", "migrations"); absent: they can. Must not say
  // anything that a stranger may not read. Throwing counts as "database".
  std::function<std::optional<std::string>()> find_obstacle;
  // What does not work while requests are served as ever ("mail"): /readyz still answers 200, with
  // status "degraded". Absent, or throwing: nothing.
  std::function<std::optional<std::string>()> find_trouble = {};
  // Absent: the counters of connections are left out.
  std::function<ServerStatistics()> statistics = {};
  // More of /metrics in its own text format, e.g. mails by state. Absent: none.
  std::function<std::string()> more_metrics = {};
};

// GET /healthz: the process answers. GET /readyz: 200 when the database is reachable and migrated,
// else 503. Mail that does not leave is no reason for 503: people can read and register all the
// same, and no other process of the installation would send it. GET /metrics: Prometheus text.
void add_health_routes(Router& router, HealthParts parts);

}  // namespace narada::http
