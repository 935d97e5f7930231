#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/http/address_class.h"
#include "service/http/pages/form.h"
#include "service/http/pages/page.h"
#include "service/usecases/people/sessions.h"

namespace narada::http::pages {

// Pages of somebody who is signed in. The session's cookie is __Host-session on TLS and session
// without; HttpOnly, SameSite=Lax, for the whole site.

std::string session_cookie(const Request& request);  // its value, or empty
void set_session_cookie(const Request& request, Response& response, std::string_view token);
void clear_session_cookie(const Request& request, Response& response);

std::optional<usecases::SignedIn> find_signed_in(const Page& page);

using PrivateHandler = std::function<Response(Page&, const usecases::SignedIn&)>;
// A page for the signed-in, under `path` and "/en" + path, never kept by any cache. A visitor is
// sent to /wejscie?dalej=PATH and comes back after signing in; a visitor's POST gets the page that
// says that the session has ended (401). The view gets "account" {name, initials, is_admin,
// can_organize} and "private".
void add_private_page(Router& router, const Parts& parts, Method method, const std::string& path,
                      PrivateHandler handler, RouteOptions options = {});

// A write by the signed-in person from a posted form.
usecases::Call person_call(const Page& page, const FormFields& fields,
                           const usecases::SignedIn& signed_in);

// Throws Error 404 unless the person may: what is not for somebody does not exist for them.
void require(const usecases::SignedIn& signed_in, domain::Action action,
             const domain::Thing& thing = {});

// Browser and system of the User-Agent, and the network of the address.
usecases::Device device_of(const Request& request);

}  // namespace narada::http::pages
