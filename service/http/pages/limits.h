#pragma once

#include <string_view>

#include "service/http/pages/page.h"

namespace narada::http::pages {

// The rate limits of links and mails (service/usecases/rate_limits.h) for the client of the page's
// request, where the installation has limits. Each counts one try and throws Error 429 with
// Retry-After when there have been too many.
void limit_sign_in_mail(const Page& page, std::string_view email);
void limit_wrong_link(const Page& page);
// Of requests that make somebody get mail.
void limit_mail(const Page& page);

}  // namespace narada::http::pages
