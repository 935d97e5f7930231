// The HTTP layer alone: answers every request with one file from memory, with the given headers,
// from the I/O thread. What the same bytes cost when nothing is looked up, decided or rendered.
//
//   narada_bench_http_ceiling PORT BODY-FILE HEADER-FILE      ("Name: value" lines)

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "service/http/edge/server.h"

namespace {

using namespace narada::http;

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Response read_answer(const char* body_path, const char* header_path) {
  Response answer;
  answer.body = std::make_shared<const std::string>(read_file(body_path));
  std::ifstream lines(header_path);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (colon != std::string::npos) answer.add(line.substr(0, colon), line.substr(colon + 2));
  }
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: narada_bench_http_ceiling PORT BODY-FILE HEADER-FILE\n";
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  const Response answer = read_answer(argv[2], argv[3]);
  Router router;
  RouteOptions options;
  options.inline_on_io = true;
  router.add(
      Method::get, "/", [&](const Request&) { return answer; }, options);
  ServerHooks hooks;
  hooks.handle = [](const Request& request, const Router::Match& match) {
    return match.handler ? (*match.handler)(request) : text_response(404, "404\n");
  };
  hooks.refuse = [](int status, const std::string&) { return text_response(status, "refused\n"); };
  ServerOptions server_options;
  server_options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  Server server(server_options, router, hooks);
  server.start();
  int signal = 0;
  sigwait(&stop_signals, &signal);
  server.stop();
}
