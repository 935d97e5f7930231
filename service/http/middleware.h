#pragma once

#include <string>

#include "service/http/access_log.h"
#include "service/http/compression.h"
#include "service/http/edge/server.h"
#include "service/http/errors.h"
#include "service/http/message.h"
#include "service/http/metrics.h"
#include "service/http/router.h"

namespace narada::http {

// What surrounds every handler: its failures become answers, and every answer gets its security
// headers, entity tag, gzip form, log line and count. Thread-safe; keeps references to its parts.
class Middleware {
 public:
  Middleware(const ErrorWriter& errors, const AccessLog& log, Metrics& metrics)
      : errors_(errors), log_(log), metrics_(metrics) {}

  Response handle(const Request& request, const Router::Match& match);
  Response refuse(int status, const std::string& request_id);

  // Both, for the server; valid as long as *this.
  ServerHooks hooks();

 private:
  Response answer(const Request& request, const Router::Match& match);
  Response run_handler(const Request& request, const Router::Match& match);

  const ErrorWriter& errors_;
  const AccessLog& log_;
  Metrics& metrics_;
  Compressor compressor_;
};

}  // namespace narada::http
