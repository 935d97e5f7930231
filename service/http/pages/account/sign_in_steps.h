#pragma once

#include <string>
#include <string_view>

#include "service/http/pages/form.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// What the pages of passwords, codes and the office's directory share.

// 429 or 503 with Retry-After where the errors say that the form has to wait, else 422.
Response form_response(const Page& page, std::string_view name, const domain::FieldErrors& errors);

// A page that nobody finds by searching and no cache keeps.
void make_private(Page& page);

// The page that says why nobody was signed in, with the way to a link: the texts
// "<reason>_title" and "<reason>".
Response show_sign_in_failed(Page& page, int status, const std::string& reason,
                             std::string_view return_to);

}  // namespace narada::http::pages
