#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narada::usecases {

// The text of a file as UTF-8 without a byte order mark: what is valid UTF-8 is taken for that, all
// else for Windows-1250, which Polish spreadsheets write. Absent when it is neither.
std::optional<std::string> find_utf8(std::string_view bytes);

}  // namespace narada::usecases
