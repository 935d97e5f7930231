#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/http/access_log.h"
#include "service/http/compression.h"
#include "service/http/edge/server.h"
#include "service/http/errors.h"
#include "service/http/message.h"
#include "service/http/metrics.h"
#include "service/http/page_cache.h"
#include "service/http/rate_limit.h"
#include "service/http/router.h"

namespace narada::http {

// What surrounds every handler: its failures become answers, and every answer gets its security
// headers, entity tag, gzip form, log line and count. Thread-safe; keeps references to its parts.
class Middleware {
 public:
  using AnswerObserver = std::function<void(const Request&, const Router::Match&, int status)>;
  // `pages` keeps the answers of shared routes; absent: each is made anew. `limit` holds for
  // routes that cause mail; absent: none. `note_answer` is told of every answer, on whichever
  // thread made it, and never blocks.
  Middleware(const ErrorWriter& errors, const AccessLog& log, Metrics& metrics,
             PageCache* pages = nullptr, RateLimit limit = {}, AnswerObserver note_answer = {})
      : errors_(errors),
        log_(log),
        metrics_(metrics),
        pages_(pages),
        limit_(std::move(limit)),
        note_answer_(std::move(note_answer)) {}

  Response handle(const Request& request, const Router::Match& match);
  // An answer that the page cache has, complete as handle() would return it; never blocks.
  std::optional<Response> find_ready(const Request& request, const Router::Match& match);
  Response refuse(int status, const std::string& request_id);

  // All three, for the server; valid as long as *this.
  ServerHooks hooks();

 private:
  using Moment = std::chrono::steady_clock::time_point;
  Response finished(const Request& request, const Router::Match& match);
  Response shared(const Request& request, const Router::Match& match);
  void check_rate(const Request& request, const Router::Match& match);
  Response answer(const Request& request, const Router::Match& match);
  void note(const Request& request, const Router::Match& match, const Response& response,
            Moment begun);
  Response run_handler(const Request& request, const Router::Match& match);

  const ErrorWriter& errors_;
  const AccessLog& log_;
  Metrics& metrics_;
  PageCache* pages_;
  RateLimit limit_;
  AnswerObserver note_answer_;
  Compressor compressor_;
};

}  // namespace narada::http
