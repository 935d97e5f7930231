#include "service/http/pages/sign_in.h"

namespace narada::http::pages {

void show_other_ways(Page& page) { page.view()["directory"] = page.environment().oidc != nullptr; }

}  // namespace narada::http::pages
