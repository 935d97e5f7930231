#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "service/http/edge/connection_table.h"
#include "service/http/edge/handler_pool.h"
#include "service/http/edge/server.h"
#include "service/http/edge/trusted_proxies.h"
#include "service/http/edge/writer.h"

namespace narada::http::edge {

// What all connections of one server share. Outlives them.
struct EdgeContext {
  EdgeContext(ServerOptions server_options, const Router& server_router, ServerHooks server_hooks)
      : options(std::move(server_options)),
        router(server_router),
        hooks(std::move(server_hooks)),
        proxies(options.trusted_proxies),
        writer(options.stall_timeout),
        pool(options.pool_threads) {}

  const ServerOptions options;
  const Router& router;
  const ServerHooks hooks;
  const TrustedProxies proxies;
  ConnectionTable connections;
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> in_flight{0};
  std::atomic<std::uint64_t> requests_total{0};
  std::atomic<std::uint64_t> refused_total{0};
  Writer writer;
  HandlerPool pool;
};

}  // namespace narada::http::edge
