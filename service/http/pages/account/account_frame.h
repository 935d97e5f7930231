#pragma once

#include "service/http/pages/account/session.h"

namespace narada::http::pages {

// The frame of a page with the name of who is signed in, as add_private_page shows it, for pages
// that others read too. The page needs a FormGuard, for the button that ends the session.
void show_account(Page& page, const usecases::SignedIn& signed_in);

}  // namespace narada::http::pages
