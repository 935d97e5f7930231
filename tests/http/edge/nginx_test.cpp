// deploy/nginx/narada.conf in a real nginx before the test site.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Output {
  int status;
  std::string text;
};

Output run_command(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), got);
  }
  return {::pclose(pipe), text};
}

// Every occurrence; a text that is not there any more fails the test.
void replace_all(std::string& text, const std::string& from, const std::string& to) {
  REQUIRE(text.find(from) != std::string::npos);
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// nginx with our configuration, in a directory of its own, ended with this object.
class Nginx {
 public:
  explicit Nginx(std::uint16_t upstream_port)
      : directory_(fs::temp_directory_path() / ("narada-nginx-" + std::to_string(https_))) {
    fs::create_directories(directory_ / "cache");
    const auto made = run_command(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=narada.example.org -addext subjectAltName=DNS:narada.example.org -keyout " +
        (directory_ / "key.pem").string() + " -out " + (directory_ / "cert.pem").string());
    REQUIRE_MESSAGE(made.status == 0, made.text);
    write_configuration(upstream_port);
    start();
  }
  ~Nginx() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    fs::remove_all(directory_);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  // The program's output: what curl says of one or more requests over TLS.
  std::string curl(const std::string& arguments) const {
    const auto port = std::to_string(https_);
    const auto output =
        run_command("curl -sS --max-time 10 --cacert " + (directory_ / "cert.pem").string() +
                    " --connect-to narada.example.org:443:127.0.0.1:" + port + " " + arguments);
    CHECK_MESSAGE(output.status == 0, output.text);
    return output.text;
  }
  const fs::path& directory() const { return directory_; }
  std::uint16_t http_port() const { return http_; }
  std::uint16_t https_port() const { return https_; }

 private:
  void write_configuration(std::uint16_t upstream_port) {
    auto site = read_text(fs::path(NARADA_SOURCE_DIR) / "deploy/nginx/narada.conf");
    const auto http = std::to_string(http_);
    const auto https = std::to_string(https_);
    replace_all(site, "listen 80;", "listen 127.0.0.1:" + http + ";");
    replace_all(site, "listen 443 ", "listen 127.0.0.1:" + https + " ");
    replace_all(site, "  listen [::]:80;\n", "");
    replace_all(site, "  listen [::]:443 ssl http2;\n", "");
    replace_all(site, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(upstream_port));
    replace_all(site, "/etc/narada/tls/fullchain.pem", (directory_ / "cert.pem").string());
    replace_all(site, "/etc/narada/tls/privkey.pem", (directory_ / "key.pem").string());
    replace_all(site, "/var/cache/nginx/narada", (directory_ / "cache").string());
    replace_all(site, "/var/log/nginx/narada.access.log", (directory_ / "access.log").string());
    replace_all(site, "/var/log/nginx/narada.error.log", (directory_ / "site.log").string());
    // All clients of the test have one address.
    replace_all(site, "rate=50r/s", "rate=100000r/s");
    const auto temporary = directory_.string();
    std::ofstream(directory_ / "site.conf") << site;
    std::ofstream(directory_ / "nginx.conf")
        << "worker_processes 2;\ndaemon off;\nerror_log " << temporary << "/error.log;\npid "
        << temporary << "/pid;\nevents { worker_connections 512; }\nhttp {\n"
        << "client_body_temp_path " << temporary << "/body;\nproxy_temp_path " << temporary
        << "/proxy;\nfastcgi_temp_path " << temporary << "/f;\nuwsgi_temp_path " << temporary
        << "/u;\nscgi_temp_path " << temporary << "/s;\ninclude " << temporary
        << "/site.conf;\n}\n";
  }

  void start() {
    const auto configuration = (directory_ / "nginx.conf").string();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      // As root the workers would drop to a user who may not read this directory.
      const char* user = ::geteuid() == 0 ? "user root;" : "";
      ::execlp("nginx", "nginx", "-c", configuration.c_str(), "-g", user, nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 200 && !RawClient(https_).connected(); ++i) {
      std::this_thread::sleep_for(20ms);
    }
    REQUIRE_MESSAGE(RawClient(https_).connected(), read_text(directory_ / "error.log"));
  }

  std::uint16_t http_ = next_test_port();
  std::uint16_t https_ = next_test_port();
  fs::path directory_;
  pid_t pid_ = -1;
};

http::ServerOptions behind_proxy() {
  auto options = small_server();
  options.trusted_proxies = {"127.0.0.1"};
  return options;
}

const std::string kSite = "https://narada.example.org";

TEST_CASE("nginx speaks TLS, HTTP/1.1 and HTTP/2 for the site and says who asked") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  for (const auto& [option, version] : {std::pair{"--http1.1", "1.1"}, std::pair{"--http2", "2"}}) {
    CAPTURE(std::string(option));
    const auto format = std::string(option) + " -w '%{http_code} %{http_version}' ";
    CHECK(nginx.curl(format + kSite + "/pool") == "hello\n200 " + std::string(version));
    CHECK(nginx.curl(format + "-H 'X-Forwarded-For: 1.2.3.4' -H 'X-Forwarded-Proto: http' " +
                     kSite + "/who") == "127.0.0.1 https200 " + std::string(version));
    CHECK(nginx.curl(format + "-d some=form " + kSite + "/echo") ==
          "POST /echo [some=form]\n200 " + std::string(version));
    CHECK(nginx.curl(format + "-H 'Transfer-Encoding: chunked' -d piece " + kSite + "/echo") ==
          "POST /echo [piece]\n200 " + std::string(version));
    CHECK(nginx.curl(std::string(option) + " -o /dev/null -w '%{http_code} %{size_download}' " +
                     kSite + "/kb?n=3000") == "200 3072000");
  }
  const auto head = nginx.curl("-I " + kSite + "/");
  CHECK(head.find("strict-transport-security: max-age=63072000") != std::string::npos);
  CHECK(head.find("nginx/") == std::string::npos);
}

