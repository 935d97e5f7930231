#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "service/domain/time.h"

namespace narada::identity {

// What a provider says of a person: the claims of an ID token, or of its userinfo.
struct PersonClaims {
  std::string subject;
  std::string email;
  bool email_verified = false;
  std::string full_name;  // "name", or "given_name" and "family_name"
};
// Claims that are missing or of another type are empty. `json` is one object, or nothing is known.
PersonClaims read_person_claims(std::string_view json);

// What an ID token must say (OpenID Connect Core 3.1.3.7).
struct IdTokenRules {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  domain::Instant now{};
};

enum class IdTokenFlaw {
  malformed,        // no compact JWS of JSON objects, or longer than 16 KiB
  wrong_algorithm,  // none of RS256, PS256, ES256
  unknown_key,      // the provider's set has no key of that name and kind
  bad_signature,
  wrong_issuer,
  wrong_audience,  // aud is not this client, or azp another one
  expired,
  wrong_time,  // issued in the future, or long before this sign-in began
  wrong_nonce,
  no_subject
};
std::string_view to_string(IdTokenFlaw flaw);

// The claims of a token that keeps every rule and is signed by a key of the set `jwks` (RFC 7517).
// Never throws for what came from outside. Clocks may differ by a minute.
std::variant<PersonClaims, IdTokenFlaw> read_id_token(std::string_view token, std::string_view jwks,
                                                      const IdTokenRules& rules);

}  // namespace narada::identity
