#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/http/pages/page_site.h"
#include "tests/support/child_process.h"

namespace narada::testing {

// What provider.cjs is told, besides its port.
struct ProviderOptions {
  std::string return_url = {};
  std::string secret = "a secret of the tests";
  std::string algorithm = "RS256";
  std::string method = "client_secret_basic";
  bool claims_in_token = true;
};

// A real OpenID Connect provider in a process of its own. It knows "anna" (Anna Nowak), "piotr"
// (Piotr Kot, whose mailbox it has not verified) and "nobody" (without a name).
class Provider {
 public:
  explicit Provider(ProviderOptions options);

  void stop();
  void start();
  // With keys of other names from now on, as after a rotation.
  void rotate_keys();
  std::string issuer() const;
  std::uint16_t port() const { return port_; }

  // What a person does there whom `url` led there: logs in, agrees. Where the browser is then sent,
  // path and query.
  std::string log_in(const std::string& url, const std::string& login);

 private:
  ProviderOptions options_;
  std::uint16_t port_;
  nlohmann::json keys_;
  std::unique_ptr<ChildProcess> process_;
};

// "/path?query" of an address.
std::string target_of(const std::string& url);
// A parameter of its query as it stands there.
std::string query_part(const std::string& url, const std::string& name);

}  // namespace narada::testing
