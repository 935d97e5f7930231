#include "service/identity/provider_description.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/identity/provider_client.h"

namespace narada::identity {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

enum class WhenMissing { yes, no };

bool offers(const json& object, const char* list, const char* wanted, WhenMissing otherwise) {
  const auto found = object.find(list);
  if (found == object.end() || !found->is_array()) return otherwise == WhenMissing::yes;
  return std::find(found->begin(), found->end(), json(wanted)) != found->end();
}

}  // namespace

std::optional<ProviderDescription> read_provider_description(std::string_view text,
                                                             const std::string& issuer) {
  const auto object = json::parse(text, nullptr, false);
  if (!object.is_object() || text_of(object, "issuer") != issuer) return std::nullopt;
  ProviderDescription description;
  description.authorization_url = text_of(object, "authorization_endpoint");
  description.token_url = text_of(object, "token_endpoint");
  description.keys_url = text_of(object, "jwks_uri");
  description.userinfo_url = text_of(object, "userinfo_endpoint");
  for (const auto& url :
       {description.authorization_url, description.token_url, description.keys_url})
    if (!is_provider_url(url)) return std::nullopt;
  if (!is_provider_url(description.userinfo_url)) description.userinfo_url.clear();
  // Not every provider that can do PKCE says so.
  if (!offers(object, "response_types_supported", "code", WhenMissing::yes) ||
      !offers(object, "code_challenge_methods_supported", "S256", WhenMissing::yes))
    return std::nullopt;
  constexpr const char* kMethods = "token_endpoint_auth_methods_supported";
  description.takes_basic = offers(object, kMethods, "client_secret_basic", WhenMissing::yes) ||
                            !offers(object, kMethods, "client_secret_post", WhenMissing::no);
  const auto names_itself = object.find("authorization_response_iss_parameter_supported");
  description.names_itself = names_itself != object.end() && *names_itself == json(true);
  return description;
}

}  // namespace narada::identity
