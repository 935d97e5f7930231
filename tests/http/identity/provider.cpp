#include "tests/http/identity/provider.h"

#include <jansson.h>

// libjose's headers are for C alone.
extern "C" {
#include <jose/jwk.h>
}

#include <cstdlib>
#include <regex>

#include "tests/support/database.h"

namespace narada::testing {
namespace {

using nlohmann::json;

json make_key(const json& wanted, const std::string& name) {
  json_t* key = json_loads(wanted.dump().c_str(), 0, nullptr);
  REQUIRE(jose_jwk_gen(nullptr, key));
  char* text = json_dumps(key, 0);
  json made = json::parse(text);
  std::free(text);
  json_decref(key);
  made.erase("key_ops");
  made.update({{"kid", name}, {"use", "sig"}});
  return made;
}

json make_keys(const std::string& generation) {
  return {{"keys",
           {make_key({{"kty", "RSA"}, {"bits", 2048}}, "rsa-" + generation),
            make_key({{"kty", "EC"}, {"crv", "P-256"}}, "ec-" + generation)}}};
}

json people() {
  return {
      {"anna",
       {{"email", "Anna.Nowak@urzad.example"}, {"email_verified", true}, {"name", "Anna Nowak"}}},
      {"piotr",
       {{"email", "piotr.kot@urzad.example"}, {"email_verified", false}, {"name", "Piotr Kot"}}},
      {"nobody", {{"email", "nobody@urzad.example"}, {"email_verified", true}}}};
}

}  // namespace

Provider::Provider(ProviderOptions options)
    : options_(std::move(options)), port_(free_port()), keys_(make_keys("first")) {
  start();
}

void Provider::stop() { process_.reset(); }

void Provider::start() {
  const json arguments{{"port", port_},
                       {"return_url", options_.return_url},
                       {"secret", options_.secret},
                       {"people", people()},
                       {"keys", keys_},
                       {"algorithm", options_.algorithm},
                       {"claims_in_token", options_.claims_in_token},
                       {"method", options_.method}};
  process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
      "node", std::string(NARADA_SOURCE_DIR) + "/tests/http/identity/provider.cjs",
      arguments.dump()});
  REQUIRE(process_->read_line() == "ready");
}

void Provider::rotate_keys() {
  stop();
  keys_ = make_keys("second");
  start();
}

std::string Provider::issuer() const { return "http://127.0.0.1:" + std::to_string(port_); }

std::string Provider::log_in(const std::string& url, const std::string& login) {
  Browser browser(port_);
  auto shown = browser.get(target_of(url));
  for (int step = 0; step < 10; ++step) {
    const auto next = shown.header("Location");
    if (!next.empty() && !next.starts_with(issuer()) && !next.starts_with("/"))
      return target_of(next);
    if (!next.empty()) {
      shown = browser.get(target_of(next));
      continue;
    }
    REQUIRE_MESSAGE(shown.status == 200, shown.status << " " << shown.html);
    std::smatch action;
    const std::regex form("action=\"([^\"]*)\"");
    REQUIRE_MESSAGE(std::regex_search(shown.html, action, form), shown.html);
    auto fields = shown.form("prompt");
    if (fields["prompt"] == "login")
      fields = {{"prompt", "login"}, {"login", login}, {"password", "x"}};
    shown = browser.post(target_of(action[1]), fields);
  }
  FAIL("the provider goes round in circles");
  return {};
}

std::string target_of(const std::string& url) {
  const auto host = url.find("://");
  if (host == std::string::npos) return url;
  const auto path = url.find('/', host + 3);
  return path == std::string::npos ? "/" : url.substr(path);
}

std::string query_part(const std::string& url, const std::string& name) {
  std::smatch found;
  return std::regex_search(url, found, std::regex("[?&]" + name + "=([^&]*)")) ? found[1].str()
                                                                               : std::string();
}

}  // namespace narada::testing
