#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "service/http/edge/server.h"

namespace narada::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// What the streamed uploads of one site left behind.
struct UploadLog {
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> checksum{0};  // sum of all bytes
  std::atomic<int> completed{0};
  std::atomic<int> cut{0};
};

// Small handlers with known answers, for tests that look at the edge and not at pages:
//   GET  /            "hello\n", on the I/O thread          GET  /pool  the same from the pool
//   GET  /rid?id=…    "id=…\n"                              GET  /rid-inline
//   GET  /wait?ms=…&id=…   "id=…\n" after a while           GET  /kb?n=…  that many KiB of 'K'
//   GET|POST /echo    method, path, body                    POST /small  as /echo, body up to 64
//   KiB PATCH /up         "length\n", body up to 17 MiB         PATCH /stream  the same to an
//   UploadLog GET  /file        `file`                                GET  /who  remote address,
//   scheme GET  /throw, /throw-int, /inject, /empty (204), /unchanged (304), /close
http::Router make_test_site(UploadLog& log, std::filesystem::path file = {});

// A server with the test site on a free port of the loopback interface.
class TestServer {
 public:
  TestServer() : TestServer(http::ServerOptions{}) {}
  explicit TestServer(http::ServerOptions options, std::filesystem::path file = {},
                      http::ServerHooks hooks = {});

  std::uint16_t port() const { return server_->port(); }
  http::Server& server() { return *server_; }
  UploadLog& uploads() { return uploads_; }

 private:
  UploadLog uploads_;
  http::Router router_;
  std::unique_ptr<http::Server> server_;
};

// Few threads, so that a hung one is noticed.
http::ServerOptions small_server();

// Starts `server(options)` on a port nobody uses; throws after many failures.
std::unique_ptr<http::Server> start_on_free_port(http::ServerOptions options,
                                                 const http::Router& router,
                                                 http::ServerHooks hooks);
std::uint16_t next_test_port();

std::string get_request(std::string_view target);  // HTTP/1.1, kept open

}  // namespace narada::test
