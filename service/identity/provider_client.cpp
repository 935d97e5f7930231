#include "service/identity/provider_client.h"

#include <httplib.h>

#include <string_view>

#include "service/identity/percent_encoding.h"

namespace narada::identity {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestBody = 512 << 10;  // bytes
constexpr std::chrono::seconds kConnect{3};
constexpr std::chrono::seconds kSilence{5};        // of the server, and of the socket
constexpr std::chrono::seconds kLongestAnswer{8};  // the whole body

constexpr std::string_view kSecure = "https://";
constexpr std::string_view kLoopback = "http://127.0.0.1";

struct Address {
  std::string origin;  // "https://host:port"
  std::string path;    // with its query
};

std::optional<Address> split_url(const std::string& url) {
  if (!is_provider_url(url)) return std::nullopt;
  const auto host = url.find("://") + 3;
  const auto slash = url.find('/', host);
  if (slash == std::string::npos) return Address{url, "/"};
  return Address{url.substr(0, slash), url.substr(slash)};
}

std::optional<ProviderAnswer> exchange(const std::string& authorities, const std::string& url,
                                       httplib::Request request) {
  const auto address = split_url(url);
  if (!address) return std::nullopt;
  httplib::Client client(address->origin);
  if (!client.is_valid()) return std::nullopt;
  client.set_connection_timeout(kConnect);
  client.set_read_timeout(kSilence);
  client.set_write_timeout(kSilence);
  client.set_follow_location(false);
  client.set_keep_alive(false);
  client.enable_server_certificate_verification(true);
  if (!authorities.empty()) client.set_ca_cert_path(authorities);
  ProviderAnswer answer;
  request.path = address->path;
  request.headers.emplace("Accept", "application/json");
  request.headers.emplace("Accept-Encoding", "identity");
  const auto deadline = Clock::now() + kLongestAnswer;
  request.content_receiver = [&](const char* bytes, std::size_t length, std::uint64_t,
                                 std::uint64_t) {
    if (answer.body.size() + length > kLongestBody || Clock::now() > deadline) return false;
    answer.body.append(bytes, length);
    return true;
  };
  const auto result = client.send(request);
  if (!result) return std::nullopt;
  answer.status = result->status;
  return answer;
}

}  // namespace

bool is_provider_url(const std::string& url) {
  if (url.find_first_of(" \t\r\n\"<>\\#@") != std::string::npos) return false;
  if (url.starts_with(kSecure)) return url.size() > kSecure.size() && url[kSecure.size()] != '/';
  if (!url.starts_with(kLoopback)) return false;
  return url.size() == kLoopback.size() || url[kLoopback.size()] == '/' ||
         url[kLoopback.size()] == ':';
}

std::optional<ProviderAnswer> ProviderClient::get(const std::string& url,
                                                  const std::string& bearer) const {
  httplib::Request request;
  request.method = "GET";
  if (!bearer.empty()) request.headers.emplace("Authorization", "Bearer " + bearer);
  return exchange(authorities_, url, std::move(request));
}

std::optional<ProviderAnswer> ProviderClient::post(const std::string& url, const Form& form) const {
  httplib::Request request;
  request.method = "POST";
  for (const auto& [name, value] : form.fields)
    request.body.append(request.body.empty() ? "" : "&")
        .append(percent_encode(name))
        .append("=")
        .append(percent_encode(value));
  request.headers.emplace("Content-Type", "application/x-www-form-urlencoded");
  if (!form.basic_user.empty()) {
    // RFC 6749 2.3.1: both are form-encoded before they become Basic.
    request.headers.insert(httplib::make_basic_authentication_header(
        percent_encode(form.basic_user), percent_encode(form.basic_password)));
  }
  return exchange(authorities_, url, std::move(request));
}

}  // namespace narada::identity
