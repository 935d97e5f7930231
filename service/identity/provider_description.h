#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narada::identity {

// What a provider says of itself (OpenID Connect Discovery 1.0, 3).
struct ProviderDescription {
  std::string authorization_url;
  std::string token_url;
  std::string userinfo_url;  // empty: none
  std::string keys_url;
  bool takes_basic = true;    // client_secret_basic; else client_secret_post
  bool names_itself = false;  // "iss" comes with every answer (RFC 9207)
};

// Absent when the text is not the description of exactly this issuer, when an address in it is not
// https (or 127.0.0.1), or when it offers no authorization code with PKCE S256.
std::optional<ProviderDescription> read_provider_description(std::string_view text,
                                                             const std::string& issuer);

}  // namespace narada::identity
