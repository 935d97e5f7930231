#pragma once

#include <string>
#include <string_view>

#include "web/render.h"

namespace narada::web {

// HTML that was made here and may stand in a page as it is. A template shows the field "about" with
// {{safe_about:none}}; a field that is not marked so, a mere text, is escaped there as everywhere.
// Only what this program wrote or cleaned may be marked: never what somebody typed.
View safe_html(std::string html);
// Absent: not marked.
const std::string* find_safe_html(const View& value);

std::string escape_html(std::string_view text);

}  // namespace narada::web
