#include "service/identity/id_token.h"

#include <doctest/doctest.h>
#include <jansson.h>
#include <sodium.h>

// libjose's headers are for C alone.
extern "C" {
#include <jose/jwk.h>
#include <jose/jws.h>
}

#include <cstdlib>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "service/identity/provider_description.h"

using namespace narada;
using namespace narada::identity;
using nlohmann::json;

namespace {

struct FreeJson {
  void operator()(json_t* value) const { json_decref(value); }
};
using JanssonValue = std::unique_ptr<json_t, FreeJson>;

JanssonValue jansson_of(const json& value) {
  JanssonValue loaded(json_loads(value.dump().c_str(), 0, nullptr));
  REQUIRE(loaded);
  return loaded;
}

json json_of(const json_t* value) {
  char* text = json_dumps(value, 0);
  const json parsed = json::parse(text);
  std::free(text);
  return parsed;
}

json make_key(const json& wanted) {
  const auto key = jansson_of(wanted);
  REQUIRE(jose_jwk_gen(nullptr, key.get()));
  json made = json_of(key.get());
  made.erase("key_ops");  // jose's own addition
  return made;
}

json public_half(const json& key) {
  const auto copy = jansson_of(key);
  REQUIRE(jose_jwk_pub(nullptr, copy.get()));
  return json_of(copy.get());
}

std::string base64url(const std::string& bytes) {
  std::string text(
      sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();
  return text;
}

// A compact JWS by libjose itself.
std::string sign(const json& key, const json& header, const json& claims) {
  const auto jws = jansson_of({{"payload", base64url(claims.dump())}});
  const auto signature = jansson_of({{"protected", header}});
  REQUIRE(jose_jws_sig(nullptr, jws.get(), signature.get(), jansson_of(key).get()));
  const json done = json_of(jws.get());
  return done["protected"].get<std::string>() + "." + done["payload"].get<std::string>() + "." +
         done["signature"].get<std::string>();
}

constexpr std::int64_t kNow = 1799053200;

// One provider with a key of each kind, and what a good token of it says.
struct Provider {
  json rsa = make_key({{"kty", "RSA"}, {"bits", 2048}});
  json elliptic = make_key({{"kty", "EC"}, {"crv", "P-256"}});
  json keys() const {
    json named_rsa = public_half(rsa), named_elliptic = public_half(elliptic);
    named_rsa.update({{"kid", "one"}, {"use", "sig"}});
    named_elliptic.update({{"kid", "two"}, {"use", "sig"}, {"alg", "ES256"}});
    return {{"keys", {named_rsa, named_elliptic}}};
  }
};

const Provider& provider() {
  static const Provider one;
  return one;
}

json good_claims() {
  return {{"iss", "https://login.example"},
          {"aud", "narada"},
          {"sub", "248289761001"},
          {"exp", kNow + 300},
          {"iat", kNow - 5},
          {"nonce", "n-0S6_WzA2Mj"},
          {"email", "a.nowak@urzad.example"},
          {"email_verified", true},
          {"name", "Anna Nowak"}};
}

IdTokenRules rules() {
  return {"https://login.example", "narada", "n-0S6_WzA2Mj",
          domain::Instant(std::chrono::seconds(kNow))};
}

std::string outcome_of(const std::string& token, const json& keys = provider().keys()) {
  const auto read = read_id_token(token, keys.dump(), rules());
  if (const auto* flaw = std::get_if<IdTokenFlaw>(&read)) return std::string(to_string(*flaw));
  const auto& person = std::get<PersonClaims>(read);
  return person.subject + " " + person.email + (person.email_verified ? " verified " : " ? ") +
         person.full_name;
}

const json kRsaHeader = {{"alg", "RS256"}, {"kid", "one"}};
const std::string kGood = "248289761001 a.nowak@urzad.example verified Anna Nowak";

}  // namespace

TEST_CASE("a token signed by a key of the provider is read, by any algorithm that is allowed") {
  CHECK(outcome_of(sign(provider().rsa, kRsaHeader, good_claims())) == kGood);
  CHECK(outcome_of(sign(provider().rsa, {{"alg", "PS256"}, {"kid", "one"}}, good_claims())) ==
        kGood);
  CHECK(outcome_of(sign(provider().elliptic, {{"alg", "ES256"}, {"kid", "two"}}, good_claims())) ==
        kGood);
  CHECK(outcome_of(sign(provider().rsa, {{"alg", "RS256"}}, good_claims())) == kGood);
}

TEST_CASE("a token that breaks one rule of its claims is refused for it") {
  struct Row {
    std::string name;
    std::function<void(json&)> change;
    std::string outcome;
  };
  const std::vector<Row> rows = {
      {"nothing", [](json&) {}, kGood},
      {"wrong iss", [](json& c) { c["iss"] = "https://login.example/"; }, "wrong_issuer"},
      {"no iss", [](json& c) { c.erase("iss"); }, "wrong_issuer"},
      {"wrong aud", [](json& c) { c["aud"] = "other"; }, "wrong_audience"},
      {"no aud", [](json& c) { c.erase("aud"); }, "wrong_audience"},
      {"a list of this one", [](json& c) { c["aud"] = {"narada"}; }, kGood},
      {"a list of others",
       [](json& c) {
         c["aud"] = {"x", "y"};
       },
       "wrong_audience"},
      {"several, no azp",
       [](json& c) {
         c["aud"] = {"x", "narada"};
       },
       "wrong_audience"},
      {"several, azp ours",
       [](json& c) {
         c["aud"] = {"x", "narada"}, c["azp"] = "narada";
       },
       kGood},
      {"azp of another", [](json& c) { c["azp"] = "x"; }, "wrong_audience"},
      {"expired", [](json& c) { c["exp"] = kNow - 60; }, "expired"},
      {"expired within the difference of clocks", [](json& c) { c["exp"] = kNow - 59; }, kGood},
      {"no exp", [](json& c) { c.erase("exp"); }, "expired"},
      {"exp as text", [](json& c) { c["exp"] = std::to_string(kNow + 300); }, "expired"},
      {"exp beyond all", [](json& c) { c["exp"] = 1e300; }, "expired"},
      {"no iat", [](json& c) { c.erase("iat"); }, "wrong_time"},
      {"iat in the future", [](json& c) { c["iat"] = kNow + 61; }, "wrong_time"},
      {"iat long ago", [](json& c) { c["iat"] = kNow - 661; }, "wrong_time"},
      {"nbf in the future", [](json& c) { c["nbf"] = kNow + 61; }, "wrong_time"},
      {"wrong nonce", [](json& c) { c["nonce"] = "n-0S6_WzA2Mk"; }, "wrong_nonce"},
      {"no nonce", [](json& c) { c.erase("nonce"); }, "wrong_nonce"},
      {"no sub", [](json& c) { c.erase("sub"); }, "no_subject"},
      {"long sub", [](json& c) { c["sub"] = std::string(256, 'x'); }, "no_subject"},
      {"sub as number", [](json& c) { c["sub"] = 7; }, "no_subject"},
      {"mailbox not verified", [](json& c) { c["email_verified"] = false; },
       "248289761001 a.nowak@urzad.example ? Anna Nowak"},
      {"nothing about the mailbox", [](json& c) { c.erase("email_verified"); },
       "248289761001 a.nowak@urzad.example ? Anna Nowak"},
      {"verified as 1", [](json& c) { c["email_verified"] = 1; },
       "248289761001 a.nowak@urzad.example ? Anna Nowak"},
      {"verified as text", [](json& c) { c["email_verified"] = "true"; }, kGood},
      {"two names instead of one",
       [](json& c) { c.erase("name"), c["given_name"] = "Anna", c["family_name"] = "Nowak"; },
       kGood},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    json claims = good_claims();
    row.change(claims);
    CHECK(outcome_of(sign(provider().rsa, kRsaHeader, claims)) == row.outcome);
  }
}

TEST_CASE("a token that nobody but the provider could have signed is the only one taken") {
  const std::string good = sign(provider().rsa, kRsaHeader, good_claims());
  const std::string payload = base64url(good_claims().dump());
  const auto unsigned_token = [&](const json& header, const std::string& signature) {
    return base64url(header.dump()) + "." + payload + "." + signature;
  };
  // HMAC with the public key as its secret: what a library takes that lets the token choose.
  const json public_rsa = public_half(provider().rsa);
  const auto hmac = [&](const std::string& secret) {
    return sign({{"kty", "oct"}, {"k", base64url(secret)}}, {{"alg", "HS256"}, {"kid", "one"}},
                good_claims());
  };
  const json stranger = make_key({{"kty", "EC"}, {"crv", "P-256"}});
  const json weak = make_key({{"kty", "RSA"}, {"bits", 2048}});
  json embedded = kRsaHeader;
  embedded["jwk"] = public_half(weak);
  json critical = kRsaHeader;
  critical["crit"] = {"exp"};
  auto tampered = good;
  const auto dot = tampered.find('.') + 1;
  tampered.replace(dot, payload.size(), base64url([] {
                     json claims = good_claims();
                     claims["sub"] = "248289761002";
                     return claims.dump();
                   }()));
  struct Row {
    std::string name;
    std::string token;
    std::string outcome;
  };
  const std::vector<Row> rows = {
      {"alg none", unsigned_token({{"alg", "none"}}, ""), "wrong_algorithm"},
      {"alg None", unsigned_token({{"alg", "None"}, {"kid", "one"}}, ""), "wrong_algorithm"},
      {"no alg", unsigned_token({{"kid", "one"}}, ""), "wrong_algorithm"},
      {"HS256 with the public key as JSON", hmac(public_rsa.dump()), "wrong_algorithm"},
      {"HS256 with the public modulus", hmac(public_rsa["n"]), "wrong_algorithm"},
      {"RS512", sign(provider().rsa, {{"alg", "RS512"}, {"kid", "one"}}, good_claims()),
       "wrong_algorithm"},
      {"crit", sign(provider().rsa, critical, good_claims()), "wrong_algorithm"},
      {"unknown kid", sign(provider().rsa, {{"alg", "RS256"}, {"kid", "three"}}, good_claims()),
       "unknown_key"},
      {"kid of a key of another kind",
       sign(provider().rsa, {{"alg", "RS256"}, {"kid", "two"}}, good_claims()), "unknown_key"},
      {"a stranger's key under the provider's name",
       sign(stranger, {{"alg", "ES256"}, {"kid", "two"}}, good_claims()), "bad_signature"},
      {"a key that travels in the token", sign(weak, embedded, good_claims()), "bad_signature"},
      {"other claims under the signature", tampered, "bad_signature"},
      {"no signature", good.substr(0, good.rfind('.') + 1), "bad_signature"},
      {"half a signature", good.substr(0, good.size() - 100), "bad_signature"},
      {"two parts", good.substr(0, good.rfind('.')), "malformed"},
      {"four parts", good + ".x", "malformed"},
      {"empty", "", "malformed"},
      {"no base64", "a b.c d.e", "malformed"},
      {"base64 of no JSON", base64url("x") + "." + payload + ".x", "malformed"},
      {"a header that is a list", base64url("[]") + "." + payload + ".x", "malformed"},
      {"claims that are no object", base64url(kRsaHeader.dump()) + "." + base64url("7") + ".x",
       "malformed"},
      {"deep claims",
       base64url(kRsaHeader.dump()) + "." + base64url(std::string(12000, '[')) + ".x", "malformed"},
      {"more than 16 KiB", good + std::string(16 << 10, 'A'), "malformed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(outcome_of(row.token) == row.outcome);
  }
}

TEST_CASE("a set of keys that cannot be used opens nothing") {
  const std::string good = sign(provider().rsa, kRsaHeader, good_claims());
  json encryption = provider().keys();
  encryption["keys"][0]["use"] = "enc";
  json other_algorithm = provider().keys();
  other_algorithm["keys"][0]["alg"] = "PS256";
  json short_key = provider().keys();
  short_key["keys"][0]["n"] = "AQAB";
  for (const json& keys : {json::object(), json::array(), json{{"keys", 7}},
                           json{{"keys", {7, nullptr}}}, encryption, other_algorithm, short_key}) {
    CAPTURE(keys.dump());
    CHECK(outcome_of(good, keys) == "unknown_key");
  }
  const auto read = read_id_token(good, "<html>", rules());
  CHECK(std::get<IdTokenFlaw>(read) == IdTokenFlaw::unknown_key);
}

TEST_CASE("a provider's description is taken only from the issuer itself and over TLS") {
  const json good = {{"issuer", "https://login.example"},
                     {"authorization_endpoint", "https://login.example/auth"},
                     {"token_endpoint", "https://login.example/token"},
                     {"jwks_uri", "https://login.example/keys"},
                     {"userinfo_endpoint", "https://login.example/me"}};
  const auto read = read_provider_description(good.dump(), "https://login.example");
  REQUIRE(read);
  CHECK(read->token_url == "https://login.example/token");
  CHECK(read->takes_basic);
  CHECK_FALSE(read->names_itself);
  struct Row {
    std::string field;
    json value;
  };
  for (const Row& row : std::vector<Row>{{"issuer", "https://login.example/"},
                                         {"authorization_endpoint", "http://login.example/auth"},
                                         {"authorization_endpoint", "javascript:alert(1)"},
                                         {"token_endpoint", nullptr},
                                         {"token_endpoint", "http://127.0.0.1.evil.example/token"},
                                         {"token_endpoint", "http://127.0.0.1@evil.example/token"},
                                         {"jwks_uri", "ftp://login.example/keys"},
                                         {"jwks_uri", "https://"},
                                         {"response_types_supported", {"token"}},
                                         {"code_challenge_methods_supported", {"plain"}}}) {
    CAPTURE(row.field);
    CAPTURE(row.value.dump());
    json changed = good;
    changed[row.field] = row.value;
    CHECK_FALSE(read_provider_description(changed.dump(), "https://login.example"));
  }
  json post_only = good;
  post_only["token_endpoint_auth_methods_supported"] = {"client_secret_post", "private_key_jwt"};
  CHECK_FALSE(read_provider_description(post_only.dump(), "https://login.example")->takes_basic);
  CHECK_FALSE(read_provider_description("[]", "https://login.example"));
}
