#include "service/serve.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "service/installation.h"
#include "service/site.h"
#include "service/usecases/experts/asking.h"
#include "service/usecases/mails/mail_delivery.h"
#include "service/usecases/materials/inspection.h"
#include "service/usecases/materials/material_mails.h"
#include "service/usecases/materials/scrub.h"
#include "service/usecases/materials/upload_work.h"
#include "service/usecases/meetings/expert_calendars.h"
#include "service/usecases/meetings/publication.h"
#include "service/usecases/people/clean_up.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/reminders/digests.h"
#include "service/usecases/reminders/reminders.h"
#include "service/usecases/repeated_job.h"
#include "service/usecases/replies/mailbox_reading.h"
#include "service/usecases/replies/receive_mail.h"
#include "service/usecases/search/search_keeper.h"
#include "service/usecases/surveys/surveys.h"
#include "service/usecases/tasks.h"
#include "sql/migrations.h"

namespace narada {
namespace {

// Blocked in every thread from the start, so that the main thread alone takes them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  void wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
  }

 private:
  sigset_t signals_;
};

// Each connection takes two descriptors; the usual soft limit of 1024 would be the end of some 430.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.host = config.listen_host;
  options.port = config.listen_port;
  options.pool_threads = config.threads;
  options.trusted_proxies = config.trusted_proxies;
  return options;
}

std::optional<std::string> find_obstacle(Installation& installation) {
  try {
    const int newest = storage::all_migrations().back().version;
    if (storage::schema_version(installation.pool()) != newest) return "migrations";
    return std::nullopt;
  } catch (const storage::Error&) {
    return "database";
  }
}

SiteParts site_parts(Installation& installation) {
  SiteParts parts;
  parts.environment = &installation.environment();
  parts.messages = &installation.messages();
  parts.renderer = &installation.renderer();
  parts.assets = installation.config().assets;
  parts.log =
      installation.config().log == LogFormat::json ? http::LogFormat::json : http::LogFormat::text;
  parts.rate_limits = installation.config().rate_limits;
  const auto& config = installation.config();
  parts.run_by = {config.operator_name, config.operator_address, config.operator_email,
                  config.operator_phone};
  parts.find_obstacle = [&installation] { return find_obstacle(installation); };
  return parts;
}

std::filesystem::path inspection_scratch(const Installation& installation) {
  return installation.config().data / "inspection";
}

// What files are looked into with. `installation` outlives it.
usecases::InspectionTools inspection_tools(Installation& installation) {
  usecases::InspectionTools tools;
  tools.options.scratch = inspection_scratch(installation);
  std::filesystem::create_directories(tools.options.scratch);
  std::filesystem::permissions(tools.options.scratch, std::filesystem::perms::owner_all);
  tools.scanner = installation.scanner();
  tools.report = [](std::string_view line) {
    std::cerr << "inspection: " + std::string(line) + "\n";
  };
  return tools;
}

using Jobs = std::vector<std::unique_ptr<usecases::RepeatedJob>>;

// Weekly, of all processes together.
void scrub_when_due(const usecases::Environment& environment, const std::string& worker,
                    const std::stop_token& stopping) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::system;
  call.request_id = "scrub";
  usecases::ScrubOptions options;
  options.gently = true;
  options.due = environment.clock->now() - usecases::kScrubPause;
  options.report = [](std::string_view line) {
    std::cerr << "materials: " + std::string(line) + "\n";
  };
  (void)usecases::scrub_materials(environment, call, worker, options, stopping);
}

