#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/sessions.h"

namespace narada::usecases {

// Signing in by an office's own directory (OpenID Connect). Nothing is written until somebody comes
// back: what has to be remembered of a beginning stays sealed in the browser that began it.

// What the button calls the directory; absent without one.
std::optional<std::string> find_directory_name(const Environment&);

inline constexpr std::chrono::minutes kOidcLife{10};  // from beginning to coming back

struct OidcBeginning {
  std::string url;   // where to send the browser
  std::string kept;  // sealed, printable; for a cookie of kOidcLife
};
// NotFound without a directory; Conflict oidc_unavailable when it does not answer.
domain::Outcome<OidcBeginning> begin_oidc(const Environment&, std::string_view return_to,
                                          domain::Language language);

// What the browser came back with: the query of the address, and what it kept.
struct OidcCallback {
  std::string state;
  std::string code;
  std::string error;
  std::string issuer;
  std::string kept;
};
// What the browser kept says of how it began; Polish and nowhere when it was not ours.
struct OidcOrigin {
  std::string return_to;
  domain::Language language = domain::Language::pl;
};
OidcOrigin read_oidc_origin(const Environment&, const std::string& kept);

// Begins a session of the person whom the directory names: the one it has named before by issuer
// and subject, else the person of that mailbox and name, else a new one. Conflict: oidc_expired
// (begun elsewhere, too long ago, or come back before), oidc_unavailable, oidc_refused,
// oidc_untrusted, oidc_unverified, oidc_incomplete. NotFound without a directory.
domain::Outcome<NewSession> finish_oidc(const Environment&, const Call&, const OidcCallback&,
                                        const Device&, std::string_view replaced);

}  // namespace narada::usecases
