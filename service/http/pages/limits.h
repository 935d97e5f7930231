#pragma once

#include <string_view>

#include "service/http/pages/page.h"

namespace narada::http::pages {

// The rate limits of sign-in links (service/usecases/rate_limits.h) for the client of the page's
// request, where the installation has limits. Each counts one try and throws Error 429 with
// Retry-After when there have been too many.
void limit_sign_in_mail(const Page& page, std::string_view email);
void limit_wrong_link(const Page& page);

}  // namespace narada::http::pages
