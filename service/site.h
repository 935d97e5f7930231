#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/access_log.h"
#include "service/http/edge/server.h"
#include "service/http/pages/page.h"
#include "service/http/router.h"
#include "service/usecases/environment.h"
#include "service/usecases/mails/mail_delivery.h"
#include "service/usecases/reads/page_reads.h"
#include "service/usecases/tasks.h"
#include "web/render.h"

namespace narada {

// What a site is made of. What it points to outlives the site.
struct SiteParts {
  const usecases::Environment* environment = nullptr;  // with its catalogue
  const web::Messages* messages = nullptr;
  const web::Renderer* renderer = nullptr;
  std::filesystem::path assets;
  http::LogFormat log = http::LogFormat::text;
  std::function<void(std::string_view)> write_log_line = {};  // absent: standard error
  bool rate_limits = true;
  http::pages::Operator run_by = {};
  // Why requests cannot be served now, for /readyz.
  std::function<std::optional<std::string>()> find_obstacle;
  // What this process has sent, for /metrics; absent: it sends nothing.
  const usecases::DeliveryTotals* mail_totals = nullptr;
};

// Everything that is served: pages, API and health on one router, wrapped by one middleware.
class Site {
 public:
  explicit Site(const SiteParts& parts);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const http::Router& router() const;
  // For the server; valid as long as the site.
  http::ServerHooks hooks();
  // Every kind of task that its pages start; valid as long as the site.
  usecases::TaskKinds task_kinds() const;
  // What its pages have been read since it was last saved; valid as long as the site.
  usecases::ReadCounter& reads();
  // Whose connections /metrics counts: null before the server is there and after it has ended.
  void watch(const http::Server* server);

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace narada
