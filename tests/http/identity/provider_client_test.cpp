#include "service/identity/provider_client.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <chrono>
#include <thread>

#include "tests/support/database.h"

using namespace narada::identity;

namespace {

const std::string kCertificate = NARADA_SOURCE_DIR "/tests/mail/self_signed.cert";
const std::string kKey = NARADA_SOURCE_DIR "/tests/mail/self_signed.key";

// A server on a free port of 127.0.0.1 for as long as it lives.
template <class Server>
class Serving {
 public:
  template <class... Arguments>
  explicit Serving(Arguments... arguments) : server_(arguments...) {
    server_.Get("/small", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content("{\"bearer\":\"" + request.get_header_value("Authorization") + "\"}",
                           "application/json");
    });
    server_.Get("/large", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string((512 << 10) + 1, 'x'), "application/json");
    });
    server_.Get("/elsewhere", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("/small");
    });
    server_.Post("/token", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.get_header_value("Authorization") + " " +
                               request.get_param_value("a b") + " " + request.body,
                           "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ~Serving() {
    server_.stop();
    thread_.join();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::string url(const std::string& scheme, const std::string& path) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a provider is asked and answered in plain HTTP on this machine alone") {
  const Serving<httplib::Server> server;
  const ProviderClient client({});
  const auto answer = client.get(server.url("http", "/small"), "token");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "{\"bearer\":\"Bearer token\"}");
  CHECK(client.get(server.url("http", "/elsewhere"))->status == 302);  // not followed
  CHECK(client.get(server.url("http", "/nowhere"))->status == 404);
  CHECK_FALSE(client.get(server.url("http", "/large")));
  for (const auto* url : {"http://localhost/small", "http://192.0.2.1/", "ftp://127.0.0.1/", "",
                          "x", "file:///etc/passwd", "https://", "https:///x", "https://a b/"}) {
    CAPTURE(url);
    CHECK_FALSE(client.get(url));
  }
}

TEST_CASE("a form and the client's name and secret arrive as they were") {
  const Serving<httplib::Server> server;
  ProviderClient::Form form;
  form.fields = {{"a b", "ą&=+ %"}};
  form.basic_user = "narada";
  form.basic_password = "a:b c";
  const auto answer = ProviderClient({}).post(server.url("http", "/token"), form);
  REQUIRE(answer);
  // "narada:a%3Ab%20c"
  CHECK(answer->body == "Basic bmFyYWRhOmElM0FiJTIwYw== ą&=+ % a%20b=%C4%85%26%3D%2B%20%25");
}

TEST_CASE("over TLS only a provider whose certificate can be checked is heard") {
  const Serving<httplib::SSLServer> server(kCertificate.c_str(), kKey.c_str());
  CHECK_FALSE(ProviderClient({}).get(server.url("https", "/small")));
  CHECK_FALSE(ProviderClient("/nowhere/authorities.pem").get(server.url("https", "/small")));
  const auto answer = ProviderClient(kCertificate).get(server.url("https", "/small"));
  REQUIRE(answer);
  CHECK(answer->status == 200);
}

TEST_CASE("a provider that listens and says nothing is given up within seconds") {
  httplib::Server silent;
  silent.Get("/", [](const httplib::Request&, httplib::Response&) {
    std::this_thread::sleep_for(std::chrono::seconds(7));
  });
  const int port = silent.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { silent.listen_after_bind(); });
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(ProviderClient({}).get("http://127.0.0.1:" + std::to_string(port) + "/"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(7));
  silent.stop();
  thread.join();
}
