#include "service/site.h"

#include <atomic>

#include "service/http/api/routes.h"
#include "service/http/health.h"
#include "service/http/mail_metrics.h"
#include "service/http/material_metrics.h"
#include "service/http/middleware.h"
#include "service/http/pages/pages.h"
#include "service/http/read_observer.h"
#include "service/http/upload_metrics.h"
#include "service/usecases/catalogue_cache.h"
#include "service/usecases/materials/inspection.h"
#include "service/usecases/materials/scrub.h"
#include "service/usecases/materials/upload_work.h"
#include "service/usecases/rate_limits.h"

namespace narada {

namespace {

http::RateLimit mail_limit(const SiteParts& parts) {
  if (!parts.rate_limits) return {};
  return [&environment = *parts.environment](const http::Request& request) {
    return usecases::limit_mail(environment, request.remote_address);
  };
}

}  // namespace

// Members are built in this order.
struct Site::Rooms {
  explicit Rooms(const SiteParts& parts)
      : page_parts{parts.environment, parts.messages,    parts.renderer,
                   parts.assets,      parts.rate_limits, parts.run_by},
        page_cache(*parts.environment->catalogue, *parts.environment->clock),
        errors(*parts.messages, parts.renderer),
        log(parts.log, parts.write_log_line),
        middleware(errors, log, metrics, &page_cache, mail_limit(parts),
                   [this, clock = parts.environment->clock](
                       const http::Request& request, const http::Router::Match& match, int status) {
                     http::note_reading(reads, request, match, status, clock->now());
                   }) {
    http::pages::add_pages(router, page_parts);
    http::api::add_api_routes(router, *parts.environment);
    http::HealthParts health;
    health.metrics = &metrics;
    health.find_obstacle = parts.find_obstacle;
    health.statistics = [this] {
      const http::Server* watched = server;
      return watched ? watched->statistics() : http::ServerStatistics{};
    };
    health.find_trouble = [environment = parts.environment]() -> std::optional<std::string> {
      if (usecases::is_mail_late(*environment)) return "mail";
      if (usecases::is_material_missing(*environment)) return "materials";
      if (usecases::load_upload_standings(*environment).failing > 0) return "uploads";
      if (usecases::is_inspection_late(*environment)) return "inspection";
      return std::nullopt;
    };
    health.more_metrics = [environment = parts.environment, totals = parts.mail_totals] {
      auto text = http::mail_metrics(usecases::measure_mails(*environment));
      if (totals != nullptr) text += http::mail_counters(*totals);
      text += http::material_metrics(usecases::measure_materials(*environment));
      text += http::upload_metrics(usecases::load_upload_standings(*environment));
      return text;
    };
    http::add_health_routes(router, health);
  }

  std::atomic<const http::Server*> server = nullptr;
  http::pages::Parts page_parts;
  http::Router router;
  http::PageCache page_cache;
  usecases::ReadCounter reads;
  http::Metrics metrics;
  http::ErrorWriter errors;
  http::AccessLog log;
  http::Middleware middleware;
};

Site::Site(const SiteParts& parts) : rooms_(std::make_unique<Rooms>(parts)) {}

Site::~Site() = default;

const http::Router& Site::router() const { return rooms_->router; }

http::ServerHooks Site::hooks() { return rooms_->middleware.hooks(); }

usecases::TaskKinds Site::task_kinds() const { return http::pages::task_kinds(rooms_->page_parts); }

usecases::ReadCounter& Site::reads() { return rooms_->reads; }

void Site::watch(const http::Server* server) { rooms_->server = server; }

}  // namespace narada
