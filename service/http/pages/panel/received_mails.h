#pragma once

#include "service/http/pages/pages.h"

namespace narada::http::pages {

// /panel/poczta/odebrane; called by the pages of outgoing mail.
void add_panel_received_mail_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
