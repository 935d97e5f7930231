#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace narada::identity {

// What a provider answered.
struct ProviderAnswer {
  int status = 0;
  std::string body;
};

// HTTP to an identity provider: TLS with a certificate that is checked against the system's
// authorities, no redirects, at most 512 KiB, a few seconds. Plain HTTP only to 127.0.0.1. Each
// call stands for itself, so that any thread may make one.
class ProviderClient {
 public:
  // `authorities`: a PEM file to be used instead of the system's; empty: the system's.
  explicit ProviderClient(std::string authorities) : authorities_(std::move(authorities)) {}

  // Absent when nothing, too much, or nothing in time came back; `bearer` is an access token or
  // empty.
  std::optional<ProviderAnswer> get(const std::string& url, const std::string& bearer = {}) const;

  struct Form {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string basic_user;  // empty: no Authorization
    std::string basic_password;
  };
  std::optional<ProviderAnswer> post(const std::string& url, const Form& form) const;

 private:
  std::string authorities_;
};

// True for https://host… and for http://127.0.0.1….
bool is_provider_url(const std::string& url);

}  // namespace narada::identity
