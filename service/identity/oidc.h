#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "service/domain/time.h"

namespace narada::identity {

// How this installation is known at a provider.
struct OidcSettings {
  std::string issuer;  // as the provider writes it; https, or http://127.0.0.1
  std::string client_id;
  std::string client_secret;
  std::string name;         // what people call it; on the button
  std::string return_url;   // registered at the provider
  std::string authorities;  // PEM file instead of the system's authorities; empty: the system's
  // Takes one line for the operator when something fails: no token, code or secret is in it. Called
  // from any thread. Absent: nobody is told.
  std::function<void(const std::string&)> report = {};
};

// A sign-in that has begun. Whoever comes back must bring `state`; the rest stays with us.
struct OidcStart {
  std::string url;  // where to send the browser
  std::string state;
  std::string nonce;
  std::string verifier;  // PKCE, RFC 7636
};

// What the browser came back with.
struct OidcReturn {
  std::string code;
  std::string error;   // "access_denied"; empty: none
  std::string issuer;  // RFC 9207; empty: not said
};

// Who the provider says has signed in. The mailbox is theirs: the provider has verified it.
struct OidcIdentity {
  std::string issuer;
  std::string subject;
  std::string email;
  std::string full_name;
};

enum class OidcFailure {
  unavailable,  // no answer, or none that makes sense
  refused,      // by the person or the provider; the code was used before or is not ours
  untrusted,    // the token breaks a rule
  unverified,   // the provider does not vouch for the mailbox
  incomplete    // no e-mail or no name
};

// A provider of OpenID Connect: authorization code with PKCE S256. Its description and its keys are
// fetched when first needed and kept for an hour; keys are fetched again, at most every minute,
// when a token names an unknown one. After a failure nothing is asked for ten seconds. Thread-safe.
class OidcProvider {
 public:
  // Throws std::invalid_argument for an issuer that is no https URL, or without a client id.
  OidcProvider(OidcSettings settings, const domain::Clock& clock);
  ~OidcProvider();
  OidcProvider(const OidcProvider&) = delete;
  OidcProvider& operator=(const OidcProvider&) = delete;

  const std::string& name() const;
  const std::string& issuer() const;

  std::variant<OidcStart, OidcFailure> begin();
  // `start` is what begin() returned for this browser, without its URL; its state has been compared
  // already.
  std::variant<OidcIdentity, OidcFailure> finish(const OidcReturn& answer, const OidcStart& start);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::identity