// What this process does in the background besides sending mail. `installation` and `site` outlive
// the jobs.
Jobs make_jobs(Installation& installation, Site& site, const std::string& worker) {
  using namespace std::chrono_literals;
  using Next = usecases::RepeatedJob::Next;
  using Stopping = const std::stop_token&;
  const auto& environment = installation.environment();
  Jobs jobs;
  const auto add = [&](std::string name, std::chrono::milliseconds pause,
                       usecases::RepeatedJob::Round round) {
    jobs.push_back(std::make_unique<usecases::RepeatedJob>(
        pause, std::move(round), [name = std::move(name)](std::string_view problem) {
          std::cerr << name + ": " + std::string(problem) + "\n";
        }));
  };
  add("clean-up", 1min, [&environment, worker](Stopping stopping) {
    for (const auto& failure : usecases::clean_up_when_due(environment, worker, stopping)) {
      std::cerr << "clean-up: " + failure + "\n";
    }
    return Next::after_pause;
  });
  const calendar::CalendarClient client(installation.config().fetch_private);
  add("calendars", 5s, [&environment, client](Stopping stopping) {
    usecases::read_due_calendars(environment, client, stopping);
    return Next::after_pause;
  });
  add("tasks", 500ms, [&environment, kinds = site.task_kinds(), worker](Stopping stopping) {
    const bool worked = usecases::run_next_task(environment, kinds, worker, stopping);
    return worked ? Next::at_once : Next::after_pause;
  });
  add("tasks", 1h, [&environment](Stopping) {
    usecases::forget_old_tasks(environment);
    return Next::after_pause;
  });
  add("places", 20s, [&environment](Stopping stopping) {
    usecases::settle_due_places(environment, stopping);
    return Next::after_pause;
  });
  add("reminders", 15s, [&environment](Stopping stopping) {
    usecases::remind_due(environment, stopping);
    return Next::after_pause;
  });
  add("expert_tasks", 5min, [&environment](Stopping stopping) {
    usecases::ask_for_missing(environment, stopping);
    return Next::after_pause;
  });
  add("digests", 30s, [&environment](Stopping stopping) {
    usecases::send_due_digests(environment, stopping);
    return Next::after_pause;
  });
  add("surveys", 1min, [&environment](Stopping stopping) {
    usecases::ask_due_surveys(environment, stopping);
    return Next::after_pause;
  });
  add("material mails", 1min, [&environment](Stopping stopping) {
    usecases::tell_of_new_materials(environment, stopping);
    usecases::tell_of_newer_versions(environment, stopping);
    return Next::after_pause;
  });
  add("answers", 10s, [&environment](Stopping) {
    usecases::free_declined_places(environment);
    return Next::after_pause;
  });
  if (const auto mailbox = installation.make_reply_mailbox()) {
    add("mailbox", 1min, [&environment, mailbox = *mailbox](Stopping stopping) {
      usecases::read_mailbox(environment, mailbox, stopping);
      return Next::after_pause;
    });
  }
  add("uploads", 1s, [&environment](Stopping stopping) {
    const auto report = [](std::string_view line) {
      std::cerr << "uploads: " + std::string(line) + "\n";
    };
    const bool any = usecases::store_received_uploads(environment, report, stopping);
    return any ? Next::at_once : Next::after_pause;
  });
  add("uploads", 10min, [&environment](Stopping stopping) {
    usecases::expire_uploads(environment, stopping);
    return Next::after_pause;
  });
  add("uploads", 24h, [&environment, scratch = inspection_scratch(installation)](Stopping) {
    usecases::remove_leftovers(environment, scratch);
    return Next::after_pause;
  });
  add("inspection", 1s,
      [&environment, worker, tools = inspection_tools(installation)](Stopping stopping) {
        const bool any = usecases::inspect_next_file(environment, tools, worker, stopping);
        return any ? Next::at_once : Next::after_pause;
      });
  add("materials", 10min, [&environment, worker](Stopping stopping) {
    scrub_when_due(environment, worker, stopping);
    return Next::after_pause;
  });
  add("reads", 15s, [&environment, &reads = site.reads()](Stopping stopping) {
    usecases::save_page_reads(environment, reads);
    usecases::fold_old_reads(environment, stopping);
    return Next::after_pause;
  });
  add("search", 1s, [&environment](Stopping) {
    environment.search->look_after(environment);
    return Next::after_pause;
  });
  add("publication", 10s, [&environment](Stopping stopping) {
    usecases::publish_due(environment, stopping);
    return Next::after_pause;
  });
  return jobs;
}

// What was counted since the job's last round. A database that is gone costs a few seconds' counts
// and keeps nobody from ending.
void save_last_reads(const usecases::Environment& environment, Site& site) {
  try {
    usecases::save_page_reads(environment, site.reads());
  } catch (const std::exception& error) {
    std::cerr << "reads: " + std::string(error.what()) + "\n";
  }
}

using Workers = std::vector<std::unique_ptr<usecases::MailDelivery>>;

// Each with a transport, and so a connection, of its own. `installation` and `totals` outlive them.
Workers make_mail_workers(Installation& installation, const std::string& process,
                          usecases::DeliveryTotals& totals) {
  Workers workers;
  for (unsigned number = 0; number < installation.config().mail_workers; ++number) {
    workers.push_back(std::make_unique<usecases::MailDelivery>(
        installation.environment(), installation.composer(), installation.make_transport(),
        std::to_string(number) + "-" + process,
        [](std::string_view problem) { std::cerr << "mail: " + std::string(problem) + "\n"; },
        usecases::DeliveryLimits{installation.config().mail_rate}, &totals));
  }
  return workers;
}

}  // namespace

int serve(Config config) {
  const StopSignals signals;
  raise_descriptor_limit();
  // A connection for each handler and each mail worker, and a few for the jobs and health.
  constexpr std::size_t kMoreConnections = 4;
  const std::size_t connections = config.threads + config.mail_workers + kMoreConnections;
  Installation installation(std::move(config), connections);
  installation.require_current_schema();
  usecases::reconcile_uploads(installation.environment());

  usecases::DeliveryTotals mail_totals;
  auto parts = site_parts(installation);
  parts.mail_totals = &mail_totals;
  Site site(parts);
  http::Server server(server_options(installation.config()), site.router(), site.hooks());
  site.watch(&server);
  // The number of the process is the same in every container.
  const std::string worker = "serve-" + std::to_string(::getpid()) + "-" + usecases::make_token();
  auto mail_workers = make_mail_workers(installation, worker, mail_totals);
  auto jobs = make_jobs(installation, site, worker);
  server.start();
  for (auto& mail_worker : mail_workers) mail_worker->start();
  for (auto& job : jobs) job->start();
  std::cerr << "Narada serves http://" << installation.config().listen_host << ':' << server.port()
            << "/\n";
  signals.wait();
  const bool drained = server.stop();
  for (auto& mail_worker : mail_workers) mail_worker->stop();
  for (auto& job : jobs) job->stop();
  save_last_reads(installation.environment(), site);
  site.watch(nullptr);
  return drained ? 0 : 1;
}

}  // namespace narada
