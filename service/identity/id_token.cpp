#include "service/identity/id_token.h"

#include <jansson.h>
#include <sodium.h>

// libjose's headers are for C alone.
extern "C" {
#include <jose/cfg.h>
#include <jose/jws.h>
}

#include <algorithm>
#include <array>
#include <cstdarg>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace narada::identity {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestToken = 16 << 10;   // bytes
constexpr std::size_t kLongestSubject = 255;      // characters, OpenID Connect Core 2
constexpr std::size_t kShortestModulus = 256;     // bytes: RSA of 2048 bits
constexpr std::int64_t kClockDifference = 60;     // seconds
constexpr std::int64_t kLongestSignIn = 10 * 60;  // seconds between issue and use

struct Algorithm {
  std::string_view name;
  std::string_view key_type;
};
// Signatures with keys of which this side knows the public half only: nobody who knows the set of
// keys can sign, and "none" is none of them.
constexpr std::array kAlgorithms = {Algorithm{"RS256", "RSA"}, Algorithm{"PS256", "RSA"},
                                    Algorithm{"ES256", "EC"}};

struct FreeJson {
  void operator()(json_t* value) const { json_decref(value); }
};
struct FreeConfiguration {
  void operator()(jose_cfg_t* configuration) const { jose_cfg_decref(configuration); }
};

// The library's own reports go to standard error, with parts of tokens in them.
void keep_silent(void*, const char*, int, std::uint64_t, const char*, va_list) {}

std::optional<std::string> decode(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &length, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  bytes.resize(length);
  return bytes;
}

// Absent unless the text is one JSON object.
std::optional<json> parse_object(std::string_view text) {
  auto value = json::parse(text, nullptr, false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Seconds since 1970; absent when it is no number or beyond any date.
std::optional<std::int64_t> time_of(const json& object, const char* name) {
  constexpr double kLatest = 253402300799.0;  // the end of the year 9999
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds <= kLatest)) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

const Algorithm* find_algorithm(const json& header) {
  const auto name = text_of(header, "alg");
  const auto* found = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                   [&](const Algorithm& one) { return one.name == name; });
  return found == kAlgorithms.end() ? nullptr : found;
}

bool fits(const json& key, const json& header, const Algorithm& algorithm) {
  if (!key.is_object() || text_of(key, "kty") != algorithm.key_type) return false;
  if (key.contains("use") && text_of(key, "use") != "sig") return false;
  if (key.contains("alg") && text_of(key, "alg") != algorithm.name) return false;
  if (header.contains("kid") && text_of(header, "kid") != text_of(key, "kid")) return false;
  if (algorithm.key_type == "EC") return text_of(key, "crv") == "P-256";
  const auto modulus = decode(text_of(key, "n"));
  return modulus && modulus->size() >= kShortestModulus;
}

// The public half alone, so that nothing else in the key has a say.
json bare_key(const json& key) {
  json bare{{"kty", text_of(key, "kty")}};
  for (const char* name : {"n", "e", "crv", "x", "y"})
    if (key.contains(name)) bare[name] = text_of(key, name);
  return bare;
}

bool is_signed_by(const Parts& parts, const json& key) {
  const json signed_text{{"protected", std::string(parts.header)},
                         {"payload", std::string(parts.payload)},
                         {"signature", std::string(parts.signature)}};
  const std::unique_ptr<json_t, FreeJson> jws(json_loads(signed_text.dump().c_str(), 0, nullptr));
  const std::unique_ptr<json_t, FreeJson> jwk(json_loads(key.dump().c_str(), 0, nullptr));
  const std::unique_ptr<jose_cfg_t, FreeConfiguration> configuration(jose_cfg());
  if (!jws || !jwk || !configuration) return false;
  jose_cfg_set_err_func(configuration.get(), keep_silent, nullptr);
  return jose_jws_ver(configuration.get(), jws.get(), nullptr, jwk.get(), false);
}