TEST_CASE("plain HTTP is sent on to HTTPS") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  RawClient client(nginx.http_port());
  client.send("GET /a?b=c HTTP/1.1\r\nHost: narada.example.org\r\n\r\n");
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 308);
  CHECK(answer->header("location") == "https://narada.example.org/a?b=c");
}

TEST_CASE("many requests share the few connections between nginx and the site") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  const auto before = server.server().statistics();
  std::string urls;
  for (int i = 0; i < 200; ++i) urls += " " + kSite + "/rid?id=" + std::to_string(i);
  const auto text = nginx.curl(urls);
  CHECK(text.starts_with("id=0\nid=1\n"));
  CHECK(text.ends_with("id=198\nid=199\n"));
  const auto after = server.server().statistics();
  CHECK(after.requests_total - before.requests_total == 200);
  CHECK(after.connections_open <= 4);  // one per worker of nginx, kept
  CHECK(after.connections_open >= 1);
}

TEST_CASE("static files are fetched once and without cookies") {
  std::atomic<int> fetched{0};
  http::ServerHooks hooks;
  hooks.handle = [&](const http::Request& request, const http::Router::Match&) {
    ++fetched;
    return http::text_response(200, "cookie=" + request.cookie("session").value_or("none"))
        .set("Cache-Control", "public, max-age=31536000, immutable");
  };
  TestServer server(behind_proxy(), {}, hooks);
  const Nginx nginx(server.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(nginx.curl("-b session=secret " + kSite + "/static/a.0123.css") == "cookie=none");
  }
  CHECK(fetched == 1);
  CHECK(nginx.curl("-b session=secret " + kSite + "/page") == "cookie=secret");
}

TEST_CASE("the log keeps no link that opens a registration, no query and no page before") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  for (const auto* path : {"/z/tOkEn-1", "/en/z/tOkEn-2?nowe=1", "/szukaj?q=jan.kowalski"}) {
    nginx.curl("-o /dev/null -e " + kSite + "/z/tOkEn-3 '" + kSite + path + "'");
  }
  const auto log = read_text(nginx.directory() / "access.log");
  CHECK(log.find("GET /z/*** ") != std::string::npos);
  CHECK(log.find("GET /en/z/*** ") != std::string::npos);
  CHECK(log.find("GET /szukaj ") != std::string::npos);
  CHECK(log.find("tOkEn") == std::string::npos);
  CHECK(log.find("kowalski") == std::string::npos);
}

TEST_CASE("no error log keeps a link when the site does not answer") {
  const Nginx nginx(next_test_port());  // where nobody listens
  for (const auto* path : {"/z/tOkEn-1", "/en/wejscie/tOkEn-2?nowe=1", "/a?b=tOkEn-3"}) {
    CHECK(nginx.curl("-o /dev/null -w '%{http_code}' -e " + kSite + "/z/tOkEn-4 '" + kSite + path +
                     "'") == "502");
  }
  REQUIRE(fs::exists(nginx.directory() / "site.log"));
  for (const auto* log : {"site.log", "error.log", "access.log"}) {
    CAPTURE(std::string(log));
    CHECK(read_text(nginx.directory() / log).find("tOkEn") == std::string::npos);
  }
}

TEST_CASE("limits hold in front already") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  const auto before = server.server().statistics().requests_total;
  const std::string status_only = "--http1.1 -o /dev/null -w '%{http_code}' ";
  CHECK(nginx.curl(status_only + "-H 'X: " + std::string(9'000, 'a') + "' " + kSite + "/") ==
        "400");
  const auto large = nginx.directory() / "large";
  std::ofstream(large) << std::string(3'000'000, 'x');
  CHECK(nginx.curl(status_only + "-X PATCH --data-binary @" + large.string() + " " + kSite +
                   "/up") == "413");
  CHECK(server.server().statistics().requests_total == before);
}

TEST_CASE("clients that abort through nginx never mix up answers") {
  TestServer server(behind_proxy());
  const Nginx nginx(server.port());
  std::atomic<bool> over{false};
  // Many curls that give up early, beside one that checks what it gets.
  std::vector<std::thread> aborting;
  for (int t = 0; t < 3; ++t) {
    aborting.emplace_back([&] {
      for (int i = 0; !over; ++i) {
        run_command(
            "curl -s -k --max-time 0.03 --connect-to "
            "narada.example.org:443:127.0.0.1:" +
            std::to_string(nginx.https_port()) + " '" + kSite + "/wait?ms=40&id=A' -o /dev/null");
      }
    });
  }
  std::string expected;
  std::string urls;
  for (int i = 0; i < 100; ++i) {
    urls += " '" + kSite + "/wait?ms=1&id=B" + std::to_string(i) + "'";
    expected += "id=B" + std::to_string(i) + "\n";
  }
  for (int round = 0; round < 5; ++round) CHECK(nginx.curl(urls) == expected);
  over = true;
  for (auto& thread : aborting) thread.join();
}

}  // namespace
}  // namespace narada::test
