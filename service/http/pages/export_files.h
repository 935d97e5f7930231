#pragma once

#include <string>
#include <vector>

#include "service/domain/harvest.h"

// Files with everything that is published of practices. `base`: "https://narada.example".
namespace narada::http::pages {

using Published = std::vector<domain::HarvestedPractice>;

// UTF-8 with a byte order mark, semicolons, CRLF; a cell that a spreadsheet would take for a
// formula begins with an apostrophe.
std::string write_practices_csv(const Published& practices, const std::string& base);
// {"practices": [...]}; what no source says is null or empty.
std::string write_practices_json(const Published& practices, const std::string& base);
// One @graph of schema.org Articles.
std::string write_practices_json_ld(const Published& practices, const std::string& base);

}  // namespace narada::http::pages