std::optional<IdTokenFlaw> find_signature_flaw(const Parts& parts, const json& header,
                                               std::string_view jwks) {
  const Algorithm* algorithm = find_algorithm(header);
  // RFC 7515 4.1.11: what is critical and not understood is refused; nothing is understood.
  if (algorithm == nullptr || header.contains("crit")) return IdTokenFlaw::wrong_algorithm;
  const auto set = parse_object(jwks);
  bool is_known = false;
  if (set && set->contains("keys") && set->at("keys").is_array()) {
    for (const auto& key : set->at("keys")) {
      if (!fits(key, header, *algorithm)) continue;
      is_known = true;
      if (is_signed_by(parts, bare_key(key))) return std::nullopt;
    }
  }
  return is_known ? IdTokenFlaw::bad_signature : IdTokenFlaw::unknown_key;
}

bool is_for(const json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  const bool is_list = audience->is_array();
  const bool is_named =
      is_list ? std::find(audience->begin(), audience->end(), json(client_id)) != audience->end()
              : *audience == json(client_id);
  if (!is_named) return false;
  if (claims.contains("azp")) return text_of(claims, "azp") == client_id;
  return !is_list || audience->size() == 1;
}

bool is_same_secret(const std::string& left, const std::string& right) {
  return !left.empty() && left.size() == right.size() &&
         sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<IdTokenFlaw> find_claim_flaw(const json& claims, const IdTokenRules& rules) {
  const std::int64_t now = rules.now.time_since_epoch().count();
  if (text_of(claims, "iss") != rules.issuer) return IdTokenFlaw::wrong_issuer;
  if (!is_for(claims, rules.client_id)) return IdTokenFlaw::wrong_audience;
  const auto expires = time_of(claims, "exp");
  if (!expires || *expires <= now - kClockDifference) return IdTokenFlaw::expired;
  const auto issued = time_of(claims, "iat");
  const auto begins = time_of(claims, "nbf");
  if (!issued || *issued > now + kClockDifference ||
      *issued < now - kLongestSignIn - kClockDifference ||
      (claims.contains("nbf") && (!begins || *begins > now + kClockDifference)))
    return IdTokenFlaw::wrong_time;
  if (!is_same_secret(text_of(claims, "nonce"), rules.nonce)) return IdTokenFlaw::wrong_nonce;
  const auto subject = text_of(claims, "sub");
  if (subject.empty() || subject.size() > kLongestSubject) return IdTokenFlaw::no_subject;
  return std::nullopt;
}

PersonClaims person_claims(const json& claims) {
  PersonClaims person;
  person.subject = text_of(claims, "sub");
  person.email = text_of(claims, "email");
  // Some providers write the boolean as a string.
  const auto verified = claims.find("email_verified");
  person.email_verified =
      verified != claims.end() && (*verified == json(true) || *verified == json("true"));
  person.full_name = text_of(claims, "name");
  const auto given = text_of(claims, "given_name");
  const auto family = text_of(claims, "family_name");
  if (person.full_name.empty() && !given.empty() && !family.empty())
    person.full_name.append(given).append(" ").append(family);
  return person;
}

}  // namespace

std::string_view to_string(IdTokenFlaw flaw) {
  constexpr std::array<std::string_view, 10> kNames = {
      "malformed",      "wrong_algorithm", "unknown_key", "bad_signature", "wrong_issuer",
      "wrong_audience", "expired",         "wrong_time",  "wrong_nonce",   "no_subject"};
  return kNames.at(static_cast<std::size_t>(flaw));
}

PersonClaims read_person_claims(std::string_view text) {
  const auto claims = parse_object(text);
  return claims ? person_claims(*claims) : PersonClaims{};
}

std::variant<PersonClaims, IdTokenFlaw> read_id_token(std::string_view token, std::string_view jwks,
                                                      const IdTokenRules& rules) {
  if (token.size() > kLongestToken) return IdTokenFlaw::malformed;
  const auto parts = split(token);
  if (!parts) return IdTokenFlaw::malformed;
  const auto header_text = decode(parts->header);
  const auto claims_text = decode(parts->payload);
  if (!header_text || !claims_text) return IdTokenFlaw::malformed;
  const auto header = parse_object(*header_text);
  const auto claims = parse_object(*claims_text);
  if (!header || !claims) return IdTokenFlaw::malformed;
  if (const auto flaw = find_signature_flaw(*parts, *header, jwks)) return *flaw;
  if (const auto flaw = find_claim_flaw(*claims, rules)) return *flaw;
  return person_claims(*claims);
}

}  // namespace narada::identity
