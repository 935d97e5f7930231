#pragma once

#include <string>

namespace narada::notifications {

// What a person reads of a message: its text/plain part, decoded to UTF-8 with \n between lines;
// empty when `raw` is no message or has none. Nothing is masked here.
std::string readable_text(const std::string& raw);

}  // namespace narada::notifications
