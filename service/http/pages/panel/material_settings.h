#pragma once

#include <string_view>

#include "service/http/pages/page.h"

namespace narada::http::pages {

// [{value, label, hint, checked}] of what may be asked of documents.
web::View rule_options(const Page& page, std::string_view selected);

void add_panel_material_settings_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
