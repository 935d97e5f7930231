#pragma once

#include <string_view>

#include "service/http/pages/page.h"
#include "service/usecases/tasks.h"

namespace narada::http::pages {

// A long list of registrations as a file: CSV or XLSX, with the filters and columns of the page
// that it was asked for on. `parts` outlives the work.
inline constexpr std::string_view kExportTask = "export_registrations";
usecases::TaskWork make_export_work(const Parts& parts);

}  // namespace narada::http::pages
