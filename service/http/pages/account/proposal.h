#pragma once

#include "service/http/pages/pages.h"

namespace narada::http::pages {

// /zastepstwa/{id}; called by the pages of substitution.
void add_proposal_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
