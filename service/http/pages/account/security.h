#pragma once

#include <string>

#include "service/http/pages/account/session.h"
#include "service/usecases/people/credentials.h"

namespace narada::http::pages {

// /moje/bezpieczenstwo: password, one-time codes and sessions of the one who is signed in.

inline constexpr const char* kSecurityPath = "/moje/bezpieczenstwo";
inline constexpr const char* kSecurityPasswordPath = "/moje/bezpieczenstwo/haslo";
inline constexpr const char* kSecurityCodesPath = "/moje/bezpieczenstwo/kody";

usecases::Owner owner_of(const Page& page, const usecases::SignedIn& signed_in);
std::string security_date(const Page& page, domain::Instant at);  // "21 stycznia 2027"

// What security_current_password.html asks for, and whether nothing can be done before signing in
// again.
void ask_for_proof(Page& page, const usecases::SignedIn& signed_in,
                   const usecases::CredentialState& state, std::string_view path);

// The same for a form that stands on another page: "ask_current", or "sign_in_again"
// {email, action} where it can be sent only after signing in again.
void add_proof(Page& page, const usecases::SignedIn& signed_in, std::string_view path);

// Back to the overview, which says what was done.
Response security_done(const Page& page, std::string_view what);

}  // namespace narada::http::pages
