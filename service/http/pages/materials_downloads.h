#pragma once

#include "service/http/pages/materials_views.h"

namespace narada::http::pages {

// Files of materials, their pictures, and all files of a meeting as one archive.
void add_material_downloads(Router& router, const Parts& parts);

// The meeting of the registration whose link it is.
MaterialHome home_by_link(const Page& page, const ReadingPlace& place);

}  // namespace narada::http::pages
