#include "tests/http/edge/test_site.h"

#include <unistd.h>

#include <charconv>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <utility>

#include "service/http/edge/file_body.h"

namespace narada::test {
namespace {

using http::Method;
using http::Request;
using http::Response;
using http::text_response;

class CountingSink final : public http::BodySink {
 public:
  explicit CountingSink(UploadLog& log) : log_(log) {}
  ~CountingSink() override {
    if (!completed_) ++log_.cut;
  }
  bool write(std::string_view bytes) override {
    log_.bytes += bytes.size();
    log_.checksum += std::accumulate(
        bytes.begin(), bytes.end(), std::uint64_t{0},
        [](std::uint64_t sum, char c) { return sum + static_cast<unsigned char>(c); });
    return true;
  }
  void complete() override {
    completed_ = true;
    ++log_.completed;
  }

 private:
  UploadLog& log_;
  bool completed_ = false;
};

std::uint64_t number(const Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Response echo(const Request& request) {
  return text_response(200, std::string(to_string(request.method)) + " " + request.path + " [" +
                                request.body + "]\n");
}

Response id_of(const Request& request) {
  return text_response(200, "id=" + request.query_value("id") + "\n");
}

Response after_a_while(const Request& request) {
  std::this_thread::sleep_for(std::chrono::milliseconds(number(request, "ms")));
  return id_of(request);
}

http::RouteOptions with_limit(std::uint64_t limit) {
  http::RouteOptions options;
  options.body_limit = limit;
  return options;
}

void add_odd_routes(http::Router& router) {
  router.add(Method::get, "/throw",
             [](const Request&) -> Response { throw std::runtime_error("password=secret"); });
  router.add(Method::get, "/throw-int", [](const Request&) -> Response { throw 42; });
  router.add(Method::get, "/inject", [](const Request&) {
    return text_response(200, "x")
        .add("X-Good", "1")
        .add("Location", "/a\r\nX-Evil: 1")
        .add("X-Evil\r\nY", "1")
        .add("Content-Length", "999");
  });
  router.add(Method::get, "/empty", [](const Request&) { return text_response(204, "unwanted"); });
  router.add(Method::get, "/unchanged",
             [](const Request&) { return text_response(304, "unwanted"); });
  router.add(Method::get, "/close",
             [](const Request&) { return text_response(200, "x").set("Connection", "close"); });
  router.add(Method::get, "/who", [](const Request& request) {
    return text_response(200, request.remote_address + (request.secure ? " https" : " http"));
  });
}

}  // namespace

http::Router make_test_site(UploadLog& log, std::filesystem::path file) {
  http::Router router;
  http::RouteOptions on_io;
  on_io.inline_on_io = true;
  const auto hello = [](const Request&) { return text_response(200, "hello\n"); };
  router.add(Method::get, "/", hello, on_io);
  router.add(Method::get, "/pool", hello);
  router.add(Method::get, "/rid", id_of);
  router.add(Method::get, "/rid-inline", id_of, on_io);
  router.add(Method::get, "/wait", after_a_while);
  router.add(Method::get, "/kb", [](const Request& request) {
    return text_response(200, std::string(number(request, "n") << 10, 'K'));
  });
  router.add(Method::get, "/echo", echo);
  router.add(Method::post, "/echo", echo);
  router.add(Method::post, "/small", echo, with_limit(64 << 10));
  const auto length = [](const Request& request) {
    return text_response(200, std::to_string(request.body.size()) + "\n");
  };
  router.add(Method::patch, "/up", length, with_limit(17 << 20));
  auto streamed = with_limit(std::uint64_t{600} << 20);
  streamed.sink = [&log](const Request&) { return std::make_unique<CountingSink>(log); };
  router.add(
      Method::patch, "/stream",
      [&log](const Request&) { return text_response(200, std::to_string(log.bytes) + "\n"); },
      streamed);
  router.add(Method::get, "/file", [file = std::move(file)](const Request&) {
    auto body = http::edge::open_file_body(file);
    if (!body) return text_response(404, "no file\n");
    Response response;
    response.set("Content-Type", "application/octet-stream");
    response.body = std::move(*body);
    return response;
  });
  add_odd_routes(router);
  return router;
}

TestServer::TestServer(http::ServerOptions options, std::filesystem::path file,
                       http::ServerHooks hooks)
    : router_(make_test_site(uploads_, std::move(file))),
      server_(start_on_free_port(std::move(options), router_, std::move(hooks))) {}

http::ServerOptions small_server() {
  http::ServerOptions options;
  options.io_threads = 2;
  options.pool_threads = 4;
  return options;
}

// Below the range the kernel takes outgoing ports from, so that no client of a test sits on one.
std::uint16_t next_test_port() {
  constexpr unsigned kFirst = 20'000;
  constexpr unsigned kCount = 12'000;
  static std::atomic<unsigned> next{static_cast<unsigned>(::getpid()) * 97};
  return static_cast<std::uint16_t>(kFirst + next++ % kCount);
}

std::unique_ptr<http::Server> start_on_free_port(http::ServerOptions options,
                                                 const http::Router& router,
                                                 http::ServerHooks hooks) {
  options.host = "127.0.0.1";
  for (int attempt = 0;; ++attempt) {
    options.port = next_test_port();
    auto server = std::make_unique<http::Server>(options, router, hooks);
    try {
      server->start();
      return server;
    } catch (const std::runtime_error&) {
      if (attempt == 100) throw;
    }
  }
}

std::string get_request(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

}  // namespace narada::test
